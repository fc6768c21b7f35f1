//! What a watch notes, on analyses that a person can follow.

use alloc::string::ToString as _;
use alloc::vec;

use cloudtrail::{EventId, Timestamp};
use detect::{
    Analysis, Caller, Confidence, CredentialRef, EvidenceEvent, Finding, Origin, OriginKind,
    Severity,
};

use super::attack;
use crate::{WHOLE, Watch};

/// A finding of `detector` that names the event `event`.
fn finding(id: &str, detector: &'static str, severity: Severity, event: &str) -> Finding {
    Finding {
        id: id.into(),
        detector,
        severity,
        confidence: Confidence::High,
        title: "a title".into(),
        reason: "a reason".into(),
        account_id: None,
        first_seen: Timestamp(0),
        last_seen: Timestamp(0),
        credential: CredentialRef { access_key_id: None, principal_arn: None },
        origin: Origin {
            kind: OriginKind::Unknown,
            access_key_id: None,
            principal_arn: None,
            instance_id: None,
            subject: None,
            account_id: None,
        },
        chain: None,
        left_behind: vec![],
        evidence: vec![EvidenceEvent {
            event_time: Timestamp(0),
            event_id: Some(event.into()),
            event_source: "".into(),
            event_name: "".into(),
            source_ip_address: "".into(),
            aws_region: "".into(),
            caller: Caller::default(),
        }],
        left_behind_left_out: 0,
        evidence_left_out: 0,
        techniques: vec![],
        habit: None,
        elsewhere: None,
    }
}

fn analysis(findings: &[Finding]) -> Analysis {
    Analysis { findings: findings.to_vec(), ..Analysis::default() }
}

#[test]
fn an_attack_counts_from_the_first_moment_at_which_it_was_seen() {
    let attacks =
        [attack("early", "loud", &[1_000, 2_000]), attack("late", "loud", &[1_000, 2_000])];
    let early = finding("1", "role_chaining", Severity::Medium, "early");
    let quiet = finding("2", "role_chaining", Severity::Low, "late");
    let wrong = finding("3", "role_juggling", Severity::High, "nobody");
    let loud = finding("2", "role_juggling", Severity::High, "late");
    let mut watch = Watch::new(&attacks, Timestamp(0), Timestamp(5_000));
    // All that is before the last step; the wrong one is withdrawn later.
    watch.look(Timestamp(2_000), &analysis(&[early.clone(), quiet, wrong]));
    watch.look(Timestamp(2_011), &analysis(&[early, loud]));
    let (scores, false_alerts) = watch.finish();
    let sightings = |source: &str| {
        let of = scores[source].sightings.iter();
        of.map(|one| one.map(|one| (one.at.0, one.is_before_last_step))).collect::<vec::Vec<_>>()
    };
    let (in_time, too_late) = (Some((1_999, true)), Some((2_010, false)));
    assert_eq!(sightings(WHOLE), [in_time, too_late]);
    assert_eq!(sightings("role_chaining"), [in_time, None]);
    assert_eq!(sightings("role_juggling"), [None, too_late]);
    // Each finding is one alert, however often it was looked at.
    let alerts = |source: &str| (scores[source].true_alerts, scores[source].false_alerts);
    assert_eq!(alerts("role_chaining"), (1, 0));
    assert_eq!(alerts("role_juggling"), (1, 1));
    assert_eq!(alerts(WHOLE), (2, 1));
    assert_eq!(false_alerts, [("role_juggling".to_string(), "a title: a reason".to_string())]);
}

#[test]
fn moments_are_every_day_and_wherever_an_attack_proceeds() {
    let day = 86_400;
    let attacks = [attack("one", "loud", &[day + 100, 2 * day + 100])];
    let watch = Watch::new(&attacks, Timestamp(day), Timestamp(3 * day));
    let moments: vec::Vec<i64> = watch.moments().iter().map(|moment| moment.0).collect();
    let expected = [day, day + 111, 2 * day, 2 * day + 100, 2 * day + 111, 3 * day + 1];
    assert_eq!(moments, expected);
}

#[test]
fn emergencies_and_what_stood_before_are_no_false_alerts() {
    let attacks = [attack("one", "loud", &[1_000])];
    let mut watch = Watch::new(&attacks, Timestamp(100), Timestamp(5_000));
    watch.expect(["emergency"].map(EventId::of).into());
    let of = |id: &str, event: &str| finding(id, "role_chaining", Severity::Medium, event);
    let old = of("1", "before");
    watch.look(Timestamp(100), &analysis(core::slice::from_ref(&old)));
    watch.look(Timestamp(5_001), &analysis(&[old, of("2", "emergency"), of("3", "nobody")]));
    let (scores, false_alerts) = watch.finish();
    let score = &scores[WHOLE];
    assert_eq!((score.true_alerts, score.false_alerts, score.emergency_alerts), (0, 1, 1));
    assert_eq!(false_alerts.len(), 1);
}
