//! Tokens: the one of the start, which is exchanged once, and those of other programs.

use std::sync::{Mutex, PoisonError};

use super::{Caller, OF_TOKENS, digest};
use crate::config::ApiToken;
use crate::console::problem::Problem;

/// How long the token of the start can be exchanged, in milliseconds.
const LASTS: i64 = 24 * 3_600_000;

/// The token that is printed at the start.
pub(crate) struct OneTime {
    /// Its digest and until when it holds; nothing once it was exchanged.
    left: Mutex<Option<([u8; 32], i64)>>,
}

impl OneTime {
    /// None: whoever wants in has another way.
    pub(crate) const fn none() -> Self {
        Self { left: Mutex::new(None) }
    }

    /// A token that can be exchanged once, and its text.
    pub(crate) fn new(now: i64) -> Result<(Self, String), Problem> {
        let text = super::random()?;
        let left = Some((digest(text.as_bytes()), now.saturating_add(LASTS)));
        Ok((Self { left: Mutex::new(left) }, text))
    }

    /// Whether there is one to exchange.
    pub(crate) fn is_left(&self) -> bool {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Takes the token, where `given` is it; from then on it is worth nothing.
    pub(crate) fn take(&self, given: &str, now: i64) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = left
            .is_some_and(|(digest, until)| digest == self::digest(given.as_bytes()) && now < until);
        if is_it {
            *left = None;
        }
        is_it
    }
}

/// Tokens of other programs, as the configuration lists them: never in the clear.
pub(crate) struct ApiTokens(pub(crate) Vec<ApiToken>);

impl ApiTokens {
    /// Whose token `given` is at `now` (milliseconds).
    pub(crate) fn find(&self, given: &str, now: i64) -> Option<Caller> {
        let digest = digest(given.as_bytes());
        let token = self.0.iter().find(|token| token.digest == digest)?;
        let is_over = token.until.is_some_and(|until| now >= until);
        (!is_over).then(|| Caller {
            user: format!("{OF_TOKENS}{}", token.name),
            role: token.role.into(),
            session: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LASTS, OneTime};

    #[test]
    fn the_token_of_the_start_is_taken_once() {
        let (token, text) = OneTime::new(5).unwrap();
        assert_eq!(text.len(), 64);
        assert!(!token.take("", 5) && !token.take(text.get(1..).unwrap(), 5));
        assert!(token.take(&text, 5));
        assert!(!token.take(&text, 5));
    }

    #[test]
    fn the_token_of_the_start_expires() {
        let (token, text) = OneTime::new(5).unwrap();
        assert!(!token.take(&text, 5 + LASTS));
        assert!(token.take(&text, 4 + LASTS));
    }

    #[test]
    fn where_there_is_none_nothing_is_it() {
        assert!(!OneTime::none().take("", 0));
    }
}
