//! A plan as Markdown, for a ticket or a page of a wiki.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use respond::{Command, Phase, Plan, Step};

use super::{
    GUIDE, REPEATED, affected, asked, expected, heading, lead, needed, overview, place, put, risk,
};
use crate::escape;

/// The plan as Markdown, with a box to tick for each step.
pub fn plan_markdown(plan: &Plan) -> String {
    let mut out = format!(
        "# Response to incident {}\n\n{}\n\n",
        shown(&plan.incident_id),
        shown(&plan.title)
    );
    for (word, text) in [
        ("T0, the last event of the chain", &plan.t0),
        ("Cut-off: credentials that were issued before are revoked", &plan.cut_off),
        ("Watch until", &plan.watch_until),
        ("Accounts", &plan.accounts.join(", ")),
    ] {
        put(&mut out, format_args!("* {word}: {}\n", shown(text)));
    }
    put(&mut out, format_args!("* Steps: {}\n", shown(&overview(plan).join("; "))));
    out.push_str("\n## How to go through it\n\n");
    for line in GUIDE {
        put(&mut out, format_args!("* {}\n", shown(line)));
    }
    if !plan.warnings.is_empty() {
        out.push_str("\n## Beware\n\n");
    }
    for warning in &plan.warnings {
        put(&mut out, format_args!("* {}\n", shown(warning)));
    }
    let mut phase: Option<Phase> = None;
    for (number, step) in (1..).zip(&plan.steps) {
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            put(&mut out, format_args!("\n## {}\n", heading(step.phase)));
            if let Some(lead) = lead(plan, step.phase) {
                put(&mut out, format_args!("\n**{}**\n", shown(&lead)));
            }
        }
        self::step(&mut out, number, step);
    }
    out
}

fn step(out: &mut String, number: usize, step: &Step) {
    put(out, format_args!("\n### {number}. {}\n\n", shown(&step.title)));
    let place = place(step);
    let place = if place.is_empty() { place } else { format!(", {}", shown(&place)) };
    put(out, format_args!("* [ ] done by, at, ticket: \n* Risk: **{}**{place}\n", risk(step.risk)));
    if let Some(condition) = &step.condition {
        put(out, format_args!("* **{}**\n", shown(condition)));
    }
    put(out, format_args!("\n{}\n", shown(&step.why)));
    let affected = affected(step);
    if !affected.is_empty() {
        out.push_str("\nAlso cut off:\n\n");
    }
    for line in affected {
        put(out, format_args!("* {}\n", shown(&line)));
    }
    if let Some(refused) = &step.refused {
        put(out, format_args!("\n**No command.** {}\n", shown(refused)));
    }
    let mut told = BTreeSet::new();
    if let Some(precondition) = &step.precondition {
        let title = format!("Only where it {}", shown(&needed(precondition)));
        command(out, &title, Some(&precondition.command), &mut told);
    }
    command(out, "Look first", step.preview.as_ref(), &mut told);
    command(out, "Run", step.command.as_ref(), &mut told);
    if step.repeats {
        put(out, format_args!("\n{}\n", shown(REPEATED)));
    }
    if let Some(check) = &step.check {
        let title = format!("Check; it {}", shown(&expected(&check.expect)));
        command(out, &title, Some(&check.command), &mut told);
    }
    for undo in &step.undo {
        command(out, "Go back", Some(undo), &mut told);
    }
    if let Some(note) = &step.undo_note {
        put(out, format_args!("\nGoing back: {}\n", shown(note)));
    }
    put(out, format_args!("\nIn the console: {}\n", shown(&step.console.path)));
    if let Some(url) = &step.console.url {
        // Every part of the address is a checked name: it has no bracket and no space.
        put(out, format_args!("<{}>\n", escape::terminal(url).replace(['<', '>'], "")));
    }
    if !step.needs.is_empty() {
        put(out, format_args!("\nNeeds: {}\n", shown(&step.needs.join(", "))));
    }
}

fn command<'s>(
    out: &mut String,
    title: &str,
    command: Option<&'s Command>,
    told: &mut BTreeSet<(&'s str, &'s str)>,
) {
    let Some(command) = command else {
        return;
    };
    put(out, format_args!("\n{title}:\n"));
    for input in asked(command, told) {
        put(
            out,
            format_args!(
                "(first set the variable {} to {})\n",
                shown(&input.variable),
                shown(&input.what)
            ),
        );
    }
    // One line that begins with the name of a program: it cannot end the box.
    put(out, format_args!("\n```sh\n{}\n```\n", escape::terminal(&command.shell)));
}

/// `text` as Markdown that shows it and does nothing else.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in escape::terminal(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|'
            | '~' | ':' | '@' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn text_is_shown_and_does_nothing() {
        assert_eq!(
            shown("[x](javascript:y) <img> `a` \u{202e}"),
            r"\[x\]\(javascript\:y\) &lt;img&gt; \`a\` \\u\{202e\}"
        );
    }
}
