//! The arguments of `serve` and of its configuration.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{OutputOptions, SeverityChoice};

/// Arguments of `serve`.
#[derive(Args, Debug)]
pub(crate) struct ServeOptions {
    /// Folders, files or globs to watch, beside the sources of the configuration.
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// The configuration; `rolecall.toml` here, or the system's, unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the store; it is made where it is missing.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) store: Option<PathBuf>,
    /// Ends once everything that is there was kept, analyzed and told.
    #[arg(long)]
    pub(crate) once: bool,
    /// Exits with 3 when an open incident is at or above this severity at the end.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityChoice>,
}

/// Arguments of `console`.
#[derive(Args, Debug)]
pub(crate) struct ConsoleOptions {
    /// A store; or folders, files or globs, which are read into a store that is dropped at the end.
    #[arg(value_name = "SOURCE", required_unless_present = "new_token")]
    pub(crate) sources: Vec<String>,
    /// The configuration; `rolecall.toml` here, or the system's, unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address to listen on; a free port on this machine unless given.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
    /// Does not open the console in a browser.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Makes a token for a program, such as `siem=viewer`, and prints it with its line for
    /// `console.tokens`.
    #[arg(long, value_name = "NAME=ROLE", conflicts_with = "sources")]
    pub(crate) new_token: Option<String>,
}

/// What to do with the configuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ConfigAction {
    /// Says everything that is wrong with it.
    Check,
    /// Prints an example with every setting and what it is for.
    Example,
    /// Prints all settings with where each comes from; secrets are masked.
    Print,
}

/// Arguments of `config`.
#[derive(Args, Debug)]
pub(crate) struct ConfigOptions {
    /// What to do.
    #[arg(value_enum)]
    pub(crate) action: ConfigAction,
    /// The configuration; `rolecall.toml` here, or the system's, unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}
