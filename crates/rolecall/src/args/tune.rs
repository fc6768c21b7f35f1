//! Arguments of `tune`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{FetchOptions, KnowledgeOptions};

/// Arguments of `tune`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("budget").required(true))]
pub(crate) struct TuneOptions {
    /// Files, folders, globs, stores, or `-`; or `s3://BUCKET/PREFIX`, `cloudtrail://REGION,…`.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Findings of `unusual_use` at medium or above that a day may bring, such as 1 or 0.2.
    #[arg(long, group = "budget", value_name = "N", value_parser = budget)]
    pub(crate) alerts_per_day: Option<f64>,
    /// The same for each million events.
    #[arg(long, group = "budget", value_name = "N", value_parser = budget)]
    pub(crate) alerts_per_million: Option<f64>,
    /// Writes the file of decisions there instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replaces the output file if it exists.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Says nothing on standard error but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) knowledge: KnowledgeOptions,
    #[command(flatten)]
    pub(crate) fetch: FetchOptions,
}

/// Reads how many alerts somebody can take.
fn budget(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1_000_000.0).contains(number));
    number.ok_or_else(|| "expected a number that is not negative".to_owned())
}
