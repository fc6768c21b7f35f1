//! One generated organization: made, looked at as time goes on, and judged.

use std::collections::BTreeSet;

use cloudtrail::{EventId, Record, Timestamp};
use detect::Settings as Knowledge;
use evaluate::{Attack, Event, Events, Run, Watch, baselines};
use evidence::Evidence;
use ingest::{Fold, Limits, ObjectOpener};
use simulate::{Benign, Settings, Simulation};

/// The part of a window in which habits form: alerts count after it.
const LEARNING: i64 = 4;

/// Makes an organization, looks at it as time goes on, and judges it by simple rules as well.
pub(super) fn organization(settings: &Settings) -> Run {
    let simulation = Simulation::new(settings);
    let (start, end) = simulation.span();
    let (start, end) = (time(&start), time(&end));
    let from = Timestamp(start.0 + (end.0 - start.0) / LEARNING);
    let attacks: Vec<Attack> = simulation.attacks().iter().map(attack).collect();
    let benign = simulation.benign().to_vec();
    let mut watch = Watch::new(&attacks, from, end);
    let mut cut = Cut::at(watch.moments());
    let mut opener = ObjectOpener::new(Limits::default());
    simulation.write(&mut |file| {
        opener.open(&file.path, file.body.as_bytes(), &mut cut);
    });
    let events = cut.events.in_order();
    let emergencies = emergencies(&benign, &events);
    watch.expect(emergencies.clone());
    let mut evidence = Evidence::default();
    for (moment, slice) in cut.moments.into_iter().zip(cut.slices) {
        evidence.merge(slice);
        watch.look(moment, &detect::analyze(&evidence, Knowledge::default()));
    }
    let (mut scores, false_alerts) = watch.finish();
    scores.extend(baselines(&events, &attacks, &emergencies, from));
    let mut run = Run {
        style: settings.style.name().into(),
        seed: settings.seed,
        seconds: end.seconds_since(from),
        benign_events: 0,
        attacks,
        scores,
        false_alerts,
    };
    run.count_benign(&events, from);
    run
}

/// Evidence cut at moments: each slice has what happened before its own and not before the last.
#[derive(Default)]
struct Cut {
    moments: Vec<Timestamp>,
    slices: Vec<Evidence>,
    events: Events,
}

impl Cut {
    fn at(moments: Vec<Timestamp>) -> Self {
        let slices = moments.iter().map(|_| Evidence::default()).collect();
        Self { moments, slices, events: Events::default() }
    }
}

impl Fold for Cut {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.events.record(record);
        let number = self.moments.partition_point(|moment| *moment <= record.event_time);
        self.slices.get_mut(number).map_or(0, |slice| slice.record(record))
    }

    fn merge(&mut self, other: Self) {
        for (slice, other) in self.slices.iter_mut().zip(other.slices) {
            slice.merge(other);
        }
        self.events.merge(other.events);
    }
}

/// What the simulator says about an attack, in the words of the evaluation.
fn attack(attack: &simulate::Attack) -> Attack {
    Attack {
        name: attack.name.into(),
        kind: attack.kind.into(),
        stealth: attack.stealth.into(),
        steps: attack.steps.iter().map(|step| (time(&step.start), time(&step.end))).collect(),
        events: attack.event_ids.iter().map(|id| EventId::of(id)).collect(),
    }
}

/// The events by which people used access that is kept for emergencies.
fn emergencies(benign: &[Benign], events: &[Event]) -> BTreeSet<EventId> {
    let uses = benign.iter().filter_map(|one| {
        let (start, end) = one.emergency.as_ref()?;
        Some((time(start), time(end), &one.session_names))
    });
    let of_use = |(start, end, names): (Timestamp, Timestamp, &Vec<String>)| {
        let is_by = |event: &&Event| {
            let who = event.principal.rsplit('/').next().unwrap_or_default();
            let who = who.split('@').next().unwrap_or_default();
            start <= event.time && event.time <= end && names.iter().any(|name| name == who)
        };
        events.iter().filter(is_by).map(|event| event.id.clone()).collect::<Vec<EventId>>()
    };
    uses.flat_map(of_use).collect()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_default()
}
