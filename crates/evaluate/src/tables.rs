//! The tables that an evaluation is told in.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::baselines::BASELINES;
use crate::cell::Cell;
use crate::label::Attack;
use crate::run::{Evaluation, RULES, Run, WHOLE};

/// A table of texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) title: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Those that stand for all others where tables would grow too long.
const COMPARED: [&str; 5] = [WHOLE, "hop count", "new role pair", "first-use lock", RULES];

/// Every table of `evaluation`, the most general first.
pub(crate) fn tables(evaluation: &Evaluation) -> Vec<Table> {
    Vec::from([
        whole(evaluation),
        by_style(evaluation),
        by_stealth(evaluation),
        by_attack(evaluation),
    ])
}

/// Detectors first, then the baselines in their own order.
pub(crate) fn sources(evaluation: &Evaluation) -> Vec<&str> {
    let known = evaluation.sources();
    let is_baseline = |name: &str| name == RULES || BASELINES.iter().any(|rule| rule.id == name);
    let mut sources: Vec<&str> = known.iter().copied().filter(|name| !is_baseline(name)).collect();
    sources.sort_by_key(|name| (!name.starts_with(WHOLE), *name));
    sources.extend(BASELINES.iter().map(|rule| rule.id).filter(|id| known.contains(id)));
    sources.extend(known.contains(RULES).then_some(RULES));
    sources
}

fn whole(evaluation: &Evaluation) -> Table {
    let rows = sources(evaluation).into_iter().map(|source| {
        let cell = evaluation.cell(source, |_| true, |_| true);
        let mut row = Vec::from([source.to_string()]);
        row.extend(found(&cell));
        row.extend(noise(&cell));
        row
    });
    Table {
        title: "All organizations",
        columns: columns(&["who"], &[&FOUND, &NOISE]),
        rows: rows.collect(),
    }
}

fn by_style(evaluation: &Evaluation) -> Table {
    let styles: BTreeSet<&str> = evaluation.runs.iter().map(|run| run.style.as_str()).collect();
    let mut rows = Vec::new();
    for style in styles {
        for source in COMPARED {
            let cell = evaluation.cell(source, |run| run.style == style, |_| true);
            let mut row = Vec::from([style.to_string(), source.to_string()]);
            row.extend(found(&cell));
            row.extend(noise(&cell));
            rows.push(row);
        }
    }
    Table { title: "By style", columns: columns(&["style", "who"], &[&FOUND, &NOISE]), rows }
}

fn by_stealth(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for stealth in names(evaluation, |attack| &attack.stealth) {
        for source in COMPARED {
            let cell = evaluation.cell(source, |_| true, |attack| attack.stealth == stealth);
            let mut row = Vec::from([stealth.to_string(), source.to_string()]);
            row.extend(found(&cell));
            rows.push(row);
        }
    }
    Table { title: "By stealth", columns: columns(&["stealth", "who"], &[&FOUND]), rows }
}

fn by_attack(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for name in names(evaluation, |attack| &attack.name) {
        let is_it = |attack: &Attack| attack.name == name;
        let mut row = Vec::from([name.to_string()]);
        row.extend(found(&evaluation.cell(WHOLE, |_| true, is_it)));
        let rules = evaluation.cell(RULES, |_| true, is_it);
        row.push(percent(rules.recall_before_last_step()));
        rows.push(row);
    }
    let mut columns = columns(&["attack"], &[&FOUND]);
    columns.push("rules in time");
    Table { title: "By attack (rolecall)", columns, rows }
}

const FOUND: [&str; 5] = ["attacks", "found", "in time", "median delay", "90 % delay"];
const NOISE: [&str; 5] =
    ["precision", "false alerts", "per million", "emergencies", "alerts a day"];

fn columns(first: &[&'static str], groups: &[&[&'static str]]) -> Vec<&'static str> {
    first.iter().chain(groups.iter().copied().flatten()).copied().collect()
}

fn found(cell: &Cell) -> [String; 5] {
    [
        cell.attacks.to_string(),
        percent(cell.recall()),
        percent(cell.recall_before_last_step()),
        duration(cell.median_delay()),
        duration(cell.late_delay()),
    ]
}

fn noise(cell: &Cell) -> [String; 5] {
    [
        percent(cell.precision()),
        cell.false_alerts.to_string(),
        number(cell.false_alerts_per_million()),
        cell.emergency_alerts.to_string(),
        number(cell.alerts_per_day()),
    ]
}

/// Every value that `name` has among the attacks, in order.
pub(crate) fn names(evaluation: &Evaluation, name: impl Fn(&Attack) -> &String) -> BTreeSet<&str> {
    let attacks = evaluation.runs.iter().flat_map(|run: &Run| &run.attacks);
    attacks.map(|attack| name(attack).as_str()).collect()
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| "-".into(), |part| format!("{:.1} %", part * 100.0))
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), |value| format!("{value:.2}"))
}

fn duration(seconds: Option<i64>) -> String {
    match seconds {
        None => "-".into(),
        Some(seconds @ ..120) => format!("{seconds} s"),
        Some(seconds @ ..7_200) => format!("{} min", seconds / 60),
        Some(seconds @ ..172_800) => format!("{} h", seconds / 3_600),
        Some(seconds) => format!("{} d", seconds / 86_400),
    }
}
