//! A credential that is used from ever new places, with ever new clients.

use std::collections::BTreeMap;

use evidence::Evidence;
use evidence::limits::USE_KINDS_MAX;

/// The key that calls from everywhere.
const RESTLESS: &str = "AKIARESTLESS";

/// A call of `key`, of number `number`, with a client of its own.
fn call(key: &str, number: usize) -> String {
    let (name, code) = match number % 7 {
        0 => ("DeleteObject", r#","errorCode":"AccessDenied""#),
        1 | 2 => ("ListBuckets", ""),
        _ => ("GetObject", ""),
    };
    let day = 1 + number % 28;
    let address = format!("198.51.{}.{}", number / 250 % 250, number % 250);
    format!(
        r#"{{"eventTime":"2026-01-{day:02}T00:00:00Z","eventSource":"s3.amazonaws.com",
        "eventName":"{name}","eventID":"{key}-{number}","recipientAccountId":"111122223333",
        "awsRegion":"us-east-1","sourceIPAddress":"{address}","userAgent":"agent {number}",
        "userIdentity":{{"type":"IAMUser","accessKeyId":"{key}","principalId":"AIDA{key}"}}{code}}}
        "#
    )
}

fn evidence(records: &[String]) -> Evidence {
    let mut evidence = Evidence::default();
    let outcome = cloudtrail::read(records.concat().as_bytes(), &mut |record| {
        evidence.record(record);
    });
    assert_eq!(outcome.events as usize, records.len());
    evidence
}

fn merged(one: &Evidence, other: &Evidence) -> Evidence {
    let mut one = one.clone();
    one.merge(other.clone());
    one
}

/// Everything that evidence tells of uses, in an order that no arrival changes.
fn told(evidence: &Evidence) -> Vec<String> {
    let rows = evidence.rows().zip(evidence.uses());
    let days = |row: evidence::UseRow| (20_400..20_500).filter(|day| row.is_on(*day)).count();
    let mut uses: Vec<String> = rows
        .map(|(row, view)| {
            let (of, events) = (&view.of.access_key_id, view.events);
            let call = (view.event_name, view.error_code, view.account_id, view.region);
            let span = (events.first, events.last, days(row), events.count(), &events.exemplar);
            format!("{of} {call:?} {:?} {} {span:?}", view.source, view.user_agent)
        })
        .collect();
    uses.sort();
    uses
}

/// More kinds than are told apart, and another key's.
fn records() -> Vec<String> {
    let restless = (0..USE_KINDS_MAX + 900).map(|number| call(RESTLESS, number));
    restless.chain((0..40).map(|number| call("AKIACALM", number))).collect()
}

/// Deterministic, and far from any order that the records have.
fn shuffled(mut records: Vec<String>, seed: u64) -> Vec<String> {
    let mut state = seed;
    for place in (1..records.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        records.swap(place, (state >> 33) as usize % (place + 1));
    }
    records
}

#[test]
fn kinds_of_use_of_one_credential_are_limited_and_every_call_is_kept() {
    let evidence = evidence(&records());
    let restless: Vec<_> =
        evidence.uses().filter(|view| &*view.of.access_key_id == RESTLESS).collect();
    let folded = |view: &&evidence::UseView<'_>| view.source.address.is_empty();
    // One for each call and outcome, without address and client.
    assert_eq!(restless.len(), USE_KINDS_MAX + 3);
    assert_eq!(restless.iter().filter(folded).count(), 3);
    assert!(restless.iter().filter(folded).all(|view| view.user_agent.is_empty()));
    let mut calls: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for view in &restless {
        let call = (&**view.event_name, &**view.error_code);
        let count = view.events.count();
        assert!(!count.is_estimate);
        *calls.entry(call).or_default() += count.events;
    }
    let n = (USE_KINDS_MAX + 900) as u64;
    let expected = BTreeMap::from([
        (("DeleteObject", "AccessDenied"), n.div_ceil(7)),
        (("ListBuckets", ""), (n - 1).div_ceil(7) + (n - 2).div_ceil(7)),
        (("GetObject", ""), (3..7).map(|rest| (n - rest).div_ceil(7)).sum()),
    ]);
    assert_eq!(calls, expected);
    assert_eq!(evidence.n_folded(), 1);
    let rows = evidence.rows();
    assert_eq!(rows.filter(|row| evidence.is_folded(row.source, row.user_agent)).count(), 3);
    assert_eq!(evidence.uses().count(), restless.len() + 40);
}

#[test]
fn as_many_kinds_as_are_told_apart_stay_as_they_are() {
    let records: Vec<String> = (0..USE_KINDS_MAX).map(|number| call(RESTLESS, number)).collect();
    let evidence = evidence(&records);
    assert_eq!((evidence.uses().count(), evidence.n_folded()), (USE_KINDS_MAX, 0));
    assert!(evidence.uses().all(|view| !view.source.address.is_empty()));
}

#[test]
fn what_stays_depends_neither_on_order_nor_on_repetition_nor_on_parts() {
    let records = records();
    let whole = told(&evidence(&records));
    let reversed: Vec<String> = records.iter().rev().cloned().collect();
    let twice = [records.clone(), reversed.clone()].concat();
    for arrival in [reversed, twice, shuffled(records.clone(), 7), shuffled(records.clone(), 8)] {
        assert_eq!(told(&evidence(&arrival)), whole);
    }
    // Parts with too many kinds themselves, parts with few, and parts that overlap.
    for (first, second) in
        [(0..4_500, 4_500..5_036), (0..2_500, 2_500..5_036), (0..5_000, 300..5_036)]
    {
        let parts = [first, second].map(|part| evidence(&records[part]));
        let [one, other] = &parts;
        assert_eq!(told(&merged(one, other)), whole);
        assert_eq!(told(&merged(other, one)), whole);
        assert_eq!(told(&merged(&merged(one, other), one)), whole);
        let one = Evidence::from_bytes(&one.to_bytes()).unwrap();
        let both = merged(&one, other);
        assert_eq!(told(&both), whole);
        let read = Evidence::from_bytes(&both.to_bytes()).unwrap();
        assert_eq!((told(&read), read.n_folded()), (whole.clone(), 1));
    }
}

#[test]
fn a_credential_that_does_ever_new_things_takes_no_more_memory() {
    let records: Vec<String> = (0..100_000).map(|number| call(RESTLESS, number)).collect();
    let mut all = evidence(&records[..50_000]);
    all.merge(evidence(&records[50_000..]));
    assert_eq!(told(&all), told(&evidence(&shuffled(records.clone(), 9))));
    assert_eq!(all.uses().count(), USE_KINDS_MAX + 3);
    // What nothing names any longer is dropped now and then.
    let few = evidence(&records[..USE_KINDS_MAX]).to_bytes().len();
    let many = evidence(&records).to_bytes().len();
    assert!(many < few * 4, "{many} bytes after {few}");
    let many = all.to_bytes().len();
    assert!(many < few * 4, "{many} bytes after {few}");
}
