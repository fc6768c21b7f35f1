//! What people do not want to be told of: with a reason, an owner and an end.

use cloudtrail::Timestamp;
use rusqlite::{Row, params};

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Error;
use crate::triage;

/// Longest time that a suppression may last: a year, in milliseconds. What shall last longer is
/// looked at again.
const LASTS_MAX: i64 = 366 * 86_400_000;

/// What a suppression is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Incidents whose findings are all of one account.
    Account,
    /// One incident.
    Incident,
    /// Incidents that begin at one origin: its key, ARN, instance or subject.
    Origin,
    /// Incidents whose chains all lead to roles of one name or ARN.
    Role,
}

/// A suppression that somebody wants.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewSuppression {
    /// What it is about.
    pub scope: Scope,
    /// Which of that kind.
    pub value: String,
    /// Only findings of this detector; of all of them unless given.
    pub detector: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    pub created_at: i64,
    /// Until when.
    pub expires_at: i64,
}

/// A suppression.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Suppression {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub what: NewSuppression,
    /// When somebody ended it.
    pub ended_at: Option<i64>,
    /// Incidents that it has muted, wholly or in part.
    pub muted: u64,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Account, Self::Incident, Self::Origin, Self::Role];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Incident => "incident",
            Self::Origin => "origin",
            Self::Role => "role",
        }
    }

    /// The scope that `word` names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

impl Suppression {
    /// Whether it mutes at `now`.
    pub const fn is_active(&self, now: i64) -> bool {
        self.ended_at.is_none() && self.what.created_at <= now && now < self.what.expires_at
    }
}

const ROW: &str = "SELECT id, scope, value, detector, reason, owner, created_at, expires_at, \
                   ended_at, (SELECT COUNT(*) FROM muted WHERE suppression = id) FROM suppressions";

fn row_of(row: &Row<'_>) -> rusqlite::Result<Suppression> {
    Ok(Suppression {
        id: row.get(0)?,
        what: NewSuppression {
            scope: Scope::of(row.get_ref(1)?.as_str()?).unwrap_or(Scope::Incident),
            value: row.get(2)?,
            detector: row.get(3)?,
            reason: row.get(4)?,
            owner: row.get(5)?,
            created_at: row.get(6)?,
            expires_at: row.get(7)?,
        },
        ended_at: row.get(8)?,
        muted: row.get::<_, i64>(9)? as u64,
    })
}

impl Store {
    /// Mutes what `new` says; gives its number.
    ///
    /// # Errors
    ///
    /// Where there is no reason or owner, where it is about nothing, and where it ends before it
    /// begins or after more than a year.
    pub fn suppress(&mut self, new: &NewSuppression) -> Result<i64, Error> {
        triage::check_reason(&new.reason)?;
        triage::check_who(&new.owner)?;
        triage::check_text("value", &new.value)?;
        triage::check_text("detector", new.detector.as_deref().unwrap_or_default())?;
        let is_blank = |text: &str| text.trim().is_empty();
        if is_blank(&new.value) || new.detector.as_deref().is_some_and(is_blank) {
            return Err(Error::Refused("a suppression is about something".to_owned()));
        }
        let lasts = new.expires_at.saturating_sub(new.created_at);
        if lasts <= 0 || lasts > LASTS_MAX {
            return Err(Error::Refused("a suppression ends within a year".to_owned()));
        }
        let transaction = self.changing()?;
        transaction
            .prepare_cached(
                "INSERT INTO suppressions (scope, value, detector, reason, owner, created_at,
                 expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                new.scope.word(),
                new.value,
                new.detector,
                new.reason,
                new.owner,
                new.created_at,
                new.expires_at,
            ])?;
        let id = transaction.last_insert_rowid();
        let detector = new.detector.as_deref().unwrap_or("every detector");
        let entry = AuditEntry {
            number: 0,
            at: new.created_at,
            who: new.owner.clone(),
            action: "suppress".to_owned(),
            subject: format!("suppression {id}"),
            before: String::new(),
            after: format!(
                "{} {}; {detector}; until {}",
                new.scope.word(),
                new.value,
                Timestamp(new.expires_at.div_euclid(1_000))
            ),
            reason: new.reason.clone(),
        };
        audit::add(&transaction, &entry)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Ends the suppression `id`.
    ///
    /// # Errors
    ///
    /// Where there is none that mutes at `at`, and where there is no reason or nobody ends it.
    pub fn end_suppression(
        &mut self,
        id: i64,
        (who, reason): (&str, &str),
        at: i64,
    ) -> Result<(), Error> {
        triage::check_reason(reason)?;
        triage::check_who(who)?;
        let transaction = self.changing()?;
        let n_ended = transaction
            .prepare_cached(
                "UPDATE suppressions SET ended_at = ?2
                 WHERE id = ?1 AND ended_at IS NULL AND expires_at > ?2",
            )?
            .execute(params![id, at])?;
        if n_ended == 0 {
            return Err(Error::Unknown { what: "active suppression", id: id.to_string() });
        }
        let entry = AuditEntry {
            number: 0,
            at,
            who: who.to_owned(),
            action: "end suppression".to_owned(),
            subject: format!("suppression {id}"),
            before: "active".to_owned(),
            after: "ended".to_owned(),
            reason: reason.to_owned(),
        };
        audit::add(&transaction, &entry)?;
        transaction.commit()?;
        Ok(())
    }

    /// Every suppression, latest first: those that ended as well.
    pub fn suppressions(&self) -> Result<Vec<Suppression>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{ROW} ORDER BY id DESC"))?;
        let rows = statement.query_map([], row_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
