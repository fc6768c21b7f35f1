//! All evidence and the last analysis, shared with whoever asks about subjects.
//!
//! Who asks holds up the writer, which adds evidence, for as long as the answer takes.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cloudtrail::Timestamp;
use detect::{Analysis, Settings, Trace};
use evidence::{Credential, Evidence};
use store::Store;

use super::Knowledge;

/// All evidence and the last analysis. Either may be absent: evidence while it is loaded, the
/// analysis until there is one. What is absent says nothing about what the store holds.
#[derive(Clone)]
pub struct Subjects {
    evidence: Arc<RwLock<Option<Evidence>>>,
    analysis: Arc<RwLock<Option<Arc<Analysis>>>>,
    knowledge: Arc<dyn Knowledge>,
}

impl Subjects {
    /// `evidence` with what `knowledge` adds to it, not analyzed yet.
    pub(crate) fn new(evidence: Evidence, knowledge: Arc<dyn Knowledge>) -> Self {
        let subjects = Self { evidence: Arc::default(), analysis: Arc::default(), knowledge };
        subjects.load(evidence);
        subjects
    }

    /// What `store` holds, analyzed now: for a store that another process writes.
    ///
    /// # Errors
    ///
    /// Where its evidence cannot be read.
    pub fn of_store(store: &Store, knowledge: Arc<dyn Knowledge>) -> Result<Self, store::Error> {
        let subjects = Self::new(store.evidence()?, knowledge);
        subjects.keep(&Arc::new(subjects.analyze(store)?));
        Ok(subjects)
    }

    /// Follows `subject` both ways; nothing while there is no evidence.
    pub fn trace(&self, subject: &str) -> Option<Trace> {
        let evidence = self.read();
        Some(detect::trace(evidence.as_ref()?, self.knowledge.settings(), subject))
    }

    /// As [`trace`](Self::trace), in `evidence` alone: what rests.
    pub fn trace_in(&self, evidence: &Evidence, subject: &str) -> Trace {
        detect::trace(evidence, self.knowledge.settings(), subject)
    }

    /// Whether a trace of `subject` leads anywhere; nothing while there is no evidence.
    pub fn has(&self, subject: &str) -> Option<bool> {
        Some(detect::is_known(self.read().as_ref()?, subject))
    }

    /// What the last analysis found; nothing where there was none yet.
    pub fn analysis(&self) -> Option<Arc<Analysis>> {
        self.analysis.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Analyzes the evidence, with the whole graphs that the store keeps. Where it is absent, it is
    /// loaded from `store`.
    pub(super) fn analyze(&self, store: &Store) -> Result<Analysis, store::Error> {
        let settings = Settings { whole_graphs: true, ..self.knowledge.settings() };
        if let Some(evidence) = self.read().as_ref() {
            return Ok(detect::analyze(evidence, settings));
        }
        let evidence = self.with_inventories(store.evidence()?);
        let analysis = detect::analyze(&evidence, settings);
        *self.write() = Some(evidence);
        Ok(analysis)
    }

    pub(super) fn keep(&self, analysis: &Arc<Analysis>) {
        let mut kept = self.analysis.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(Arc::clone(analysis));
    }

    /// Adds `evidence`, which the store has already: where there is none in memory, it comes with
    /// the rest.
    pub(super) fn merge(&self, evidence: Evidence) {
        if let Some(all) = self.write().as_mut() {
            all.merge(evidence);
        }
    }

    /// Takes `evidence` as all there is, with what is known beyond the logs.
    pub(super) fn load(&self, evidence: Evidence) {
        *self.write() = Some(self.with_inventories(evidence));
    }

    fn with_inventories(&self, mut evidence: Evidence) -> Evidence {
        evidence.merge(self.knowledge.inventories());
        evidence
    }

    /// Gives the memory of all evidence back, until it is loaded again.
    pub(super) fn unload(&self) {
        *self.write() = None;
    }

    pub(super) fn is_loaded(&self) -> bool {
        self.read().is_some()
    }

    pub(super) fn kept_from(&self) -> Option<Timestamp> {
        self.read().as_ref()?.kept_from()
    }

    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.read().as_ref()?.span()
    }

    /// About how many bytes of memory the evidence takes.
    pub(super) fn weight(&self) -> u64 {
        self.read().as_ref().map_or(0, Evidence::weight)
    }

    /// Whether the evidence has `credential`.
    pub(super) fn knows(&self, credential: &Credential) -> bool {
        self.read().as_ref().is_some_and(|all| all.number_of(credential).is_some())
    }

    pub(super) fn credentials(&self) -> usize {
        self.read().as_ref().map_or(0, |evidence| evidence.credentials().len())
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<Evidence>> {
        self.evidence.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Evidence>> {
        self.evidence.write().unwrap_or_else(PoisonError::into_inner)
    }
}
