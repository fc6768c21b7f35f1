//! The arguments of `simulate`.

use std::path::PathBuf;

use clap::Args;
use simulate::Style;

/// Arguments of `simulate`.
#[derive(Args, Debug)]
pub(crate) struct SimulateOptions {
    /// Folder that is made and filled; it must be empty if it exists.
    pub(crate) out: PathBuf,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Days of logs; three at least.
    #[arg(long, default_value_t = 7)]
    pub(crate) days: u32,
    /// How busy the workloads are; 51 makes a GiB of JSON a week.
    #[arg(long, default_value_t = 1)]
    pub(crate) scale: u32,
    /// Leaves the attacks out.
    #[arg(long)]
    pub(crate) benign: bool,
    /// What kind of organization it is.
    #[arg(long, value_parser = style, default_value = "mixed")]
    pub(crate) style: Style,
}

/// Reads the name of a style.
pub(crate) fn style(name: &str) -> Result<Style, String> {
    let names = || Style::ALL.map(Style::name).join(", ");
    Style::of(name).ok_or_else(|| format!("there is no such style; there are {}", names()))
}
