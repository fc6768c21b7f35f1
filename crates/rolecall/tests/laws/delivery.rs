//! Delivery leaves no trace: not its order, its files, nor its repetitions.

use std::collections::BTreeSet;

use evidence::{Count, Evidence};

use crate::chance::Chance;
use crate::logs::{
    Log, assert_same, busy, counted, document, fixtures, folded, organization, restless,
};

/// Every log that the laws of delivery are tried on.
fn logs() -> impl Iterator<Item = Log> {
    fixtures().into_iter().chain((1..=3).map(organization)).chain([busy(3_000), restless()])
}

/// Tries `law`, which gives other evidence of the same records, on every log.
fn holds(law_name: &str, law: impl Fn(&Log, &mut Chance) -> Evidence) {
    for (number, log) in logs().enumerate() {
        let expected = document(&folded(&log.records));
        let mut chance = Chance(number as u64);
        for _ in 0..2 {
            let other = document(&law(&log, &mut chance));
            assert_same(&expected, &other, &log.name, law_name);
        }
    }
}

/// The records of `log` in up to nine parts, each folded by itself.
fn parts(log: &Log, chance: &mut Chance) -> Vec<Evidence> {
    let n_parts = 2 + chance.below(8);
    let mut records: Vec<Vec<&String>> = vec![Vec::new(); n_parts];
    for record in &log.records {
        records[chance.below(n_parts)].push(record);
    }
    records.into_iter().map(folded).collect()
}

/// Merges two of `parts` into one until one is left: a tree of any shape, in any order.
fn merged(mut parts: Vec<Evidence>, chance: &mut Chance) -> Evidence {
    while parts.len() > 1 {
        let one = parts.swap_remove(chance.below(parts.len()));
        let at = chance.below(parts.len());
        parts[at].merge(one);
    }
    parts.pop().unwrap()
}

#[test]
fn any_order_gives_the_same_document() {
    holds("order", |log, chance| {
        let mut records: Vec<&String> = log.records.iter().collect();
        chance.shuffle(&mut records);
        folded(records)
    });
}

#[test]
fn the_reverse_order_gives_the_same_document() {
    holds("reverse", |log, _| folded(log.records.iter().rev()));
}

#[test]
fn any_parts_merged_in_any_tree_give_the_same_document() {
    holds("parts", |log, chance| {
        let parts = parts(log, chance);
        merged(parts, chance)
    });
}

#[test]
fn any_record_may_come_again() {
    holds("repeated records", |log, chance| {
        let mut records: Vec<&String> = log.records.iter().collect();
        for _ in 0..log.records.len() {
            records.push(&log.records[chance.below(log.records.len())]);
        }
        chance.shuffle(&mut records);
        folded(records)
    });
}

#[test]
fn any_part_may_come_again() {
    holds("repeated parts", |log, chance| {
        let mut parts = parts(log, chance);
        for _ in 0..3 {
            parts.push(parts[chance.below(parts.len())].clone());
        }
        merged(parts, chance)
    });
}

#[test]
fn evidence_merged_with_itself_is_itself() {
    holds("idempotence", |log, _| {
        let mut evidence = folded(&log.records);
        evidence.merge(evidence.clone());
        evidence.merge(Evidence::default());
        let mut nothing = Evidence::default();
        nothing.merge(evidence);
        nothing
    });
}

/// What `evidence` is once it was written and read again.
fn again(evidence: &Evidence) -> Evidence {
    Evidence::from_bytes(&evidence.to_bytes()).unwrap()
}

#[test]
fn evidence_that_was_written_and_read_is_itself() {
    holds("bytes", |log, chance| {
        let parts = parts(log, chance).iter().map(again).collect();
        again(&merged(parts, chance))
    });
}

#[test]
fn any_delivery_gives_the_same_events() {
    for (number, log) in logs().enumerate() {
        let (evidence, expected) = counted(&log.records);
        let mut chance = Chance(number as u64);
        let mut records: Vec<&String> = log.records.iter().chain(&log.records).collect();
        chance.shuffle(&mut records);
        let (_, shuffled) = counted(records.iter().copied());
        assert_eq!(shuffled, expected, "{}", log.name);
        // Each part numbers what it learns in its own order.
        let parts = records.chunks(records.len().div_ceil(7));
        let parts = parts.flat_map(|part| counted(part.iter().copied()).1);
        assert_eq!(parts.collect::<BTreeSet<_>>(), expected, "{}", log.name);
        let counted = evidence.events();
        if !counted.is_estimate {
            assert_eq!(counted, Count::exactly(expected.len() as u64), "{}", log.name);
        }
    }
}
