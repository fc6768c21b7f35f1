//! What the writer keeps over a start, and over evidence that is absent.

use std::path::Path;

use detect::{Finding, log_integrity_findings};
use evidence::Evidence;
use integrity::{Chain, ChainName, Fault, Location, LogResult, Verdict, Verification};

use super::{About, Batch, Engine, NoKnowledge, Payload, Sinks};
use crate::alerts::Message;
use crate::clock::WallTime;

const NOW: WallTime = WallTime(1_790_000_000_000);

/// Nobody is told of anything.
struct Nothing;

impl Payload for Nothing {
    fn write(&self, _: &About<'_>, _: &Message<'_>) -> Result<Vec<u8>, String> {
        Err("there is no sink".to_owned())
    }
}

fn engine(folder: &Path) -> Engine {
    let sinks = Sinks { recipients: Vec::new(), payload: Box::new(Nothing) };
    Engine::open(folder, Box::new(NoKnowledge), sinks).unwrap()
}

/// What an analysis found, as documents.
fn found(engine: &Engine) -> Vec<String> {
    engine.analysis().findings.iter().map(report::finding_json).collect()
}

/// What a look finds that saw the log file changed whose name ends so.
fn changed(end: &str) -> Vec<Finding> {
    let name = format!("111122223333_CloudTrail_eu-west-1_20260301T0005Z_{end}.json.gz");
    let mut verification = Verification::default();
    verification.add_chain(Chain { name: ChainName::default(), ..Chain::default() });
    verification.keep_log(LogResult {
        source: name.clone(),
        location: Location { bucket: "logs".into(), key: name },
        chain: 0,
        digest: 0,
        verdict: Verdict::Invalid(Fault::HashMismatch),
        elsewhere: None,
    });
    log_integrity_findings(&verification)
}

#[test]
fn what_was_verified_before_the_start_is_told_with_what_was_verified_since() {
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in [("first", 1), ("second", 2), ("first", 2)] {
        let mut engine = engine(folder.path());
        engine.note_log_integrity(&changed(name)).unwrap();
        engine.analyze(NOW).unwrap();
        let id = &changed(name)[0].id;
        let document = engine.store().finding(id).unwrap().unwrap().document;
        let told = ["first.json.gz: hash", "second.json.gz: hash"]
            .map(|words| document.matches(words).count());
        assert_eq!(told.iter().sum::<usize>(), expected, "{document}");
    }
}

#[test]
fn evidence_that_is_absent_is_loaded_by_whatever_is_done_next() {
    let log = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../detect/fixtures/role_chaining/fires_leaked_key_to_the_user_bob.jsonl");
    let mut evidence = Evidence::default();
    cloudtrail::read(&std::fs::read(log).unwrap(), &mut |record| {
        evidence.record(record);
    });
    let folder = tempfile::tempdir().unwrap();
    let mut engine = engine(folder.path());
    let mut batch = Batch { evidence, objects: Vec::new(), cursors: Vec::new() };
    engine.absorb(&mut batch, NOW).unwrap();
    engine.analyze(NOW).unwrap();
    let expected = found(&engine);
    assert!(!expected.is_empty());
    let nothing =
        || Batch { evidence: Evidence::default(), objects: Vec::new(), cursors: Vec::new() };
    let next: [&dyn Fn(&mut Engine); 3] =
        [&|_| {}, &|engine| engine.absorb(&mut nothing(), NOW).unwrap(), &|engine| {
            assert!(!engine.retain().unwrap());
        }];
    for act in next {
        engine.subjects.unload();
        assert_eq!(engine.subjects.trace("AKIA").map(|_| ()), None);
        act(&mut engine);
        engine.analyze(NOW).unwrap();
        assert_eq!(found(&engine), expected);
    }
}
