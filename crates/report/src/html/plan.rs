//! The response plan of an incident on a page.

use alloc::string::String;
use alloc::vec::Vec;

use detect::Incident;
use respond::{Command, Phase, Step};

use super::plain::Plain;
use crate::Scan;
use crate::limits::{HTML_COMMAND_MAX, HTML_STEPS_MAX};
use crate::plan::{REPEATED, affected, expected, heading, needed, place, risk};
use crate::words;

/// Characters of one sentence of a plan.
const SENTENCE_MAX: usize = 4_000;

/// A plan.
pub(super) struct PlanView {
    pub(super) summary: String,
    pub(super) cut_off: Plain,
    pub(super) watch_until: Plain,
    pub(super) warnings: Vec<Plain>,
    pub(super) phases: Vec<PhaseView>,
    pub(super) steps_left_out: usize,
}

/// The steps of one phase.
pub(super) struct PhaseView {
    phase: Phase,
    pub(super) heading: &'static str,
    pub(super) steps: Vec<StepView>,
}

/// A step.
pub(super) struct StepView {
    pub(super) number: usize,
    pub(super) title: Plain,
    pub(super) risk: &'static str,
    pub(super) place: Plain,
    pub(super) condition: Plain,
    pub(super) why: Plain,
    pub(super) affected: Vec<Plain>,
    pub(super) refused: Plain,
    pub(super) commands: Vec<(Plain, Plain)>,
    pub(super) undo_note: Plain,
    pub(super) url: Plain,
    pub(super) console: Plain,
    pub(super) needs: Plain,
}

impl PlanView {
    /// The plan of `incident`, unless it is informational.
    pub(super) fn of(scan: &Scan<'_>, incident: &Incident) -> Option<Self> {
        let plan = respond::plan(incident, scan.analysis.extents.get(&incident.id)?);
        let mut phases: Vec<PhaseView> = Vec::new();
        for (number, step) in (1..).zip(plan.steps.iter().take(HTML_STEPS_MAX)) {
            let view = StepView::of(number, step);
            match phases.last_mut().filter(|last| last.phase == step.phase) {
                Some(last) => last.steps.push(view),
                None => phases.push(PhaseView {
                    phase: step.phase,
                    heading: heading(step.phase),
                    steps: [view].into(),
                }),
            }
        }
        Some(Self {
            summary: words::counted(plan.steps.len() as u64, "step"),
            cut_off: Plain::of(&plan.cut_off),
            watch_until: Plain::of(&plan.watch_until),
            warnings: plan.warnings.iter().map(|warning| sentence(warning)).collect(),
            phases,
            steps_left_out: plan.steps.len().saturating_sub(HTML_STEPS_MAX),
        })
    }
}

fn sentence(text: &str) -> Plain {
    Plain::clipped(text, SENTENCE_MAX)
}

fn optional(text: Option<&String>) -> Plain {
    text.map(|text| sentence(text)).unwrap_or_default()
}

impl StepView {
    fn of(number: usize, step: &Step) -> Self {
        let shell = |command: &Command| Plain::clipped(&command.shell, HTML_COMMAND_MAX);
        let mut commands = Vec::new();
        if let Some(precondition) = &step.precondition {
            let what = alloc::format!("Only where it {}", needed(precondition));
            commands.push((sentence(&what), shell(&precondition.command)));
        }
        commands
            .extend(step.preview.iter().map(|command| (Plain::of("Look first"), shell(command))));
        let run = if step.repeats { alloc::format!("Run. {REPEATED}") } else { "Run".into() };
        commands.extend(step.command.iter().map(|command| (sentence(&run), shell(command))));
        if let Some(check) = &step.check {
            let what = alloc::format!("Check; it {}", expected(&check.expect));
            commands.push((sentence(&what), shell(&check.command)));
        }
        commands.extend(step.undo.iter().map(|command| (Plain::of("Go back"), shell(command))));
        Self {
            number,
            title: sentence(&step.title),
            risk: risk(step.risk),
            place: sentence(&place(step)),
            condition: optional(step.condition.as_ref()),
            why: sentence(&step.why),
            affected: affected(step).iter().map(|line| sentence(line)).collect(),
            refused: optional(step.refused.as_ref()),
            commands,
            undo_note: optional(step.undo_note.as_ref()),
            url: optional(step.console.url.as_ref().filter(|url| url.starts_with("https://"))),
            console: sentence(&step.console.path),
            needs: sentence(&step.needs.join(", ")),
        }
    }
}
