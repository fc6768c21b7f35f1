//! Looks at one analysis after the other and notes when each attack was first seen.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use cloudtrail::{EventId, Timestamp};
use detect::{Analysis, Finding, Severity};

use crate::label::Attack;
use crate::run::{Score, Sighting, WHOLE};

/// The name of all detectors together where the findings of one incident are one alert.
const INCIDENTS: &str = "rolecall, by incident";

const DAY: i64 = 86_400;

/// The analyses of an organization as time goes on.
///
/// An alert is a finding at medium or above that stood at any moment that was looked at: one that
/// was withdrawn later has disturbed somebody all the same. What stands when counting begins was
/// told before, and is no false alert of the time that is counted.
#[derive(Debug)]
pub struct Watch<'a> {
    attacks: &'a [Attack],
    /// Events by which access that is kept for emergencies was used.
    emergencies: BTreeSet<EventId>,
    /// From when on alerts are counted.
    from: Timestamp,
    end: Timestamp,
    scores: BTreeMap<String, Score>,
    alerts: BTreeMap<(&'static str, String), Told>,
}

/// What is known of an alert.
#[derive(Debug, Default)]
struct Told {
    /// Whether it was about an attack at any moment.
    is_true: bool,
    /// Whether it is about an emergency.
    is_emergency: bool,
    /// Whether it stood when counting began.
    is_old: bool,
    words: String,
}

/// Something that a person is told.
struct Alert<'f> {
    sources: [&'f str; 2],
    events: BTreeSet<EventId>,
}

impl<'a> Watch<'a> {
    /// Watches an organization with `attacks` from the time `from` to `end`.
    pub fn new(attacks: &'a [Attack], from: Timestamp, end: Timestamp) -> Self {
        let (emergencies, scores, alerts) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Self { attacks, emergencies, from, end, scores, alerts }
    }

    /// Counts alerts that name one of `events` apart: access that is kept for emergencies was used.
    pub fn expect(&mut self, events: BTreeSet<EventId>) {
        self.emergencies = events;
    }

    /// The moments to look at, in order: every day, and where an attack proceeds. Each stands for
    /// all events before it, and the last one for all.
    pub fn moments(&self) -> Vec<Timestamp> {
        let mut moments: BTreeSet<Timestamp> =
            self.attacks.iter().flat_map(Attack::checkpoints).collect();
        let mut day = self.from;
        while day < self.end {
            moments.insert(day);
            day = Timestamp(day.0 + DAY);
        }
        moments.retain(|moment| self.from <= *moment && *moment <= self.end);
        moments.insert(Timestamp(self.end.0.saturating_add(1)));
        moments.into_iter().collect()
    }

    /// Notes what stands in `analysis`, which knows all events before `moment`.
    pub fn look(&mut self, moment: Timestamp, analysis: &Analysis) {
        let urgent = |severity| severity >= Severity::Medium;
        let mut events: BTreeMap<&str, BTreeSet<EventId>> = BTreeMap::new();
        for finding in analysis.findings.iter().filter(|finding| urgent(finding.severity)) {
            let of = events_of(finding);
            let alert = Alert { sources: [finding.detector, WHOLE], events: of };
            let words = format!("{}: {}", finding.title, finding.reason);
            self.note(moment, (finding.detector, &finding.id), &alert, words);
            events.insert(&finding.id, alert.events);
        }
        for incident in analysis.incidents.iter().filter(|incident| urgent(incident.severity)) {
            let findings = incident.findings.iter().filter_map(|id| events.get(id.as_str()));
            let of = findings.flatten().cloned().collect();
            let alert = Alert { sources: [INCIDENTS, INCIDENTS], events: of };
            self.note(moment, (INCIDENTS, &incident.id), &alert, incident.title.clone());
        }
    }

    fn note(
        &mut self,
        moment: Timestamp,
        (source, id): (&'static str, &str),
        alert: &Alert<'_>,
        words: String,
    ) {
        let n_attacks = self.attacks.len();
        let mut is_true = false;
        for (number, attack) in self.attacks.iter().enumerate() {
            if !attack.has_any(alert.events.iter()) {
                continue;
            }
            is_true = true;
            let sighting = Sighting {
                at: Timestamp(moment.0 - 1),
                is_before_last_step: moment <= attack.last_step(),
            };
            for source in alert.sources {
                let score = self.scores.entry(source.to_string());
                score.or_insert_with(|| Score::blank(n_attacks)).see(number, sighting);
            }
        }
        let known = self.alerts.entry((source, id.to_string())).or_default();
        known.is_true |= is_true;
        known.is_emergency |= alert.events.iter().any(|id| self.emergencies.contains(id));
        known.is_old |= moment == self.from;
        known.words = words;
    }

    /// The scores by the names of detectors, and what was told about no attack.
    pub fn finish(mut self) -> (BTreeMap<String, Score>, Vec<(String, String)>) {
        let n_attacks = self.attacks.len();
        let mut wrong = Vec::new();
        for ((source, _), Told { is_true, is_emergency, is_old, words }) in self.alerts {
            if is_old && !is_true {
                continue;
            }
            let is_emergency = is_emergency && !is_true;
            let is_false = !is_true && !is_emergency;
            let sources: &[&str] =
                if source == INCIDENTS { &[INCIDENTS] } else { &[source, WHOLE] };
            for name in sources {
                let score = self.scores.entry((*name).to_string());
                let score = score.or_insert_with(|| Score::blank(n_attacks));
                score.true_alerts += u64::from(is_true);
                score.false_alerts += u64::from(is_false);
                score.emergency_alerts += u64::from(is_emergency);
            }
            if is_false && source != INCIDENTS {
                wrong.push((source.to_string(), words));
            }
        }
        self.scores.entry(WHOLE.to_string()).or_insert_with(|| Score::blank(n_attacks));
        (self.scores, wrong)
    }
}

/// Every event that a finding names, without those of other paths that are only shown beside it.
fn events_of(finding: &Finding) -> BTreeSet<EventId> {
    let evidence = finding.evidence.iter().map(|event| event.event_id.as_deref());
    let left = finding.left_behind.iter().map(|left| left.event_id.as_deref());
    let hops = finding.chain.iter().flat_map(|chain| &chain.roles);
    let hops = hops.map(|hop| hop.event_id.as_deref());
    evidence.chain(left).chain(hops).flatten().map(EventId::of).collect()
}
