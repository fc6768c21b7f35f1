//! What is kept, whatever the arrival.

use std::collections::BTreeMap;
use std::path::Path;

use detect::Analysis;
use server::engine::Engine;
use simulate::LogFile;
use store::{FindingState, IncidentQuery, Retention, Store, What};

use crate::logs::{NOW, Written, batch, engine, fixture, folder, object, organization, scanned};

/// A sequence of numbers from a seed (Steele, Lea and Flood, `SplitMix`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// Findings and incidents that are open, as documents by id.
type Open = (BTreeMap<String, String>, BTreeMap<String, String>);

pub(crate) fn open_in(store: &Store) -> Open {
    let query = IncidentQuery { with_settled: true, ..IncidentQuery::default() };
    let incidents = store.incidents(query).unwrap();
    let findings = store.known_findings().unwrap().into_iter();
    let findings = findings.filter(|(_, (state, ..))| *state == FindingState::Open);
    let document = |id: &String| store.finding(id).unwrap().unwrap().document;
    (
        findings.map(|(id, _)| (id.clone(), document(&id))).collect(),
        incidents.into_iter().map(|row| (row.id, row.document)).collect(),
    )
}

fn open_by(analysis: &Analysis) -> Open {
    let finding = |one: &detect::Finding| (one.id.clone(), report::finding_json(one));
    let incident = |one: &detect::Incident| {
        (one.id.clone(), report::incident_json(one, analysis.extents.get(&one.id)))
    };
    (
        analysis.findings.iter().map(finding).collect(),
        analysis.incidents.iter().map(incident).collect(),
    )
}

/// Takes `objects` in, in an order, in batches and with repetitions, restarts and analyses by
/// chance.
fn arrive(path: &Path, objects: &[LogFile], chance: &mut Chance) -> Engine {
    let written = Written::default();
    let mut order: Vec<usize> = (0..objects.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, chance.below(last + 1));
    }
    let mut engine = engine(path, &written);
    let mut rest = order.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 + chance.below(200)));
        let again = (0..chance.below(3)).map(|_| &objects[chance.below(objects.len())]);
        let again: Vec<&LogFile> = again.collect();
        let mut batch = batch(now.iter().map(|number| &objects[*number]).chain(again));
        engine.absorb(&mut batch, NOW).unwrap();
        if chance.below(4) == 0 {
            engine.analyze(NOW).unwrap();
        }
        if chance.below(3) == 0 {
            engine.tidy().unwrap();
        }
        if chance.below(5) == 0 {
            drop(engine);
            engine = crate::logs::engine(path, &written);
        }
        rest = later;
    }
    engine.analyze(NOW).unwrap();
    engine
}

#[test]
fn any_arrival_is_found_as_a_scan_finds_it() {
    for seed in 1..=2 {
        let objects: Vec<LogFile> = organization(seed).into_iter().step_by(2).collect();
        let expected = open_by(&scanned(&objects));
        assert!(expected.1.len() > 3, "{} incidents", expected.1.len());
        let (_folder, path) = folder();
        let engine = arrive(&path, &objects, &mut Chance(seed));
        assert!(open_in(engine.store()) == expected, "seed {seed}");
        let coverage = engine.store().coverage().unwrap();
        let records: u64 = batch(&objects).objects.iter().map(|one| one.coverage.records).sum();
        assert_eq!(coverage.records, records, "seed {seed}: each object counts once");
        drop(engine);
        // What is on the disk is what was in memory.
        let store = Store::open(&path).unwrap();
        let evidence = store.evidence().unwrap();
        let again = detect::analyze(&evidence, detect::Settings::default());
        assert!(open_by(&again) == expected, "seed {seed}, read again");
    }
}

/// The log in which an instance calls from an address that it got by an event.
const EXPLAINED: &str =
    "instance_credential_exfiltration/quiet_when_the_instance_got_another_address.jsonl";

#[test]
fn what_a_late_event_explains_is_withdrawn_and_says_why() {
    let (facts, calls): (Vec<String>, Vec<String>) = fixture(EXPLAINED)
        .into_iter()
        .partition(|record| record.contains("eipalloc-0a1b2c3d4e5f60044"));
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    engine.absorb(&mut batch(&[object("calls", &calls)]), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    let (findings, incidents) = open_in(engine.store());
    assert_eq!((findings.len(), incidents.len()), (1, 1));
    let incident = incidents.keys().next().unwrap();
    engine.absorb(&mut batch(&[object("facts", &facts)]), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    assert!(open_in(engine.store()).0.is_empty());
    let history = engine.store().history_of(incident).unwrap();
    let told: Vec<(What, bool)> =
        history.iter().map(|entry| (entry.what, entry.finding.is_some())).collect();
    let (new, gone) = (What::New, What::Withdrawn);
    assert_eq!(told, [(new, false), (new, true), (gone, false), (gone, true)]);
    let why = &history.last().unwrap().because;
    assert!(!why.is_empty(), "{history:?}");
    assert_eq!(engine.store().incident(incident).unwrap().unwrap().state, FindingState::Withdrawn);
}

#[test]
fn nothing_new_changes_nothing() {
    let objects = [object("bob", &fixture("role_chaining/fires_leaked_key_to_the_user_bob.jsonl"))];
    let (_folder, path) = folder();
    let mut engine = engine(&path, &Written::default());
    engine.absorb(&mut batch(&objects), NOW).unwrap();
    let changed = engine.analyze(NOW).unwrap();
    assert!(changed.findings > 0 && changed.incidents == 1, "{changed:?}");
    engine.absorb(&mut batch(&objects), NOW).unwrap();
    let changed = engine.analyze(NOW).unwrap();
    assert_eq!((changed.findings, changed.incidents), (0, 0));
    let rows = engine.store().incidents(IncidentQuery::default()).unwrap();
    assert_eq!(rows[0].revision, 1);
}

#[test]
fn details_of_use_are_dropped_and_late_objects_do_not_bring_them_back() {
    let objects = organization(3);
    let (_folder, path) = folder();
    let written = Written::default();
    let mut engine = engine(&path, &written);
    let retention = Retention { usage_days: 1, lineage_months: 13, artifact_months: 13 };
    engine.store_mut().keep_for(&retention).unwrap();
    engine.absorb(&mut batch(&objects), NOW).unwrap();
    engine.analyze(NOW).unwrap();
    let (events, (_, incidents)) = (engine.analysis().events.events, open_in(engine.store()));
    let newest = engine.analysis().as_of.unwrap();
    assert!(engine.retain().unwrap() && engine.is_analysis_due());
    assert!(!engine.retain().unwrap(), "once for each day of events");
    engine.analyze(NOW).unwrap();
    let kept_from = engine.kept_from().unwrap();
    assert_eq!(kept_from.0, (newest.0.div_euclid(86_400) - 1) * 86_400);
    let left = engine.analysis().events.events;
    assert!(left < events, "{left} of {events}");
    assert_eq!(engine.analysis().first_event, Some(kept_from), "history begins there");
    let kept = open_in(engine.store());
    for id in incidents.keys() {
        assert!(kept.1.contains_key(id), "incident {id} is gone");
    }
    let note = format!("usage detail before {kept_from} is not kept");
    let notes = engine.store().coverage().unwrap().notes;
    assert!(notes.iter().any(|one| one.text == note), "{notes:?}");
    // Everything arrives once more, object by object.
    for object in &objects {
        engine.absorb(&mut batch([object]), NOW).unwrap();
    }
    engine.analyze(NOW).unwrap();
    assert_eq!(engine.analysis().events.events, left);
    assert!(open_in(engine.store()) == kept);
    drop(engine);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.usage_kept_from().unwrap(), Some(kept_from));
    assert_eq!(store.evidence().unwrap().events().events, left);
}
