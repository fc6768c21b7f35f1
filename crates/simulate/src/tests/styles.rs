//! The organizations of the styles: their routines, their attacks, and the labels of both.

extern crate std;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use std::sync::OnceLock;

use serde_json::Value;

use super::{Made, default_window, made, records};
use crate::attacks::campaign;
use crate::{Attack, Settings, Simulation, Stealth, Style, simulate};

const ROUTINES: [Style; 4] =
    [Style::CiHeavy, Style::ContainerHeavy, Style::Enterprise, Style::Startup];

fn settings(style: Style) -> Settings {
    Settings { seed: 3, days: 5, style, ..Settings::default() }
}

/// One organization of each style.
fn organizations() -> &'static [(Style, Made)] {
    static MADE: OnceLock<Vec<(Style, Made)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let make = |style| {
            let (files, truth) = made(&settings(style));
            let records = records(&files);
            (style, Made { files, truth, records })
        };
        ROUTINES.into_iter().map(make).collect()
    })
}

/// What is done to an organization, without anybody's life in it.
fn attacks_of(settings: &Settings) -> Vec<Attack> {
    Simulation::new(settings).attacks().to_vec()
}

fn events<'a>(made: &'a Made, attack: &'a Attack) -> impl Iterator<Item = &'a Value> {
    attack.event_ids.iter().map(|id| &made.records[id].0)
}

fn check_steps(made: &Made) {
    for attack in &made.truth.attacks {
        assert!(attack.steps.len() >= 2, "{}", attack.name);
        let of_steps: Vec<&String> = attack.steps.iter().flat_map(|step| &step.event_ids).collect();
        assert_eq!(of_steps, attack.event_ids.iter().collect::<Vec<&String>>(), "{}", attack.name);
        assert_eq!(attack.steps.first().unwrap().start, attack.start);
        assert_eq!(attack.steps.last().unwrap().end, attack.end);
        let mut last = &attack.start;
        for step in &attack.steps {
            assert!(*last <= step.start && step.start <= step.end, "{}", attack.name);
            let times: Vec<&str> = step
                .event_ids
                .iter()
                .map(|id| made.records[id].0["eventTime"].as_str().unwrap())
                .collect();
            assert_eq!(times.first(), Some(&step.start.as_str()), "{}", attack.name);
            assert_eq!(times.last(), Some(&step.end.as_str()), "{}", attack.name);
            last = &step.end;
        }
    }
}

#[test]
fn the_steps_of_every_attack_are_its_events_in_the_logs_cut_in_order() {
    check_steps(default_window());
    for (_, made) in organizations() {
        check_steps(made);
    }
}

#[test]
fn every_plan_is_acted_out_in_every_seed_and_at_every_level_within_six() {
    for style in ROUTINES {
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for seed in 1..=6 {
            for attack in attacks_of(&Settings { seed, style, ..Settings::default() }) {
                seen.entry(attack.name).or_default().insert(attack.stealth);
            }
        }
        let plans: BTreeSet<&str> = campaign::names(style).into_iter().collect();
        assert_eq!(seen.keys().copied().collect::<BTreeSet<&str>>(), plans, "{style:?}");
        for (name, levels) in seen {
            assert_eq!(levels.len(), Stealth::ALL.len(), "{style:?}: {name}");
        }
    }
}

#[test]
fn without_attacks_nothing_is_labelled() {
    for style in ROUTINES {
        let quiet = Settings { attacks: false, days: 3, ..settings(style) };
        let truth = simulate(&quiet, &mut |_| {});
        assert!(truth.attacks.is_empty() && truth.n_events > 1_000);
        assert!(truth.benign.len() >= 3, "{style:?}");
    }
}

#[test]
fn a_style_gives_the_same_bytes_again() {
    let settings = Settings { days: 3, ..settings(Style::Enterprise) };
    assert_eq!(made(&settings), made(&settings));
}

#[test]
fn whoever_stays_in_the_network_of_the_victim_has_no_address_of_an_own() {
    for (style, made) in organizations() {
        for attack in &made.truth.attacks {
            let is_inside = ["same_network", "all"].contains(&attack.stealth);
            assert_eq!(attack.foreign_addresses.is_empty(), is_inside, "{style:?} {}", attack.name);
            for address in &attack.foreign_addresses {
                let n_away = events(made, attack)
                    .filter(|record| record["sourceIPAddress"] == address.as_str())
                    .count();
                assert_eq!(n_away, attack.event_ids.len(), "{style:?} {}", attack.name);
                let benign = made.records.iter().filter(|(id, _)| !attack.event_ids.contains(id));
                let mut benign = benign.map(|(_, (record, _))| &record["sourceIPAddress"]);
                assert!(benign.all(|other| *other != address.as_str()), "{style:?} {address}");
            }
        }
    }
}

#[test]
fn whoever_has_the_client_of_the_victim_sends_what_the_victim_sends() {
    for (style, made) in organizations() {
        for attack in &made.truth.attacks {
            let of_attack: BTreeSet<&str> =
                events(made, attack).map(|record| record["userAgent"].as_str().unwrap()).collect();
            let victim = attack.origin.principal_arn.as_str();
            // A task and a pod have another name every few days.
            let is_renamed = ["ecs_task", "eks_pod"].contains(&attack.origin.kind);
            let role = victim.rsplit_once('/').map_or(victim, |(role, _)| role);
            let is_victim =
                |arn: &str| if is_renamed { arn.starts_with(role) } else { arn == victim };
            let mut of_victim: BTreeSet<&str> = made
                .records
                .iter()
                .filter(|(id, _)| !attack.event_ids.contains(id))
                .filter(|(_, (record, _))| {
                    record["userIdentity"]["arn"].as_str().is_some_and(is_victim)
                })
                .map(|(_, (record, _))| record["userAgent"].as_str().unwrap())
                .collect();
            // Whoever was given a newer client may not have used it yet.
            of_victim.insert(crate::agents::CLI_NEWER);
            if ["same_client", "all"].contains(&attack.stealth) {
                assert!(of_attack.is_subset(&of_victim), "{style:?} {}", attack.name);
            } else {
                assert!(of_attack.is_disjoint(&of_victim), "{style:?} {}", attack.name);
            }
        }
    }
}

#[test]
fn whoever_takes_care_needs_days() {
    let hours = |attack: &Attack| {
        let day = |time: &str| time.get(8..10).unwrap().parse::<i64>().unwrap() * 24;
        let hour = |time: &str| time.get(11..13).unwrap().parse::<i64>().unwrap();
        let at = |time: &str| day(time) + hour(time);
        at(&attack.end) - at(&attack.start)
    };
    let settings = Settings { days: 14, ..settings(Style::Startup) };
    for attack in &attacks_of(&settings) {
        let is_slow = ["careful", "all"].contains(&attack.stealth);
        assert_eq!(hours(attack) > 5, is_slow, "{} {}", attack.name, attack.stealth);
    }
}
