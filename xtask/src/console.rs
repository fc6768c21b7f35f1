//! Builds the web console, which the program embeds, and checks it.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use walkdir::{DirEntry, WalkDir};

use crate::browser;
use crate::process::Output;
use crate::workspace::{Profile, Workspace};

/// What is made from the sources, or does not end up in the pages.
const NO_SOURCES: [&str; 5] =
    ["node_modules", "dist", "tests", "test-results", "playwright-report"];

/// Checks of the console that need no program, as scripts of its `package.json`.
const CHECKS: [&str; 4] = ["check:types", "check:tsc", "lint", "test"];

/// Builds the pages into `console/dist`, unless they were built from the same sources.
pub(crate) fn build(workspace: &Workspace, output: &Output) -> Result<()> {
    let console = folder(workspace);
    let stamp = workspace.target_folder("xtask")?.join("console.stamp");
    let sources = hash_of_sources(&console)?;
    let is_built = console.join("dist/index.html").exists();
    if is_built && fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    browser::install(&console, output)?;
    output.run(&mut npm(&console, "build"))?;
    fs::write(&stamp, sources).with_context(|| format!("cannot write `{}`", stamp.display()))
}

/// Runs every check of the console, the last of them in a real browser against the program.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    let console = folder(workspace);
    browser::install(&console, output)?;
    for check in CHECKS {
        output.run(&mut npm(&console, check))?;
    }
    build(workspace, output)?;
    let program = workspace.build(Profile::Dev, output)?;
    let chromium = browser::chromium(output)?;
    let mut tests = npm(&console, "e2e");
    tests.env("ROLECALL", program).env("CHROMIUM", chromium);
    output.run(&mut tests)?;
    note_on_tests(&output.written()?)
}

/// Builds the pages, and then the program, which shows them over a generated organization.
pub(crate) fn demo(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    build(workspace, &Output::Terminal)?;
    let mut command =
        workspace.cargo(["run", "--release", "--package", "rolecall", "--", "demo", "--console"]);
    Output::Terminal.run(command.args(arguments))
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("console")
}

fn npm(console: &Path, script: &str) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(console).args(["run", "--silent", script]);
    command
}

/// The same for the same files with the same content; names are part of it.
fn hash_of_sources(console: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for entry in WalkDir::new(console).sort_by_file_name().into_iter().filter_entry(is_source) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(console)?.to_string_lossy().into_owned();
            let bytes = fs::read(entry.path())
                .with_context(|| format!("cannot read `{}`", entry.path().display()))?;
            hasher.write(name.as_bytes());
            hasher.write_usize(bytes.len());
            hasher.write(&bytes);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn is_source(entry: &DirEntry) -> bool {
    !NO_SOURCES.iter().any(|name| entry.file_name() == *name)
}

/// What a summary calls tests that were left out, or that passed at the second try alone.
const NOT_PASSED: [&str; 5] = ["skipped", "flaky", "did not run", "interrupted", "failed"];

/// A run in which nothing was tried, or not everything, proves nothing.
fn note_on_tests(log: &str) -> Result<String> {
    for word in NOT_PASSED {
        if let Some(n) = counted(log, word).filter(|n| *n > 0) {
            bail!("{n} tests in the browser: {word}");
        }
    }
    match counted(log, "passed") {
        Some(n) if n > 0 => Ok(format!("{n} tests in the browser")),
        _ => bail!("no test ran in the browser"),
    }
}

/// The number before `word` in the summary at the end of `log`, such as `24 passed (1.5m)`.
fn counted(log: &str, word: &str) -> Option<usize> {
    log.lines().rev().find_map(|line| {
        let (number, rest) = line.trim().split_once(' ')?;
        let rest = rest.strip_prefix(word)?;
        let is_summary = rest.is_empty() || rest.starts_with(" (");
        is_summary.then(|| number.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::note_on_tests;

    #[test]
    fn the_tests_in_the_browser_are_counted() {
        assert_eq!(
            note_on_tests("  ok 1\n\n  24 passed (1.5m)\n").unwrap(),
            "24 tests in the browser"
        );
    }

    #[test]
    fn a_run_without_a_test_is_not_a_pass() {
        assert!(note_on_tests("").is_err());
        assert!(note_on_tests("  0 passed (1s)\n").is_err());
        assert!(note_on_tests("many passed\n").is_err());
    }

    #[test]
    fn a_run_that_leaves_tests_out_is_not_a_pass() {
        for left_out in ["1 skipped", "1 flaky", "3 did not run", "1 interrupted", "2 failed"] {
            let error = note_on_tests(&format!("  {left_out}\n  23 passed (1.5m)\n")).unwrap_err();
            let (number, word) = left_out.split_once(' ').unwrap();
            assert_eq!(error.to_string(), format!("{number} tests in the browser: {word}"));
        }
        assert!(note_on_tests("  ok 1 a step is 1 skipped\n  0 skipped\n  24 passed\n").is_ok());
    }
}
