//! `rolecall explain`: what a detector sees, from its own metadata.

use anyhow::{Result, bail};
use detect::attack::ATTACK_VERSION;
use detect::{DETECTORS, Detector, LOG_INTEGRITY};

use crate::Outcome;
use crate::args::{ExplainFormat, ExplainOptions};
use crate::output;

pub(crate) fn run(options: &ExplainOptions) -> Result<Outcome> {
    let wanted =
        |detector: &&&Detector| options.detector.as_deref().is_none_or(|id| id == detector.id);
    let mut known: Vec<&Detector> = [&LOG_INTEGRITY].into_iter().chain(DETECTORS).collect();
    known.sort_by_key(|detector| detector.id);
    let detectors: Vec<&Detector> = known.iter().filter(wanted).copied().collect();
    if detectors.is_empty() {
        let ids: Vec<&str> = known.iter().map(|detector| detector.id).collect();
        let id = options.detector.as_deref().unwrap_or_default();
        bail!("there is no detector `{id}`; there are {}", ids.join(", "));
    }
    let is_list = options.detector.is_none();
    let form = |detector: &&Detector| match options.format {
        ExplainFormat::Ids => format!("{}\n", detector.id),
        ExplainFormat::Markdown => page(detector, &MARKDOWN),
        ExplainFormat::Text if is_list => format!("{:<30} {}\n", detector.id, detector.title),
        ExplainFormat::Text => page(detector, &TEXT),
    };
    output::print(&detectors.iter().map(form).collect::<String>())?;
    Ok(Outcome::Done)
}

/// How a page marks its parts.
struct Marks {
    title: &'static str,
    section: &'static str,
    item: &'static str,
}

const MARKDOWN: Marks = Marks { title: "# ", section: "## ", item: "* " };
const TEXT: Marks = Marks { title: "", section: "", item: "  - " };

fn page(detector: &Detector, marks: &Marks) -> String {
    let techniques: Vec<String> = detector
        .techniques
        .iter()
        .map(|technique| {
            let aliases = technique.aliases;
            let was = if aliases.is_empty() {
                String::new()
            } else {
                format!(" (was {})", aliases.join(", "))
            };
            format!("{} {}{was}", technique.id, technique.name)
        })
        .collect();
    let owned = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<String>>();
    let lists = [
        (format!("ATT&CK, version {ATTACK_VERSION}"), techniques),
        ("Innocent causes".into(), owned(detector.false_positives)),
        ("Blind spots".into(), owned(detector.blind_spots)),
        ("Tripped by Stratus Red Team".into(), owned(detector.emulation)),
        ("References".into(), owned(detector.references)),
    ];
    let head = format!(
        "{}{}\n\n{}.\n\n{}\n\n{}Severity\n\n{}\n",
        marks.title,
        detector.id,
        detector.title,
        detector.description,
        marks.section,
        detector.severity
    );
    let part = |(title, lines): &(String, Vec<String>)| {
        if lines.is_empty() {
            return String::new();
        }
        let items: Vec<String> =
            lines.iter().map(|line| format!("{}{line}\n", marks.item)).collect();
        format!("\n{}{title}\n\n{}", marks.section, items.concat())
    };
    head + &lists.iter().map(part).collect::<String>()
}
