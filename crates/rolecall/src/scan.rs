//! `rolecall scan`: one pass over logs.

use std::mem;
use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::{Context, Result};
use cloudtrail::Record;
use evidence::Evidence;
use ingest::Fold;
use report::Coverage;
use server::coverage;
use store::Store;

use crate::Outcome;
use crate::args::ScanOptions;
use crate::filter::Window;
use crate::knowledge::Knowledge;
use crate::output::{self, say};
use crate::sources::Sources;
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
    let sources = Sources::parse(&options.sources, &options.fetch)?;
    let mut knowledge = Knowledge::read(&options.knowledge, options.output.quiet)?;
    let mut reading = read(&sources, options.threads, options.output.quiet)?;
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

/// Reads every record of `sources` into evidence; of a store, what it analyzes.
pub(crate) fn read(
    sources: &Sources,
    threads: Option<NonZeroUsize>,
    is_quiet: bool,
) -> Result<Reading> {
    read_for(None, sources, threads, is_quiet)
}

/// As [`read`], and of a store also what rests about `name`.
pub(crate) fn read_for(
    name: Option<&str>,
    sources: &Sources,
    threads: Option<NonZeroUsize>,
    is_quiet: bool,
) -> Result<Reading> {
    let scan = sources.scan::<Folded>(threads, is_quiet)?;
    let ingest::Scan { fold: Folded(mut evidence), coverage: mut read } = scan;
    let stores = sources.stores();
    for store in stores {
        let (learned, covered) = learned(store)?;
        // It is cheaper to merge little into much, and a store is much.
        evidence = merged(learned, evidence);
        if let Some(name) = name {
            evidence.merge(at_rest(store, name)?);
        }
        read.merge(covered);
    }
    if !stores.is_empty() {
        coverage::count(&mut read, evidence.events());
    }
    let (is_partial, bytes_json) = (read.is_partial(), read.bytes_read);
    Ok(Reading { evidence, coverage: coverage::told(read), is_partial, bytes_json })
}

/// What a store has learned, and from what, at one moment.
pub(crate) fn learned(store: &Path) -> Result<(Evidence, ingest::Coverage)> {
    let context = || format!("cannot read the store `{}`", store.display());
    let store = Store::open_beside(store).with_context(context)?;
    store.at_once(|store| Ok((store.evidence()?, store.coverage()?))).with_context(context)
}

/// What rests in a store about `name`.
fn at_rest(store: &Path, name: &str) -> Result<Evidence> {
    let context = || format!("cannot read the store `{}`", store.display());
    let lineages = Store::open_beside(store).and_then(|store| store.lineages_of(name));
    let lineages = lineages.with_context(context)?;
    if lineages.is_cut {
        say(&format!("`{name}` leads to more than is followed of what rests in the store"));
    }
    Ok(lineages.evidence)
}

fn merged(mut into: Evidence, other: Evidence) -> Evidence {
    into.merge(other);
    into
}
