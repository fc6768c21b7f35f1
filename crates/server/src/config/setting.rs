//! What a value of the configuration may be, and how it is written.

use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use detect::Severity;
use jiff::SignedDuration;
use toml::de::DeValue;

/// A value as a file or a variable gives it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Several values.
    List(Vec<Raw>),
    /// Something that no setting is, and what it is.
    Other(&'static str),
    /// Text in quotation marks, or all of a variable.
    Text(String),
}

/// A type that a setting may have.
pub(crate) trait Setting: Sized {
    /// What is expected, in words that go behind "expected".
    fn expected() -> String;

    /// The value that `raw` means, or the part of `raw` that means none.
    fn of(raw: &Raw) -> Result<Self, &Raw>;

    /// The value as TOML; nothing where there is none.
    fn show(&self) -> Option<String>;

    /// What it is where nobody gives it; most are required then.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether a value that is none may be shown in an error: a secret may be in the wrong place.
    fn is_public() -> bool {
        true
    }

    /// A value given as text in a variable or as a flag.
    fn of_text(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }
}

impl Raw {
    pub(crate) fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::Array(items) => {
                Self::List(items.iter().map(|item| Self::of(item.get_ref())).collect())
            }
            DeValue::Boolean(value) => Self::Boolean(*value),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number that is too large"), Self::Integer),
            DeValue::String(text) => Self::Text(text.clone().into_owned()),
            DeValue::Datetime(time) => Self::Text(time.to_string()),
            DeValue::Float(_) => Self::Other("a number with a point"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// The value in words, for an error.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Boolean(value) => format!("`{value}`"),
            Self::Integer(number) => format!("`{number}`"),
            Self::List(_) => "a list".to_owned(),
            Self::Other(what) => (*what).to_owned(),
            Self::Text(text) => format!("`{text}`"),
        }
    }
}

/// `text` as a basic string of TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_control() => {
                let escape = format!("\\u{:04x}", u32::from(character));
                quoted.push_str(&escape);
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// The value of a text, by `parse`.
pub(crate) fn text<T>(raw: &Raw, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, &Raw> {
    match raw {
        Raw::Text(text) => parse(text).ok_or(raw),
        Raw::Boolean(_) | Raw::Integer(_) | Raw::List(_) | Raw::Other(_) => Err(raw),
    }
}

impl Setting for bool {
    fn expected() -> String {
        "`true` or `false`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        match raw {
            Raw::Boolean(value) => Ok(*value),
            Raw::Integer(_) | Raw::List(_) | Raw::Other(_) | Raw::Text(_) => Err(raw),
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn of_text(text: &str) -> Raw {
        text.parse().map_or_else(|_| Raw::Text(text.to_owned()), Raw::Boolean)
    }
}

impl Setting for u32 {
    fn expected() -> String {
        "a whole number from 1".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        match raw {
            Raw::Integer(number) => {
                Self::try_from(*number).ok().filter(|number| *number > 0).ok_or(raw)
            }
            Raw::Boolean(_) | Raw::List(_) | Raw::Other(_) | Raw::Text(_) => Err(raw),
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn of_text(text: &str) -> Raw {
        text.parse().map_or_else(|_| Raw::Text(text.to_owned()), Raw::Integer)
    }
}

impl Setting for PathBuf {
    fn expected() -> String {
        "a path".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| (!text.is_empty()).then(|| Self::from(text)))
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.to_string_lossy()))
    }
}

impl Setting for Duration {
    fn expected() -> String {
        "a time from `1s` to `720h`, such as `90s`, `15m` or `1h 30m`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        let range = Self::from_secs(1)..=Self::from_secs(720 * 3600);
        text(raw, |text| {
            let duration: SignedDuration = text.parse().ok()?;
            Self::try_from(duration).ok().filter(|duration| range.contains(duration))
        })
    }

    fn show(&self) -> Option<String> {
        let duration = SignedDuration::try_from(*self).ok()?;
        Some(quoted(&format!("{duration:#}")))
    }
}

impl Setting for ByteSize {
    fn expected() -> String {
        "a size of `64MiB` or more, such as `512MiB` or `2GiB`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| text.parse().ok().filter(|size| *size >= Self::mib(64)))
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&shown_size(self.0)))
    }
}

/// `1536MiB`: the largest unit that needs no fraction, so that nothing is rounded.
fn shown_size(bytes: u64) -> String {
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units.into_iter().find(|(unit, _)| bytes != 0 && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes}B"), |(unit, name)| format!("{}{name}", bytes / unit))
}

impl Setting for Severity {
    fn expected() -> String {
        "`informational`, `low`, `medium`, `high` or `critical`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| SEVERITIES.into_iter().find(|(_, name)| *name == text))
            .map(|(severity, _)| severity)
    }

    fn show(&self) -> Option<String> {
        Some(quoted(severity_name(*self)))
    }
}

/// Severities by the names of the scan document.
const SEVERITIES: [(Severity, &str); 5] = [
    (Severity::Informational, "informational"),
    (Severity::Low, "low"),
    (Severity::Medium, "medium"),
    (Severity::High, "high"),
    (Severity::Critical, "critical"),
];

/// The name of `severity` in the scan document.
pub(crate) const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Informational => "informational",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

impl<T: Setting> Setting for Option<T> {
    fn expected() -> String {
        T::expected()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        T::of(raw).map(Some)
    }

    fn show(&self) -> Option<String> {
        self.as_ref().and_then(T::show)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_public() -> bool {
        T::is_public()
    }

    fn of_text(text: &str) -> Raw {
        T::of_text(text)
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn expected() -> String {
        format!("a list, each {}", T::expected())
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        match raw {
            Raw::List(items) => items.iter().map(T::of).collect(),
            Raw::Boolean(_) | Raw::Integer(_) | Raw::Other(_) | Raw::Text(_) => Err(raw),
        }
    }

    fn show(&self) -> Option<String> {
        let items: Vec<String> = self.iter().filter_map(T::show).collect();
        Some(format!("[{}]", items.join(", ")))
    }

    fn is_public() -> bool {
        T::is_public()
    }

    fn of_text(text: &str) -> Raw {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        Raw::List(items.map(T::of_text).collect())
    }
}
