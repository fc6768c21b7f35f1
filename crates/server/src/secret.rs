//! A secret that shows itself to nobody but the one who sends it.

use std::fmt;
use std::io::{self, Read as _};
use std::path::Path;

/// Largest secret that is read, in bytes.
pub const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// What stands for a secret wherever one would be shown.
pub const MASK: &str = "***";

/// Shortest secret that is looked for in the text of errors; a shorter one would mask half of it.
const MASKED_MIN: usize = 6;

/// A key, a token or an address that contains one.
///
/// Neither `Debug` nor `Display` shows it; there is no `PartialEq`, `Serialize` or `Deref`.
#[derive(Clone)]
pub struct Secret(String);

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It has nothing in it.
    #[error("is empty")]
    Empty,
    /// It has a line break or another control character in it.
    #[error("has more than one line, or characters that no secret has")]
    Malformed,
    /// The environment has no such variable, or it is not text.
    #[error("names an environment variable that is not set")]
    NotSet,
    /// It has more than [`SECRET_BYTES_MAX`].
    #[error("has more than {SECRET_BYTES_MAX} bytes")]
    TooLong,
    /// The file cannot be read, or is not text.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
}

impl Secret {
    /// Takes `text` for a secret, without the line break that editors leave at the end.
    ///
    /// # Errors
    ///
    /// Where it is empty, or has control characters within.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let text = text.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            return Err(SecretError::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(SecretError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the secret that is alone in the file at `path`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is too long, or holds no secret.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        let file = std::fs::File::open(path).map_err(SecretError::Unreadable)?;
        let mut text = String::new();
        let read = file.take(SECRET_BYTES_MAX + 1).read_to_string(&mut text);
        let n_bytes = read.map_err(SecretError::Unreadable)?;
        if n_bytes as u64 > SECRET_BYTES_MAX {
            return Err(SecretError::TooLong);
        }
        Self::new(&text)
    }

    /// The secret itself, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with [`MASK`] wherever the secret stood in it.
    pub fn mask(&self, text: &str) -> String {
        if self.0.len() < MASKED_MIN {
            return text.to_owned();
        }
        text.replace(&self.0, MASK)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, SecretError};

    #[test]
    fn a_secret_is_shown_to_nobody() {
        let secret = Secret::new("correct-horse\n").unwrap();
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "*** *** Some(***)");
        assert_eq!(secret.expose(), "correct-horse");
        assert_eq!(secret.mask("no route to correct-horse!"), "no route to ***!");
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        assert!(matches!(Secret::new(" \n"), Err(SecretError::Empty)));
        assert!(matches!(Secret::new("a\nb"), Err(SecretError::Malformed)));
        assert!(matches!(Secret::new("a\r\nX-Injected: b"), Err(SecretError::Malformed)));
        let missing = std::path::Path::new("no/such/file");
        assert!(matches!(Secret::read(missing), Err(SecretError::Unreadable(_))));
    }

    #[test]
    fn a_file_is_read_up_to_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "from a file\r\n").unwrap();
        assert_eq!(Secret::read(&path).unwrap().expose(), "from a file");
        std::fs::write(&path, "x".repeat(64 * 1024 + 1)).unwrap();
        assert!(matches!(Secret::read(&path), Err(SecretError::TooLong)));
    }
}
