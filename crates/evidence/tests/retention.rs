//! What is forgotten, what stays, and how forgetting and merging get along.

use cloudtrail::Timestamp;
use evidence::{Credential, CutOffs, Evidence};

const DAY: i64 = 86_400;

/// The cut-off of every test: the end of the tenth day.
const CUT: Timestamp = Timestamp(10 * DAY);

fn nobody(_: &Credential) -> bool {
    false
}

fn usage() -> CutOffs<'static> {
    CutOffs::of_usage(CUT, &nobody)
}

fn all() -> CutOffs<'static> {
    CutOffs { usage: CUT, lineage: CUT, artifacts: CUT, is_held: &nobody }
}

/// A call of `key` on a day.
fn call(key: &str, name: &str, day: i64) -> String {
    record(key, ("s3", name), day, ("null", "null"))
}

fn record(
    key: &str,
    (service, name): (&str, &str),
    day: i64,
    (asked, told): (&str, &str),
) -> String {
    let time = Timestamp(day * DAY + 60);
    format!(
        r#"{{"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}",
        "eventID":"{key}-{name}-{day}","recipientAccountId":"111122223333","awsRegion":"us-east-1",
        "sourceIPAddress":"192.0.2.1","userAgent":"agent of {name}","userIdentity":{{
        "type":"AssumedRole","principalId":"AROA{key}","accountId":"111122223333",
        "accessKeyId":"{key}"}},"requestParameters":{asked},"responseElements":{told}}}"#
    )
}

/// `by` hands out `key` on a day.
fn issue(by: &str, key: &str, day: i64) -> String {
    let asked = r#"{"roleArn":"arn:aws:iam::111122223333:role/a","roleSessionName":"s"}"#;
    let told = format!(
        r#"{{"credentials":{{"accessKeyId":"{key}"}},"assumedRoleUser":{{
        "assumedRoleId":"AROA{key}","arn":"arn:aws:sts::111122223333:assumed-role/a/s"}}}}"#
    );
    record(by, ("sts", "AssumeRole"), day, (asked, &told))
}

/// `by` creates the user Bob on a day.
fn create(by: &str, day: i64) -> String {
    let told = r#"{"user":{"userName":"Bob"}}"#;
    record(by, ("iam", "CreateUser"), day, (r#"{"userName":"Bob"}"#, told))
}

fn evidence(records: &[String]) -> Evidence {
    let mut evidence = Evidence::default();
    for record in records {
        let outcome = cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        assert_eq!(outcome.events, 1, "{record}");
    }
    evidence
}

fn merged(mut one: Evidence, other: Evidence) -> Evidence {
    one.merge(other);
    one
}

/// Everything that evidence tells, as text that does not depend on arrival.
fn told(evidence: &Evidence) -> String {
    let mut uses: Vec<String> = evidence
        .uses()
        .map(|view| {
            let events = view.events;
            let span = (events.first, events.last, events.count());
            format!("{:?} {} {} {span:?}", view.of, view.event_name, view.user_agent)
        })
        .collect();
    uses.sort();
    let mut credentials: Vec<String> =
        evidence.credentials().map(|credential| format!("{credential:?}")).collect();
    credentials.sort();
    let issuances: Vec<_> = evidence.issuances().collect();
    let changes: Vec<_> = evidence.changes().collect();
    format!("{uses:#?}{credentials:#?}{issuances:#?}{changes:#?}")
}

/// Days before and after the cut-off, a lineage that goes on, one that has ended.
fn records() -> Vec<String> {
    vec![
        issue("AKIAONE", "ASIAOLD", 1),
        call("ASIAOLD", "GetObject", 2),
        create("ASIAOLD", 3),
        issue("AKIATWO", "ASIAMID", 4),
        issue("ASIAMID", "ASIANEW", 12),
        call("ASIANEW", "ListBuckets", 13),
        create("ASIANEW", 14),
        call("ASIANEW", "GetObject", 15),
    ]
}

#[test]
fn details_of_use_go_and_lineages_and_artifacts_stay() {
    let before = evidence(&records());
    let after = before.clone().forget(&usage());
    let names: Vec<String> = after.uses().map(|view| view.event_name.to_string()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(after.span().unwrap().0, Timestamp(12 * DAY + 60));
    assert_eq!((after.issuances().len(), after.changes().len()), (3, 2));
    assert!(after.to_bytes().len() < before.to_bytes().len());
    assert!(after.uses().all(|view| view.events.last >= CUT));
}

#[test]
fn a_lineage_stays_as_long_as_something_of_it_goes_on() {
    let after = evidence(&records()).forget(&all());
    let keys: Vec<&str> = after.issuances().map(|issuance| &*issuance.access_key_id).collect();
    assert_eq!(keys, ["ASIAMID", "ASIANEW"]);
    assert_eq!(after.changes().len(), 1);
    let known: Vec<&str> =
        after.credentials().map(|(credential, _)| &*credential.access_key_id).collect();
    assert!(known.contains(&"AKIATWO") && !known.contains(&"AKIAONE"), "{known:?}");
}

#[test]
fn what_is_held_is_kept_whole() {
    let is_held = |credential: &Credential| &*credential.access_key_id == "ASIAOLD";
    let cut = CutOffs { is_held: &is_held, ..all() };
    let mut records = records();
    // What it handed out and nobody used goes where it is not held.
    records.push(issue("ASIAOLD", "ASIAIDLE", 3));
    let kept = |cut: &CutOffs<'_>| {
        let after = evidence(&records).forget(cut);
        let uses = after.uses().filter(|view| &*view.of.access_key_id == "ASIAOLD").count();
        let keys = after.issuances().map(|one| one.access_key_id.to_string());
        let makers = after.changes().map(|change| change.caller.access_key_id.to_string());
        (uses, keys.collect::<Vec<String>>(), makers.collect::<Vec<String>>())
    };
    let (uses, keys, makers) = kept(&cut);
    assert_eq!(uses, 3);
    assert_eq!(keys, ["ASIAOLD", "ASIAIDLE", "ASIAMID", "ASIANEW"]);
    assert_eq!(makers, ["ASIAOLD", "ASIANEW"]);
    let (uses, keys, makers) = kept(&all());
    assert_eq!((uses, keys.len(), makers.len()), (0, 2, 1));
}

#[test]
fn forgetting_twice_is_forgetting_once_and_the_later_time_wins() {
    let once = evidence(&records()).forget(&all());
    assert_eq!(told(&once.clone().forget(&all())), told(&once));
    let early = CutOffs { usage: Timestamp(3 * DAY), lineage: Timestamp(3 * DAY), ..all() };
    let early = CutOffs { artifacts: Timestamp(3 * DAY), ..early };
    assert_eq!(told(&evidence(&records()).forget(&early).forget(&all())), told(&once));
}

/// The law, over every split of the records into two parts.
#[test]
fn forgetting_details_of_use_commutes_with_merging() {
    let records = records();
    let whole = told(&evidence(&records).forget(&usage()));
    for split in 0..1_u32 << records.len() {
        let is_first = |index: &usize| split >> index & 1 == 0;
        let part = |wanted: bool| -> Vec<String> {
            let indexes = (0..records.len()).filter(|index| is_first(index) == wanted);
            indexes.map(|index| records[index].clone()).collect()
        };
        let (one, other) = (evidence(&part(true)), evidence(&part(false)));
        let parts = merged(one.clone().forget(&usage()), other.clone().forget(&usage()));
        assert_eq!(told(&parts.forget(&usage())), whole, "{split:b}");
        let late = merged(one.forget(&usage()), other).forget(&usage());
        assert_eq!(told(&late), whole, "{split:b}");
    }
}

/// Where the law ends, so that nobody relies on more.
#[test]
fn a_kind_of_use_that_straddles_the_cut_off_is_kept_whole_or_not_at_all() {
    let (old, new) = (call("ASIANEW", "GetObject", 9), call("ASIANEW", "GetObject", 11));
    let count = |evidence: &Evidence| evidence.uses().next().unwrap().events.count().events;
    let whole = evidence(&[old.clone(), new.clone()]).forget(&usage());
    assert_eq!(count(&whole), 2);
    let parts = merged(evidence(&[old]).forget(&usage()), evidence(&[new]).forget(&usage()));
    assert_eq!(count(&parts), 1);
}
