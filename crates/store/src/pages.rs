//! Incidents in pages, by what lists filter and sort: as quick with a hundred thousand of them.
//!
//! A page is read along an index from where the last one ended. A filter that lets few through is
//! taken first, so that what is read is bounded either way.

mod question;

use cloudtrail::Timestamp;
use detect::{Color, Severity};
use rusqlite::{Row, params_from_iter};

use crate::Store;
use crate::error::Error;
use crate::findings::{FindingState, number_of, severity_of};
use crate::names::{self, NameKind};
use crate::triage::Status;
use question::{Question, page};

/// Accounts and detectors that a row lists.
const LISTED_MAX: u32 = 20;

/// What incidents are sorted by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SortBy {
    /// When it changed.
    Changed,
    /// Its first event.
    FirstSeen,
    /// Hops of its longest chain.
    Hops,
    /// Its last event.
    LastSeen,
    /// How grave it is, and then its last event.
    #[default]
    Severity,
}

/// Where a page ended: what it is sorted by, of the last row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PageEnd {
    /// The numbers that it is sorted by.
    pub keys: Vec<i64>,
    /// The id.
    pub id: String,
}

/// Which incidents are wanted, and in which order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PageQuery {
    /// Withdrawn ones instead of open ones.
    pub is_withdrawn: bool,
    /// These severities; all of them where none is given.
    pub severities: Vec<Severity>,
    /// These states of triage; all of them where none is given.
    pub statuses: Vec<Status>,
    /// These kinds of origin; all of them where none is given.
    pub origins: Vec<String>,
    /// Those that name all of this.
    pub names: Vec<(NameKind, String)>,
    /// Those whose id or title has this in it, whatever its case.
    pub text: String,
    /// In which order.
    pub sort: SortBy,
    /// Whether the least comes first.
    pub is_ascending: bool,
    /// Behind what.
    pub after: Option<PageEnd>,
    /// At most so many.
    pub limit: u32,
}

/// An incident as lists show it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncidentLine {
    /// Its id.
    pub id: String,
    /// Whether it holds.
    pub state: FindingState,
    /// How grave it is.
    pub severity: Severity,
    /// Where it stands with people.
    pub status: Status,
    /// Whether it has news since people decided.
    pub has_news: bool,
    /// Its title. It holds text from logs.
    pub title: String,
    /// Kind of its origin.
    pub origin: String,
    /// What its origin is known by.
    pub origin_label: String,
    /// Color of its longest chain.
    pub color: Color,
    /// Hops of its longest chain.
    pub hops: u32,
    /// Accounts of its findings, at most 20.
    pub accounts: Vec<String>,
    /// Its detectors, at most 20.
    pub detectors: Vec<String>,
    /// Findings that hold.
    pub open_findings: u32,
    /// Its first event.
    pub first_seen: Timestamp,
    /// Its last event.
    pub last_seen: Timestamp,
    /// When it changed last.
    pub changed_at: i64,
    /// Who decided about it last.
    pub who: Option<String>,
    /// Suppressions that have muted it, wholly or in part.
    pub muted_by: Vec<i64>,
}

impl SortBy {
    /// How many numbers the end of a page has that is sorted so.
    pub const fn keys(self) -> usize {
        self.columns().len()
    }

    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Changed => &["changed_at"],
            Self::FirstSeen => &["first_seen"],
            Self::Hops => &["hops"],
            Self::LastSeen => &["last_seen"],
            Self::Severity => &["severity", "last_seen"],
        }
    }

    const fn index(self) -> &'static str {
        match self {
            Self::Changed => "incidents_by_change",
            Self::FirstSeen => "incidents_by_first_seen",
            Self::Hops => "incidents_by_hops",
            Self::LastSeen => "incidents_by_last_seen",
            Self::Severity => "incidents_by_gravity",
        }
    }
}

impl IncidentLine {
    /// Where a page ends that is sorted by `sort` and has this as its last row.
    pub fn end(&self, sort: SortBy) -> PageEnd {
        let keys = match sort {
            SortBy::Changed => vec![self.changed_at],
            SortBy::FirstSeen => vec![self.first_seen.0],
            SortBy::Hops => vec![i64::from(self.hops)],
            SortBy::LastSeen => vec![self.last_seen.0],
            SortBy::Severity => vec![number_of(self.severity), self.last_seen.0],
        };
        PageEnd { keys, id: self.id.clone() }
    }
}

const COLUMNS: &str = "id, state, severity, status, title, origin, origin_label, color, hops, \
                       open_findings, first_seen, last_seen, changed_at";

fn line(row: &Row<'_>) -> rusqlite::Result<IncidentLine> {
    let state = row.get_ref(1)?.as_str()?;
    Ok(IncidentLine {
        id: row.get(0)?,
        state: if state == "open" { FindingState::Open } else { FindingState::Withdrawn },
        severity: severity_of(row.get(2)?),
        status: Status::of(row.get_ref(3)?.as_str()?).unwrap_or_default(),
        has_news: false,
        title: row.get(4)?,
        origin: row.get(5)?,
        origin_label: row.get(6)?,
        color: color_of(row.get(7)?),
        hops: row.get(8)?,
        open_findings: row.get(9)?,
        first_seen: Timestamp(row.get(10)?),
        last_seen: Timestamp(row.get(11)?),
        changed_at: row.get(12)?,
        accounts: Vec::new(),
        detectors: Vec::new(),
        who: None,
        muted_by: Vec::new(),
    })
}

pub(crate) const fn number_of_color(color: Color) -> i64 {
    match color {
        Color::None => 0,
        Color::Orange => 1,
        Color::Red => 2,
    }
}

pub(crate) const fn color_of(number: i64) -> Color {
    match number {
        ..=0 => Color::None,
        1 => Color::Orange,
        2.. => Color::Red,
    }
}

impl Store {
    /// A page of incidents.
    pub fn incident_page(&self, query: &PageQuery) -> Result<Vec<IncidentLine>, Error> {
        let question = Question::of(&self.connection, query)?;
        let (text, values) = page(query, question);
        let mut statement = self.connection.prepare_cached(&text)?;
        let rows = statement.query_map(params_from_iter(values), line)?;
        rows.map(|row| self.filled(row?)).collect()
    }

    /// How many incidents the filters of `query` let through, counted up to `most`.
    pub fn incident_count(&self, query: &PageQuery, most: u32) -> Result<u64, Error> {
        let mut question = Question::counting(&self.connection, query)?;
        let most = question.value(i64::from(most));
        let text = format!("SELECT COUNT(*) FROM ({} LIMIT {most})", question.text("1"));
        let mut statement = self.connection.prepare_cached(&text)?;
        let count =
            statement.query_row(params_from_iter(question.values), |row| row.get::<_, i64>(0));
        Ok(count? as u64)
    }

    /// The incident `id` as lists show it.
    pub fn incident_line(&self, id: &str) -> Result<Option<IncidentLine>, Error> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM incidents WHERE id = ?1"))?;
        let mut rows = statement.query_map([id], line)?;
        rows.next().map(|row| self.filled(row?)).transpose()
    }

    fn filled(&self, line: IncidentLine) -> Result<IncidentLine, Error> {
        let named = |kind| names::of_incident(&self.connection, &line.id, (kind, LISTED_MAX));
        let mut muted = self
            .connection
            .prepare_cached("SELECT suppression FROM muted WHERE incident = ?1 ORDER BY 1")?;
        let muted_by = muted.query_map([&line.id], |row| row.get(0))?;
        let muted_by = muted_by.collect::<Result<_, _>>()?;
        let who = self.triage(&line.id)?.who;
        Ok(IncidentLine {
            accounts: named(NameKind::Account)?,
            detectors: named(NameKind::Detector)?,
            has_news: self.has_news(&line.id)?,
            who: Some(who).filter(|who| !who.is_empty()),
            muted_by,
            ..line
        })
    }
}

#[cfg(test)]
mod tests;
