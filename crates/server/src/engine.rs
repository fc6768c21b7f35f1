//! The one writer of a store: takes in what was folded, analyzes it, and keeps what follows.

mod changes;
mod log_integrity;
mod memory;
mod names;
mod news;
mod subjects;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::Path;
use std::sync::Arc;

use detect::{Analysis, Finding, LOG_INTEGRITY, Settings, Severity};
use evidence::{Credential, CutOffs, Evidence};
use store::{Commit, Cursor, FindingState, ObjectDone, Store};

use crate::clock::WallTime;

pub use news::{About, Payload, Remains, Sinks};
pub use subjects::Subjects;

/// What is known beyond the logs.
pub trait Knowledge: Send + Sync {
    /// Inventories, as evidence. They are read anew at every start and not kept.
    fn inventories(&self) -> Evidence {
        Evidence::default()
    }

    /// The rest, as an analysis takes it.
    fn settings(&self) -> Settings<'_>;
}

/// Nothing is known beyond the logs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKnowledge;

impl Knowledge for NoKnowledge {
    fn settings(&self) -> Settings<'_> {
        Settings::default()
    }
}

/// Objects that were folded, and what they taught.
#[derive(Debug, Default)]
pub struct Batch {
    /// What they taught.
    pub evidence: Evidence,
    /// The objects, and those that cannot be read.
    pub objects: Vec<ObjectDone>,
    /// Where sources stand behind them.
    pub cursors: Vec<Cursor>,
}

/// What an analysis changed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Changed {
    /// Findings that are new, changed or withdrawn.
    pub findings: usize,
    /// As `findings`.
    pub incidents: usize,
}

/// What an analysis changed, one by one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Happened {
    /// Incidents, and what became of each: `new`, `changed` or `withdrawn`.
    pub incidents: Vec<(String, &'static str)>,
    /// Time of the newest event.
    pub as_of: Option<cloudtrail::Timestamp>,
}

/// Who is told of what an analysis changed, once it is kept.
pub type Listener = Box<dyn Fn(&Happened) + Send>;

/// What is kept of a finding or an incident, as far as telling a change needs it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Known {
    state: FindingState,
    severity: Severity,
    hash: u64,
}

/// The one writer of a store.
///
/// All evidence that is analyzed is in memory, and the store holds the same: what a commit could
/// not keep is kept by the next one. What an analysis finds is a function of the evidence alone, so that a process
/// that was killed in between finds the same once it is there again.
pub struct Engine {
    store: Store,
    subjects: Subjects,
    sinks: Sinks,
    analysis: Arc<Analysis>,
    listener: Option<Listener>,
    findings: BTreeMap<String, Known>,
    incidents: BTreeMap<String, Known>,
    told: news::ToldBy,
    /// What suppressions have muted since the start.
    muted: BTreeSet<(i64, String)>,
    /// Keys of open findings, of which nothing is forgotten; known where anything ever is.
    held: BTreeSet<String>,
    /// What verifications found since the start, by id.
    log_integrity: BTreeMap<String, Finding>,
    /// Findings of verifications that were kept, and their incidents: a log file that was changed
    /// once is not withdrawn, but settled by a person.
    lasting: BTreeSet<String>,
    is_analysis_due: bool,
    memory: memory::Memory,
}

impl Engine {
    /// Opens the store in `folder` and loads everything that it holds.
    ///
    /// The first call of [`analyze`](Self::analyze) is due at once: knowledge beyond the logs may
    /// be other than it was, and so may be this program.
    ///
    /// # Errors
    ///
    /// As [`Store::open`] and [`Store::evidence`].
    pub fn open(
        folder: &Path,
        knowledge: Box<dyn Knowledge>,
        sinks: Sinks,
    ) -> Result<Self, store::Error> {
        let store = Store::open(folder)?;
        let subjects = Subjects::new(store.evidence()?, Arc::from(knowledge));
        let known = |rows: BTreeMap<String, (FindingState, Severity, u64)>| {
            let rows = rows.into_iter();
            rows.map(|(id, (state, severity, hash))| (id, Known { state, severity, hash }))
                .collect()
        };
        let is_forgetting = subjects.kept_from().is_some();
        Ok(Self {
            held: if is_forgetting { store.open_keys()? } else { BTreeSet::new() },
            log_integrity: BTreeMap::new(),
            lasting: store.of_detector(LOG_INTEGRITY.id)?,
            findings: known(store.known_findings()?),
            incidents: known(store.known_incidents()?),
            told: news::told(&store)?,
            store,
            subjects,
            sinks,
            analysis: Arc::default(),
            listener: None,
            muted: BTreeSet::new(),
            is_analysis_due: true,
            memory: memory::Memory::default(),
        })
    }

    /// Keeps `batch`: when this returns without an error, its objects are done.
    ///
    /// Where it fails, `batch` is as it was, so that the call can be made again.
    ///
    /// # Errors
    ///
    /// Where the store keeps nothing of it; [`store::Error::is_passing`] tells whether trying
    /// again helps.
    pub fn absorb(&mut self, batch: &mut Batch, now: WallTime) -> Result<(), store::Error> {
        self.load()?;
        self.forget_late(batch);
        self.wake(batch)?;
        let taught = &batch.evidence;
        let has_evidence = taught.credentials().len() + taught.network_facts().len() > 0;
        let bytes = has_evidence.then(|| batch.evidence.to_bytes());
        self.store.commit(&Commit {
            at: now.0,
            evidence: bytes.as_deref(),
            objects: &batch.objects,
            cursors: &batch.cursors,
            ..Commit::default()
        })?;
        if has_evidence {
            self.load_on(&batch.evidence);
            self.subjects.merge(mem::take(&mut batch.evidence));
            self.is_analysis_due = true;
        }
        Ok(())
    }

    /// Takes in what a verification of log files found; the next analysis keeps it. What was kept
    /// of the same before the start grows, as what was found since.
    ///
    /// # Errors
    ///
    /// Where what is kept cannot be read; the call can be made again.
    pub fn note_log_integrity(&mut self, findings: &[Finding]) -> Result<(), store::Error> {
        for finding in findings {
            match self.log_integrity.entry(finding.id.clone()) {
                Entry::Occupied(mut known) => log_integrity::grow(known.get_mut(), finding.clone()),
                Entry::Vacant(place) => {
                    let is_kept = self.lasting.contains(&finding.id);
                    let row = if is_kept { self.store.finding(&finding.id)? } else { None };
                    let kept = row.and_then(|row| log_integrity::kept(&row, finding));
                    let mut grown = kept.unwrap_or_else(|| finding.clone());
                    log_integrity::grow(&mut grown, finding.clone());
                    place.insert(grown);
                }
            }
            self.is_analysis_due = true;
        }
        Ok(())
    }

    /// Loads the evidence where it is absent.
    fn load(&mut self) -> Result<(), store::Error> {
        if !self.subjects.is_loaded() {
            self.subjects.load(self.store.evidence()?);
        }
        Ok(())
    }

    /// Forgets what late objects say of times of which nothing is kept.
    fn forget_late(&self, batch: &mut Batch) {
        let (Some(kept_from), Some((first, _))) =
            (self.subjects.kept_from(), batch.evidence.span())
        else {
            return;
        };
        if first < kept_from {
            let is_held = |credential: &Credential| self.held.contains(&*credential.access_key_id);
            let cut = CutOffs::of_usage(kept_from, &is_held);
            batch.evidence = mem::take(&mut batch.evidence).forget(&cut);
        }
    }

    /// Forgets what is older than the store is set to keep, once for each day of events; gives
    /// whether anything may have been. The analysis is due then.
    ///
    /// # Errors
    ///
    /// As [`absorb`](Self::absorb); nothing is forgotten then.
    pub fn retain(&mut self) -> Result<bool, store::Error> {
        self.load()?;
        let is_heavy = self.is_heavy();
        if !is_heavy && !self.is_older_than_kept()? {
            return Ok(false);
        }
        self.held = self.store.open_keys()?;
        // Not twice in memory at once.
        self.subjects.unload();
        match self.store.retain(self.memory.limit().filter(|_| is_heavy)) {
            Ok(Some(evidence)) => {
                self.subjects.load(evidence);
                self.lighten();
                self.is_analysis_due = true;
                Ok(true)
            }
            Ok(None) => self.load().map(|()| false),
            // What cannot be loaded either is loaded by whatever is done next.
            Err(error) => Err(self.load().err().unwrap_or(error)),
        }
    }

    /// Whether anything is older than the store is set to keep it, once for each day of events.
    fn is_older_than_kept(&self) -> Result<bool, store::Error> {
        let Some(due) = self.store.retention_due()? else {
            return Ok(false);
        };
        let is_older = self.subjects.span().is_some_and(|(first, _)| first < due);
        Ok(is_older || self.subjects.kept_from().is_some())
    }

    /// Whether evidence was added since the last analysis.
    pub const fn is_analysis_due(&self) -> bool {
        self.is_analysis_due
    }

    /// Analyzes all evidence, and keeps what it found.
    ///
    /// # Errors
    ///
    /// As [`absorb`](Self::absorb); the analysis is still due then.
    pub fn analyze(&mut self, now: WallTime) -> Result<Changed, store::Error> {
        let mut analysis = self.subjects.analyze(&self.store)?;
        analysis.add_log_integrity(self.log_integrity.values());
        let analysis = Arc::new(analysis);
        let known = (&self.findings, &self.incidents, &self.lasting);
        let differences = changes::between(&self.store, known, &analysis)?;
        self.store.commit(&Commit {
            at: now.0,
            kept: Some(&differences.kept),
            ..Commit::default()
        })?;
        let changed = Changed {
            findings: differences.kept.findings.len(),
            incidents: differences.kept.incidents.len(),
        };
        let happened = self.happened(&differences.kept.incidents, analysis.as_of);
        self.findings = differences.findings;
        self.incidents = differences.incidents;
        self.subjects.keep(&analysis);
        self.analysis = analysis;
        self.is_analysis_due = false;
        if changed.findings > 0 && self.subjects.kept_from().is_some() {
            self.held = self.store.open_keys()?;
        }
        if let Some(listener) = &self.listener {
            listener(&happened);
        }
        Ok(changed)
    }

    /// Tells `listener` from now on what an analysis changed.
    pub fn listen(&mut self, listener: Listener) {
        self.listener = Some(listener);
    }

    /// What `rows` say that became of incidents that were known otherwise.
    fn happened(
        &self,
        rows: &[store::IncidentRow],
        as_of: Option<cloudtrail::Timestamp>,
    ) -> Happened {
        let what = |row: &store::IncidentRow| match (row.state, self.incidents.get(&row.id)) {
            (FindingState::Withdrawn, _) => "withdrawn",
            (FindingState::Open, None) => "new",
            (FindingState::Open, Some(_)) => "changed",
        };
        Happened { incidents: rows.iter().map(|row| (row.id.clone(), what(row))).collect(), as_of }
    }

    /// All evidence and the last analysis, for whoever asks about subjects meanwhile.
    pub fn subjects(&self) -> Subjects {
        self.subjects.clone()
    }

    /// Decides who is to be told of what the last analysis found, and keeps the messages: things
    /// have changed, or a quiet period or a suppression has ended. What was decided before and not
    /// kept, because the process was killed in between, is decided again. Gives how many messages
    /// there are.
    ///
    /// # Errors
    ///
    /// As [`absorb`](Self::absorb).
    pub fn tell(&mut self, now: WallTime) -> Result<usize, store::Error> {
        let standing = news::Standings { analysis: &self.analysis, incidents: &self.incidents };
        let news = news::compose(&self.store, &standing, &self.told, (&self.sinks, now))?;
        let is_new = news.muted.iter().any(|muted| self.muted.insert(muted.clone()));
        if is_new || !news.alerts.is_empty() {
            self.store.commit(&Commit {
                at: now.0,
                alerts: &news.alerts,
                muted: &news.muted,
                ..Commit::default()
            })?;
            self.told.extend(news.told);
        }
        Ok(news.alerts.len())
    }

    /// Merges segments of the store where there are many; gives how many were merged.
    ///
    /// # Errors
    ///
    /// Where they cannot be read or written; they are as they were then.
    pub fn tidy(&mut self) -> Result<usize, store::Error> {
        self.store.merge_segments()
    }

    /// The store.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The store, to look after it.
    pub const fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// What the last analysis found.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// Up to when details of use were forgotten, if ever.
    pub fn kept_from(&self) -> Option<cloudtrail::Timestamp> {
        self.subjects.kept_from()
    }

    /// Credentials in memory.
    pub fn credentials(&self) -> usize {
        self.subjects.credentials()
    }

    /// As [`Store::at_rest`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn at_rest(&self) -> Result<store::AtRest, store::Error> {
        self.store.at_rest()
    }
}

#[cfg(test)]
mod tests;
