//! The arithmetic and the rules on truths that a person can count.

mod rules;
mod watch;

use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use cloudtrail::{EventId, Timestamp};

use crate::{Attack, Cell, Evaluation, Run, Score, Sighting, WHOLE, written};

/// An attack with a step at each of `steps`, ten seconds long.
fn attack(name: &str, stealth: &str, steps: &[i64]) -> Attack {
    Attack {
        name: name.to_string(),
        kind: "chain".to_string(),
        stealth: stealth.to_string(),
        steps: steps.iter().map(|at| (Timestamp(*at), Timestamp(at + 10))).collect(),
        events: [EventId::of(name)].into(),
    }
}

fn seen(at: i64, is_before_last_step: bool) -> Sighting {
    Sighting { at: Timestamp(at), is_before_last_step }
}

/// Ten days and two million benign events with three attacks: one seen in time, one seen late,
/// one not at all; four alerts are about them and six about nothing.
fn evaluation() -> Evaluation {
    let attacks = vec![
        attack("in_time", "loud", &[1_000, 2_000]),
        attack("late", "all", &[1_000, 2_000]),
        attack("never", "all", &[1_000, 2_000]),
    ];
    let score = Score {
        emergency_alerts: 0,
        sightings: vec![Some(seen(1_040, true)), Some(seen(2_200, false)), None],
        true_alerts: 4,
        false_alerts: 6,
    };
    let run = Run {
        style: "startup".to_string(),
        seed: 1,
        seconds: 10 * 86_400,
        benign_events: 2_000_000,
        attacks,
        scores: [(WHOLE.to_string(), score)].into(),
        false_alerts: Vec::new(),
    };
    Evaluation { runs: vec![run] }
}

/// Numbers as people write them, since parts of whole numbers are not exact.
fn shown(value: Option<f64>) -> alloc::string::String {
    value.map_or_else(|| "none".to_string(), |value| alloc::format!("{value:.3}"))
}

#[test]
fn a_cell_counts_what_a_person_counts() {
    let cell = evaluation().cell(WHOLE, |_| true, |_| true);
    assert_eq!((cell.attacks, cell.found, cell.found_before_last_step), (3, 2, 1));
    assert_eq!(shown(cell.recall()), "0.667");
    assert_eq!(shown(cell.recall_before_last_step()), "0.333");
    assert_eq!(shown(cell.precision()), "0.400");
    assert_eq!(shown(cell.false_alerts_per_million()), "3.000");
    assert_eq!(shown(cell.alerts_per_day()), "1.000");
    assert_eq!((cell.median_delay(), cell.late_delay()), (Some(40), Some(1_200)));
}

#[test]
fn false_alerts_count_at_every_stealth_and_attacks_at_their_own() {
    let cell = evaluation().cell(WHOLE, |_| true, |attack| attack.stealth == "all");
    assert_eq!((cell.attacks, cell.found, cell.found_before_last_step), (2, 1, 0));
    assert_eq!((cell.true_alerts, cell.false_alerts), (4, 6));
}

#[test]
fn runs_add_up_and_those_not_asked_for_are_left_out() {
    let mut evaluation = evaluation();
    let mut other = evaluation.runs[0].clone();
    other.style = "enterprise".to_string();
    evaluation.runs.push(other);
    let both = evaluation.cell(WHOLE, |_| true, |_| true);
    assert_eq!((both.attacks, both.benign_events, both.false_alerts), (6, 4_000_000, 12));
    let one = evaluation.cell(WHOLE, |run| run.style == "enterprise", |_| true);
    assert_eq!((one.attacks, one.benign_events), (3, 2_000_000));
    // Who says nothing finds nothing, among the same events.
    let silent = evaluation.cell("nobody", |_| true, |_| true);
    assert_eq!((silent.attacks, silent.found, silent.benign_events), (6, 0, 4_000_000));
    assert_eq!(silent.precision(), None);
}

#[test]
fn nothing_has_no_ratio() {
    let cell = Cell::default();
    assert_eq!((cell.recall(), cell.precision(), cell.median_delay()), (None, None, None));
    assert_eq!((cell.false_alerts_per_million(), cell.alerts_per_day()), (None, None));
}

#[test]
fn the_earliest_sighting_stays_whoever_had_it() {
    let mut score = Score::blank(2);
    score.see(0, seen(50, false));
    score.see(0, seen(20, true));
    score.see(0, seen(90, false));
    let mut other = Score::blank(2);
    other.see(0, seen(30, true));
    other.see(1, seen(70, false));
    other.false_alerts = 3;
    score.join(&other);
    assert_eq!(score.sightings, [Some(seen(20, true)), Some(seen(70, false))]);
    assert_eq!(score.false_alerts, 3);
}

#[test]
fn an_attack_is_looked_at_after_each_step_and_right_before_the_last() {
    let moments: Vec<i64> =
        attack("a", "loud", &[100, 200, 900]).checkpoints().map(|moment| moment.0).collect();
    assert_eq!(moments, [111, 211, 911, 900]);
}

#[test]
fn every_written_form_says_the_same_numbers() {
    let evaluation = evaluation();
    let text = written::text(&evaluation);
    assert!(text.contains("rolecall") && text.contains("66.7 %") && text.contains("33.3 %"));
    let markdown = written::markdown(&evaluation);
    assert!(
        markdown.contains(
            "| rolecall | 3 | 66.7 % | 33.3 % | 40 s | 20 min | 40.0 % | 6 | 3.00 | 0 | 1.00 |"
        ),
        "{markdown}"
    );
    let document: serde_json::Value =
        serde_json::from_str(&written::document(&evaluation)).unwrap();
    assert_eq!(document["cells"][0]["found"], 2);
    assert_eq!(document["organizations"][0]["attacks"][2]["found"], false);
}
