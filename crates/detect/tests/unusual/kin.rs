//! Paths that are new and much like what is walked every day.

use detect::{Analysis, Settings, Severity, analyze};

use crate::writing::{Log, PIPELINE, STRANGER, member, morning};

const CALLS: [(&str, &str); 2] = [("s3", "ListBuckets"), ("cloudformation", "DescribeStacks")];

/// The gravest finding of `detector` that begins on a day.
pub(crate) fn gravest(analysis: &Analysis, detector: &str, day: i64) -> Option<Severity> {
    let on = cloudtrail::Timestamp(morning(day)).day();
    let found = analysis.findings.iter().filter(|found| found.detector == detector);
    found.filter(|found| found.first_seen.day() == on).map(|found| found.severity).max()
}

/// A pipeline that takes another role every three days, named after a run.
fn previews(days: i64) -> Log {
    let mut log = Log::default();
    for day in 0..days {
        let role = format!("preview-{}", 700 + day / 3);
        log.walk(morning(day), PIPELINE, &["maker", &role], &CALLS);
    }
    log
}

#[test]
fn a_role_that_is_named_after_a_run_is_no_new_path() {
    let analysis = analyze(&previews(30).evidence, Settings::default());
    for day in 0..30 {
        assert!(gravest(&analysis, "role_chaining", day).unwrap() < Severity::Medium, "day {day}");
    }
}

#[test]
fn a_role_of_a_run_taken_by_another_is_a_new_path() {
    let mut log = previews(30);
    log.walk(morning(30), STRANGER, &["maker", "preview-710"], &CALLS);
    let analysis = analyze(&log.evidence, Settings::default());
    assert_eq!(gravest(&analysis, "role_chaining", 30), Some(Severity::Medium));
}

#[test]
fn a_role_with_another_word_or_ordinal_is_a_new_path() {
    for role in ["preview-admin", "preview-2", "preview-111122223333"] {
        let mut log = previews(30);
        log.walk(morning(30), PIPELINE, &["maker", role], &CALLS);
        let analysis = analyze(&log.evidence, Settings::default());
        assert_eq!(gravest(&analysis, "role_chaining", 30), Some(Severity::Medium), "{role}");
    }
}

/// A month in which `users` take two roles in a row every day.
fn team(users: &[&'static str]) -> Log {
    let mut log = Log::default();
    for day in 0..30 {
        for (minutes, user) in (0..).zip(users) {
            log.walk(morning(day) + minutes * 600, member(user), &["hub", "target"], &CALLS);
        }
    }
    log
}

#[test]
fn one_more_of_four_who_walk_a_path_is_no_surprise() {
    for (users, severity) in [
        (&["ada", "ben", "eva", "gus"][..], Severity::Low),
        (&["ada", "ben", "eva"][..], Severity::Medium),
    ] {
        let mut log = team(users);
        log.walk(morning(30), member("joe"), &["hub", "target"], &CALLS);
        let analysis = analyze(&log.evidence, Settings::default());
        assert_eq!(gravest(&analysis, "role_chaining", 30), Some(severity));
        let unusual = gravest(&analysis, "unusual_use", 30).unwrap_or_default();
        assert_eq!(unusual >= Severity::Medium, severity == Severity::Medium);
    }
}

#[test]
fn a_path_that_others_of_the_same_role_walk_is_nothing_new() {
    for (people, said) in [
        (&["ada@x", "ben@x", "eva@x", "gus@x", "joe@x"][..], Some("4 or more others")),
        (&["ada@x", "ben@x"][..], Some("2 others")),
        (&["ada@x"][..], None),
    ] {
        let mut log = Log::default();
        for day in 0..30 {
            for (minutes, person) in (0..).zip(people) {
                log.sign_in(
                    morning(day) + minutes * 1_200,
                    person,
                    &["staff", "hub", "target"],
                    &CALLS,
                );
            }
        }
        log.sign_in(morning(30), "new@x", &["staff", "hub", "target"], &CALLS);
        let analysis = analyze(&log.evidence, Settings::default());
        let severity = gravest(&analysis, "role_chaining", 30);
        assert_eq!(severity == Some(Severity::Low), said.is_some(), "{people:?}: {severity:?}");
        let said = said.unwrap_or("never before in 30 days of logs.");
        let told = analysis.findings.iter().any(|found| found.reason.contains(said));
        assert!(told, "{said}: {:?}", analysis.findings);
    }
}

#[test]
fn a_path_that_was_walked_twice_is_not_much_like_itself() {
    let severity = |roles: [&str; 2]| {
        let mut log = Log::default();
        for (day, role) in [0, 5].into_iter().zip(roles) {
            log.walk(morning(day), PIPELINE, &["hub", role], &CALLS);
        }
        gravest(&analyze(&log.evidence, Settings::default()), "role_chaining", 0)
    };
    assert_eq!(severity(["target-733", "target-733"]), Some(Severity::Medium));
    assert_eq!(severity(["target-733", "target-734"]), Some(Severity::Low));
}
