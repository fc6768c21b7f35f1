//! Finds the file of the configuration, and takes the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the file in the folder that the program is started in.
pub const FILE_NAME: &str = "rolecall.toml";

/// The file of the machine.
pub const SYSTEM_FILE: &str = "/etc/rolecall/rolecall.toml";

/// The variable that names the file.
pub(crate) const FILE_VARIABLE: &str = "ROLECALL_CONFIG";

/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Variables of the environment, by name.
pub type Environment = BTreeMap<String, String>;

/// The environment of this process; variables that are not text are left out.
pub fn environment() -> Environment {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text).collect()
}

/// The file to read: the one given, that of `ROLECALL_CONFIG`, [`FILE_NAME`] in `folder`, or
/// [`SYSTEM_FILE`]; of the last two the first that exists.
pub fn find(given: Option<&Path>, environment: &Environment, folder: &Path) -> Option<PathBuf> {
    let variable = environment.get(FILE_VARIABLE).filter(|path| !path.is_empty());
    if let Some(path) = given.map(Path::to_owned).or_else(|| variable.map(PathBuf::from)) {
        return Some(path);
    }
    // The path is shown as people write it.
    let in_folder = folder.join(FILE_NAME);
    let shown = if folder == Path::new(".") { PathBuf::from(FILE_NAME) } else { in_folder.clone() };
    let places = [(in_folder, shown), (SYSTEM_FILE.into(), SYSTEM_FILE.into())];
    places.into_iter().find(|(path, _)| path.exists()).map(|(_, shown)| shown)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Environment, find};

    #[test]
    fn a_file_that_is_given_wins() {
        let folder = tempfile::tempdir().unwrap();
        let none = Environment::new();
        let variable = Environment::from([("ROLECALL_CONFIG".into(), "b.toml".into())]);
        assert_eq!(find(None, &none, folder.path()), None);
        std::fs::write(folder.path().join("rolecall.toml"), "").unwrap();
        let found = find(None, &none, folder.path());
        assert_eq!(found, Some(folder.path().join("rolecall.toml")));
        assert_eq!(find(None, &variable, folder.path()), Some(PathBuf::from("b.toml")));
        let given = find(Some(Path::new("a.toml")), &variable, folder.path());
        assert_eq!(given, Some(PathBuf::from("a.toml")));
    }
}
