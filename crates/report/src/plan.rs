//! Written forms of a response plan, and of what a verification found.

mod markdown;
mod shell;
mod text;
mod verdict;

pub use markdown::plan_markdown;
pub use shell::plan_shell;
pub use text::plan_text;
pub use verdict::{unread_lines, verdict_json, verdict_text};

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use core::fmt::{self, Write as _};

use respond::{Command, Expect, Input, Phase, Plan, Precondition, Risk, Step};
use serde::Deserialize;

use crate::escape;

/// The plan as one JSON object, in the manner of the scan document.
pub fn plan_json(plan: &Plan) -> String {
    // Serializing fails on maps whose keys are not text alone, and a plan holds no map.
    let mut text = serde_json::to_string_pretty(plan).unwrap_or_default();
    text.push('\n');
    escape::json(text)
}

/// Programs that a plan may run.
const PROGRAMS: [&str; 3] = ["aws", "rolecall", "sha256sum"];

/// The plan of one incident that a document holds, with whatever names it may be asked for by.
#[derive(Debug)]
pub struct Planned {
    /// The incident's id.
    pub incident_id: String,
    /// Its origin and graph as text, in which a key, an instance or an ARN is looked for.
    pub names: String,
    /// Its plan; informational incidents have none.
    pub plan: Option<Plan>,
}

#[derive(Deserialize)]
struct Document {
    incidents: Vec<serde_json::Value>,
}

/// The incidents of a scan document, or the one of a plan.
///
/// # Errors
///
/// Says what is wrong where `text` is neither, or where a plan would run another program than
/// those that plans run.
pub fn plan_of_json(text: &str) -> Result<Vec<Planned>, String> {
    if let Ok(plan) = serde_json::from_str::<Plan>(text) {
        let names = String::new();
        let planned = Planned { incident_id: plan.incident_id.clone(), names, plan: Some(plan) };
        check(&planned)?;
        return Ok([planned].into());
    }
    let document: Document = serde_json::from_str(text).map_err(|error| format!("{error}"))?;
    document.incidents.into_iter().map(planned).collect()
}

fn planned(mut incident: serde_json::Value) -> Result<Planned, String> {
    let response = incident.get_mut("response").map(serde_json::Value::take);
    let id = incident.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let incident_id = String::from(id);
    let [origin, graph] = ["origin", "graph"].map(|member| incident.get(member));
    let names = format!("{} {}", origin.unwrap_or_default(), graph.unwrap_or_default());
    let plan = response.map(serde_json::from_value::<Plan>).transpose();
    let planned = Planned { incident_id, names, plan: plan.map_err(|error| format!("{error}"))? };
    check(&planned)?;
    Ok(planned)
}

fn check(planned: &Planned) -> Result<(), String> {
    let steps = planned.plan.iter().flat_map(|plan| &plan.steps);
    for step in steps {
        let checked = step.check.as_ref().map(|check| &check.command);
        let needed = step.precondition.iter().map(|precondition| &precondition.command);
        let commands = step.preview.iter().chain(&step.command).chain(checked).chain(&step.undo);
        for command in commands.chain(needed) {
            let asked =
                command.inputs.iter().map(|input| &input.argv).filter(|argv| !argv.is_empty());
            for argv in asked.chain([&command.argv]) {
                let program = argv.first().map(String::as_str).unwrap_or_default();
                if !PROGRAMS.contains(&program) {
                    return Err(format!(
                        "step `{}` would run `{program}`, which no plan does",
                        step.id
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Adds text to `out`.
fn put(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

/// The name of a phase, as a heading.
pub(crate) const fn heading(phase: Phase) -> &'static str {
    match phase {
        Phase::Preserve => "Keep the evidence",
        Phase::Contain => "Contain the whole chain at once",
        Phase::CutOrigin => "Cut the origin",
        Phase::RemovePersistence => "Take away what was left behind",
        Phase::CloseWayBack => "Revoke every session and close the way back",
        Phase::Recover => "Recover",
        Phase::Verify => "Verify that nothing of it still works",
    }
}

/// The name of a risk.
pub(crate) const fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Safe => "safe",
        Risk::Disruptive => "disruptive",
        Risk::Destructive => "destructive",
    }
}

/// What a check has to give, in words.
pub(crate) fn expected(expect: &Expect) -> String {
    match expect {
        Expect::Equals(text) if text.is_empty() => "prints nothing".into(),
        Expect::Equals(text) => format!("prints {text}"),
        Expect::Contains(text) => format!("prints a text with {text} in it"),
        Expect::Lacks(text) => format!("prints a text without {text}"),
        Expect::Fails(code) => format!("fails with {code}"),
    }
}

/// How to go through a plan, a paragraph each.
const GUIDE: [&str; 6] = [
    "Go through the steps in their order. A step that names an account takes credentials of that \
     account; one that says so takes those of the organization's management account.",
    "Safe breaks nothing that is in use; disruptive stops work of others until it is taken back; \
     destructive removes what does not come back as it was. A step that is skipped leaves open what \
     it would have stopped, and no step after it does the same.",
    "For each step: see whether its conditions are met, and skip it where they are not; look first; \
     run; check. A look that fails with an error (AccessDenied, another account) has told nothing: \
     mend the credentials and look again, and do not skip. A change of IAM takes up to a few minutes \
     to be seen, so repeat a check before it counts as failed.",
    "Keep what looking first prints: going back needs it. Where a command holds a variable, set that \
     first, as the line before it says.",
    "If a check fails for good, do the step in the console as it says and check again. If that \
     fails, too, note it and go on with the next step: only steps that say so wait for others.",
    "Going back takes back that one step, for when it breaks somebody's work. What is meant for the \
     emergency alone is taken back under Recover, when the verification came out clean; the end of \
     that section lists what is not.",
];

/// The phases of `plan` with the numbers of their steps.
fn overview(plan: &Plan) -> Vec<String> {
    let mut phases: Vec<(Phase, usize, usize)> = Vec::new();
    for (number, step) in (1..).zip(&plan.steps) {
        match phases.last_mut().filter(|(phase, ..)| *phase == step.phase) {
            Some((.., last)) => *last = number,
            None => phases.push((step.phase, number, number)),
        }
    }
    let words = |(phase, first, last): &(Phase, usize, usize)| {
        let numbers = if first == last { format!("{first}") } else { format!("{first}–{last}") };
        format!("{numbers} {}", heading(*phase))
    };
    phases.iter().map(words).collect()
}

/// What to know before the steps of `phase`: recovering waits for the verification, which is the
/// last section because it is repeated until the end.
fn lead(plan: &Plan, phase: Phase) -> Option<String> {
    let is_last = |step: &Step| step.phase == Phase::Verify;
    let first = plan.steps.iter().position(is_last).filter(|_| phase == Phase::Recover)?;
    let verify = first.saturating_add(1);
    Some(format!(
        "Verify before you recover: go to step {verify}, and come back here when the verification \
         came out clean. Until then skip every step of this section that says it waits for that."
    ))
}

/// What a precondition asks for, in words.
pub(crate) fn needed(precondition: &Precondition) -> String {
    format!(
        "{}, which says that {}; where it prints anything else there is nothing to do: skip this step",
        expected(&precondition.expect),
        precondition.what
    )
}

/// What is said about a command that is run more than once.
pub(crate) const REPEATED: &str = "Run it once for each, until the check is as expected.";

/// What a person has to say for `command`, beside what was `told` of the same step already.
fn asked<'s>(
    command: &'s Command,
    told: &mut BTreeSet<(&'s str, &'s str)>,
) -> impl Iterator<Item = &'s Input> {
    let mut asked: Vec<&'s Input> =
        command.inputs.iter().filter(|input| !input.variable.is_empty()).collect();
    asked.retain(|input| told.insert((&input.variable, &input.what)));
    asked.into_iter()
}

/// Where a step takes place.
pub(crate) fn place(step: &Step) -> String {
    match (&step.account_id, &step.region) {
        (Some(account), Some(region)) => format!("account {account}, Region {region}"),
        (Some(account), None) => format!("account {account}"),
        (None, Some(region)) => format!("Region {region}"),
        (None, None) => String::new(),
    }
}

/// Who else a step affects, a line each.
pub(crate) fn affected(step: &Step) -> Vec<String> {
    let one = |affected: &respond::Affected| {
        let next = affected.next.as_ref().map(|next| format!("; next {next}")).unwrap_or_default();
        format!("{}: {}; last {}{next}", affected.who, affected.what, affected.last)
    };
    let mut lines: Vec<String> = step.affects.iter().map(one).collect();
    if step.affects_left_out > 0 {
        lines.push(format!("and {} more", step.affects_left_out));
    }
    lines
}
