//! What people decided about incidents.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Error;

/// Longest reason or note, in bytes.
const TEXT_BYTES_MAX: usize = 16 * 1024;

/// Where an incident stands with people (OCSF `status_id` 1 to 5).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Status {
    /// Nobody has looked at it.
    #[default]
    New,
    /// Somebody works on it.
    InProgress,
    /// It is not to be told of.
    Suppressed,
    /// It was dealt with.
    Resolved,
    /// It is kept for the record.
    Archived,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::New, Self::InProgress, Self::Suppressed, Self::Resolved, Self::Archived];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Suppressed => "suppressed",
            Self::Resolved => "resolved",
            Self::Archived => "archived",
        }
    }

    /// OCSF's number for it.
    pub const fn id(self) -> u8 {
        match self {
            Self::New => 1,
            Self::InProgress => 2,
            Self::Suppressed => 3,
            Self::Resolved => 4,
            Self::Archived => 5,
        }
    }

    /// The status that `word` names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// What people decided about an incident.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Triage {
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub reason: String,
    /// What else somebody wrote down.
    pub note: String,
    /// Who changed it last.
    pub who: String,
    /// When.
    pub at: i64,
}

/// A change that a person makes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TriageChange<'t> {
    /// The incident.
    pub incident: &'t str,
    /// Its new status; as it is unless given.
    pub status: Option<Status>,
    /// Why. A change of the status needs a reason.
    pub reason: &'t str,
    /// A note in the place of the one that is there; as it is unless given.
    pub note: Option<&'t str>,
    /// Who.
    pub who: &'t str,
    /// When.
    pub at: i64,
}

/// Refuses texts that are longer than is kept.
pub(crate) fn check_text(what: &str, text: &str) -> Result<(), Error> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Error::Refused(format!("a {what} has at most {TEXT_BYTES_MAX} bytes")));
    }
    Ok(())
}

pub(crate) fn check_reason(reason: &str) -> Result<(), Error> {
    if reason.trim().is_empty() {
        return Err(Error::Refused("a reason is needed".to_owned()));
    }
    check_text("reason", reason)
}

/// Refuses a change that nobody made.
pub(crate) fn check_who(who: &str) -> Result<(), Error> {
    if who.trim().is_empty() {
        return Err(Error::Refused("a name is needed".to_owned()));
    }
    check_text("name", who)
}

/// Lists show the status, and filter by it.
fn set_status(connection: &Connection, incident: &str, status: Status) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE incidents SET status = ?2 WHERE id = ?1")?
        .execute(params![incident, status.word()])?;
    Ok(())
}

fn triage_of(connection: &Connection, incident: &str) -> Result<Triage, Error> {
    let mut statement = connection
        .prepare_cached("SELECT status, reason, note, who, at FROM triage WHERE incident = ?1")?;
    let mut rows = statement.query([incident])?;
    let Some(row) = rows.next()? else {
        return Ok(Triage::default());
    };
    Ok(Triage {
        status: Status::of(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            .unwrap_or_default(),
        reason: row.get(1)?,
        note: row.get(2)?,
        who: row.get(3)?,
        at: row.get(4)?,
    })
}

impl Triage {
    /// The state in words, for the audit.
    fn written(&self) -> String {
        format!("{}; {}; {}", self.status.word(), self.reason, self.note)
    }
}

impl Store {
    /// What people decided about `incident`.
    pub fn triage(&self, incident: &str) -> Result<Triage, Error> {
        triage_of(&self.connection, incident)
    }

    /// The incidents of this status.
    pub fn with_status(&self, status: Status) -> Result<BTreeSet<String>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT incident FROM triage WHERE status = ?1")?;
        let rows = statement.query_map([status.word()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Changes what people decided about an incident; gives what it was before, which undoes the
    /// change where it is set again.
    ///
    /// # Errors
    ///
    /// Where there is no such incident, where nothing is to be changed or nobody changes it, where
    /// a change of the status has no reason, and where a text is too long.
    pub fn set_triage(&mut self, change: &TriageChange<'_>) -> Result<Triage, Error> {
        match (change.status, change.note) {
            (Some(_), _) => check_reason(change.reason)?,
            (None, Some(_)) => check_text("reason", change.reason)?,
            (None, None) => return Err(Error::Refused("a status or a note is needed".to_owned())),
        }
        check_text("note", change.note.unwrap_or_default())?;
        check_who(change.who)?;
        let transaction = self.changing()?;
        let is_known = transaction
            .prepare_cached("SELECT 1 FROM incidents WHERE id = ?1")?
            .exists([change.incident])?;
        if !is_known {
            return Err(Error::Unknown { what: "incident", id: change.incident.to_owned() });
        }
        let before = triage_of(&transaction, change.incident)?;
        let is_decision = change.status.is_some();
        let reason = if is_decision { change.reason } else { &before.reason };
        let after = Triage {
            status: change.status.unwrap_or(before.status),
            reason: reason.to_owned(),
            note: change.note.map_or_else(|| before.note.clone(), str::to_owned),
            who: change.who.to_owned(),
            at: change.at,
        };
        transaction
            .prepare_cached(
                "INSERT INTO triage (incident, status, reason, note, who, at, decided_behind,
                 undo_status, undo_reason, undo_note, undo_behind)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, newest, ?8, ?9, ?10, newest
                 FROM (SELECT COALESCE(MAX(number), 0) AS newest FROM history) WHERE true
                 ON CONFLICT (incident) DO UPDATE SET status = ?2, reason = ?3, note = ?4, who = ?5,
                 at = ?6, decided_behind = CASE WHEN ?7 THEN excluded.decided_behind
                                           ELSE decided_behind END,
                 undo_status = ?8, undo_reason = ?9, undo_note = ?10,
                 undo_behind = decided_behind",
            )?
            .execute(params![
                change.incident,
                after.status.word(),
                after.reason,
                after.note,
                after.who,
                after.at,
                is_decision,
                before.status.word(),
                before.reason,
                before.note,
            ])?;
        set_status(&transaction, change.incident, after.status)?;
        let entry = AuditEntry {
            number: 0,
            at: change.at,
            who: change.who.to_owned(),
            action: if is_decision { "triage" } else { "note" }.to_owned(),
            subject: change.incident.to_owned(),
            before: before.written(),
            after: after.written(),
            reason: change.reason.to_owned(),
        };
        audit::add(&transaction, &entry)?;
        transaction.commit()?;
        Ok(before)
    }

    /// Whether the last decision about `incident` can be undone.
    pub fn can_undo_triage(&self, incident: &str) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT 1 FROM triage WHERE incident = ?1 AND undo_status IS NOT NULL",
        )?;
        Ok(statement.exists([incident])?)
    }

    /// Puts what was decided about `incident` before the last decision in its place; gives it.
    /// What is undone cannot be undone again.
    ///
    /// # Errors
    ///
    /// Where there is nothing to undo, and where nobody undoes it.
    pub fn undo_triage(&mut self, incident: &str, (who, at): (&str, i64)) -> Result<Triage, Error> {
        check_who(who)?;
        let transaction = self.changing()?;
        let undone = triage_of(&transaction, incident)?;
        let n_undone = transaction
            .prepare_cached(
                "UPDATE triage SET status = undo_status, reason = undo_reason, note = undo_note,
                 who = ?2, at = ?3, decided_behind = undo_behind, undo_status = NULL,
                 undo_reason = NULL, undo_note = NULL, undo_behind = NULL
                 WHERE incident = ?1 AND undo_status IS NOT NULL",
            )?
            .execute(params![incident, who, at])?;
        if n_undone == 0 {
            return Err(Error::Unknown { what: "decision to undo", id: incident.to_owned() });
        }
        let after = triage_of(&transaction, incident)?;
        set_status(&transaction, incident, after.status)?;
        let entry = AuditEntry {
            number: 0,
            at,
            who: who.to_owned(),
            action: "undo triage".to_owned(),
            subject: incident.to_owned(),
            before: undone.written(),
            after: after.written(),
            reason: String::new(),
        };
        audit::add(&transaction, &entry)?;
        transaction.commit()?;
        Ok(after)
    }
}
