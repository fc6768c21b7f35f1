//! Lineages that have come to rest: on the disk alone, and found again by name.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloudtrail::Timestamp;
use evidence::{Evidence, Issuance, Parted};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use xxhash_rust::xxh3::xxh3_64;

use crate::Store;
use crate::commit::fact;
use crate::error::Error;
use crate::segments::pack;

/// Names that are followed for one question, and parts that are read: what one name leads to is
/// a handful of each, unless somebody made it lead to many.
const NAMES_MAX: usize = 4096;
const PARTS_MAX: usize = 512;

/// Up to when lineages may have come to rest, in seconds: a fact.
pub(crate) const AT_REST_UNTIL: &str = "at_rest_until";

/// Lineages that were found again.
#[derive(Debug, Default)]
pub struct Lineages {
    /// What they are.
    pub evidence: Evidence,
    /// Whether they lead on to more than is followed.
    pub is_cut: bool,
}

/// How much rests.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AtRest {
    /// Parts that it lies in.
    pub parts: u64,
    /// Bytes of it, compressed.
    pub bytes: u64,
    /// Credentials that were handed out.
    pub credentials: u64,
}

/// A part that is about to be written.
pub(crate) struct Packed {
    last: i64,
    credentials: i64,
    bytes: Vec<u8>,
    names: Vec<i64>,
}

/// Packs the parts of `parted` that rest.
pub(crate) fn packed(parted: &Parted) -> Result<Vec<Packed>, Error> {
    parted.at_rest.iter().map(Packed::of).collect()
}

impl Packed {
    fn of(part: &Evidence) -> Result<Self, Error> {
        let issued: BTreeSet<&Arc<str>> = part.issuances().map(Issuance::name).collect();
        let issuances = part.issuances().map(|one| one.event.event_time);
        let changes = part.changes().map(|one| one.event.event_time);
        let statuses = part.key_statuses().map(|one| one.event.event_time);
        let last = issuances.chain(changes).chain(statuses).max().unwrap_or_default();
        let bytes = pack(&part.to_bytes()).map_err(|error| unreadable(0, &error))?;
        let credentials = issued.len() as i64;
        Ok(Self { last: last.0, credentials, bytes, names: hashes(&part.names_at_rest()) })
    }
}

fn hashes(names: &BTreeSet<Arc<str>>) -> Vec<i64> {
    names.iter().map(|name| hash(name)).collect()
}

/// The hash of a name, as the index holds it.
fn hash(name: &str) -> i64 {
    xxh3_64(name.as_bytes()).cast_signed()
}

fn unreadable(part: i64, error: &dyn std::error::Error) -> Error {
    Error::Rest { part, reason: error.to_string() }
}

/// Adds `parts`, and drops those whose last event is before `since`.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    parts: &[Packed],
    since: Timestamp,
) -> Result<(), Error> {
    drop_before(transaction, since)?;
    let mut names: Vec<(i64, i64)> = Vec::new();
    for part in parts {
        transaction
            .prepare_cached("INSERT INTO rest (last, credentials, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![part.last, part.credentials, part.bytes])?;
        let number = transaction.last_insert_rowid();
        names.extend(part.names.iter().map(|name| (*name, number)));
    }
    // In the order of the index, so that each of its pages is written once.
    names.sort_unstable();
    let mut insert = transaction
        .prepare_cached("INSERT OR IGNORE INTO rest_names (hash, part) VALUES (?1, ?2)")?;
    for (name, part) in names {
        insert.execute([name, part])?;
    }
    Ok(())
}

fn drop_before(transaction: &Transaction<'_>, since: Timestamp) -> Result<(), Error> {
    let mut statement = transaction.prepare_cached("SELECT id FROM rest WHERE last < ?1")?;
    let old = statement.query_map([since.0], |row| row.get(0))?;
    let old: Vec<i64> = old.collect::<Result<_, _>>()?;
    for part in old {
        let names = hashes(&read(transaction, part)?.names_at_rest());
        for name in names {
            transaction
                .prepare_cached("DELETE FROM rest_names WHERE hash = ?1 AND part = ?2")?
                .execute([name, part])?;
        }
        transaction.prepare_cached("DELETE FROM rest WHERE id = ?1")?.execute([part])?;
    }
    Ok(())
}

fn read(connection: &Connection, part: i64) -> Result<Evidence, Error> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM rest WHERE id = ?1")?;
    let packed: Option<Vec<u8>> = statement.query_row([part], |row| row.get(0)).optional()?;
    let Some(packed) = packed else {
        return Ok(Evidence::default());
    };
    let bytes = zstd::decode_all(&*packed).map_err(|error| unreadable(part, &error))?;
    Evidence::from_bytes(&bytes).map_err(|error| unreadable(part, &error))
}

/// The parts in which one of `names` may be found.
fn parts_with(connection: &Connection, names: &BTreeSet<Arc<str>>) -> Result<BTreeSet<i64>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT part FROM rest_names WHERE hash = ?1 LIMIT ?2")?;
    let mut parts = BTreeSet::new();
    for name in names {
        let found = statement
            .query_map(params![hash(name), PARTS_MAX as i64], |row| row.get::<_, i64>(0))?;
        for part in found {
            parts.insert(part?);
        }
    }
    Ok(parts)
}

impl Store {
    /// What rests about `names` (keys, or principals of what has no key), with everything above it
    /// and below it that has an end.
    ///
    /// # Errors
    ///
    /// Where a part cannot be read: what it holds about them is missing then.
    pub fn lineages(&self, names: BTreeSet<Arc<str>>) -> Result<Lineages, Error> {
        let mut lineages = Lineages::default();
        if self.at_rest_until()?.is_none() {
            return Ok(lineages);
        }
        self.at_once(|store| {
            let (mut asked, mut wanted, mut n_parts) = (BTreeSet::new(), names, 0);
            while !wanted.is_empty() {
                let mut parts = parts_with(&store.connection, &wanted)?;
                lineages.is_cut = asked.len() > NAMES_MAX || n_parts + parts.len() > PARTS_MAX;
                while n_parts + parts.len() > PARTS_MAX {
                    // The newest are nearest to whatever asks.
                    parts.pop_first();
                }
                n_parts += parts.len();
                let mut found = Evidence::default();
                for part in parts {
                    found.merge(read(&store.connection, part)?.about(&wanted));
                }
                asked.append(&mut wanted);
                if !lineages.is_cut {
                    wanted = found.leads().difference(&asked).cloned().collect();
                }
                lineages.evidence.merge(found);
            }
            Ok(lineages)
        })
    }

    /// As [`lineages`](Self::lineages), of one name.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn lineages_of(&self, name: &str) -> Result<Lineages, Error> {
        self.lineages(BTreeSet::from([Arc::from(name)]))
    }

    /// Up to when lineages may have come to rest, if any ever has.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn at_rest_until(&self) -> Result<Option<Timestamp>, Error> {
        Ok(fact(&self.connection, AT_REST_UNTIL)?.map(Timestamp))
    }

    /// How much rests.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn at_rest(&self) -> Result<AtRest, Error> {
        let question = "SELECT COUNT(*), COALESCE(SUM(length(bytes)), 0),
                        COALESCE(SUM(credentials), 0) FROM rest";
        let number = |row: &rusqlite::Row<'_>, at| row.get::<_, i64>(at).map(|n| n as u64);
        let of = |row: &rusqlite::Row<'_>| {
            Ok(AtRest {
                parts: number(row, 0)?,
                bytes: number(row, 1)?,
                credentials: number(row, 2)?,
            })
        };
        Ok(self.connection.query_row(question, [], of)?)
    }

    /// Reads everything that rests once, and adds what is wrong with it to `faults`.
    pub(crate) fn check_rest(&self, faults: &mut Vec<String>) -> Result<(), Error> {
        let mut statement = self.connection.prepare("SELECT id FROM rest ORDER BY id")?;
        let parts: Vec<i64> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut is_indexed = self
            .connection
            .prepare("SELECT EXISTS (SELECT 1 FROM rest_names WHERE hash = ?1 AND part = ?2)")?;
        for part in parts {
            let names = match read(&self.connection, part) {
                Ok(evidence) => hashes(&evidence.names_at_rest()),
                Err(error @ Error::Rest { .. }) => {
                    faults.push(error.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let mut n_lost = 0;
            for name in names {
                let is_found: bool = is_indexed.query_row([name, part], |row| row.get(0))?;
                n_lost += i64::from(!is_found);
            }
            if n_lost > 0 {
                faults.push(format!("{n_lost} names of part {part} at rest are not found"));
            }
        }
        Ok(())
    }
}
