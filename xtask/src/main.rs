//! The project's own tool: every gate, generated file and measurement behind `cargo xtask`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its user"
)]

mod aws;
mod bench;
mod browser;
mod console;
mod docs;
mod gates;
mod integrity;
mod process;
mod python;
mod response;
mod serve;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::process::Output;
use crate::workspace::Workspace;

/// Builds, checks and measures the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures decompression, reading, the whole scan and a service in MB/s and events/s.
    Bench(bench::Settings),
    /// Runs every gate, and lists those that failed.
    Ci(GateChoice),
    /// Builds the web console into console/dist, unless its sources are the same.
    Console,
    /// Builds the console and the program, and runs its demo.
    Demo {
        /// What `rolecall demo` takes.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Writes docs/detectors from the detectors themselves.
    Docs {
        /// Writes nothing and fails when a page is stale, missing or left over.
        #[arg(long)]
        check: bool,
    },
    /// Runs the tests so that they rewrite their golden files; read the diff afterwards.
    Golden,
    /// Sets up what the gates need and runs every gate; the same as `ci`.
    Test(GateChoice),
    /// Checks the rules about the tree that no compiler checks.
    Tidy,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
struct GateChoice {
    /// Runs the tests and tidy only: the inner loop.
    #[arg(long)]
    quick: bool,
    /// Runs this gate only, such as one that failed; may be given several times.
    #[arg(long, value_name = "GATE", conflicts_with = "quick")]
    only: Vec<String>,
    /// Leaves the browser out and says so.
    #[arg(long)]
    without_browser: bool,
    /// Leaves the web console out and says so.
    #[arg(long)]
    without_console: bool,
    /// Leaves the tests against a mock of AWS out and says so.
    #[arg(long)]
    without_aws: bool,
    /// Leaves out the commands of response plans and the comparison with the AWS CLI's validator,
    /// and says so.
    #[arg(long)]
    without_response: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let workspace = Workspace::read()?;
    match task {
        Task::Bench(settings) => bench::run(&workspace, &settings)?,
        Task::Ci(choice) | Task::Test(choice) => {
            return gates::run(&workspace, &gates_for(&choice)?);
        }
        Task::Console => console::build(&workspace, &Output::Terminal)?,
        Task::Demo { arguments } => console::demo(&workspace, &arguments)?,
        Task::Docs { check: true } => docs::check(&workspace, &Output::Terminal)?,
        Task::Docs { check: false } => docs::write(&workspace, &Output::Terminal)?,
        Task::Golden => golden(&workspace)?,
        Task::Tidy => println!("{}", tidy::run(&workspace)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn gates_for(choice: &GateChoice) -> Result<Vec<gates::Gate>> {
    match choice {
        GateChoice { quick: true, .. } => Ok(gates::quick()),
        GateChoice { only, .. } if !only.is_empty() => gates::named(only),
        choice => {
            let choices = [
                ("aws", "--without-aws", choice.without_aws),
                ("browser", "--without-browser", choice.without_browser),
                ("console", "--without-console", choice.without_console),
                ("response", "--without-response", choice.without_response),
                ("integrity", "--without-response", choice.without_response),
            ];
            let left_out = choices.into_iter().filter(|(_, _, is_left_out)| *is_left_out);
            let left_out: Vec<_> = left_out.collect();
            for (name, option, _) in &left_out {
                println!("{name:<10} left out by {option}");
            }
            let names: Vec<&str> = left_out.iter().map(|(name, _, _)| *name).collect();
            Ok(gates::without(&names))
        }
    }
}

fn golden(workspace: &Workspace) -> Result<()> {
    let mut tests = workspace.cargo(["test", "--workspace"]);
    Output::Terminal.run(tests.env("UPDATE_GOLDEN", "1"))?;
    println!("golden files are rewritten: read `git diff` as a reviewer would");
    Ok(())
}
