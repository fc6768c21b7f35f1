//! The written forms of an evaluation: tables for a terminal, Markdown, JSON.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::cell::Cell;
use crate::run::{Evaluation, Run, WHOLE};
use crate::tables::{Table, names, sources, tables};

/// Tables for a terminal.
pub fn text(evaluation: &Evaluation) -> String {
    tables(evaluation).iter().map(plain).collect::<Vec<String>>().join("\n")
}

/// Tables for a document.
pub fn markdown(evaluation: &Evaluation) -> String {
    tables(evaluation).iter().map(piped).collect::<Vec<String>>().join("\n")
}

/// Every number: each source in each style at each stealth, what was missed, what was wrong.
pub fn document(evaluation: &Evaluation) -> String {
    let mut cells = Vec::new();
    let styles = evaluation.runs.iter().map(|run| run.style.as_str());
    let styles: alloc::collections::BTreeSet<&str> = styles.collect();
    let stealths = names(evaluation, |attack| &attack.stealth);
    for source in sources(evaluation) {
        cells.push(cell([source, "all", "all"], &evaluation.cell(source, |_| true, |_| true)));
        for style in &styles {
            let is_run = |run: &Run| run.style == *style;
            cells.push(cell([source, style, "all"], &evaluation.cell(source, is_run, |_| true)));
            for stealth in &stealths {
                let of = evaluation.cell(source, is_run, |attack| attack.stealth == *stealth);
                cells.push(cell([source, style, stealth], &of));
            }
        }
    }
    let runs: Vec<Value> = evaluation.runs.iter().map(run).collect();
    let document =
        json!({"schema": "rolecall.evaluation/1", "organizations": runs, "cells": cells});
    format!("{document:#}\n")
}

fn cell([source, style, stealth]: [&str; 3], cell: &Cell) -> Value {
    json!({
        "source": source, "style": style, "stealth": stealth, "attacks": cell.attacks,
        "found": cell.found, "found_before_last_step": cell.found_before_last_step,
        "true_alerts": cell.true_alerts, "false_alerts": cell.false_alerts,
        "emergency_alerts": cell.emergency_alerts,
        "benign_events": cell.benign_events, "seconds": cell.seconds,
        "recall": cell.recall(), "recall_before_last_step": cell.recall_before_last_step(),
        "precision": cell.precision(),
        "false_alerts_per_million_benign_events": cell.false_alerts_per_million(),
        "alerts_per_day": cell.alerts_per_day(),
        "median_seconds_to_detection": cell.median_delay(),
        "seconds_to_detection_of_nine_in_ten": cell.late_delay()
    })
}

fn run(run: &Run) -> Value {
    let whole = run.scores.get(WHOLE);
    let mut attacks = Vec::new();
    for (number, attack) in run.attacks.iter().enumerate() {
        let sighting = whole.and_then(|score| score.sightings.get(number)).copied().flatten();
        let by: Vec<&String> = run
            .scores
            .iter()
            .filter(|(_, score)| score.sightings.get(number).copied().flatten().is_some())
            .map(|(source, _)| source)
            .collect();
        attacks.push(json!({
            "name": &attack.name, "kind": &attack.kind, "stealth": &attack.stealth,
            "found": sighting.is_some(),
            "found_before_last_step": sighting.is_some_and(|seen| seen.is_before_last_step),
            "seconds_to_detection": sighting.map(|seen| seen.at.seconds_since(attack.start())),
            "found_by": by
        }));
    }
    let wrong: Vec<Value> = run
        .false_alerts
        .iter()
        .map(|(detector, words)| json!({"detector": detector, "words": words}))
        .collect();
    json!({
        "style": &run.style, "seed": run.seed, "seconds": run.seconds,
        "benign_events": run.benign_events, "attacks": attacks, "false_alerts": wrong
    })
}

fn plain(table: &Table) -> String {
    let widths: Vec<usize> = (0..table.columns.len()).map(|number| width(table, number)).collect();
    let mut text = format!("{}\n\n", table.title);
    let head: Vec<String> = table.columns.iter().map(|name| String::from(*name)).collect();
    for row in core::iter::once(&head).chain(&table.rows) {
        let mut line = String::new();
        for (number, (value, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if number == 0 { "  " } else { "   " };
            let is_name = table.columns.get(number).is_some_and(|name| is_name(name));
            line.push_str(gap);
            line.push_str(&padded(value, *width, is_name));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn piped(table: &Table) -> String {
    let rule = |name: &&str| if is_name(name) { "---" } else { "--:" };
    let rules: Vec<&str> = table.columns.iter().map(rule).collect();
    let mut text = format!(
        "### {}\n\n| {} |\n|{}|\n",
        table.title,
        table.columns.join(" | "),
        rules.join("|")
    );
    for row in &table.rows {
        text.extend(["| ", &row.join(" | "), " |\n"]);
    }
    text
}

/// Names begin at the left, numbers end at the right.
fn padded(value: &str, width: usize, is_name: bool) -> String {
    if is_name { format!("{value:<width$}") } else { format!("{value:>width$}") }
}

fn width(table: &Table, number: usize) -> usize {
    let values = table.rows.iter().filter_map(|row| row.get(number)).map(String::len);
    let head = table.columns.get(number).map_or(0, |name| name.len());
    values.chain([head]).max().unwrap_or_default()
}

/// Whether the column holds names, which begin at the left.
fn is_name(column: &str) -> bool {
    ["attack", "stealth", "style", "who"].contains(&column)
}
