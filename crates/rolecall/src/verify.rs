//! `rolecall verify`: whether log files are the ones that `CloudTrail` delivered.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, Result};
use aws::{ConnectionOptions, S3_SCHEME, S3Address, Standing, StandingBucket};
use cloudtrail::Timestamp;
use detect::log_integrity_findings;
use ingest::{BucketObjects, Source, VerifyOptions};
use integrity::limits::SIDE_FILE_BYTES_MAX;
use integrity::{PublicKeys, Sidecar, Window};
use server::intake::KeysOfAws;

use crate::Outcome;
use crate::args::{TraceFormat, VerifyArguments};
use crate::files;
use crate::filter::time;
use crate::output::{self, whisper};
use crate::progress::Bar;

/// Objects of a bucket that are fetched at once, each by a thread that mostly waits.
const FETCHES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(15);

pub(crate) fn run(options: &VerifyArguments) -> Result<Outcome> {
    let (buckets, sources): (Vec<&String>, Vec<&String>) =
        options.sources.iter().partition(|source| source.starts_with(S3_SCHEME));
    let sources = sources.into_iter().map(|source| Source::parse(source));
    let sources: Vec<Source> = sources.collect::<Result<_, _>>()?;
    let mut aws = Aws::of(&buckets, time(options.from.as_deref())?)?;
    let buckets = std::mem::take(&mut aws.buckets);
    let buckets: Vec<&dyn BucketObjects> =
        buckets.iter().map(|bucket| bucket as &dyn BucketObjects).collect();
    let mut keys = match &mut aws.standing {
        Some(standing) if options.public_keys.is_empty() => PublicKeys::of_lister(standing),
        Some(_) | None => PublicKeys::default(),
    };
    read_keys(options, &mut keys)?;
    let mut reading = VerifyOptions {
        buckets: options.bucket.clone(),
        signatures: signatures(&options.signatures)?,
        window: Window { from: time(options.from.as_deref())?, to: time(options.to.as_deref())? },
        keeps_valid_logs: options.output.all,
        ..VerifyOptions::default()
    };
    let usual = if buckets.is_empty() { reading.threads } else { FETCHES };
    reading.threads = options.threads.unwrap_or(usual);
    let bar = Bar::new(options.output.quiet);
    let verification = ingest::verify_with(&sources, &buckets, &reading, (&mut keys, &bar));
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

/// Adds the keys of all files.
fn read_keys(options: &VerifyArguments, keys: &mut PublicKeys<'_>) -> Result<()> {
    for path in &options.public_keys {
        let listing = ingest::read_keys(path)?;
        if listing.skipped > 0 && !options.output.quiet {
            whisper(&format!("`{}`: {} entries are no keys", files::name(path), listing.skipped));
        }
        listing.keys.into_iter().for_each(|key| keys.add(key));
    }
    Ok(())
}

/// What lies in AWS.
struct Aws {
    standing: Option<KeysOfAws>,
    buckets: Vec<StandingBucket>,
}

impl Aws {
    /// The buckets of `addresses`; nothing is connected to where there is none.
    fn of(addresses: &[&String], from: Option<Timestamp>) -> Result<Self> {
        if addresses.is_empty() {
            return Ok(Self { standing: None, buckets: Vec::new() });
        }
        let standing = Standing::open(&ConnectionOptions::default())?;
        let mut buckets = Vec::new();
        for address in addresses {
            let bucket = standing.bucket(&S3Address::parse(address)?)?;
            buckets.push(match from {
                Some(from) => bucket.since(from),
                None => bucket,
            });
        }
        Ok(Self { standing: Some(KeysOfAws(standing)), buckets })
    }
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
