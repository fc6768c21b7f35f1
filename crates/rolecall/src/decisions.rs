//! What people decided about what is unusual: a file of decisions and of how much surprise is
//! worth an alert.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use cloudtrail::Timestamp;
use detect::{Accepted, UNUSUAL_BIT};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::files;
use crate::filter::day_or_time;

/// Largest file of decisions, in bytes.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Most decisions of one file.
const ACCEPTED_MAX: usize = 10_000;

/// The highest threshold that makes sense: no session can surprise more.
const BITS_MAX: f64 = 60.0;

/// What people decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decisions {
    pub(crate) accepted: Vec<Accepted>,
    /// In sixteenths of a bit.
    pub(crate) unusual_threshold: Option<u32>,
}

impl Decisions {
    /// Reads the file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path, BYTES_MAX)?;
        let text = std::str::from_utf8(&bytes);
        let text = text.with_context(|| format!("`{}` is not UTF-8", path.display()))?;
        Self::parse(text).with_context(|| format!("`{}` cannot be used", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let table = DeTable::parse(text).map_err(|error| anyhow!("{error}"))?.into_inner();
        let mut decisions = Self::default();
        for (name, value) in &table {
            match (&**name.get_ref(), value.get_ref()) {
                ("accepted", DeValue::Array(all)) if all.len() <= ACCEPTED_MAX => {
                    for (number, one) in all.iter().enumerate() {
                        let context = || format!("[[accepted]] number {}", number + 1);
                        decisions.accepted.push(accepted(one).with_context(context)?);
                    }
                }
                ("accepted", DeValue::Array(_)) => {
                    bail!("there are more than {ACCEPTED_MAX} [[accepted]]")
                }
                ("unusual_use", DeValue::Table(table)) => {
                    decisions.unusual_threshold = Some(threshold(table)?);
                }
                (name, _) => {
                    bail!("`{name}` is not known here: there are [[accepted]] and [unusual_use]")
                }
            }
        }
        Ok(decisions)
    }
}

/// `medium_bits` of `[unusual_use]`.
fn threshold(table: &DeTable<'_>) -> Result<u32> {
    let mut found = None;
    for (name, value) in table {
        if name.get_ref() != "medium_bits" {
            bail!("`unusual_use.{}` is not known: there is `medium_bits`", name.get_ref());
        }
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Array(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::String(_)
            | DeValue::Table(_) => None,
        };
        found = number.filter(|bits| (1.0..=BITS_MAX).contains(bits));
    }
    let bits = found
        .with_context(|| format!("`unusual_use.medium_bits` is a number from 1 to {BITS_MAX}"))?;
    Ok((bits * f64::from(UNUSUAL_BIT)).round() as u32)
}

fn accepted(value: &Spanned<DeValue<'_>>) -> Result<Accepted> {
    let DeValue::Table(table) = value.get_ref() else {
        bail!("is not a table");
    };
    let known = ["origin", "path", "reason", "owner", "expires"];
    if let Some(name) = table.keys().find(|name| !known.contains(&&**name.get_ref())) {
        bail!("`{}` is not known: there are {}", name.get_ref(), known.join(", "));
    }
    let text = |name: &str| {
        let value = table.get(name).and_then(|value| value.get_ref().as_str());
        let text = value.map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned).with_context(|| format!("`{name}` is missing or not a text"))
    };
    let path = table.get("path").map(|value| {
        let roles = value.get_ref().as_array()?.iter();
        roles.map(|one| one.get_ref().as_str().map(str::to_owned)).collect()
    });
    let path: Option<Vec<String>> = path.unwrap_or_else(|| Some(Vec::new()));
    Ok(Accepted {
        origin: text("origin")?,
        path: path.context("`path` is a list of roles")?,
        reason: text("reason")?,
        owner: text("owner")?,
        expires: expires(table)?,
    })
}

/// A date or a time, as TOML has them or as a text.
fn expires(table: &DeTable<'_>) -> Result<Timestamp> {
    let text = match table.get("expires").map(Spanned::get_ref) {
        Some(DeValue::Datetime(time)) => Some(time.to_string()),
        Some(DeValue::String(text)) => Some(text.to_string()),
        _ => None,
    };
    let text = text.context("`expires` is missing or not a time: a decision has an end")?;
    day_or_time(&text).with_context(|| format!("`{text}` is not a time"))
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::Decisions;

    const WHOLE: &str = r#"
        [unusual_use]
        medium_bits = 14.5

        [[accepted]]
        origin = "AKIAIOSFODNN7EXAMPLE"
        path = ["hub", "deployer"]
        reason = "our pipeline"
        owner = "alice"
        expires = 2026-12-01
    "#;

    #[test]
    fn decisions_are_read() {
        let decisions = Decisions::parse(WHOLE).unwrap();
        assert_eq!(decisions.unusual_threshold, Some(14 * 16 + 8));
        let [accepted] = decisions.accepted.as_slice() else { panic!("{decisions:?}") };
        assert_eq!(accepted.path, ["hub", "deployer"]);
        assert_eq!(accepted.expires, Timestamp::parse("2026-12-01T00:00:00Z").unwrap());
        let text = WHOLE.replace("2026-12-01", "\"2026-12-01T06:00:00Z\"");
        let later = Decisions::parse(&text).unwrap().accepted[0].expires;
        assert_eq!(later.seconds_since(accepted.expires), 6 * 3_600);
    }

    #[test]
    fn a_decision_has_a_reason_an_owner_and_an_end() {
        for missing in ["reason", "owner", "expires", "origin"] {
            let lines = WHOLE.lines().filter(|line| !line.trim().starts_with(missing));
            let text: Vec<&str> = lines.collect();
            let error = format!("{:#}", Decisions::parse(&text.join("\n")).unwrap_err());
            assert!(error.contains(missing) && error.contains("number 1"), "{error}");
        }
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (text, named) in [
            ("[other]\na = 1", "other"),
            ("[unusual_use]\nmedium_bits = 0", "medium_bits"),
            ("[unusual_use]\nmedium = 3", "unusual_use.medium"),
            ("[[accepted]]\nwho = \"a\"", "who"),
            ("x = ", "line"),
        ] {
            let error = format!("{:#}", Decisions::parse(text).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
    }
}
