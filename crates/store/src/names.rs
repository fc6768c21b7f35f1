//! What incidents name: the way from a key, a role, an address or an event to its incidents.

use rusqlite::{Connection, Transaction, params};

use crate::Store;
use crate::error::Error;

/// Longest name that is kept, in bytes: what is longer is no name, but something that somebody
/// wrote into its place.
pub const NAME_BYTES_MAX: usize = 512;

/// Names of one incident that are kept.
const NAMES_MAX: usize = 20_000;

/// Incidents of one name that a search gives.
const INCIDENTS_MAX: u32 = 20;

/// Incidents whose id begins with a text: nothing stands behind the last of all characters.
pub(crate) const NAMED: &str = "SELECT id, title FROM incidents \
                                WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY id LIMIT ?2";

/// What a name is of.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NameKind {
    /// An account.
    Account,
    /// An address.
    Address,
    /// A key.
    Credential,
    /// A detector.
    Detector,
    /// An event.
    Event,
    /// An instance of EC2.
    Instance,
    /// A role: its ARN, and its name.
    Role,
    /// An IAM user: its ARN, and its name.
    User,
}

/// A name that a search found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NameFound {
    /// What it is of.
    pub kind: NameKind,
    /// The name.
    pub value: String,
    /// Incidents that name it, at most 20.
    pub incidents: Vec<String>,
}

impl NameKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Account,
        Self::Address,
        Self::Credential,
        Self::Detector,
        Self::Event,
        Self::Instance,
        Self::Role,
        Self::User,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::Credential => "credential",
            Self::Detector => "detector",
            Self::Event => "event",
            Self::Instance => "instance",
            Self::Role => "role",
            Self::User => "user",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Puts `names` in the place of those that `incident` had.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    incident: &str,
    names: &[(NameKind, String)],
) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM names WHERE incident = ?1")?
        .execute(params![incident])?;
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO names (value, kind, incident) VALUES (?1, ?2, ?3)",
    )?;
    let is_name = |value: &str| !value.is_empty() && value.len() <= NAME_BYTES_MAX;
    let names = names.iter().filter(|(_, value)| is_name(value));
    for (kind, value) in names.take(NAMES_MAX) {
        insert.execute(params![value, kind.word(), incident])?;
    }
    Ok(())
}

/// The names of one kind that `incident` has, at most `limit`.
pub(crate) fn of_incident(
    connection: &Connection,
    incident: &str,
    (kind, limit): (NameKind, u32),
) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT value FROM names WHERE incident = ?1 AND kind = ?2 ORDER BY value LIMIT ?3",
    )?;
    let rows = statement.query_map(params![incident, kind.word(), limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// Names that begin with `begin`, at most `limit`, in their order. An empty begin finds none.
    pub fn names_with(&self, begin: &str, limit: u32) -> Result<Vec<NameFound>, Error> {
        if begin.is_empty() || begin.len() > NAME_BYTES_MAX {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT value, kind FROM names
             WHERE value >= ?1 AND value < ?1 || char(1114111) ORDER BY value, kind LIMIT ?2",
        )?;
        let rows = statement.query_map(params![begin, limit], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (value, word) = row?;
            let Some(kind) = NameKind::of(&word) else {
                continue;
            };
            let incidents = self.incidents_naming(kind, &value, INCIDENTS_MAX)?;
            found.push(NameFound { kind, value, incidents });
        }
        Ok(found)
    }

    /// Ids of the incidents that name `value`, at most `limit`, in the order of ids.
    pub fn incidents_naming(
        &self,
        kind: NameKind,
        value: &str,
        limit: u32,
    ) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT incident FROM names WHERE value = ?1 AND kind = ?2 ORDER BY incident LIMIT ?3",
        )?;
        let rows = statement.query_map(params![value, kind.word(), limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What `incident` names of `kind`, in order.
    pub fn names_of(&self, incident: &str, kind: NameKind) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT value FROM names WHERE incident = ?1 AND kind = ?2 ORDER BY value",
        )?;
        let rows = statement.query_map(params![incident, kind.word()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ids and titles of the incidents whose id begins with `begin`, at most `limit`, in the order
    /// of ids. An empty begin names none.
    pub fn incidents_named(&self, begin: &str, limit: u32) -> Result<Vec<(String, String)>, Error> {
        if begin.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare_cached(NAMED)?;
        let rows =
            statement.query_map(params![begin, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
