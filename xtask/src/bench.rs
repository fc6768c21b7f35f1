//! Measures the program beside the floor that decompression sets.

mod again;
mod large;
mod logs;
mod measure;

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};
use clap::Args;

use crate::bench::measure::{Measurement, Summary};
use crate::process::Output;
use crate::workspace::{Profile, Workspace};

/// How often each stage runs: the fastest run is the least disturbed one.
const RUNS: usize = 3;

/// From the floor up; each stage does the work of those before it.
const STAGES: [&str; 4] = ["decompress", "read", "scan", "serve"];

/// What to measure on.
#[derive(Args)]
pub(crate) struct Settings {
    /// How much JSON to generate, before compression.
    #[arg(long, default_value_t = 1024, value_name = "MIB")]
    mib: u64,
    /// Measures on the logs of this folder instead of generated ones.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Repeats the calls that leave nothing behind under other event ids: more events of the same
    /// credentials, which shows what memory follows.
    #[arg(long, default_value_t = 1, value_name = "TIMES", conflicts_with = "dir", value_parser = clap::value_parser!(u32).range(1..1000))]
    times: u32,
    /// Measures the service on a store with so many credentials instead: how long it takes to
    /// start, and to tell of an object. Filling the store takes a quarter of an hour, once.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["dir", "times", "mib"])]
    credentials: Option<u64>,
}

/// Builds the program as users run it, and prints a table.
pub(crate) fn run(workspace: &Workspace, settings: &Settings) -> Result<()> {
    if let Some(credentials) = settings.credentials {
        return large::run(workspace, credentials);
    }
    let program = workspace.build(Profile::Release, &Output::Terminal)?;
    let mut folder = match &settings.dir {
        Some(folder) => folder.clone(),
        None => logs::generate(&program, &workspace.target_folder("bench")?, settings.mib)?,
    };
    if settings.times > 1 {
        folder = again::write(&folder, settings.times)?;
    }
    let mut measurements = Vec::new();
    // Stages take turns, so that a disturbance does not fall on one of them alone.
    for stage in std::iter::repeat_n(STAGES, RUNS).flatten() {
        let mut command = Command::new(&program);
        command.arg("bench").arg(&folder).args(["--stage", stage]);
        let printed = Output::Terminal.capture(&mut command)?;
        measurements.push(
            Measurement::of(&printed)
                .with_context(|| format!("stage `{stage}` printed `{}`", printed.trim()))?,
        );
    }
    print(&measurements)
}

fn print(measurements: &[Measurement]) -> Result<()> {
    let cores = thread::available_parallelism()?;
    println!("{cores} cores, {RUNS} runs of each stage; MB are 1,000,000 bytes of JSON");
    println!(
        "{:<12} {:>10} {:>8} {:>9} {:>9} {:>12} {:>12} {:>9}",
        "stage", "JSON MB", "min s", "median s", "MB/s", "median MB/s", "events/s", "peak MB"
    );
    for stage in STAGES {
        let runs = measurements.iter().filter(|run| run.stage == stage);
        let summary = Summary::of(runs).with_context(|| format!("no run of stage `{stage}`"))?;
        println!("{stage:<12} {summary}");
    }
    Ok(())
}
