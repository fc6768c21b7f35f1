//! `rolecall scan`: one pass over logs.

use std::mem;
use std::num::NonZeroUsize;

use anyhow::Result;
use cloudtrail::Record;
use evidence::Evidence;
use ingest::{Fold, Options, Source};
use report::{Coverage, Note, SetAside, Skipped};

use crate::Outcome;
use crate::args::ScanOptions;
use crate::filter::Window;
use crate::knowledge::Knowledge;
use crate::output;
use crate::progress::Bar;
use crate::written::{self, Form};

/// Evidence as something that a scan folds into.
#[derive(Default)]
pub(crate) struct Folded(Evidence);

impl Fold for Folded {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.0.record(record)
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }
}

/// What reading logs gave.
pub(crate) struct Reading {
    pub(crate) evidence: Evidence,
    pub(crate) coverage: Coverage,
    pub(crate) is_partial: bool,
    pub(crate) bytes_json: u64,
}

impl Reading {
    /// Leaves the evidence in memory: the process is about to end, and giving back many small
    /// values one by one takes time that nobody has a use for.
    pub(crate) fn keep(&mut self) {
        mem::forget(mem::take(&mut self.evidence));
    }
}

pub(crate) fn run(options: &ScanOptions) -> Result<Outcome> {
    let window = Window::parse(&options.window)?;
    let mut knowledge = Knowledge::read(&options.knowledge, options.output.quiet)?;
    let mut reading = read(&options.sources, options.threads, options.output.quiet)?;
    knowledge.add_to(&mut reading);
    let mut analysis = detect::analyze(&reading.evidence, knowledge.settings());
    reading.keep();
    window.apply(&mut analysis);
    let form = Form { format: options.format, export: &options.export, output: &options.output };
    let text = written::render(form, &analysis, &reading.coverage);
    output::write(&text, &options.output)?;
    written::say_coverage(form, &analysis, &reading.coverage);
    let fail_on = options.fail_on.map(detect::Severity::from);
    let gravest = analysis.findings.iter().map(|finding| finding.severity).max();
    Ok(match (gravest.zip(fail_on), reading.is_partial) {
        (Some((gravest, fail_on)), _) if gravest >= fail_on => Outcome::Findings,
        (_, true) => Outcome::Partial,
        (_, false) => Outcome::Done,
    })
}

/// Reads every record of `sources` into evidence.
pub(crate) fn read(
    sources: &[String],
    threads: Option<NonZeroUsize>,
    is_quiet: bool,
) -> Result<Reading> {
    let sources: Vec<Source> =
        sources.iter().map(|source| Source::parse(source)).collect::<Result<_, _>>()?;
    let mut options = Options::default();
    options.threads = threads.unwrap_or(options.threads);
    let bar = Bar::new(is_quiet);
    let scan = ingest::scan::<Folded>(&sources, &options, &bar);
    bar.finish();
    let scan = scan?;
    let evidence = scan.fold.0;
    let read = scan.coverage;
    let is_partial = read.is_partial();
    let coverage = Coverage {
        files: read.files,
        bytes_read: read.bytes_read,
        records: read.records,
        events: read.events,
        duplicates: read.events_read - read.events,
        skipped: read
            .skipped
            .into_iter()
            .map(|skipped| Skipped {
                source: skipped.source,
                reason: skipped.reason,
                records: skipped.records,
            })
            .collect(),
        set_aside: read
            .set_aside
            .into_iter()
            .map(|aside| SetAside { source: aside.source, reason: aside.reason })
            .collect(),
        notes: read
            .notes
            .into_iter()
            .map(|note| Note { source: note.source, text: note.text, records: note.records })
            .collect(),
    };
    Ok(Reading { evidence, coverage, is_partial, bytes_json: read.bytes_read })
}
