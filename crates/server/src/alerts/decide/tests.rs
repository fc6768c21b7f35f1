//! Every standing against everything that may have been told, at every moment that matters.

use std::time::Duration;

use detect::Severity::{self, Critical, High, Informational, Low, Medium};

use super::{Decision, MessageKind, Policy, Standing, Told, decide};
use crate::clock::WallTime;

const SEVERITIES: [Severity; 5] = [Informational, Low, Medium, High, Critical];
const KINDS: [MessageKind; 3] = [MessageKind::Opened, MessageKind::Raised, MessageKind::Withdrawn];
const QUIET: Duration = Duration::from_secs(900);
const AT: WallTime = WallTime(1_700_000_000_000);
const UNTIL: WallTime = WallTime(AT.0 + 900_000);
/// Before the last message, at it, within its quiet period, at the end of that, and after.
const TIMES: [i64; 6] = [AT.0 - 1, AT.0, AT.0 + 1, UNTIL.0 - 1, UNTIL.0, UNTIL.0 + 1];

/// One question, with everything that the answer may depend on.
#[derive(Clone, Copy, Debug)]
struct Case {
    standing: Standing,
    told: Option<Told>,
    min_severity: Severity,
    now: WallTime,
}

impl Case {
    fn decision(self) -> Decision {
        let sink = Policy { min_severity: self.min_severity, quiet_period: QUIET };
        decide(self.standing, self.told, sink, self.now)
    }

    /// What the sink shows as open, and how grave.
    fn open(self) -> Option<Severity> {
        let told = self.told.filter(|told| told.kind != MessageKind::Withdrawn);
        told.map(|told| told.severity)
    }

    fn is_quiet(self) -> bool {
        self.told.is_some_and(|told| told.at <= self.now && self.now < UNTIL)
    }

    /// Whether an incident is there that the sink wants to hear of.
    fn is_wanted(self) -> bool {
        let Standing { severity, is_withdrawn, is_suppressed } = self.standing;
        !is_withdrawn && !is_suppressed && severity >= self.min_severity
    }
}

fn everything_told() -> Vec<Option<Told>> {
    let mut all = vec![None];
    for kind in KINDS {
        all.extend(SEVERITIES.map(|severity| Some(Told { kind, severity, at: AT, revision: 1 })));
    }
    all
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for told in everything_told() {
        for (severity, min_severity) in
            SEVERITIES.into_iter().flat_map(|a| SEVERITIES.map(move |b| (a, b)))
        {
            for (is_withdrawn, is_suppressed) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let standing = Standing { severity, is_withdrawn, is_suppressed };
                cases.extend(TIMES.map(|now| Case {
                    standing,
                    told,
                    min_severity,
                    now: WallTime(now),
                }));
            }
        }
    }
    cases
}

fn all(condition: impl Fn(Case) -> bool, holds: impl Fn(Case) -> bool) {
    let cases: Vec<Case> = cases().into_iter().filter(|case| condition(*case)).collect();
    assert!(!cases.is_empty());
    for case in cases {
        assert!(holds(case), "{case:?} gives {:?}", case.decision());
    }
}

#[test]
fn all_questions_are_asked() {
    assert_eq!(cases().len(), 16 * 25 * 4 * 6);
}

#[test]
fn what_the_sink_does_not_know_is_opened_at_once() {
    all(|case| case.told.is_none() && case.is_wanted(), |case| case.decision() == Decision::Open);
}

#[test]
fn what_nobody_wants_to_hear_is_nothing() {
    all(
        |case| case.open().is_none() && !case.is_wanted(),
        |case| case.decision() == Decision::Nothing,
    );
}

#[test]
fn nothing_is_repeated() {
    all(
        |case| case.open().is_some_and(|told| told >= case.standing.severity),
        |case| matches!(case.decision(), Decision::Nothing) || case.standing.is_withdrawn,
    );
}

#[test]
fn what_rises_is_raised_after_the_quiet_period() {
    let rises = |case: Case| {
        case.is_wanted() && case.open().is_some_and(|told| told < case.standing.severity)
    };
    all(|case| rises(case) && !case.is_quiet(), |case| case.decision() == Decision::Raise);
    all(
        |case| rises(case) && case.is_quiet() && case.standing.severity != Critical,
        |case| case.decision() == Decision::Hold { until: UNTIL },
    );
    all(
        |case| rises(case) && case.standing.severity == Critical,
        |case| case.decision() == Decision::Raise,
    );
}

#[test]
fn what_rises_unwanted_is_not_raised() {
    all(
        |case| !case.standing.is_withdrawn && case.open().is_some() && !case.is_wanted(),
        |case| case.decision() == Decision::Nothing,
    );
}

#[test]
fn what_is_withdrawn_is_closed_once_even_if_muted() {
    all(
        |case| case.standing.is_withdrawn && case.open().is_some() && !case.is_quiet(),
        |case| case.decision() == Decision::Withdraw,
    );
    all(
        |case| case.standing.is_withdrawn && case.open().is_some() && case.is_quiet(),
        |case| case.decision() == Decision::Hold { until: UNTIL },
    );
}

#[test]
fn what_comes_back_is_opened_again() {
    let is_back = |case: Case| case.told.is_some() && case.open().is_none() && case.is_wanted();
    all(
        |case| is_back(case) && (!case.is_quiet() || case.standing.severity == Critical),
        |case| case.decision() == Decision::Open,
    );
    all(
        |case| is_back(case) && case.is_quiet() && case.standing.severity != Critical,
        |case| case.decision() == Decision::Hold { until: UNTIL },
    );
}

#[test]
fn a_hold_ends_with_something_to_tell() {
    all(
        |case| matches!(case.decision(), Decision::Hold { .. }),
        |case| {
            let later = Case { now: UNTIL, ..case };
            matches!(later.decision(), Decision::Open | Decision::Raise | Decision::Withdraw)
        },
    );
}

#[test]
fn the_number_of_a_message_decides_nothing() {
    for case in cases() {
        let other = case.told.map(|told| Told { revision: 9, ..told });
        assert_eq!(case.decision(), Case { told: other, ..case }.decision());
    }
}

#[test]
fn kinds_have_names() {
    for kind in KINDS {
        assert_eq!(MessageKind::of_name(kind.name()), Some(kind));
    }
    assert_eq!(MessageKind::of_name("closed"), None);
}
