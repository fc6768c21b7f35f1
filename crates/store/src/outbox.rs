//! Alerts that are to be sent, and what each sink was told.

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

impl Store {
    /// Adds `alerts` in this order, all or none.
    pub fn enqueue(&mut self, alerts: &[NewAlert]) -> Result<(), Error> {
        let transaction = self.connection.transaction()?;
        add(&transaction, alerts)?;
        transaction.commit()?;
        Ok(())
    }

    /// At most `limit` alerts of `sink` to try at `now`: of each incident only the first that
    /// waits, and only if it may be tried, or waits beyond `far`, which only a clock that was set
    /// back can explain. Those that were tried `passes_after` times let the others pass.
    pub fn waiting(
        &self,
        sink: &str,
        (now, far): (i64, i64),
        passes_after: u32,
        limit: usize,
    ) -> Result<Vec<AlertRow>, Error> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{ROW} WHERE id IN (SELECT MIN(id) FROM outbox WHERE sink = ?1 AND state = 'waiting'
             GROUP BY incident) AND (next_attempt <= ?2 OR next_attempt > ?3)
             ORDER BY attempts / ?4, id LIMIT ?5"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows =
            statement.query_map(params![sink, now, far, passes_after.max(1), limit], row_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Does `what`, of which everything is kept or nothing.
    pub fn at_once<T>(&self, what: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let done = what(self).and_then(|value| {
            self.connection.execute_batch("COMMIT")?;
            Ok(value)
        });
        if done.is_err() {
            // Where this fails too, closing the connection does it.
            drop(self.connection.execute_batch("ROLLBACK"));
        }
        done
    }

    /// Marks a waiting alert as taken, and forgets its bytes.
    pub fn delivered(&self, id: i64, at: i64) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET state = 'delivered', settled_at = ?2, payload = x'', error = NULL,
             attempts = attempts + 1 WHERE id = ?1 AND state = 'waiting'",
        )?;
        statement.execute(params![id, at])?;
        Ok(())
    }

    /// Counts an attempt that failed, and tries again at `next_attempt`.
    pub fn failed(&self, id: i64, error: &str, next_attempt: i64) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, error = ?2, next_attempt = ?3
             WHERE id = ?1 AND state = 'waiting'",
        )?;
        statement.execute(params![id, error, next_attempt])?;
        Ok(())
    }

    /// Counts an attempt that failed, and gives the alert up.
    pub fn park(&self, id: i64, error: &str, at: i64) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, error = ?2, settled_at = ?3,
             state = 'parked' WHERE id = ?1 AND state = 'waiting'",
        )?;
        statement.execute(params![id, error, at])?;
        Ok(())
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
