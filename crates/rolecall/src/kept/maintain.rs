//! `rolecall store`: how large a store is, whether it is whole, and giving room back.

use std::path::Path;

use anyhow::{Context, Result};
use report::{KeptHealth, KeptOpen, KeptSink, KeptSize, KeptSource};
use store::{Error, Store};

use super::open;
use crate::Outcome;
use crate::args::{CheckOptions, StoreCommand, TraceFormat};
use crate::output;

pub(crate) fn run(command: &StoreCommand) -> Result<Outcome> {
    match command {
        StoreCommand::Show(options) => show(options),
        StoreCommand::Check(options) => check(options),
        StoreCommand::Compact(options) => compact(options),
    }
}

fn show(options: &CheckOptions) -> Result<Outcome> {
    let size = open(&options.store)?.at_once(size)?;
    let text = match options.format {
        TraceFormat::Json => report::size_json(&size),
        TraceFormat::Table => report::size_text(&size, &output::style(&options.output)),
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}

fn check(options: &CheckOptions) -> Result<Outcome> {
    let health = health(&options.store)?;
    let text = match options.format {
        TraceFormat::Json => report::check_json(&health),
        TraceFormat::Table => report::check_text(&health, &output::style(&options.output)),
    };
    output::write(&text, &options.output)?;
    Ok(if health.faults.is_empty() { Outcome::Done } else { Outcome::Partial })
}

/// Whether the store is whole. One that is so damaged that it cannot be opened is not.
fn health(folder: &Path) -> Result<KeptHealth> {
    let checked = Store::open_beside(folder).and_then(|store| store.check());
    match checked {
        Ok(health) => Ok(KeptHealth {
            faults: health.faults,
            segments: health.segments,
            credentials: health.credentials,
            objects: health.objects,
        }),
        Err(Error::Damaged(error)) => {
            Ok(KeptHealth { faults: vec![error.to_string()], ..KeptHealth::default() })
        }
        Err(error) => Err(error).with_context(|| format!("cannot check `{}`", folder.display())),
    }
}

fn compact(options: &CheckOptions) -> Result<Outcome> {
    let context = || format!("cannot compact `{}`", options.store.display());
    // Opening for evidence makes a store where there is none.
    let before = open(&options.store)?.at_once(size)?;
    let mut store = Store::open(&options.store).with_context(context)?;
    store.compact().with_context(context)?;
    let after = size(&store)?;
    let text = match options.format {
        TraceFormat::Json => report::size_json(&after),
        TraceFormat::Table => {
            report::compacted_text(&before, &after, &output::style(&options.output))
        }
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}

fn size(store: &Store) -> Result<KeptSize, Error> {
    let size = store.size()?;
    let at_rest = store.at_rest()?;
    let open = store.open_incidents()?.into_iter().rev();
    let sources = store.objects_by_source()?.into_iter();
    let sinks = store.depths()?.into_iter();
    Ok(KeptSize {
        as_of: store.as_of()?,
        usage_kept_from: store.usage_kept_from()?,
        is_analysis_due: store.is_analysis_due()?,
        bytes: size.bytes,
        bytes_free: size.bytes_free,
        log_bytes: size.log_bytes,
        evidence_bytes: size.evidence_bytes,
        segments: size.segments,
        credentials_at_rest: at_rest.credentials,
        bytes_at_rest: at_rest.bytes,
        objects: size.objects,
        records: store.coverage()?.records,
        findings: size.findings,
        incidents: size.incidents,
        open: open.map(|(severity, incidents)| KeptOpen::of(severity, incidents)).collect(),
        sources: sources.map(|(name, objects)| KeptSource { name, objects }).collect(),
        sinks: sinks
            .map(|(name, of)| KeptSink { name, waiting: of.waiting, parked: of.parked })
            .collect(),
    })
}
