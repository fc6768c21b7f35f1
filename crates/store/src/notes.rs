//! What people write about incidents, and the steps of plans that they have done.

use rusqlite::{Transaction, params};

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Error;
use crate::triage;

/// Longest id of a step, in bytes.
const STEP_BYTES_MAX: usize = 512;

/// A note.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoteRow {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: i64,
}

/// A step that was done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TickRow {
    /// Id of the step.
    pub step: String,
    /// Hash of what the step was.
    pub content: u64,
    /// Who did it.
    pub who: String,
    /// When it was ticked.
    pub at: i64,
}

/// A tick that somebody sets or takes back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TickChange<'t> {
    /// The incident.
    pub incident: &'t str,
    /// Id of the step.
    pub step: &'t str,
    /// Hash of what the step is.
    pub content: u64,
    /// Whether it is done.
    pub is_done: bool,
    /// Who.
    pub who: &'t str,
    /// When.
    pub at: i64,
}

fn check_incident(transaction: &Transaction<'_>, id: &str) -> Result<(), Error> {
    let mut statement = transaction.prepare_cached("SELECT 1 FROM incidents WHERE id = ?1")?;
    if statement.exists([id])? {
        return Ok(());
    }
    Err(Error::Unknown { what: "incident", id: id.to_owned() })
}

impl Store {
    /// Adds a note to `incident`; gives its number.
    ///
    /// # Errors
    ///
    /// Where there is no such incident, the note is blank or too long, or nobody writes it.
    pub fn add_note(
        &mut self,
        incident: &str,
        text: &str,
        (who, at): (&str, i64),
    ) -> Result<i64, Error> {
        if text.trim().is_empty() {
            return Err(Error::Refused("a note says something".to_owned()));
        }
        triage::check_text("note", text)?;
        triage::check_who(who)?;
        let transaction = self.changing()?;
        check_incident(&transaction, incident)?;
        transaction
            .prepare_cached("INSERT INTO notes (incident, text, who, at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![incident, text, who, at])?;
        let id = transaction.last_insert_rowid();
        let entry = AuditEntry {
            number: 0,
            at,
            who: who.to_owned(),
            action: "add note".to_owned(),
            subject: incident.to_owned(),
            before: String::new(),
            after: text.to_owned(),
            reason: String::new(),
        };
        audit::add(&transaction, &entry)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Notes about `incident`, oldest first.
    pub fn notes_of(&self, incident: &str) -> Result<Vec<NoteRow>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, text, who, at FROM notes WHERE incident = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([incident], |row| {
            Ok(NoteRow { id: row.get(0)?, text: row.get(1)?, who: row.get(2)?, at: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes down that a step was done, or was not; who ticked it first stays.
    ///
    /// # Errors
    ///
    /// Where there is no such incident, the step has no id, or nobody does it.
    pub fn set_tick(&mut self, change: &TickChange<'_>) -> Result<(), Error> {
        if change.step.is_empty() || change.step.len() > STEP_BYTES_MAX {
            return Err(Error::Refused("a step has an id".to_owned()));
        }
        triage::check_who(change.who)?;
        let transaction = self.changing()?;
        check_incident(&transaction, change.incident)?;
        let n_changed = if change.is_done {
            transaction
                .prepare_cached(
                    "INSERT INTO ticks (incident, step, content, who, at)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (incident, step) DO UPDATE SET content = ?3, who = ?4, at = ?5
                     WHERE content <> ?3",
                )?
                .execute(params![
                    change.incident,
                    change.step,
                    change.content as i64,
                    change.who,
                    change.at
                ])?
        } else {
            transaction
                .prepare_cached("DELETE FROM ticks WHERE incident = ?1 AND step = ?2")?
                .execute(params![change.incident, change.step])?
        };
        if n_changed > 0 {
            let words = |is_done| if is_done { "done" } else { "not done" };
            let entry = AuditEntry {
                number: 0,
                at: change.at,
                who: change.who.to_owned(),
                action: "tick".to_owned(),
                subject: change.incident.to_owned(),
                before: words(!change.is_done).to_owned(),
                after: words(change.is_done).to_owned(),
                reason: format!("step {}, content {:016x}", change.step, change.content),
            };
            audit::add(&transaction, &entry)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Steps of the plan of `incident` that were done, in the order of their ids.
    pub fn ticks_of(&self, incident: &str) -> Result<Vec<TickRow>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT step, content, who, at FROM ticks WHERE incident = ?1 ORDER BY step",
        )?;
        let rows = statement.query_map([incident], |row| {
            Ok(TickRow {
                step: row.get(0)?,
                content: row.get::<_, i64>(1)? as u64,
                who: row.get(2)?,
                at: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::TickChange;
    use crate::{Commit, Error, FindingState, IncidentRow, Kept, Store};
    use cloudtrail::Timestamp;
    use detect::{Color, Severity};

    fn with_one(folder: &std::path::Path) -> Store {
        let mut store = Store::open(folder).unwrap();
        let incident = IncidentRow {
            id: "i".to_owned(),
            state: FindingState::Open,
            severity: Severity::High,
            title: String::new(),
            origin: String::new(),
            first_seen: Timestamp(0),
            last_seen: Timestamp(0),
            opened_at: 0,
            changed_at: 0,
            revision: 0,
            hash: 1,
            document: "{}".to_owned(),
            color: Color::Red,
            hops: 3,
            origin_label: String::new(),
            open_findings: 1,
            names: Vec::new(),
            picture: Some(b"{}".to_vec()),
        };
        let kept = Kept { incidents: vec![incident], ..Kept::default() };
        store.commit(&Commit { kept: Some(&kept), ..Commit::default() }).unwrap();
        store
    }

    #[test]
    fn a_note_stays_as_it_was_written_and_is_audited() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = with_one(folder.path());
        store.add_note("i", "seen <b>", ("alice", 5)).unwrap();
        let notes = store.notes_of("i").unwrap();
        assert_eq!((notes[0].text.as_str(), notes[0].who.as_str()), ("seen <b>", "alice"));
        assert_eq!(store.audit(Some("i"), 9).unwrap()[0].action, "add note");
        store.connection.execute("UPDATE notes SET text = 'x'", []).unwrap_err();
        store.connection.execute("DELETE FROM notes", []).unwrap_err();
        for (id, text, who) in [("i", " ", "a"), ("j", "t", "a"), ("i", "t", " ")] {
            store.add_note(id, text, (who, 5)).unwrap_err();
        }
        assert_eq!(store.notes_of("i").unwrap().len(), 1);
    }

    #[test]
    fn a_tick_keeps_who_did_it_first_until_the_step_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = with_one(folder.path());
        let tick =
            TickChange { incident: "i", step: "s", content: 1, is_done: true, who: "alice", at: 5 };
        store.set_tick(&tick).unwrap();
        store.set_tick(&TickChange { who: "bob", at: 6, ..tick }).unwrap();
        assert_eq!(store.ticks_of("i").unwrap()[0].who, "alice");
        assert_eq!(store.audit(Some("i"), 9).unwrap().len(), 1);
        store.set_tick(&TickChange { who: "bob", content: 2, ..tick }).unwrap();
        assert_eq!(store.ticks_of("i").unwrap()[0].who, "bob");
        store.set_tick(&TickChange { is_done: false, ..tick }).unwrap();
        assert!(store.ticks_of("i").unwrap().is_empty());
        assert_eq!(store.audit(Some("i"), 9).unwrap().len(), 3);
        let error = store.set_tick(&TickChange { incident: "j", ..tick }).unwrap_err();
        assert!(matches!(error, Error::Unknown { .. }), "{error}");
        assert_eq!(store.picture("i").unwrap().as_deref(), Some("{}"));
    }
}
