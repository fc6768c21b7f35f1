//! `rolecall verify`: whether log files are the ones that `CloudTrail` delivered.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use detect::log_integrity_findings;
use ingest::{Source, VerifyOptions};
use integrity::limits::SIDE_FILE_BYTES_MAX;
use integrity::{KeyListing, PublicKeys, Sidecar, Window};

use crate::Outcome;
use crate::args::{TraceFormat, VerifyArguments};
use crate::files;
use crate::filter::time;
use crate::output::{self, whisper};
use crate::progress::Bar;

pub(crate) fn run(options: &VerifyArguments) -> Result<Outcome> {
    let sources = options.sources.iter().map(|source| Source::parse(source));
    let sources: Vec<Source> = sources.collect::<Result<_, _>>()?;
    let mut keys = keys(options)?;
    let mut reading = VerifyOptions {
        buckets: options.bucket.clone(),
        signatures: signatures(&options.signatures)?,
        window: Window { from: time(options.from.as_deref())?, to: time(options.to.as_deref())? },
        keeps_valid_logs: options.output.all,
        ..VerifyOptions::default()
    };
    reading.threads = options.threads.unwrap_or(reading.threads);
    let bar = Bar::new(options.output.quiet);
    let verification = ingest::verify(&sources, &reading, &mut keys, &bar);
    bar.finish();
    let verification = verification?;
    let findings = log_integrity_findings(&verification);
    let text = match options.format {
        TraceFormat::Json => {
            report::verification_json(&verification, &findings, env!("CARGO_PKG_VERSION"))
        }
        TraceFormat::Table => {
            report::verification_text(&verification, &output::style(&options.output))
        }
    };
    output::write(&text, &options.output)?;
    let fail_on = detect::Severity::from(options.fail_on);
    Ok(if findings.iter().any(|finding| finding.severity >= fail_on) {
        Outcome::Findings
    } else if verification.is_partial() {
        Outcome::Partial
    } else {
        Outcome::Done
    })
}

/// The keys of all files.
fn keys(options: &VerifyArguments) -> Result<PublicKeys<'static>> {
    let mut keys = PublicKeys::default();
    for path in &options.public_keys {
        let bytes = files::read(path, SIDE_FILE_BYTES_MAX as u64)?;
        let Some(listing) = KeyListing::parse(&bytes) else {
            bail!("`{}` is no output of `aws cloudtrail list-public-keys`", path.display());
        };
        if listing.skipped > 0 && !options.output.quiet {
            whisper(&format!("`{}`: {} entries are no keys", files::name(path), listing.skipped));
        }
        listing.keys.into_iter().for_each(|key| keys.add(key));
    }
    Ok(keys)
}

/// The metadata of all files, each with its key.
fn signatures(paths: &[PathBuf]) -> Result<Vec<Sidecar>> {
    let mut sidecars = Vec::new();
    for path in paths {
        let bytes = files::read(path, SIDE_FILE_BYTES_MAX as u64)?;
        let context = || {
            format!(
                "`{}` is not outputs of `aws s3api head-object`, each with its `Key`",
                path.display()
            )
        };
        let held = Sidecar::parse(&bytes).filter(|held| held.iter().all(|it| it.key.is_some()));
        sidecars.extend(held.with_context(context)?);
    }
    Ok(sidecars)
}
