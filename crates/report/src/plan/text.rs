//! A plan as text for a terminal: one step after the other, commands unbroken.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use respond::{Command, Phase, Plan, Risk, Step};

use super::{
    GUIDE, REPEATED, affected, asked, expected, heading, lead, needed, overview, place, put, risk,
};
use crate::escape;
use crate::page::{Line, Page, Paint, Style};

/// Column where the parts of a step begin, and where their text does.
const MARGIN: usize = 4;
const HANG: usize = 18;

/// Columns of one sentence of a plan.
const SENTENCE_COLUMNS_MAX: usize = 4_000;

/// The plan as text for a terminal.
///
/// Commands are not wrapped: each is one line that can be copied.
pub fn plan_text(plan: &Plan, style: &Style) -> String {
    let mut sheet = Sheet { style, out: String::new() };
    sheet.head(plan);
    let mut phase: Option<Phase> = None;
    for (number, step) in (1..).zip(&plan.steps) {
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            sheet.gap();
            sheet.say(Paint::Bold, 0, 0, heading(step.phase));
            if let Some(lead) = lead(plan, step.phase) {
                sheet.say(Paint::Orange, 0, 0, &lead);
            }
        }
        sheet.step(number, step);
    }
    sheet.out
}

struct Sheet<'s> {
    style: &'s Style,
    out: String,
}

impl Sheet<'_> {
    fn head(&mut self, plan: &Plan) {
        self.say(Paint::Bold, 0, 0, &format!("Response to incident {}", plan.incident_id));
        self.say(Paint::Plain, 0, 0, &plan.title);
        self.gap();
        self.part(
            Paint::Plain,
            "T0",
            &format!("{}, the last event of the chain in these logs", plan.t0),
        );
        self.part(
            Paint::Plain,
            "Cut-off",
            &format!("{}: credentials that were issued before are revoked", plan.cut_off),
        );
        self.part(
            Paint::Plain,
            "Watch until",
            &format!(
                "{}, when the last of them has expired; longer where the second round was run \
                 later, as Recover says",
                plan.watch_until
            ),
        );
        self.part(Paint::Plain, "Accounts", &plan.accounts.join(", "));
        for (position, line) in overview(plan).iter().enumerate() {
            self.part(Paint::Plain, if position == 0 { "Steps" } else { "" }, line);
        }
        for (position, line) in GUIDE.iter().enumerate() {
            self.part(Paint::Plain, if position == 0 { "How" } else { "" }, line);
        }
        for (position, warning) in plan.warnings.iter().enumerate() {
            self.part(Paint::Orange, if position == 0 { "Beware" } else { "" }, warning);
        }
    }

    fn step(&mut self, number: usize, step: &Step) {
        self.gap();
        let paint = match step.risk {
            Risk::Safe => Paint::Faint,
            Risk::Disruptive => Paint::Orange,
            Risk::Destructive => Paint::Red,
        };
        let line = Line::new(0, MARGIN)
            .word(Paint::Bold, &format!("{number:>2}."))
            .prose(Paint::Bold, &step.title, SENTENCE_COLUMNS_MAX)
            .part(paint, &format!("[{}]", risk(step.risk)))
            .prose(Paint::Faint, &place(step), SENTENCE_COLUMNS_MAX);
        self.line(&line);
        if let Some(condition) = &step.condition {
            self.say(Paint::Orange, MARGIN, MARGIN, condition);
        }
        self.say(Paint::Plain, MARGIN, MARGIN, &step.why);
        for (position, line) in affected(step).iter().enumerate() {
            self.part(Paint::Orange, if position == 0 { "Also cut off" } else { "" }, line);
        }
        if let Some(refused) = &step.refused {
            self.part(Paint::Red, "No command", refused);
        }
        let mut told = BTreeSet::new();
        if let Some(precondition) = &step.precondition {
            self.command("Only where", Some(&precondition.command), &mut told);
            self.part(Paint::Faint, "", &needed(precondition));
        }
        self.command("Look first", step.preview.as_ref(), &mut told);
        self.command("Run", step.command.as_ref(), &mut told);
        if step.repeats {
            self.part(Paint::Faint, "", REPEATED);
        }
        if let Some(check) = &step.check {
            self.command("Check", Some(&check.command), &mut told);
            self.part(Paint::Faint, "", &expected(&check.expect));
        }
        for undo in &step.undo {
            self.command("Go back", Some(undo), &mut told);
        }
        if let Some(note) = &step.undo_note {
            self.part(Paint::Faint, if step.undo.is_empty() { "Go back" } else { "" }, note);
        }
        self.part(Paint::Faint, "Console", &step.console.path);
        if let Some(url) = &step.console.url {
            self.part(Paint::Faint, "", url);
        }
        self.part(Paint::Faint, "Needs", &step.needs.join(", "));
    }

    /// A command, on one line of its own.
    fn command<'s>(
        &mut self,
        label: &str,
        command: Option<&'s Command>,
        told: &mut BTreeSet<(&'s str, &'s str)>,
    ) {
        let Some(command) = command else {
            return;
        };
        for input in asked(command, told) {
            let first = format!("the variable {} to {}.", input.variable, input.what);
            self.part(Paint::Plain, "First set", &first);
        }
        let padding = " ".repeat(HANG.saturating_sub(MARGIN + label.chars().count()).max(1));
        let text = escape::terminal(&command.shell);
        put(&mut self.out, format_args!("{}{label}{padding}{text}\n", " ".repeat(MARGIN)));
    }

    fn part(&mut self, paint: Paint, label: &str, text: &str) {
        if !text.is_empty() {
            let line = Line::labelled(MARGIN, HANG, Paint::Plain, label);
            self.line(&line.prose(paint, text, SENTENCE_COLUMNS_MAX));
        }
    }

    fn say(&mut self, paint: Paint, indent: usize, hang: usize, text: &str) {
        self.line(&Line::new(indent, hang).prose(paint, text, SENTENCE_COLUMNS_MAX));
    }

    fn line(&mut self, line: &Line) {
        let mut page = Page::of(self.style);
        page.line(line);
        self.out.push_str(&page.into_text());
    }

    fn gap(&mut self) {
        self.out.push('\n');
    }
}
