//! Somebody else with a credential, where there is little to compare with.

use detect::{Settings, Severity, analyze};

use crate::kin::gravest;
use crate::writing::{Actor, Log, PIPELINE, STRANGER, member, morning, user};

const CALLS: [(&str, &str); 2] = [("sqs", "ReceiveMessage"), ("s3", "PutObject")];

const TRIED: [(&str, &str); 6] = [
    ("iam", "ListUsers"),
    ("kms", "ListKeys"),
    ("organizations", "ListAccounts"),
    ("guardduty", "ListDetectors"),
    ("rds", "DescribeDBSnapshots"),
    ("dynamodb", "ListTables"),
];

const USERS: [&str; 5] = ["ada", "ben", "eva", "gus", "joe"];

/// So many days of users who do the same.
fn office(days: i64) -> Log {
    let mut log = Log::default();
    for day in 0..days {
        for (minutes, name) in (0..).step_by(10).zip(USERS) {
            log.walk(morning(day) + minutes * 60, member(name), &[], &CALLS);
        }
    }
    log
}

#[test]
fn many_denials_at_once_are_found_though_the_past_is_short() {
    for (tried, is_found) in [(&TRIED[..], true), (&TRIED[..1], false)] {
        let mut log = office(10);
        // Somebody who is here for the third day.
        for day in 8..10 {
            log.walk(morning(day) + 7_200, member("new"), &[], &CALLS);
        }
        log.call(morning(10), (&user("new"), member("new")), tried, true);
        let analysis = analyze(&log.evidence, Settings::default());
        let found = gravest(&analysis, "unusual_use", 10).unwrap_or_default();
        assert_eq!(found >= Severity::Medium, is_found);
    }
}

#[test]
fn two_weeks_are_enough_where_everybody_is_steady() {
    let mut log = office(15);
    let elsewhere = Actor { user: "ada", ..STRANGER };
    let calls = [("iam", "ListUsers"), ("kms", "ListKeys")];
    log.call(morning(15), (&user("ada"), elsewhere), &calls, false);
    let analysis = analyze(&log.evidence, Settings::default());
    assert!(gravest(&analysis, "unusual_use", 15) >= Some(Severity::Medium));
}

/// A month of a job, and a day on which its credential makes `calls` with a client of `actor`.
fn job(actor: Actor, calls: &[(&str, &str)]) -> Option<Severity> {
    let mut log = Log::default();
    for hour in 0..30 * 24 {
        log.walk(morning(0) + hour * 3_600, PIPELINE, &["job"], &CALLS);
    }
    let identity = log.walk(morning(30), PIPELINE, &["job"], &CALLS);
    log.call(morning(30) + 600, (&identity, actor), calls, false);
    gravest(&analyze(&log.evidence, Settings::default()), "unusual_use", 30)
}

#[test]
fn a_second_program_that_does_something_else_is_somebody_else() {
    let behind = Actor { address: PIPELINE.address, ..STRANGER };
    assert!(job(behind, &[("s3", "ListBuckets")]) >= Some(Severity::Medium));
    // By itself either is not enough.
    assert!(job(behind, &CALLS).unwrap_or_default() < Severity::Medium);
    assert!(job(PIPELINE, &[("s3", "ListBuckets")]).unwrap_or_default() < Severity::Medium);
}

#[test]
fn a_new_version_of_a_program_brings_a_client_and_a_service() {
    let behind = Actor { address: PIPELINE.address, ..STRANGER };
    let calls = [CALLS[0], CALLS[1], ("states", "StartExecution")];
    assert!(job(behind, &calls).unwrap_or_default() < Severity::Medium);
    // From elsewhere it is somebody else.
    assert!(job(STRANGER, &calls) >= Some(Severity::Medium));
}

#[test]
fn several_services_that_a_job_never_called_are_enough() {
    let calls = [("iam", "ListUsers"), ("kms", "ListKeys"), ("rds", "DescribeDBSnapshots")];
    assert!(job(PIPELINE, &calls) >= Some(Severity::Medium));
    assert!(job(PIPELINE, &calls[..2]).unwrap_or_default() < Severity::Medium);
}

#[test]
fn the_first_secret_of_a_job_is_enough_and_a_parameter_is_not() {
    let secret = ("secretsmanager", "GetSecretValue");
    assert!(job(PIPELINE, &[secret]) >= Some(Severity::Medium));
    assert!(job(PIPELINE, &[("ssm", "GetParameter")]).unwrap_or_default() < Severity::Medium);
}

#[test]
fn a_handful_of_secrets_is_enough_where_nobody_reads_any() {
    let secret = ("secretsmanager", "GetSecretValue");
    for (n_secrets, is_found) in [(1, false), (5, true)] {
        let mut log = office(10);
        log.walk(morning(10), member("ada"), &[], &CALLS);
        log.call(morning(10) + 60, (&user("ada"), member("ada")), &vec![secret; n_secrets], false);
        let analysis = analyze(&log.evidence, Settings::default());
        let found = gravest(&analysis, "unusual_use", 10).unwrap_or_default();
        assert_eq!(found >= Severity::Medium, is_found, "{n_secrets}");
    }
    // Over a day they are no haul.
    let mut log = office(10);
    for hour in 0..5 {
        let time = morning(10) + hour * 3_600;
        log.call(time, (&user("ada"), member("ada")), &[secret], false);
    }
    let analysis = analyze(&log.evidence, Settings::default());
    assert!(gravest(&analysis, "unusual_use", 10).unwrap_or_default() < Severity::Medium);
}

/// So many nights of a job, and one on which its key makes `calls` as `actor` too.
fn nights(n: i64, actor: Actor, calls: &[(&str, &str)]) -> Option<Severity> {
    let mut log = Log::default();
    for night in 0..=n {
        log.walk(morning(night), member("backup"), &[], &CALLS[..1]);
    }
    log.call(morning(n) + 600, (&user("backup"), actor), calls, false);
    // What is told of a day of a key may name what goes on since an earlier one.
    let on = cloudtrail::Timestamp(morning(n)).day();
    let analysis = analyze(&log.evidence, Settings::default());
    let found = analysis.findings.iter().filter(|found| found.detector == "unusual_use");
    found.filter(|found| found.last_seen.day() == on).map(|found| found.severity).max()
}

#[test]
fn a_week_is_enough_for_what_runs_once_a_night() {
    let elsewhere = Actor { user: "backup", ..STRANGER };
    let calls = [("iam", "ListUsers"), ("kms", "ListKeys")];
    assert!(nights(7, elsewhere, &calls) >= Some(Severity::Medium));
    assert_eq!(nights(4, elsewhere, &calls), None);
}

#[test]
fn who_keeps_to_few_calls_surprises_by_new_ones_from_elsewhere() {
    let elsewhere = Actor { address: STRANGER.address, ..member("backup") };
    let calls = [("iam", "ListUsers"), ("kms", "ListKeys")];
    assert!(nights(12, elsewhere, &calls) >= Some(Severity::Medium));
    // The same from home is a new task, and the old calls from elsewhere are a move.
    assert!(nights(12, member("backup"), &calls).unwrap_or_default() < Severity::Medium);
    assert!(nights(12, elsewhere, &CALLS[..1]).unwrap_or_default() < Severity::Medium);
}

#[test]
fn what_the_owner_calls_beside_a_thief_does_not_excuse_him() {
    let own: Vec<(&str, String)> = (0..8).map(|n| ("dynamodb", format!("Call{n}"))).collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(service, name)| (*service, &**name)).collect();
    let mut log = Log::default();
    for hour in 0..30 * 24 {
        log.walk(morning(0) + hour * 3_600, PIPELINE, &["job"], &own);
    }
    let identity = log.walk(morning(30), PIPELINE, &["job"], &own);
    let behind = Actor { address: PIPELINE.address, ..STRANGER };
    let calls = [("dynamodb", "ListTables"), ("dynamodb", "ListBackups")];
    log.call(morning(30) + 600, (&identity, behind), &calls, false);
    let analysis = analyze(&log.evidence, Settings::default());
    assert!(gravest(&analysis, "unusual_use", 30) >= Some(Severity::Medium));
}
