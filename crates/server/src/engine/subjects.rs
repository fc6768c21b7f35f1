//! All evidence and the last analysis, shared with whoever asks about subjects.
//!
//! Who asks holds up the writer, which adds evidence, for as long as the answer takes.

use std::sync::{Arc, PoisonError, RwLock};

use cloudtrail::Timestamp;
use detect::{Analysis, Trace};
use evidence::Evidence;
use store::Store;

use super::Knowledge;

/// All evidence and the last analysis.
#[derive(Clone)]
pub struct Subjects {
    evidence: Arc<RwLock<Evidence>>,
    analysis: Arc<RwLock<Arc<Analysis>>>,
    knowledge: Arc<dyn Knowledge>,
}

impl Subjects {
    /// `evidence` with what `knowledge` adds to it, not analyzed yet.
    pub(crate) fn new(mut evidence: Evidence, knowledge: Arc<dyn Knowledge>) -> Self {
        evidence.merge(knowledge.inventories());
        Self { evidence: Arc::new(RwLock::new(evidence)), analysis: Arc::default(), knowledge }
    }

    /// What `store` holds, analyzed now: for a store that another process writes.
    ///
    /// # Errors
    ///
    /// Where its evidence cannot be read.
    pub fn of_store(store: &Store, knowledge: Arc<dyn Knowledge>) -> Result<Self, store::Error> {
        let subjects = Self::new(store.evidence()?, knowledge);
        subjects.keep(&Arc::new(subjects.analyze()));
        Ok(subjects)
    }

    /// Follows `subject` both ways.
    pub fn trace(&self, subject: &str) -> Trace {
        let evidence = self.evidence.read().unwrap_or_else(PoisonError::into_inner);
        detect::trace(&evidence, self.knowledge.settings(), subject)
    }

    /// What the last analysis found.
    pub fn analysis(&self) -> Arc<Analysis> {
        Arc::clone(&self.analysis.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn analyze(&self) -> Analysis {
        let evidence = self.evidence.read().unwrap_or_else(PoisonError::into_inner);
        detect::analyze(&evidence, self.knowledge.settings())
    }

    pub(super) fn keep(&self, analysis: &Arc<Analysis>) {
        let mut kept = self.analysis.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Arc::clone(analysis);
    }

    pub(super) fn merge(&self, evidence: Evidence) {
        self.evidence.write().unwrap_or_else(PoisonError::into_inner).merge(evidence);
    }

    /// Takes `evidence` in the place of all there was, with what is known beyond the logs.
    pub(super) fn replace(&self, mut evidence: Evidence) {
        evidence.merge(self.knowledge.inventories());
        *self.evidence.write().unwrap_or_else(PoisonError::into_inner) = evidence;
    }

    pub(super) fn kept_from(&self) -> Option<Timestamp> {
        self.evidence.read().unwrap_or_else(PoisonError::into_inner).kept_from()
    }

    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.evidence.read().unwrap_or_else(PoisonError::into_inner).span()
    }

    pub(super) fn credentials(&self) -> usize {
        self.evidence.read().unwrap_or_else(PoisonError::into_inner).credentials().len()
    }
}
