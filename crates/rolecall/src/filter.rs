//! Which findings to show, by time and severity.

use anyhow::{Context, Result, bail};
use cloudtrail::Timestamp;
use detect::{Analysis, Severity};

use crate::args::{SeverityChoice, WindowOptions};

/// The times that a person asked for.
///
/// They choose findings and not events: a chain is followed back to its origin, however long ago
/// that was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    since_secs: Option<i64>,
}

impl Window {
    /// Reads the arguments, before any log is opened.
    pub(crate) fn parse(options: &WindowOptions) -> Result<Self> {
        let since_secs = options.since.as_deref().map(duration_secs).transpose()?;
        let (from, to) = (time(options.from.as_deref())?, time(options.to.as_deref())?);
        Ok(Self { from, to, since_secs })
    }

    /// Leaves out the findings outside the window, and incidents that have none left.
    pub(crate) fn apply(self, analysis: &mut Analysis) {
        let since = self.since_secs.zip(analysis.as_of);
        let since = since.map(|(seconds, as_of)| Timestamp(as_of.0.saturating_sub(seconds)));
        let from = self.from.or(since);
        if from.is_none() && self.to.is_none() {
            return;
        }
        analysis.keep(|finding| {
            let is_after = from.is_none_or(|from| finding.last_seen >= from);
            is_after && self.to.is_none_or(|to| finding.first_seen <= to)
        });
    }
}

/// Reads a time or a day that the user may have given.
pub(crate) fn time(text: Option<&str>) -> Result<Option<Timestamp>> {
    let parse = |text: &str| {
        day_or_time(text)
            .with_context(|| format!("`{text}` is not a time; write it like 2026-10-18T23:05:00Z"))
    };
    text.map(parse).transpose()
}

/// A time, or the begin of a day.
pub(crate) fn day_or_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
}

/// Seconds of a duration such as `24h`.
pub(crate) fn duration_secs(text: &str) -> Result<i64> {
    let (number, unit) =
        text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit_secs = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => bail!("`{text}` is not a duration; write it like 30m, 24h or 7d"),
    };
    let number: i64 = number
        .parse()
        .with_context(|| format!("`{text}` is not a duration; write it like 30m, 24h or 7d"))?;
    Ok(number.saturating_mul(unit_secs))
}

impl From<SeverityChoice> for Severity {
    fn from(choice: SeverityChoice) -> Self {
        match choice {
            SeverityChoice::Informational => Self::Informational,
            SeverityChoice::Low => Self::Low,
            SeverityChoice::Medium => Self::Medium,
            SeverityChoice::High => Self::High,
            SeverityChoice::Critical => Self::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::duration_secs;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration_secs("24h").unwrap(), 86_400);
        assert_eq!(duration_secs("7d").unwrap(), 7 * 86_400);
        for text in ["", "24", "h", "-1h", "1 h", "1y"] {
            assert!(duration_secs(text).is_err(), "{text}");
        }
    }
}
