//! A plan as a script for a POSIX shell, which stops at each step for a confirmation.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use respond::{Command, Expect, Phase, Plan, Precondition, Risk, Step, quoted};

use super::{GUIDE, affected, heading, lead, put, risk};
use crate::escape;

/// What stands before the steps.
const HEAD: &str = include_str!("../../templates/plan-head.sh");

/// Calls whose answers hold secrets, which do not belong into a log.
const SECRET: [&str; 2] = ["create-access-key", "create-login-profile"];

/// What to do about steps that wait for the verification, which the script comes to behind them.
const LATER: &str = "Verify before you recover: answer s to every step of this section that waits \
                     for the verification, which is the last section, and run this script again \
                     when that came out clean. Then answer s to what is done.";

/// The plan as a script.
///
/// It runs nothing without a `y`, and nothing destructive without a second one. Every text in it
/// is quoted; text of logs stands in no comment.
pub fn plan_shell(plan: &Plan) -> String {
    let mut out = String::from(HEAD);
    out.push_str(&accounts(plan));
    let total = plan.steps.len();
    let mut phase: Option<Phase> = None;
    let mut calls: Vec<String> = Vec::new();
    for (number, step) in (1..).zip(&plan.steps) {
        put(&mut out, format_args!("\nstep_{number}() {{\n"));
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            put(
                &mut out,
                format_args!("  say '' {}\n", quoted(&format!("== {} ==", heading(step.phase)))),
            );
            if lead(plan, step.phase).is_some() {
                put(&mut out, format_args!("  say {}\n", text(LATER)));
            }
        }
        let title = format!("[{number}/{total}] {} ({})", step.title, risk(step.risk));
        put(&mut out, format_args!("  say '' {}\n", text(&title)));
        body(&mut out, step);
        out.push_str("}\n");
        calls.push(format!("  step_{number}\n"));
    }
    let title = format!("Response to incident {}: {}", plan.incident_id, plan.title);
    put(&mut out, format_args!("\nmain() {{\n  begin {} {}\n", file_name(plan), text(&title)));
    let times = format!(
        "Last event of the chain (T0): {}. Revoked is what was issued before {}. Watch until {}.",
        plan.t0, plan.cut_off, plan.watch_until
    );
    for line in [times.as_str()].iter().chain(&GUIDE) {
        put(&mut out, format_args!("  say {}\n", text(line)));
    }
    for warning in &plan.warnings {
        put(&mut out, format_args!("  say {}\n", text(&format!("Beware: {warning}"))));
    }
    out.extend(calls);
    out.push_str("  say '' 'All steps were shown.'\n}\n\nmain\n");
    out
}

/// `shown` as one quoted word.
fn text(shown: &str) -> String {
    quoted(&escape::terminal(shown)).into_owned()
}

/// The log, named by the incident.
fn file_name(plan: &Plan) -> String {
    let tag: String =
        plan.incident_id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("response-{tag}.log")
}

/// The profile of each account, from a variable of the environment.
fn accounts(plan: &Plan) -> String {
    let accounts = plan.steps.iter().filter_map(|step| step.account_id.as_deref());
    let accounts: BTreeSet<&str> = accounts.filter(|account| is_account(account)).collect();
    let mut out = String::from("\nprofile_of() {\n  case $1 in\n");
    for account in accounts {
        put(
            &mut out,
            format_args!("    {account}) profile=${{ROLECALL_PROFILE_{account}:-}} ;;\n"),
        );
    }
    out.push_str("    *) profile=${ROLECALL_PROFILE_MANAGEMENT:-} ;;\n  esac\n}\n");
    out
}

fn is_account(account: &str) -> bool {
    account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
}

fn body(out: &mut String, step: &Step) {
    if let Some(condition) = &step.condition {
        put(out, format_args!("  say {}\n", text(condition)));
    }
    put(out, format_args!("  say {}\n", text(&step.why)));
    for line in affected(step) {
        put(out, format_args!("  say {}\n", text(&format!("Also cut off: {line}"))));
    }
    put(out, format_args!("  say {}\n", text(&format!("Console: {}", step.console.path))));
    if let Some(refused) = &step.refused {
        put(out, format_args!("  say {}\n", text(&format!("No command: {refused}"))));
    }
    let checked = step.check.as_ref().map(|check| &check.command);
    let needed = step.precondition.as_ref().map(|precondition| &precondition.command);
    let is_aws = [step.preview.as_ref(), step.command.as_ref(), checked, needed]
        .into_iter()
        .flatten()
        .any(|command| command.argv.first().is_some_and(|program| program == "aws"));
    let account = step.account_id.as_deref().filter(|account| is_account(account));
    if is_aws && step.id != "outside" {
        put(out, format_args!("  use_account {} || return 0\n", account.unwrap_or("management")));
    }
    let mut asked = BTreeSet::new();
    if let Some(precondition) = &step.precondition {
        inputs(out, &precondition.command, &mut asked);
        put(out, format_args!("  applies {} || return 0\n", wanted(precondition)));
    }
    if let Some(preview) = &step.preview {
        inputs(out, preview, &mut asked);
        put(out, format_args!("  show {}\n", preview.shell));
    }
    match &step.command {
        Some(command) => run(out, step, command, &mut asked),
        None => out.push_str("  ask 'Done by hand? [y/s(kip)/q]' || return 0\n"),
    }
    if let Some(check) = &step.check {
        inputs(out, &check.command, &mut asked);
        let (kind, value) = kind_and_value(&check.expect);
        put(out, format_args!("  expect {kind} {} {}\n", text(value), check.command.shell));
    }
}

const fn kind_and_value(expect: &Expect) -> (&'static str, &String) {
    match expect {
        Expect::Equals(value) => ("equals", value),
        Expect::Contains(value) => ("contains", value),
        Expect::Lacks(value) => ("lacks", value),
        Expect::Fails(value) => ("fails", value),
    }
}

/// The arguments of the script's functions that look whether a precondition holds.
fn wanted(precondition: &Precondition) -> String {
    let (kind, value) = kind_and_value(&precondition.expect);
    let (what, value) = (text(&precondition.what), text(value));
    format!("{what} {kind} {value} {}", precondition.command.shell)
}

fn run(out: &mut String, step: &Step, command: &Command, asked: &mut BTreeSet<String>) {
    if is_secret(command) {
        out.push_str(
            "  say 'The answer holds a secret: it is shown here and kept out of the log.'\n",
        );
    }
    for undo in &step.undo {
        put(out, format_args!("  say {}\n", text(&format!("To go back: {}", undo.shell))));
    }
    if let Some(note) = &step.undo_note {
        put(out, format_args!("  say {}\n", text(&format!("Going back: {note}"))));
    }
    out.push_str("  ask 'Run? [y/s(kip)/q]' || return 0\n");
    if step.risk == Risk::Destructive {
        out.push_str(
            "  ask 'This cannot be brought back as it was. Really? [y/s(kip)/q]' || return 0\n",
        );
    }
    inputs(out, command, asked);
    let run = if is_secret(command) {
        "run_secret"
    } else if is_verification(command) {
        "run_verdict"
    } else {
        "run"
    };
    match step.precondition.as_ref().filter(|_| step.repeats) {
        Some(precondition) => put(
            out,
            format_args!(
                "  while :; do\n    {run} {} || return 0\n    again {} || break\n  done\n",
                command.shell,
                wanted(precondition)
            ),
        ),
        None => put(out, format_args!("  {run} {} || return 0\n", command.shell)),
    }
}

fn is_secret(command: &Command) -> bool {
    command.argv.iter().any(|argument| SECRET.contains(&argument.as_str()))
}

/// Whether its status is a verdict.
fn is_verification(command: &Command) -> bool {
    let mut argv = command.argv.iter();
    argv.next().is_some_and(|program| program == "rolecall")
        && argv.any(|argument| argument.starts_with("--verify"))
}

/// Asks for what a person has to say and was not asked before in this step.
fn inputs(out: &mut String, command: &Command, asked: &mut BTreeSet<String>) {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    for input in command.inputs.iter().filter(|input| is_name(&input.variable)) {
        let variable = &input.variable;
        if !asked.insert(variable.clone()) {
            continue;
        }
        put(
            out,
            format_args!(
                "  ask_value {}\n  {variable}=$answer\n",
                text(&format!("{variable}, {}:", input.what))
            ),
        );
    }
}
