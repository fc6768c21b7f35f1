//! Who may use the console: roles, tokens of other programs, values of claims.

use std::fmt::Write as _;

use cloudtrail::Timestamp;
use jiff::civil::Date;

use super::choice::choice;
use super::setting::{Raw, Setting, quoted, text};

choice! {
    /// What somebody may do in the console.
    ConsoleRole {
        /// Everything, settings and what others suppressed included.
        Admin = "admin",
        /// Decide about incidents, tick steps, write notes, suppress.
        Analyst = "analyst",
        /// Look.
        Viewer = "viewer",
    }
}

impl ConsoleRole {
    /// The role that `name` is the name of.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

/// A token of another program: its name, its role and the SHA-256 of its text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiToken {
    /// Name that stands in the audit.
    pub name: String,
    /// What it may do.
    pub role: ConsoleRole,
    /// SHA-256 of its text.
    pub digest: [u8; 32],
    /// Until when it holds, in milliseconds; always unless given.
    pub until: Option<i64>,
    last_day: Option<Date>,
}

impl ApiToken {
    /// A token that holds up to the end of `last_day` in UTC; always unless given.
    pub fn new(
        name: &str,
        role: ConsoleRole,
        digest: [u8; 32],
        last_day: Option<Date>,
    ) -> Option<Self> {
        let is_of_name = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        let is_name = (1..=64).contains(&name.len()) && name.bytes().all(is_of_name);
        let end = |day: Date| Timestamp::parse(&format!("{}T00:00:00Z", day.tomorrow().ok()?));
        let until = match last_day {
            Some(day) => Some(end(day)?.0.saturating_mul(1_000)),
            None => None,
        };
        is_name.then(|| Self { name: name.to_owned(), role, digest, until, last_day })
    }

    /// As the configuration has it.
    pub fn written(&self) -> String {
        let digest = hex(&self.digest);
        let day = self.last_day.map(|day| format!(":{day}")).unwrap_or_default();
        format!("{}:{}:{digest}{day}", self.name, self.role.name())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ':');
        let name = parts.next()?;
        let role = ConsoleRole::of_name(parts.next()?)?;
        let digest = digest(parts.next()?)?;
        let last_day = parts.next().map(str::parse).transpose().ok()?;
        Self::new(name, role, digest, last_day)
    }
}

/// `bytes` as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 2 * digest.len() || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

impl Setting for ApiToken {
    fn expected() -> String {
        "a token such as `rolecall console --new-token siem=viewer` prints: name, role, SHA-256 \
         and perhaps its last day, with `:` between"
            .to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, Self::parse)
    }

    fn show(&self) -> Option<String> {
        let day = self.last_day.map(|day| format!(":{day}")).unwrap_or_default();
        Some(quoted(&format!("{}:{}:***{day}", self.name, self.role.name())))
    }

    fn is_public() -> bool {
        false
    }
}

/// A value of a claim of the identity provider, and the role that it gives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClaimRole {
    /// The value, such as the name of a group.
    pub value: String,
    /// The role.
    pub role: ConsoleRole,
}

impl Setting for ClaimRole {
    fn expected() -> String {
        "a value and a role such as `security-team=analyst`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| {
            let (value, role) = text.rsplit_once('=')?;
            let role = ConsoleRole::of_name(role)?;
            (!value.trim().is_empty()).then(|| Self { value: value.to_owned(), role })
        })
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&format!("{}={}", self.value, self.role.name())))
    }
}

/// A word that an identity provider knows: a client, a scope, a claim.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProviderWord(String);

impl ProviderWord {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for ProviderWord {
    fn expected() -> String {
        "a word without blanks, at most 256 characters".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| {
            let is_word = text.chars().all(|c| c.is_ascii_graphic());
            (is_word && (1..=256).contains(&text.len())).then(|| Self(text.to_owned()))
        })
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiToken, ClaimRole, ConsoleRole};
    use crate::config::setting::{Raw, Setting as _};

    fn raw(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }

    #[test]
    fn a_token_is_read_as_it_is_written_and_shown_without_its_digest() {
        let hex = "0f".repeat(32);
        let token = ApiToken::of(&raw(&format!("siem:viewer:{hex}:2026-12-31"))).unwrap();
        assert_eq!(token.written(), format!("siem:viewer:{hex}:2026-12-31"));
        assert_eq!((token.role, token.digest), (ConsoleRole::Viewer, [15; 32]));
        assert_eq!(token.until, Some(1_798_761_600_000));
        assert_eq!(token.show().unwrap(), "\"siem:viewer:***:2026-12-31\"");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let hex = "0f".repeat(32);
        let wrong = [
            String::new(),
            "siem:viewer".to_owned(),
            format!("siem:root:{hex}"),
            format!("Si em:viewer:{hex}"),
            format!("siem:viewer:{hex}0"),
            format!("siem:viewer:+{}", hex.get(1..).unwrap()),
            format!("siem:viewer:{hex}:soon"),
        ];
        for text in wrong {
            ApiToken::of(&raw(&text)).unwrap_err();
        }
    }

    #[test]
    fn a_claim_gives_a_role() {
        let claim = ClaimRole::of(&raw("cn=security=analyst")).unwrap();
        assert_eq!((claim.value.as_str(), claim.role), ("cn=security", ConsoleRole::Analyst));
        for wrong in ["analyst", "=analyst", "group=owner"] {
            ClaimRole::of(&raw(wrong)).unwrap_err();
        }
    }
}
