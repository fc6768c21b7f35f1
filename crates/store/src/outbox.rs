//! Alerts that are to be sent, and what each sink was told.

use std::collections::BTreeMap;

use detect::Severity;
use rusqlite::{Connection, Row, params};

use crate::Store;
use crate::error::Error;
use crate::findings::{number_of, severity_of};

/// An alert that is to be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewAlert {
    /// Name of the sink.
    pub sink: String,
    /// The incident.
    pub incident: String,
    /// What is said of it: a word of the caller's.
    pub kind: String,
    /// Its number among the alerts about this incident to this sink, from 1.
    pub revision: u32,
    /// How grave the incident is.
    pub severity: Severity,
    /// The bytes to send; emptied once they were taken.
    pub payload: Vec<u8>,
    /// When it was decided on.
    pub enqueued_at: i64,
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AlertState {
    /// Its sink has taken it.
    Delivered,
    /// It was given up, and is kept to be seen.
    Parked,
    /// It will be tried.
    Waiting,
}

/// An alert in the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AlertRow {
    /// Its number; later ones have greater ones.
    pub id: i64,
    /// The alert.
    pub alert: NewAlert,
    /// Where it stands.
    pub state: AlertState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried again.
    pub next_attempt: i64,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// Which alerts may be tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Due<'d> {
    /// Name of the sink.
    pub sink: &'d str,
    /// The time.
    pub now: i64,
    /// No alert waits longer than until then: where one seems to, the clock was set back, and it
    /// may be tried.
    pub latest: i64,
    /// Attempts after which an alert lets others pass, at each multiple.
    pub passes_after: u32,
    /// Most alerts.
    pub limit: u32,
}

/// What became of an alert. Marks of alerts that do not wait change nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AlertMark<'m> {
    /// Its sink has taken it; its bytes are forgotten.
    Delivered {
        /// Its number.
        id: i64,
        /// When.
        at: i64,
    },
    /// An attempt failed, and it waits for the next one.
    Failed {
        /// Its number.
        id: i64,
        /// Why.
        error: &'m str,
        /// When it may be tried again.
        next_attempt: i64,
    },
    /// An attempt failed, and it is given up.
    Parked {
        /// Its number.
        id: i64,
        /// Why.
        error: &'m str,
        /// When.
        at: i64,
    },
}

/// The last alert about an incident to one sink.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// Name of the sink.
    pub sink: String,
    /// What it said.
    pub kind: String,
    /// Its number.
    pub revision: u32,
    /// The severity that it told.
    pub severity: Severity,
    /// When it was decided on.
    pub at: i64,
}

/// How many alerts of a sink lie in the outbox.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SinkDepth {
    /// Those that will be tried.
    pub waiting: u64,
    /// Those that were given up.
    pub parked: u64,
}

/// Adds `alerts`; one of the same sink, incident and revision is left out.
pub(crate) fn add(connection: &Connection, alerts: &[NewAlert]) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO outbox (sink, incident, kind, revision, severity, payload,
         enqueued_at, next_attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
    )?;
    for alert in alerts {
        insert.execute(params![
            alert.sink,
            alert.incident,
            alert.kind,
            alert.revision,
            number_of(alert.severity),
            alert.payload,
            alert.enqueued_at,
        ])?;
    }
    Ok(())
}

const ROW: &str = "SELECT id, sink, incident, kind, revision, severity, payload, enqueued_at, \
                   attempts, next_attempt, state, error FROM outbox";

fn sent_of(row: &Row<'_>) -> rusqlite::Result<Sent> {
    Ok(Sent {
        sink: row.get(0)?,
        kind: row.get(1)?,
        revision: row.get(2)?,
        severity: severity_of(row.get(3)?),
        at: row.get(4)?,
    })
}
/// Whether an alert is the first that waits, of its incident to the sink.
const FIRST: &str = "id IN (SELECT MIN(id) FROM outbox WHERE sink = ?1 AND state = 'waiting' \
                     GROUP BY incident)";

fn row_of(row: &Row<'_>) -> rusqlite::Result<AlertRow> {
    Ok(AlertRow {
        id: row.get(0)?,
        alert: NewAlert {
            sink: row.get(1)?,
            incident: row.get(2)?,
            kind: row.get(3)?,
            revision: row.get(4)?,
            severity: severity_of(row.get(5)?),
            payload: row.get(6)?,
            enqueued_at: row.get(7)?,
        },
        attempts: row.get(8)?,
        next_attempt: row.get(9)?,
        state: match row.get_ref(10)?.as_str()? {
            "delivered" => AlertState::Delivered,
            "parked" => AlertState::Parked,
            _ => AlertState::Waiting,
        },
        error: row.get(11)?,
    })
}

fn mark(connection: &Connection, mark: &AlertMark<'_>) -> Result<(), Error> {
    match mark {
        AlertMark::Delivered { id, at } => connection
            .prepare_cached(
                "UPDATE outbox SET state = 'delivered', settled_at = ?2, payload = x'',
                 error = NULL, attempts = attempts + 1 WHERE id = ?1 AND state = 'waiting'",
            )?
            .execute(params![id, at])?,
        AlertMark::Failed { id, error, next_attempt } => connection
            .prepare_cached(
                "UPDATE outbox SET attempts = attempts + 1, error = ?2, next_attempt = ?3
                 WHERE id = ?1 AND state = 'waiting'",
            )?
            .execute(params![id, error, next_attempt])?,
        AlertMark::Parked { id, error, at } => connection
            .prepare_cached(
                "UPDATE outbox SET attempts = attempts + 1, error = ?2, settled_at = ?3,
                 state = 'parked' WHERE id = ?1 AND state = 'waiting'",
            )?
            .execute(params![id, error, at])?,
    };
    Ok(())
}

impl Store {
    /// Adds `alerts` in this order, all or none; one of the same sink, incident and revision as
    /// one that there is or was is left out.
    pub fn enqueue(&mut self, alerts: &[NewAlert]) -> Result<(), Error> {
        let transaction = self.changing()?;
        add(&transaction, alerts)?;
        transaction.commit()?;
        Ok(())
    }

    /// The first waiting alert of each incident to `sink`, by number.
    pub fn waiting(&self, sink: &str) -> Result<Vec<AlertRow>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("{ROW} WHERE {FIRST} ORDER BY id"))?;
        let rows = statement.query_map([sink], row_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those of [`Store::waiting`] that may be tried, those that were tried least first.
    pub fn due(&self, due: &Due<'_>) -> Result<Vec<AlertRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{ROW} WHERE {FIRST} AND (next_attempt <= ?2 OR next_attempt > ?3)
             ORDER BY attempts / ?4, id LIMIT ?5"
        ))?;
        let passes_after = due.passes_after.max(1);
        let wanted = params![due.sink, due.now, due.latest, passes_after, due.limit];
        let rows = statement.query_map(wanted, row_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The earliest time at which a waiting alert of `sink` may be tried.
    pub fn next_attempt(&self, sink: &str) -> Result<Option<i64>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT MIN(next_attempt) FROM outbox WHERE sink = ?1 AND state = 'waiting'",
        )?;
        Ok(statement.query_row([sink], |row| row.get(0))?)
    }

    /// Keeps what became of alerts, all of it or nothing.
    pub fn mark(&mut self, marks: &[AlertMark<'_>]) -> Result<(), Error> {
        let transaction = self.changing()?;
        for mark in marks {
            self::mark(&transaction, mark)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Marks a waiting alert as taken, and forgets its bytes.
    pub fn delivered(&self, id: i64, at: i64) -> Result<(), Error> {
        mark(&self.connection, &AlertMark::Delivered { id, at })
    }

    /// Counts an attempt that failed, and tries again at `next_attempt`.
    pub fn failed(&self, id: i64, error: &str, next_attempt: i64) -> Result<(), Error> {
        mark(&self.connection, &AlertMark::Failed { id, error, next_attempt })
    }

    /// Counts an attempt that failed, and gives the alert up.
    pub fn park(&self, id: i64, error: &str, at: i64) -> Result<(), Error> {
        mark(&self.connection, &AlertMark::Parked { id, error, at })
    }

    /// Makes the alerts that were given up wait again; gives how many there were.
    pub fn retry_parked(&self, sink: &str, now: i64) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET attempts = 0, next_attempt = ?2, settled_at = NULL,
             state = 'waiting' WHERE sink = ?1 AND state = 'parked'",
        )?;
        Ok(statement.execute(params![sink, now])? as u64)
    }

    /// How many alerts of `sink` there are.
    pub fn depth(&self, sink: &str) -> Result<SinkDepth, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT COUNT(*) FILTER (WHERE state = 'waiting'),
             COUNT(*) FILTER (WHERE state = 'parked') FROM outbox
             WHERE sink = ?1 AND state IN ('waiting', 'parked')",
        )?;
        Ok(statement.query_row([sink], |row| {
            Ok(SinkDepth {
                waiting: row.get::<_, i64>(0)? as u64,
                parked: row.get::<_, i64>(1)? as u64,
            })
        })?)
    }

    /// How many alerts of each sink there are; sinks that never had one are not among them.
    pub fn depths(&self) -> Result<BTreeMap<String, SinkDepth>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT DISTINCT sink FROM outbox")?;
        let sinks = statement.query_map([], |row| row.get::<_, String>(0))?;
        let sinks: Vec<String> = sinks.collect::<Result<_, _>>()?;
        sinks.into_iter().map(|sink| Ok((sink.clone(), self.depth(&sink)?))).collect()
    }

    /// What each sink was told about `incident` last.
    pub fn told(&self, incident: &str) -> Result<Vec<Sent>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT sink, kind, MAX(revision), severity, enqueued_at FROM outbox
             WHERE incident = ?1 GROUP BY sink ORDER BY sink",
        )?;
        let rows = statement.query_map([incident], sent_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What each sink was told last about each incident.
    pub fn told_all(&self) -> Result<Vec<(String, Sent)>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT sink, kind, MAX(revision), severity, enqueued_at, incident FROM outbox
             GROUP BY incident, sink",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(5)?, sent_of(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every alert about `incident`, oldest first.
    pub fn alerts_of(&self, incident: &str) -> Result<Vec<AlertRow>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("{ROW} WHERE incident = ?1 ORDER BY id"))?;
        let rows = statement.query_map([incident], row_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
