//! Any row of changes, against a model that is a set of batches.

use std::collections::BTreeSet;

use store::{Commit, ObjectDone, Store};

use crate::chance::Chance;
use crate::made::{HOUR, evidence, id_of, object, told};

/// Batches that there are.
const BATCHES: usize = 40;

#[test]
fn commits_merges_and_reopenings_in_any_order_keep_what_was_committed() {
    for seed in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let mut known: BTreeSet<u64> = BTreeSet::new();
        let mut n_read = 0;
        let mut chance = Chance(seed);
        for step in 0..60 {
            match chance.below(8) {
                0..=3 => {
                    let numbers: Vec<u64> =
                        (0..=chance.below(4)).map(|_| chance.below(BATCHES) as u64).collect();
                    let is_new = |number: &u64| !store.is_done(&id_of(*number)).unwrap();
                    let new: BTreeSet<u64> = numbers.iter().copied().filter(is_new).collect();
                    n_read += new.len() as u64;
                    let objects: Vec<ObjectDone> = numbers.iter().copied().map(object).collect();
                    let bytes = evidence(numbers.iter().copied()).to_bytes();
                    let commit = Commit {
                        at: step * HOUR,
                        evidence: Some(&bytes),
                        objects: &objects,
                        ..Commit::default()
                    };
                    store.commit(&commit).unwrap();
                    known.extend(numbers);
                }
                4 => drop(store.merge_segments().unwrap()),
                5 => match chance.below(3) {
                    0 => drop(store.merge_all().unwrap()),
                    1 => store.compact().unwrap(),
                    _ => drop(store.forget_objects((step - 20) * HOUR).unwrap()),
                },
                6 => {
                    // What is known is put in the place of what is there, as after forgetting.
                    let all = store.evidence().unwrap();
                    store.replace_evidence(&all).unwrap();
                }
                _ => {
                    drop(store);
                    store = Store::open(folder.path()).unwrap();
                }
            }
            let context = format!("seed {seed}, step {step}");
            assert_eq!(store.coverage().unwrap().records, n_read, "{context}");
            if chance.below(4) == 0 {
                let expected = told(&evidence(known.iter().copied()));
                assert_eq!(told(&store.evidence().unwrap()), expected, "{context}");
            }
        }
        assert_eq!(told(&store.evidence().unwrap()), told(&evidence(known.iter().copied())));
        assert_eq!(store.check().unwrap().faults, [""; 0], "seed {seed}");
    }
}
