//! The gates: what must hold before a change is taken, in the order of what they cost.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::Output;
use crate::workspace::Workspace;
use crate::{aws, browser, console, docs, integrity, response, serve, tidy, tools};

/// One gate.
pub(crate) struct Gate {
    name: &'static str,
    /// Returns what is worth saying about success.
    check: fn(&Workspace, &Output) -> Result<String>,
}

const FMT: Gate = Gate { name: "fmt", check: fmt };
const CLIPPY: Gate = Gate { name: "clippy", check: clippy };
const TIDY: Gate = Gate { name: "tidy", check: tidy_tree };
const TESTS: Gate = Gate { name: "tests", check: tests_pass };
const DOC: Gate = Gate { name: "doc", check: doc };
const DENY: Gate = Gate { name: "deny", check: deny };
const MACHETE: Gate = Gate { name: "machete", check: machete };
const TYPOS: Gate = Gate { name: "typos", check: typos };
const GENERATED: Gate = Gate { name: "generated", check: generated };
const AWS: Gate = Gate { name: "aws", check: against_aws };
const SERVE: Gate = Gate { name: "serve", check: service_runs };
const RESPONSE: Gate = Gate { name: "response", check: response_runs };
const INTEGRITY: Gate = Gate { name: "integrity", check: validators_agree };
const BROWSER: Gate = Gate { name: "browser", check: in_browser };
const CONSOLE: Gate = Gate { name: "console", check: console_works };

/// Every gate that a change must pass.
pub(crate) fn all() -> Vec<Gate> {
    vec![
        FMT, CLIPPY, TIDY, TESTS, DOC, DENY, MACHETE, TYPOS, GENERATED, AWS, RESPONSE, INTEGRITY,
        BROWSER, CONSOLE,
    ]
}

/// Every gate, those included that are run by name alone: `serve` makes other choices each time.
fn known() -> Vec<Gate> {
    all().into_iter().chain([SERVE]).collect()
}

/// Every gate but those of these names.
pub(crate) fn without(names: &[&str]) -> Vec<Gate> {
    all().into_iter().filter(|gate| !names.contains(&gate.name)).collect()
}

/// The gates of the inner loop.
pub(crate) fn quick() -> Vec<Gate> {
    vec![TIDY, TESTS]
}

/// The gates of these names, in the usual order.
pub(crate) fn named(names: &[String]) -> Result<Vec<Gate>> {
    let names_known: Vec<&str> = known().iter().map(|gate| gate.name).collect();
    if let Some(unknown) = names.iter().find(|name| !names_known.contains(&name.as_str())) {
        bail!("`{unknown}` is not a gate: the gates are {}", names_known.join(", "));
    }
    Ok(known().into_iter().filter(|gate| names.iter().any(|name| name == gate.name)).collect())
}

/// Runs all of `gates`, one line each, and lists those that failed.
pub(crate) fn run(workspace: &Workspace, gates: &[Gate]) -> Result<ExitCode> {
    let logs = workspace.target_folder("xtask")?;
    let mut failed = Vec::new();
    for gate in gates {
        if !passes(workspace, gate, &logs)? {
            failed.push(gate.name);
        }
    }
    if failed.is_empty() {
        println!("all {} gates passed", gates.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} of {} gates failed: {}", failed.len(), gates.len(), failed.join(", "));
    Ok(ExitCode::FAILURE)
}

fn passes(workspace: &Workspace, gate: &Gate, logs: &Path) -> Result<bool> {
    print!("{:<10} ", gate.name);
    io::stdout().flush()?;
    let output = Output::log(&logs.join(format!("{}.log", gate.name)))?;
    let started = Instant::now();
    let outcome = (gate.check)(workspace, &output);
    let seconds = started.elapsed().as_secs_f64();
    match outcome {
        Ok(note) => {
            println!("ok     {seconds:6.1} s  {note}");
            Ok(true)
        }
        Err(error) => {
            println!("FAILED {seconds:6.1} s");
            println!("{}", indented(&output.written()?));
            println!("{}", indented(&format!("error: {error:#}")));
            Ok(false)
        }
    }
}

fn fmt(workspace: &Workspace, output: &Output) -> Result<String> {
    output.run(&mut workspace.cargo(["fmt", "--all", "--check"]))?;
    Ok(String::new())
}

fn clippy(workspace: &Workspace, output: &Output) -> Result<String> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    output.run(&mut workspace.cargo(arguments))?;
    Ok(String::new())
}

fn tidy_tree(workspace: &Workspace, _output: &Output) -> Result<String> {
    tidy::run(workspace)
}

fn tests_pass(workspace: &Workspace, output: &Output) -> Result<String> {
    let arguments = ["test", "--workspace", "--no-fail-fast"];
    output.run(&mut workspace.cargo(arguments))?;
    note_on_tests(&output.written()?)
}

/// A run without a single test proves nothing, and a test that is left out is one nobody runs.
fn note_on_tests(log: &str) -> Result<String> {
    let results = || log.lines().filter(|line| line.starts_with("test result:"));
    let n_passed: usize = results().map(|line| count_before(line, " passed")).sum();
    let n_ignored: usize = results().map(|line| count_before(line, " ignored")).sum();
    if n_passed == 0 {
        bail!("no test ran");
    }
    if n_ignored > 0 {
        bail!("{n_ignored} tests are ignored: run them or delete them");
    }
    Ok(format!("{n_passed} tests"))
}

fn count_before(line: &str, word: &str) -> usize {
    let number = line.split_once(word).and_then(|(before, _)| before.rsplit(' ').next());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn doc(workspace: &Workspace, output: &Output) -> Result<String> {
    let mut command = workspace.cargo(["doc", "--workspace", "--no-deps"]);
    output.run(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(String::new())
}

/// Leaves `advisories` out: their database is a repository that is not always within reach.
fn deny(workspace: &Workspace, output: &Output) -> Result<String> {
    let mut command = tools::cargo_deny(workspace, output)?;
    output.run(command.args(["check", "bans", "licenses", "sources"]))?;
    Ok(String::new())
}

fn machete(workspace: &Workspace, output: &Output) -> Result<String> {
    let mut command = tools::cargo_machete(workspace, output)?;
    output.run(command.args(["crates", "xtask"]))?;
    Ok(String::new())
}

fn typos(workspace: &Workspace, output: &Output) -> Result<String> {
    output.run(tools::typos(workspace, output)?.args(["--format", "brief"]))?;
    Ok(String::new())
}

fn generated(workspace: &Workspace, output: &Output) -> Result<String> {
    docs::check(workspace, output)?;
    Ok(String::new())
}

fn against_aws(workspace: &Workspace, output: &Output) -> Result<String> {
    aws::run(workspace, output)
}

fn service_runs(workspace: &Workspace, output: &Output) -> Result<String> {
    serve::run(workspace, output)
}

fn response_runs(workspace: &Workspace, output: &Output) -> Result<String> {
    response::run(workspace, output)
}

fn validators_agree(workspace: &Workspace, output: &Output) -> Result<String> {
    integrity::run(workspace, output)
}

fn in_browser(workspace: &Workspace, output: &Output) -> Result<String> {
    browser::run(workspace, output)?;
    Ok(String::new())
}

fn console_works(workspace: &Workspace, output: &Output) -> Result<String> {
    console::run(workspace, output)
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(|line| format!("    {line}")).collect();
    lines.join(
        "
",
    )
}

#[cfg(test)]
mod tests {
    use super::{all, named, note_on_tests, without};

    #[test]
    fn a_run_without_tests_is_not_a_pass() {
        let log = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert!(note_on_tests(log).is_err());
    }

    #[test]
    fn an_ignored_test_is_not_a_pass() {
        let log = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert!(note_on_tests(log).is_err());
    }

    #[test]
    fn the_tests_of_all_crates_are_counted() {
        let log = "test result: ok. 3 passed; 0 failed; 0 ignored\n\
                   test result: ok. 12 passed; 0 failed; 0 ignored";
        assert_eq!(note_on_tests(log).unwrap(), "15 tests");
    }

    #[test]
    fn a_gate_that_does_not_exist_is_not_passed() {
        assert!(named(&["fmt".to_owned(), "fnt".to_owned()]).is_err());
        assert_eq!(named(&["fmt".to_owned()]).unwrap().len(), 1);
    }

    #[test]
    fn a_gate_that_is_left_out_is_the_only_one_that_is_missing() {
        let gates = without(&["response"]);
        assert_eq!(gates.len() + 1, all().len());
        assert!(gates.iter().all(|gate| gate.name != "response"));
    }

    #[test]
    fn every_gate_has_its_own_log() {
        let names: std::collections::BTreeSet<_> = all().iter().map(|gate| gate.name).collect();
        assert_eq!(names.len(), all().len());
    }
}
