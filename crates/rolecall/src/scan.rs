//! `rolecall scan`: one pass over logs.

use std::mem;
use std::num::NonZeroUsize;

use anyhow::Result;
use cloudtrail::Record;
use detect::Analysis;
use evidence::Evidence;
use ingest::Fold;
use report::{Coverage, Note, Scan, SetAside, Skipped};

use crate::Outcome;
use crate::args::{Format, OutputOptions, ScanOptions};
use crate::filter::Window;
use crate::knowledge::Knowledge;
use crate::output;
use crate::sources::Sources;

/// Evidence as something that a scan folds into.
#[derive(Default)]
pub(crate) struct Folded(Evidence);

impl Fold for Folded {
    fn record(&mut self, record: &Record<'_>) {
        self.0.record(record);
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
    let sources = Sources::parse(&options.sources, &options.fetch)?;
    let mut knowledge = Knowledge::read(&options.knowledge, options.output.quiet)?;
    let mut reading = read(&sources, options.threads, options.output.quiet)?;
    knowledge.add_to(&mut reading);
    let mut analysis = detect::analyze(&reading.evidence, knowledge.settings());
    reading.keep();
    window.apply(&mut analysis);
    let text = render(options.format, &analysis, &reading.coverage, &options.output);
    output::write(&text, &options.output)?;
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
    sources: &Sources,
    threads: Option<NonZeroUsize>,
    is_quiet: bool,
) -> Result<Reading> {
    let scan = sources.scan::<Folded>(threads, is_quiet)?;
    let mut evidence = scan.fold.0;
    evidence.seal();
    let events = evidence.events();
    let read = scan.coverage;
    let is_partial = read.is_partial();
    let coverage = Coverage {
        files: read.files,
        bytes_read: read.bytes_read,
        records: read.records,
        events,
        duplicates: read.events_read.saturating_sub(events),
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

/// The written form of what was found.
pub(crate) fn render(
    format: Format,
    analysis: &Analysis,
    coverage: &Coverage,
    options: &OutputOptions,
) -> String {
    let scan = Scan { analysis, coverage, version: env!("CARGO_PKG_VERSION") };
    match format {
        Format::Table => report::table(&scan, &output::style(options)),
        Format::Json => report::json(&scan),
        Format::Html => report::html(&scan),
    }
}
