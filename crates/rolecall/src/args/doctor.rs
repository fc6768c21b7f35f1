//! The arguments of `doctor`.

use std::path::PathBuf;

use clap::Args;

use super::{OutputOptions, SeverityChoice, TraceFormat};

/// What the exit codes of `doctor` mean.
const DOCTOR_CODES: &str = "Exit codes:
  0  nothing at or above --fail-on
  1  failed
  2  wrong usage
  3  a problem at or above --fail-on
  4  something could not be told";

/// Arguments of `doctor`.
#[derive(Args, Debug)]
#[command(after_help = DOCTOR_CODES)]
pub(crate) struct DoctorOptions {
    /// Folders, files or globs to look at beside the sources of the configuration.
    #[arg(value_name = "FOLDER")]
    pub(crate) sources: Vec<String>,
    /// The configuration; `rolecall.toml` here, or `/etc/rolecall/rolecall.toml`, unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the store, instead of that of the configuration.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) store: Option<PathBuf>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    /// Exits with 3 when a problem is at or above this severity.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityChoice>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}
