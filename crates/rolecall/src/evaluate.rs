//! `rolecall evaluate`: how well attacks on generated organizations are found, beside simple rules.

mod organization;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use evaluate::{Evaluation, Run, written};
use simulate::{Settings, Style};

use crate::Outcome;
use crate::args::{EvaluateOptions, EvaluationFormat};
use crate::output::{self, whisper};

pub(crate) fn run(options: &EvaluateOptions) -> Result<Outcome> {
    let organizations = organizations(options);
    let threads = options.threads.or_else(|| thread::available_parallelism().ok());
    let n_threads = threads.map_or(1, NonZeroUsize::get).min(organizations.len());
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while let Some(settings) = organizations.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = organization::organization(settings);
                    say(options, &run);
                    let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
                    runs.push(((settings.style, settings.seed), run));
                }
            });
        }
    });
    let mut runs = runs.into_inner().unwrap_or_default();
    // Threads end in any order.
    runs.sort_by_key(|(order, _)| *order);
    let evaluation = Evaluation { runs: runs.into_iter().map(|(_, run)| run).collect() };
    let text = match options.format {
        EvaluationFormat::Table => written::text(&evaluation),
        EvaluationFormat::Json => written::document(&evaluation),
        EvaluationFormat::Md => written::markdown(&evaluation),
    };
    match &options.output {
        Some(path) => output::write_file(&text, path, options.force)?,
        None => output::print(&text)?,
    }
    Ok(Outcome::Done)
}

/// One for each style and seed.
fn organizations(options: &EvaluateOptions) -> Vec<Settings> {
    let all = Style::ALL;
    let styles = if options.styles.is_empty() { &all[..] } else { &options.styles };
    let seeds = options.seeds.first..=options.seeds.last;
    let of_seed = |seed: u64| {
        let settings = |style: &Style| Settings {
            seed,
            days: options.days,
            scale: options.scale,
            style: *style,
            ..Settings::default()
        };
        styles.iter().map(settings).collect::<Vec<Settings>>()
    };
    seeds.flat_map(of_seed).collect()
}

/// Says how far it is, unless nobody wants to know.
fn say(options: &EvaluateOptions, run: &Run) {
    if !options.quiet {
        whisper(&progress(run));
    }
}

fn progress(run: &Run) -> String {
    let whole = run.scores.get(evaluate::WHOLE);
    let found = whole.map_or(0, |score| score.sightings.iter().flatten().count());
    format!(
        "{}, seed {}: {} benign events, {found} of {} attacks found, {} false alerts",
        run.style,
        run.seed,
        run.benign_events,
        run.attacks.len(),
        run.false_alerts.len()
    )
}
