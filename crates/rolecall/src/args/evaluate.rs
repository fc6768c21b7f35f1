//! The arguments of `evaluate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simulate::Style;

use super::simulate::style;

/// Written form of an evaluation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum EvaluationFormat {
    /// Tables for a terminal.
    Table,
    /// One JSON object with every number.
    Json,
    /// Tables in Markdown.
    Md,
}

/// Seeds from the first to the last, both included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Seeds {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Arguments of `evaluate`.
#[derive(Args, Debug)]
pub(crate) struct EvaluateOptions {
    /// Kinds of organizations; all of them unless given.
    #[arg(long, value_name = "STYLE,…", value_delimiter = ',', value_parser = style)]
    pub(crate) styles: Vec<Style>,
    /// Seeds, each of which gives one organization of each style.
    #[arg(long, value_name = "A-B", value_parser = seeds, default_value = "1-2")]
    pub(crate) seeds: Seeds,
    /// Days of logs of each; three at least. Alerts count after the first quarter.
    #[arg(long, default_value_t = 14)]
    pub(crate) days: u32,
    /// How busy the workloads are.
    #[arg(long, default_value_t = 1)]
    pub(crate) scale: u32,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = EvaluationFormat::Table)]
    pub(crate) format: EvaluationFormat,
    /// Writes to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replaces the output file if it exists.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Says nothing on standard error but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Organizations at a time; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Reads `A-B`, or one seed.
fn seeds(text: &str) -> Result<Seeds, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse().map_err(|_| String::from("seeds are numbers: `A-B`"));
    let seeds = Seeds { first: number(first)?, last: number(last)? };
    if seeds.last < seeds.first {
        return Err(String::from("the first seed comes first"));
    }
    Ok(seeds)
}
