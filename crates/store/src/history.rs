//! What became of findings and incidents: lines are only added, and retention drops old ones.

use cloudtrail::Timestamp;
use detect::Severity;
use rusqlite::{Transaction, params};

use crate::Store;
use crate::error::Error;
use crate::findings::{number_of, severity_of};

/// What became of a finding or an incident.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// It is less grave than it was.
    Fell,
    /// It is about more than it was.
    Grew,
    /// It is there for the first time.
    New,
    /// It was withdrawn, and is there again.
    Returned,
    /// It is graver than it was.
    Rose,
    /// It is there no more.
    Withdrawn,
}

/// A line of the history of an incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HistoryEntry {
    /// When it was kept; the time of the commit, whatever is given.
    pub at: i64,
    /// Time of the newest event then.
    pub as_of: Timestamp,
    /// The incident.
    pub incident: String,
    /// The finding, unless it is about the incident as a whole.
    pub finding: Option<String>,
    /// What became of it.
    pub what: What,
    /// How grave it is.
    pub severity: Severity,
    /// How grave it was, where that differs.
    pub was: Option<Severity>,
    /// Why, in words.
    pub because: String,
}

/// What happened to the incident of a row of `triage` that whoever decided on it did not know.
pub(crate) const NEWS: &str = "SELECT 1 FROM history WHERE history.incident = triage.incident \
                    AND history.number > triage.decided_behind \
                    AND history.what IN ('new', 'returned', 'rose')";

impl What {
    const ALL: [Self; 6] =
        [Self::Fell, Self::Grew, Self::New, Self::Returned, Self::Rose, Self::Withdrawn];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fell => "fell",
            Self::Grew => "grew",
            Self::New => "new",
            Self::Returned => "returned",
            Self::Rose => "rose",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|what| what.word() == word).unwrap_or(Self::Grew)
    }
}

/// Adds `entries` at `at`.
pub(crate) fn add(
    transaction: &Transaction<'_>,
    entries: &[HistoryEntry],
    at: i64,
) -> Result<(), Error> {
    let mut history = transaction.prepare_cached(
        "INSERT INTO history (at, as_of, incident, finding, what, severity, was, because)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for entry in entries {
        history.execute(params![
            at,
            entry.as_of.0,
            entry.incident,
            entry.finding,
            entry.what.word(),
            number_of(entry.severity),
            entry.was.map(number_of),
            entry.because,
        ])?;
    }
    Ok(())
}

impl Store {
    /// Whether `incident` rose, came back or has another finding since people decided on its
    /// status.
    pub fn has_news(&self, incident: &str) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT 1 FROM triage WHERE triage.incident = ?1 AND EXISTS ({NEWS})"
        ))?;
        Ok(statement.exists([incident])?)
    }

    /// What became of `incident` and its findings, oldest first.
    pub fn history_of(&self, incident: &str) -> Result<Vec<HistoryEntry>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, as_of, incident, finding, what, severity, was, because FROM history
             WHERE incident = ?1 ORDER BY number",
        )?;
        let rows = statement.query_map([incident], |row| {
            Ok(HistoryEntry {
                at: row.get(0)?,
                as_of: Timestamp(row.get(1)?),
                incident: row.get(2)?,
                finding: row.get(3)?,
                what: What::of(row.get_ref(4)?.as_str()?),
                severity: severity_of(row.get(5)?),
                was: row.get::<_, Option<i64>>(6)?.map(severity_of),
                because: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
