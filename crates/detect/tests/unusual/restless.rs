//! A credential with more kinds of use than are told apart.

use detect::{Analysis, Settings, Severity, analyze};
use evidence::limits::USE_KINDS_MAX;

use crate::kin::gravest;
use crate::writing::{Actor, Log, PIPELINE, STRANGER, member, morning, user};

const CALLS: [(&str, &str); 2] = [("sqs", "ReceiveMessage"), ("s3", "PutObject")];

const TRIED: [(&str, &str); 9] = [
    ("iam", "ListUsers"),
    ("kms", "ListKeys"),
    ("organizations", "ListAccounts"),
    ("dynamodb", "ListTables"),
    ("guardduty", "ListDetectors"),
    ("rds", "DescribeDBSnapshots"),
    ("lambda", "ListFunctions"),
    ("ecs", "ListClusters"),
    ("eks", "ListClusters"),
];

/// Days on which the key does what it always does.
const DAYS: i64 = 30;

/// So many days of a key that is used from everywhere, with a client for each place.
fn restless(days: i64) -> Log {
    let mut log = Log::default();
    for day in 0..days {
        for place in 0..150 {
            let address = format!("198.{}.{place}.7", 18 + day).leak();
            let user_agent = format!("program-{day}-{place}/1.0").leak();
            let actor = Actor { address, user_agent, ..member("everywhere") };
            log.walk(morning(day) + place * 60, actor, &[], &CALLS);
        }
        // Somebody to compare with.
        log.walk(morning(day), PIPELINE, &[], &CALLS);
    }
    log
}

fn unusual(analysis: &Analysis, day: i64) -> Severity {
    gravest(analysis, "unusual_use", day).unwrap_or_default()
}

/// The reasons of every finding.
fn told(analysis: &Analysis) -> String {
    let reasons = analysis.findings.iter().map(|finding| finding.reason.as_str());
    reasons.collect::<Vec<&str>>().join("\n")
}

#[test]
fn what_it_always_did_stays_usual_and_what_it_is_denied_is_found() {
    let log = restless(DAYS + 1);
    let analysis = analyze(&log.evidence, Settings::default());
    assert!(log.evidence.uses().count() < USE_KINDS_MAX + 100, "more are told apart");
    assert_eq!(analysis.uses_folded, 1);
    assert!((0..=DAYS).all(|day| unusual(&analysis, day) < Severity::Medium));

    let mut log = restless(DAYS);
    let stranger = Actor { user: "everywhere", ..STRANGER };
    log.call(morning(DAYS), (&user("everywhere"), stranger), &TRIED, true);
    let analysis = analyze(&log.evidence, Settings::default());
    assert!(unusual(&analysis, DAYS) >= Severity::Medium);
    assert!(told(&analysis).contains("8 or more distinct denied calls"), "{}", told(&analysis));
}

#[test]
fn a_first_flood_of_clients_is_told_as_one() {
    let mut log = Log::default();
    for day in 0..DAYS {
        for hour in 0..9 {
            log.walk(morning(day) + hour * 3_600, member("calm"), &[], &CALLS);
        }
    }
    for place in 0..5_000 {
        let address = format!("203.0.{}.{}", place / 250, place % 250).leak();
        let user_agent = format!("program-{place}/1.0").leak();
        let actor = Actor { address, user_agent, ..member("calm") };
        log.call(morning(DAYS) + place, (&user("calm"), actor), &TRIED[..1], true);
    }
    let analysis = analyze(&log.evidence, Settings::default());
    assert_eq!(analysis.uses_folded, 1);
    let of_day = |day| unusual(&analysis, day);
    assert!(of_day(DAYS) >= Severity::Medium);
    assert!((0..DAYS).all(|day| of_day(day) < Severity::Medium));
    assert_eq!(analysis.findings.len(), 1, "{}", told(&analysis));
}
