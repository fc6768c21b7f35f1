//! The command `rolecall`: arguments, wiring and exit codes.

mod args;
mod bench;
mod compare;
mod console;
mod decisions;
mod demo;
mod doctor;
mod evaluate;
mod explain;
mod files;
mod filter;
mod kept;
mod knowledge;
mod localities;
mod output;
mod progress;
mod ranges;
mod respond;
mod scan;
mod serve;
mod simulate;
mod sources;
mod trace;
mod tune;
mod verify;
mod written;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::output::say;

/// Evidence is many small values that live until the end, which this allocator packs closer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a command came to: the exit codes of the contract.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Done, nothing at or above `--fail-on`.
    Done,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Done, but part of the input could not be read.
    Partial,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Audit(options) => kept::audit(options),
        Command::Bench(options) => bench::run(options),
        Command::Compare(options) => compare::run(options),
        Command::Config(options) => serve::config(options),
        Command::Console(options) => console::run(options),
        Command::Demo(options) => demo::run(options),
        Command::Doctor(options) => doctor::run(options),
        Command::Evaluate(options) => evaluate::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Incidents(options) => kept::incidents(options),
        Command::Respond(options) => respond::run(options),
        Command::Scan(options) => scan::run(options),
        Command::Serve(options) => serve::run(options),
        Command::Simulate(options) => simulate::run(options),
        Command::Store(command) => kept::maintain(command),
        Command::Suppress(options) => kept::suppress(options),
        Command::Suppressions(options) => kept::suppressions(options),
        Command::Trace(options) => trace::run(options),
        Command::Triage(options) => kept::triage(options),
        Command::Tune(options) => tune::run(options),
        Command::UpdateIpRanges(options) => ranges::run(options),
        Command::Verify(options) => verify::run(options),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(3),
        Ok(Outcome::Partial) => ExitCode::from(4),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
