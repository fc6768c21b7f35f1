//! Findings and incidents, and what became of them.

use std::collections::{BTreeMap, BTreeSet};

use cloudtrail::Timestamp;
use detect::{Color, Severity};
use rusqlite::{Connection, Row, Transaction, params};

use crate::Store;
use crate::documents;
use crate::error::Error;
use crate::history::{self, HistoryEntry, NEWS};
use crate::names::{self, NameKind};
use crate::pages::{color_of, number_of_color};
use crate::triage::Status;

/// Whether a finding or an incident still holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FindingState {
    /// It does.
    Open,
    /// What arrived later explains it.
    Withdrawn,
}

/// A finding as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FindingRow {
    /// Its id.
    pub id: String,
    /// The incident that it belongs to.
    pub incident: String,
    /// Its detector.
    pub detector: String,
    /// Whether it still holds.
    pub state: FindingState,
    /// How grave it is.
    pub severity: Severity,
    /// When it was first kept.
    pub opened_at: i64,
    /// When it changed last.
    pub changed_at: i64,
    /// How often it changed, beginning at 1.
    pub revision: i64,
    /// Hash of the document.
    pub hash: u64,
    /// The finding, as the scan document writes it.
    pub document: String,
}

/// An incident as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncidentRow {
    /// Its id.
    pub id: String,
    /// Whether it still holds.
    pub state: FindingState,
    /// How grave it is.
    pub severity: Severity,
    /// Its title. It holds text from logs.
    pub title: String,
    /// Kind of its origin.
    pub origin: String,
    /// Its first event.
    pub first_seen: Timestamp,
    /// Its last event.
    pub last_seen: Timestamp,
    /// When it was first kept.
    pub opened_at: i64,
    /// When it changed last.
    pub changed_at: i64,
    /// How often it changed, beginning at 1.
    pub revision: i64,
    /// Hash of the document.
    pub hash: u64,
    /// The incident, as the scan document writes it.
    pub document: String,
    /// Color of its longest chain.
    pub color: Color,
    /// Hops of its longest chain.
    pub hops: u32,
    /// What its origin is known by.
    pub origin_label: String,
    /// Findings that hold.
    pub open_findings: u32,
    /// What it names. This and the picture are only written: [`Store::names_with`] and
    /// [`Store::picture`] read them.
    pub names: Vec<(NameKind, String)>,
    /// Its whole graph, where the document holds only a part of it.
    pub picture: Option<Vec<u8>>,
}

/// What an analysis found, as far as it differs from what is kept.
///
/// The store counts revisions and keeps the time at which something was first found; what these
/// members say there is passed over.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Kept {
    /// Time of the newest event.
    pub as_of: Timestamp,
    /// Findings that are new or changed, and those that are withdrawn.
    pub findings: Vec<FindingRow>,
    /// As `findings`.
    pub incidents: Vec<IncidentRow>,
    /// What became of them.
    pub history: Vec<HistoryEntry>,
}

/// Which incidents are wanted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct IncidentQuery {
    /// Withdrawn ones as well.
    pub with_withdrawn: bool,
    /// Those that people have dealt with as well. One that has news since ([`Store::has_news`])
    /// is not dealt with.
    pub with_settled: bool,
    /// The least severity.
    pub min_severity: Option<Severity>,
    /// At most so many; all of them unless given.
    pub limit: Option<u32>,
}

pub(crate) const fn number_of(severity: Severity) -> i64 {
    match severity {
        Severity::Informational => 0,
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

pub(crate) const fn severity_of(number: i64) -> Severity {
    match number {
        ..=0 => Severity::Informational,
        1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        4.. => Severity::Critical,
    }
}

impl FindingState {
    const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn of(word: &str) -> Self {
        if word == Self::Open.word() { Self::Open } else { Self::Withdrawn }
    }
}

pub(crate) fn keep(transaction: &Transaction<'_>, kept: &Kept, at: i64) -> Result<(), Error> {
    let mut finding = transaction.prepare_cached(
        "INSERT INTO findings (id, incident, detector, state, severity, opened_at, changed_at,
         revision, hash, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET incident = ?2, state = ?4, severity = ?5, changed_at = ?6,
         revision = revision + 1, hash = ?7, document = ?8",
    )?;
    for row in &kept.findings {
        finding.execute(params![
            row.id,
            row.incident,
            row.detector,
            row.state.word(),
            number_of(row.severity),
            at,
            row.hash as i64,
            documents::pack(&row.id, row.document.as_bytes())?,
        ])?;
    }
    let mut incident = transaction.prepare_cached(
        "INSERT INTO incidents (id, state, severity, title, origin, first_seen, last_seen,
         opened_at, changed_at, revision, hash, document, color, hops, origin_label, open_findings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 1, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET state = ?2, severity = ?3, title = ?4, origin = ?5,
         first_seen = ?6, last_seen = ?7, changed_at = ?8, revision = revision + 1, hash = ?9,
         document = ?10, color = ?11, hops = ?12, origin_label = ?13, open_findings = ?14",
    )?;
    for row in &kept.incidents {
        incident.execute(params![
            row.id,
            row.state.word(),
            number_of(row.severity),
            row.title,
            row.origin,
            row.first_seen.0,
            row.last_seen.0,
            at,
            row.hash as i64,
            documents::pack(&row.id, row.document.as_bytes())?,
            number_of_color(row.color),
            row.hops,
            row.origin_label,
            row.open_findings,
        ])?;
        // What a withdrawn incident named is still looked for.
        if row.state == FindingState::Open {
            names::keep(transaction, &row.id, &row.names)?;
            picture(transaction, row)?;
        }
    }
    history::add(transaction, &kept.history, at)
}

fn picture(transaction: &Transaction<'_>, row: &IncidentRow) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM pictures WHERE incident = ?1")?
        .execute(params![row.id])?;
    if let Some(picture) = &row.picture {
        transaction
            .prepare_cached("INSERT INTO pictures (incident, bytes) VALUES (?1, ?2)")?
            .execute(params![row.id, documents::pack(&row.id, picture)?])?;
    }
    Ok(())
}

const FINDING: &str = "SELECT id, incident, detector, state, severity, opened_at, changed_at, \
                       revision, hash, document FROM findings";

const INCIDENT: &str = "SELECT id, state, severity, title, origin, first_seen, last_seen, \
                        opened_at, changed_at, revision, hash, document, color, hops, \
                        origin_label, open_findings FROM incidents";

fn finding(row: &Row<'_>) -> rusqlite::Result<FindingRow> {
    Ok(FindingRow {
        id: row.get(0)?,
        incident: row.get(1)?,
        detector: row.get(2)?,
        state: FindingState::of(row.get_ref(3)?.as_str()?),
        severity: severity_of(row.get(4)?),
        opened_at: row.get(5)?,
        changed_at: row.get(6)?,
        revision: row.get(7)?,
        hash: row.get::<_, i64>(8)? as u64,
        document: documents::unpack(row, 9)?,
    })
}

fn incident(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    Ok(IncidentRow {
        id: row.get(0)?,
        state: FindingState::of(row.get_ref(1)?.as_str()?),
        severity: severity_of(row.get(2)?),
        title: row.get(3)?,
        origin: row.get(4)?,
        first_seen: Timestamp(row.get(5)?),
        last_seen: Timestamp(row.get(6)?),
        opened_at: row.get(7)?,
        changed_at: row.get(8)?,
        revision: row.get(9)?,
        hash: row.get::<_, i64>(10)? as u64,
        document: documents::unpack(row, 11)?,
        color: color_of(row.get(12)?),
        hops: row.get(13)?,
        origin_label: row.get(14)?,
        open_findings: row.get(15)?,
        names: Vec::new(),
        picture: None,
    })
}

/// Identity, state, severity and hash of everything of one kind.
type Known = BTreeMap<String, (FindingState, Severity, u64)>;

fn known(connection: &Connection, table: &str) -> Result<Known, Error> {
    let mut statement =
        connection.prepare(&format!("SELECT id, state, severity, hash FROM {table}"))?;
    let rows = statement.query_map([], |row| {
        let state = FindingState::of(row.get_ref(1)?.as_str()?);
        let hash = row.get::<_, i64>(3)? as u64;
        Ok((row.get(0)?, (state, severity_of(row.get(2)?), hash)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// State, severity and hash of every finding.
    pub fn known_findings(&self) -> Result<Known, Error> {
        known(&self.connection, "findings")
    }

    /// Ids of the findings of `detector` and of their incidents, those that are withdrawn included.
    pub fn of_detector(&self, detector: &str) -> Result<BTreeSet<String>, Error> {
        let question = "SELECT id, incident FROM findings WHERE detector = ?1";
        let mut statement = self.connection.prepare_cached(question)?;
        let mut rows = statement.query([detector])?;
        let mut ids = BTreeSet::new();
        while let Some(row) = rows.next()? {
            ids.extend([row.get::<_, String>(0)?, row.get(1)?]);
        }
        Ok(ids)
    }

    /// State, severity and hash of every incident.
    pub fn known_incidents(&self) -> Result<Known, Error> {
        known(&self.connection, "incidents")
    }

    /// The finding `id`.
    pub fn finding(&self, id: &str) -> Result<Option<FindingRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{FINDING} WHERE id = ?1"))?;
        let mut rows = statement.query_map([id], finding)?;
        Ok(rows.next().transpose()?)
    }

    /// The findings of `incident`, gravest first.
    pub fn findings_of(&self, incident: &str) -> Result<Vec<FindingRow>, Error> {
        let order = "WHERE incident = ?1 ORDER BY severity DESC, id";
        let mut statement = self.connection.prepare_cached(&format!("{FINDING} {order}"))?;
        let rows = statement.query_map([incident], finding)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The incident `id`.
    pub fn incident(&self, id: &str) -> Result<Option<IncidentRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{INCIDENT} WHERE id = ?1"))?;
        let mut rows = statement.query_map([id], incident)?;
        Ok(rows.next().transpose()?)
    }

    /// Incidents, gravest and then latest first.
    pub fn incidents(&self, query: IncidentQuery) -> Result<Vec<IncidentRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{INCIDENT} WHERE (?1 OR state = 'open') AND severity >= ?2 AND (?3 OR NOT EXISTS
             (SELECT 1 FROM triage WHERE triage.incident = incidents.id
              AND triage.status IN ('{}', '{}') AND NOT EXISTS ({NEWS})))
             ORDER BY state, severity DESC, first_seen DESC, id LIMIT ?4",
            Status::Resolved.word(),
            Status::Archived.word(),
        ))?;
        let least = query.min_severity.map_or(0, number_of);
        let limit = query.limit.map_or(-1, i64::from);
        let rows = statement
            .query_map(params![query.with_withdrawn, least, query.with_settled, limit], incident)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The whole graph of `incident`, where its document holds only a part of it.
    pub fn picture(&self, incident: &str) -> Result<Option<String>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT bytes FROM pictures WHERE incident = ?1")?;
        let mut rows = statement.query([incident])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let packed = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let bytes = zstd::decode_all(packed);
        let bytes = bytes.map_err(|source| documents::unpacked(incident, source))?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Findings of `incident` that hold.
    pub fn open_findings(&self, incident: &str) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT COUNT(*) FROM findings WHERE incident = ?1 AND state = 'open'",
        )?;
        Ok(statement.query_row([incident], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Open incidents by severity whose last event is in this span: at its begin or later, before
    /// its end.
    pub fn open_incidents_seen(
        &self,
        (begin, end): (Timestamp, Timestamp),
    ) -> Result<BTreeMap<Severity, u64>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT severity, COUNT(*) FROM incidents INDEXED BY incidents_by_gravity
             WHERE state = 'open' AND severity IN (0, 1, 2, 3, 4)
             AND last_seen >= ?1 AND last_seen < ?2 GROUP BY severity",
        )?;
        let rows = statement.query_map(params![begin.0, end.0], |row| {
            Ok((severity_of(row.get(0)?), row.get::<_, i64>(1)? as u64))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Open incidents by severity.
    pub fn open_incidents(&self) -> Result<BTreeMap<Severity, u64>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT severity, COUNT(*) FROM incidents WHERE state = 'open' GROUP BY severity",
        )?;
        let rows = statement
            .query_map([], |row| Ok((severity_of(row.get(0)?), row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
