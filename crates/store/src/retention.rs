//! How long evidence is kept, and forgetting what is older.

use std::collections::BTreeSet;

use cloudtrail::Timestamp;
use evidence::{Credential, CutOffs, Evidence};
use rusqlite::Connection;
use serde_json::Value;

use crate::Store;
use crate::commit::{fact, set_fact};
use crate::documents;
use crate::error::Error;
use crate::rest::{self, AT_REST_UNTIL};

/// Days of a month: the longest, so that nothing is forgotten too early.
const MONTH_DAYS: u32 = 31;

/// Facts: how long what is kept, in days.
const USAGE_DAYS: &str = "usage_days";
const LINEAGE_DAYS: &str = "lineage_days";
const ARTIFACT_DAYS: &str = "artifact_days";

/// Up to when details of use were forgotten, in seconds: a fact.
const USAGE_KEPT_FROM: &str = "usage_kept_from";

/// Of the memory that evidence may take, what is left when it is too much: the rest is for what
/// comes until it is too much again.
const ROOM: (u64, u64) = (3, 4);

/// Days before the first details of use up to which lineages are put to rest: no session lasts as
/// long, so that what handed out one that has details is never among them.
const SLACK_DAYS: i64 = 3;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// How long evidence is kept, counted back from the newest event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retention {
    /// Days of details of use: which calls a credential made, from where.
    pub usage_days: u32,
    /// Months of lineages: who handed out what.
    pub lineage_months: u32,
    /// Months of artifacts: keys, users and policies that were left behind.
    pub artifact_months: u32,
}

impl Store {
    /// Sets how long evidence is kept from here on; nothing is forgotten yet.
    ///
    /// Where it was never set, nothing is ever forgotten.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub fn keep_for(&mut self, retention: &Retention) -> Result<(), Error> {
        let days = |months: u32| i64::from(months.saturating_mul(MONTH_DAYS));
        let transaction = self.changing()?;
        set_fact(&transaction, USAGE_DAYS, i64::from(retention.usage_days))?;
        set_fact(&transaction, LINEAGE_DAYS, days(retention.lineage_months))?;
        set_fact(&transaction, ARTIFACT_DAYS, days(retention.artifact_months))?;
        transaction.commit()?;
        Ok(())
    }

    /// Up to when details of use were forgotten, if ever.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn usage_kept_from(&self) -> Result<Option<Timestamp>, Error> {
        kept_from(&self.connection)
    }

    /// Up to when details of use may be forgotten that were not: once for each day of events.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn retention_due(&self) -> Result<Option<Timestamp>, Error> {
        let due = self.cut_offs()?.map(|(usage, ..)| usage);
        let kept_from = self.usage_kept_from()?;
        Ok(due.filter(|due| kept_from < Some(*due)))
    }

    /// Forgets what is older than was set, but for credentials of open findings, and gives what is
    /// left to be analyzed; nothing where nothing is due. What is forgotten follows from the store
    /// and `memory` alone.
    ///
    /// Where more than `memory` bytes would be left, lineages and artifacts that lead to nothing
    /// which has details of use are put to rest ([`Store::lineages`] finds them again), and details
    /// of use are dropped before they are as old as was set, but for those of the last day.
    ///
    /// # Errors
    ///
    /// As [`Store::merge_segments`]; everything is as it was then.
    pub fn retain(&mut self, memory: Option<u64>) -> Result<Option<Evidence>, Error> {
        let Some((usage, lineage, artifacts)) = self.cut_offs()? else {
            return Ok(None);
        };
        let is_day_over = self.retention_due()?.is_some();
        if memory.is_none() && !is_day_over {
            return Ok(None);
        }
        let evidence = self.evidence()?;
        let is_older = evidence.span().is_some_and(|(first, _)| first < usage);
        let is_forgetting = is_older || evidence.kept_from().is_some();
        let is_due = is_day_over && is_forgetting;
        let memory = memory.filter(|memory| evidence.weight() > *memory);
        if !is_due && memory.is_none() {
            return Ok(None);
        }
        let held = self.open_keys()?;
        let is_held = |credential: &Credential| held.contains(&*credential.access_key_id);
        let usage = evidence.kept_from().unwrap_or(usage).max(usage);
        let cut = CutOffs { usage, lineage, artifacts, is_held: &is_held };
        let since = lineage.min(artifacts);
        let Some(memory) = memory else {
            let evidence = evidence.forget(&cut);
            self.replace_with(&evidence, |transaction| {
                rest::put(transaction, &[], since)?;
                set_fact(transaction, USAGE_KEPT_FROM, usage.0)
            })?;
            return Ok(Some(evidence));
        };
        let usage = evidence.cut_within(memory / ROOM.1 * ROOM.0, usage, SLACK_DAYS);
        let until = Timestamp(usage.0 - SLACK_DAYS * DAY);
        let (lineage, artifacts) = (lineage.max(until), artifacts.max(until));
        let parted = evidence.part(&CutOffs { usage, lineage, artifacts, ..cut }, since);
        let packed = rest::packed(&parted)?;
        self.replace_with(&parted.kept, |transaction| {
            rest::put(transaction, &packed, since)?;
            set_fact(transaction, AT_REST_UNTIL, until.0)?;
            set_fact(transaction, USAGE_KEPT_FROM, usage.0)
        })?;
        Ok(Some(parted.kept))
    }

    /// Keys that open findings name anywhere.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn open_keys(&self) -> Result<BTreeSet<String>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT document FROM findings WHERE state = 'open'")?;
        let mut rows = statement.query([])?;
        let mut keys = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let document = documents::unpack(row, 0)?;
            if let Ok(document) = serde_json::from_str::<Value>(&document) {
                named(&document, &mut keys);
            }
        }
        Ok(keys)
    }

    /// Midnights before the newest event that was analyzed.
    fn cut_offs(&self) -> Result<Option<(Timestamp, Timestamp, Timestamp)>, Error> {
        let days = |name| fact(&self.connection, name);
        let set = (days(USAGE_DAYS)?, days(LINEAGE_DAYS)?, days(ARTIFACT_DAYS)?);
        let (Some(as_of), (Some(usage), Some(lineage), Some(artifacts))) = (self.as_of()?, set)
        else {
            return Ok(None);
        };
        let before = |days: i64| Timestamp((as_of.0.div_euclid(DAY) - days).saturating_mul(DAY));
        Ok(Some((before(usage), before(lineage.max(usage)), before(artifacts.max(usage)))))
    }
}

pub(crate) fn kept_from(connection: &Connection) -> Result<Option<Timestamp>, Error> {
    Ok(fact(connection, USAGE_KEPT_FROM)?.map(Timestamp))
}

/// Collects the values of every member `access_key_id` in `document`.
fn named(document: &Value, keys: &mut BTreeSet<String>) {
    match document {
        Value::Object(members) => {
            for (name, value) in members {
                let key = value.as_str().filter(|_| name == "access_key_id");
                keys.extend(key.map(str::to_owned));
                named(value, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, keys)),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}
