//! What comes to rest, how it is found again, and what evidence weighs.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloudtrail::Timestamp;
use evidence::{Credential, CutOffs, Evidence, Parted};

const DAY: i64 = 86_400;

fn nobody(_: &Credential) -> bool {
    false
}

fn at(day: i64) -> CutOffs<'static> {
    let time = Timestamp(day * DAY);
    CutOffs { usage: time, lineage: time, artifacts: time, is_held: &nobody }
}

fn fold(records: &[String]) -> Evidence {
    let mut evidence = Evidence::default();
    for record in records {
        let read = cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        assert_eq!(read.events, 1, "{record}");
    }
    evidence
}

/// A call of `key`, which has an end where it begins with `ASIA`.
fn record(
    key: &str,
    (service, name): (&str, &str),
    day: i64,
    (asked, told): (&str, &str),
) -> String {
    let time = Timestamp(day * DAY + 60);
    let session = key
        .starts_with("ASIA")
        .then(|| format!(r#","sessionContext":{{"attributes":{{"creationDate":"{time}"}}}}"#));
    let session = session.unwrap_or_default();
    format!(
        r#"{{"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}",
        "eventID":"{key}-{name}-{day}-{}","recipientAccountId":"111122223333",
        "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"agent","userIdentity":{{
        "type":"AssumedRole","principalId":"AROA{key}","accountId":"111122223333",
        "accessKeyId":"{key}"{session}}},"requestParameters":{asked},"responseElements":{told}}}"#,
        told.len()
    )
}

fn call(key: &str, day: i64) -> String {
    record(key, ("s3", "GetObject"), day, ("null", "null"))
}

fn issue(by: &str, key: &str, day: i64) -> String {
    let told = format!(
        r#"{{"credentials":{{"accessKeyId":"{key}"}},"assumedRoleUser":{{
        "assumedRoleId":"AROA{key}","arn":"arn:aws:sts::111122223333:assumed-role/a/s"}}}}"#
    );
    let asked = r#"{"roleArn":"arn:aws:iam::111122223333:role/a","roleSessionName":"s"}"#;
    record(by, ("sts", "AssumeRole"), day, (asked, &told))
}

fn create_key(by: &str, key: &str, day: i64) -> String {
    let told = format!(r#"{{"accessKey":{{"accessKeyId":"{key}","userName":"Bob"}}}}"#);
    record(by, ("iam", "CreateAccessKey"), day, (r#"{"userName":"Bob"}"#, &told))
}

/// A chain that left a key behind, which took two roles and left another one; one that goes on;
/// one that is all new.
fn records() -> Vec<String> {
    vec![
        issue("AKIAZERO", "ASIAZERO", 0),
        create_key("ASIAZERO", "AKIAONE", 0),
        issue("AKIAONE", "ASIAA", 1),
        issue("ASIAA", "ASIAB", 1),
        create_key("ASIAB", "AKIABOB", 1),
        call("ASIAB", 1),
        issue("AKIATWO", "ASIAC", 2),
        issue("ASIAC", "ASIAD", 12),
        call("ASIAD", 13),
        issue("AKIATHREE", "ASIAE", 14),
        call("ASIAE", 14),
    ]
}

fn keys(evidence: &Evidence) -> Vec<&str> {
    evidence.issuances().map(|issuance| &*issuance.access_key_id).collect()
}

fn names(of: &[&str]) -> BTreeSet<Arc<str>> {
    of.iter().map(|name| Arc::from(*name)).collect()
}

/// What keeps whole events, in text.
fn told(evidence: &Evidence) -> String {
    let issuances: Vec<_> = evidence.issuances().collect();
    let changes: Vec<_> = evidence.changes().collect();
    let statuses: Vec<_> = evidence.key_statuses().collect();
    format!("{issuances:#?}{changes:#?}{statuses:#?}")
}

fn merged(parts: impl IntoIterator<Item = Evidence>) -> Evidence {
    let mut all = Evidence::default();
    parts.into_iter().for_each(|part| all.merge(part));
    all
}

#[test]
fn what_leads_to_nothing_that_is_kept_rests_and_nothing_is_lost() {
    let Parted { kept, at_rest } = fold(&records()).part(&at(10), Timestamp(0));
    assert_eq!(keys(&kept), ["ASIAC", "ASIAD", "ASIAE"]);
    assert_eq!(at_rest.len(), 1);
    assert_eq!(keys(&at_rest[0]), ["ASIAZERO", "AKIAONE", "ASIAA", "ASIAB", "AKIABOB"]);
    let whole = CutOffs { lineage: Timestamp(0), artifacts: Timestamp(0), ..at(10) };
    let expected = told(&fold(&records()).forget(&whole));
    assert_eq!(told(&merged(at_rest.into_iter().chain([kept.clone()]))), expected);
    // What is analyzed is what forgetting leaves.
    assert_eq!(kept.to_bytes(), fold(&records()).forget(&at(10)).to_bytes());
    // What is older than that is gone.
    let late = fold(&records()).part(&at(10), Timestamp(2 * DAY));
    assert!(late.at_rest.is_empty());
}

#[test]
fn parts_are_small_and_in_the_order_of_time() {
    let sessions = (0..5_000).map(|n| issue("AKIAONE", &format!("ASIA{n}"), n % 9));
    let records: Vec<String> = sessions.chain([call("ASIANOW", 30)]).collect();
    let at_rest = fold(&records).part(&at(20), Timestamp(0)).at_rest;
    let sizes: Vec<usize> = at_rest.iter().map(|part| part.issuances().len()).collect();
    assert_eq!(sizes, [2_048, 2_048, 904]);
    let times = at_rest.iter().flat_map(Evidence::issuances).map(|one| one.event.event_time);
    assert!(times.is_sorted());
}

#[test]
fn a_resting_lineage_is_found_from_any_of_its_names_that_has_an_end() {
    let rests = merged(fold(&records()).part(&at(10), Timestamp(0)).at_rest);
    for begin in ["ASIAA", "ASIAB", "AKIABOB"] {
        let (mut asked, mut wanted) = (BTreeSet::new(), names(&[begin]));
        let mut found = Evidence::default();
        while !wanted.is_empty() {
            let about = rests.about(&wanted);
            asked.append(&mut wanted);
            wanted = about.leads().difference(&asked).cloned().collect();
            found.merge(about);
        }
        assert_eq!(told(&found), told(&rests), "from {begin}");
        let known = found.credentials().map(|(one, _)| one.access_key_id.to_string());
        assert!(known.collect::<Vec<_>>().contains(&"AKIAZERO".to_owned()), "from {begin}");
    }
    // A key without end is found by what made it; there is no end of what it handed out.
    assert_eq!(keys(&rests.about(&names(&["AKIAONE"]))), ["AKIAONE"]);
    assert_eq!(told(&rests.about(&names(&["AKIAZERO"]))), told(&Evidence::default()));
    assert_eq!(told(&rests.about(&names(&["ASIANOBODY", ""]))), told(&Evidence::default()));
}

#[test]
fn every_name_of_the_index_finds_something() {
    let rests = merged(fold(&records()).part(&at(10), Timestamp(0)).at_rest);
    let index = rests.names_at_rest();
    assert_eq!(index, names(&["ASIAZERO", "AKIAONE", "ASIAA", "ASIAB", "AKIABOB"]));
    for name in index {
        assert_ne!(told(&rests.about(&BTreeSet::from([name]))), told(&Evidence::default()));
    }
}

#[test]
fn the_less_memory_there_is_the_later_history_begins() {
    let days = 40;
    let sessions = (0..days * 50).flat_map(|n| {
        let key = format!("ASIA{n}");
        [issue("AKIAONE", &key, n / 50), call(&key, n / 50)]
    });
    let evidence = fold(&sessions.collect::<Vec<_>>());
    let weight = evidence.weight();
    let from = Timestamp(5 * DAY);
    let cut = |bytes| evidence.cut_within(bytes, from, 3);
    assert_eq!(cut(weight), from, "all of it fits");
    let cuts: Vec<Timestamp> = (1..=8).rev().map(|part| cut(weight * part / 9)).collect();
    assert!(cuts.is_sorted() && cuts[0] < cuts[7], "{cuts:?}");
    // The last day but one stays, however little there is.
    assert_eq!(cut(0), Timestamp((days - 2) * DAY));
    for (part, usage) in (1..=8).rev().zip(cuts) {
        let rest = Timestamp(usage.0 - 3 * DAY);
        let cut = CutOffs { usage, lineage: rest, artifacts: rest, is_held: &nobody };
        let kept = evidence.clone().part(&cut, Timestamp(0)).kept;
        let wanted = (weight * part / 9).max(weight * 5 / days as u64);
        assert!(kept.weight() <= wanted + weight / 10, "{} of {wanted}", kept.weight());
    }
}
