//! `rolecall tune`: how much surprise is worth an alert, by one's own history.

use std::fmt::Write as _;

use anyhow::Result;
use detect::{Analysis, Candidate, UNUSUAL_BIT};

use crate::Outcome;
use crate::args::TuneOptions;
use crate::knowledge::Knowledge;
use crate::output;
use crate::scan;
use crate::sources::Sources;

/// Titles of what is left out that the file lists.
const LISTED_MAX: usize = 200;

pub(crate) fn run(options: &TuneOptions) -> Result<Outcome> {
    let sources = Sources::parse(&options.sources, &options.fetch)?;
    let mut knowledge = Knowledge::read(&options.knowledge, options.quiet)?;
    let mut reading = scan::read(&sources, options.threads, options.quiet)?;
    knowledge.add_to(&mut reading);
    // A threshold decides how urgent a candidate is, and not what is one.
    let analysis = detect::analyze(&reading.evidence, knowledge.settings());
    let budget = Budget::of(options, &analysis);
    let threshold = threshold(&analysis, budget.alerts);
    reading.keep();
    let mut text = document(&analysis, &budget, threshold);
    for accepted in knowledge.settings().accepted {
        text += &decision(accepted);
    }
    match &options.output {
        Some(path) => output::write_file(&text, path, options.force)?,
        None => output::print(&text)?,
    }
    Ok(if reading.is_partial { Outcome::Partial } else { Outcome::Done })
}

/// How many alerts the history may have.
struct Budget {
    alerts: usize,
    words: String,
}

impl Budget {
    fn of(options: &TuneOptions, analysis: &Analysis) -> Self {
        let days = days(analysis);
        let millions = analysis.events.events as f64 / 1_000_000.0;
        let (wanted, words) = match (options.alerts_per_day, options.alerts_per_million) {
            (Some(a_day), _) => (a_day * days as f64, format!("{a_day} a day")),
            (None, a_million) => {
                let a_million = a_million.unwrap_or_default();
                (a_million * millions, format!("{a_million} a million events"))
            }
        };
        Self { alerts: wanted.floor() as usize, words }
    }
}

/// Days of logs, one at least.
fn days(analysis: &Analysis) -> i64 {
    let span = analysis.first_event.zip(analysis.as_of);
    span.map_or(1, |(first, last)| last.day() - first.day() + 1)
}

/// The lowest threshold that lets no more than `alerts` candidates pass, in sixteenths of a bit.
fn threshold(analysis: &Analysis, alerts: usize) -> u32 {
    let mut scores: Vec<u32> = analysis.unusual.candidates.iter().map(|one| one.score).collect();
    scores.sort_unstable_by(|left, right| right.cmp(left));
    let least = detect::UNUSUAL_MEDIUM;
    scores.get(alerts).map_or(least, |first_left_out| least.max(first_left_out + 1))
}

fn document(analysis: &Analysis, budget: &Budget, threshold: u32) -> String {
    let unusual = &analysis.unusual;
    let (days, events) = (days(analysis), analysis.events);
    let n_passing =
        |threshold| unusual.candidates.iter().filter(|one| one.score >= threshold).count();
    let mut text = format!(
        "# Made by `rolecall tune` of {events} events on {days} days, for {} at most: {} in all.\n\
         # Sessions judged: {}; with too little to compare them with: {}.\n\
         # At the default of {} bits {} would be medium or above, at this one {}.\n",
        budget.words,
        budget.alerts,
        unusual.n_judged,
        unusual.n_unjudged,
        f64::from(detect::UNUSUAL_MEDIUM) / f64::from(UNUSUAL_BIT),
        n_passing(detect::UNUSUAL_MEDIUM),
        n_passing(threshold),
    );
    let mut left_out: Vec<&Candidate> =
        unusual.candidates.iter().filter(|one| one.score < threshold).collect();
    left_out.sort_by_key(|one| (std::cmp::Reverse(one.score), one.start));
    let heading = if left_out.is_empty() { "Nothing was left out." } else { "Left out:" };
    let _ = writeln!(text, "# {heading}");
    for one in left_out.iter().take(LISTED_MAX) {
        let title = report::escape::terminal(&one.title).to_string();
        let bits = f64::from(one.score) / f64::from(UNUSUAL_BIT);
        let _ = writeln!(text, "#   {} {bits:.1} bits {} {title}", one.start, one.finding);
    }
    let rest = left_out.len().saturating_sub(LISTED_MAX);
    if rest > 0 {
        let _ = writeln!(text, "#   and {rest} more");
    }
    let bits = f64::from(threshold) / f64::from(UNUSUAL_BIT);
    let _ = writeln!(text, "\n[unusual_use]\nmedium_bits = {bits:?}");
    text
}

/// A decision as the file has it.
fn decision(accepted: &detect::Accepted) -> String {
    // A text of JSON is one of TOML.
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let path: Vec<String> = accepted.path.iter().map(|role| text(role)).collect();
    format!(
        "\n[[accepted]]\norigin = {}\npath = [{}]\nreason = {}\nowner = {}\nexpires = {}\n",
        text(&accepted.origin),
        path.join(", "),
        text(&accepted.reason),
        text(&accepted.owner),
        accepted.expires,
    )
}
