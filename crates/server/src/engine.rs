//! The one writer of a store: takes in what was folded, analyzes it, and keeps what follows.

mod changes;
mod news;

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::Path;

use detect::{Analysis, Settings, Severity};
use evidence::Evidence;
use store::{Commit, Cursor, FindingState, ObjectDone, Store};

use crate::clock::WallTime;

pub use news::{About, Payload, Remains, Sinks};

/// What is known beyond the logs.
pub trait Knowledge: Send {
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

/// What is kept of a finding or an incident, as far as telling a change needs it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Known {
    state: FindingState,
    severity: Severity,
    hash: u64,
}

/// The one writer of a store.
///
/// All evidence is in memory, and the store holds the same: what a commit could not keep is kept
/// by the next one. What an analysis finds is a function of the evidence alone, so that a process
/// that was killed in between finds the same once it is there again.
pub struct Engine {
    store: Store,
    evidence: Evidence,
    knowledge: Box<dyn Knowledge>,
    sinks: Sinks,
    analysis: Analysis,
    findings: BTreeMap<String, Known>,
    incidents: BTreeMap<String, Known>,
    told: news::ToldBy,
    /// What suppressions have muted since the start.
    muted: BTreeSet<(i64, String)>,
    is_analysis_due: bool,
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
        let mut evidence = store.evidence()?;
        evidence.merge(knowledge.inventories());
        let known = |rows: BTreeMap<String, (FindingState, Severity, u64)>| {
            let rows = rows.into_iter();
            rows.map(|(id, (state, severity, hash))| (id, Known { state, severity, hash }))
                .collect()
        };
        Ok(Self {
            findings: known(store.known_findings()?),
            incidents: known(store.known_incidents()?),
            told: news::told(&store)?,
            store,
            evidence,
            knowledge,
            sinks,
            analysis: Analysis::default(),
            muted: BTreeSet::new(),
            is_analysis_due: true,
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
        let has_evidence = batch.evidence.credentials().len() > 0;
        let bytes = has_evidence.then(|| batch.evidence.to_bytes());
        self.store.commit(&Commit {
            at: now.0,
            evidence: bytes.as_deref(),
            objects: &batch.objects,
            cursors: &batch.cursors,
            ..Commit::default()
        })?;
        if has_evidence {
            self.evidence.merge(mem::take(&mut batch.evidence));
            self.is_analysis_due = true;
        }
        Ok(())
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
        let analysis = detect::analyze(&self.evidence, self.knowledge.settings());
        let differences =
            changes::between(&self.store, (&self.findings, &self.incidents), &analysis)?;
        self.store.commit(&Commit {
            at: now.0,
            kept: Some(&differences.kept),
            ..Commit::default()
        })?;
        let changed = Changed {
            findings: differences.kept.findings.len(),
            incidents: differences.kept.incidents.len(),
        };
        self.findings = differences.findings;
        self.incidents = differences.incidents;
        self.analysis = analysis;
        self.is_analysis_due = false;
        Ok(changed)
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
    pub const fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// Credentials in memory.
    pub fn credentials(&self) -> usize {
        self.evidence.credentials().len()
    }
}
