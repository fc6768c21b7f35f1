//! The arguments of `bench`.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};

/// A stage; each of the first four does the work of those before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Stage {
    /// Decompresses and looks at nothing.
    Decompress,
    /// Reads every record and keeps nothing.
    Read,
    /// Folds, merges and analyzes.
    Scan,
    /// Does the same as a service, and keeps everything in a new store.
    Serve,
    /// Fills a new store in the folder with what months of a large organization leave behind.
    Fill,
}

/// Arguments of `bench`.
#[derive(Args, Debug)]
pub(crate) struct BenchOptions {
    /// Folder of logs, or the store that is filled.
    pub(crate) folder: String,
    /// What to measure.
    #[arg(long, value_enum)]
    pub(crate) stage: Stage,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Credentials that a store is filled with.
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    pub(crate) credentials: u64,
}
