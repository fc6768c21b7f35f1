//! Evidence becomes findings and incidents.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use evidence::Evidence;

use crate::context::Context;
use crate::detector::{DETECTORS, Detector, Found};
use crate::detectors::{role_chaining, unusual_use};
use crate::extent;
use crate::finding::{Analysis, Finding};
use crate::incident;
use crate::settings::Settings;

/// Everything that the detectors find in `evidence`, in a fixed order.
///
/// A pure function of the evidence and the settings: "now" is the newest event.
pub fn analyze(evidence: &Evidence, settings: Settings<'_>) -> Analysis {
    let Some(context) = Context::of(evidence, settings) else {
        return Analysis::default();
    };
    // What is unusual depends on what the others found, and a chain's rank on what is unusual.
    let last = [&unusual_use::DETECTOR, &role_chaining::DETECTOR];
    let is_last = |detector: &&&Detector| last.iter().any(|last| last.id == detector.id);
    let first = || {
        let mut found: Vec<Found> = Vec::new();
        let detectors = DETECTORS.iter().filter(|detector| !is_last(detector));
        detectors.for_each(|detector| (detector.detect)(&context, &mut found));
        found
    };
    let (mut found, ()) = settings.cores.both(first, || _ = context.material());
    for detector in last {
        (detector.detect)(&context, &mut found);
    }
    found.sort_by(|left, right| left.finding.rank().cmp(&right.finding.rank()));
    let (incidents, wholes): (Vec<_>, Vec<_>) =
        incident::incidents(&context, &found).into_iter().unzip();
    let wholes = incidents.iter().zip(wholes);
    let graphs = wholes.filter_map(|(incident, whole)| Some((incident.id.clone(), whole?)));
    let graphs = graphs.collect();
    let extents = extent::extents(&context, &found, &incidents);
    let (first, last) = context.span;
    Analysis {
        as_of: Some(last),
        first_event: Some(first),
        events: evidence.events(),
        unusual: context.unusual.get().cloned().unwrap_or_default(),
        uses_folded: evidence.n_folded() as u64,
        network_left_out: context.network.left_out(),
        accounts: evidence.accounts().into_iter().collect(),
        incidents,
        extents,
        graphs,
        findings: found.into_iter().map(|found| found.finding).collect(),
    }
}

impl Analysis {
    /// Keeps the findings that `is_wanted`, and the incidents that have some left.
    pub fn keep(&mut self, is_wanted: impl Fn(&Finding) -> bool) {
        self.findings.retain(is_wanted);
        let left: BTreeSet<&String> = self.findings.iter().map(|finding| &finding.id).collect();
        for incident in &mut self.incidents {
            incident.findings.retain(|id| left.contains(id));
        }
        self.incidents.retain(|incident| !incident.findings.is_empty());
    }
}
