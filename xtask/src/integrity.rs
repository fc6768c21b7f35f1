//! Compares what the program says of log files with what the AWS CLI's own validator says.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::Output;
use crate::python;
use crate::workspace::{Profile, Workspace};

/// What the tests print when they are through, before the numbers.
const COMPARED: &str = "integrity: ";

/// How the numbers begin where nothing was compared.
const NOTHING: &str = "0 verdicts";

/// Runs the tests of `xtask/integrity` and returns how much was compared.
///
/// They need what the gate `response` installs: the AWS CLI, and `cryptography` to sign with.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    let python = python::environment(workspace, output)?;
    let program = workspace.build(Profile::Dev, output)?;
    let mut command = Command::new(python);
    command.current_dir(workspace.root.join("xtask").join("integrity"));
    command.args(["-B", "-W", "ignore", "-m", "unittest", "--verbose"]);
    output.run(command.env("ROLECALL", program))?;
    note(&output.written()?)
}

/// Tests that compared nothing have proved nothing.
fn note(log: &str) -> Result<String> {
    let numbers = log.lines().rev().find_map(|line| line.strip_prefix(COMPARED));
    match numbers.filter(|numbers| !numbers.starts_with(NOTHING)) {
        Some(numbers) => Ok(numbers.to_owned()),
        None => bail!("the tests do not say what they compared"),
    }
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn tests_that_compare_nothing_have_not_passed() {
        assert!(note("Ran 0 tests in 0.000s\n\nOK\n").is_err());
        assert!(note("OK\nintegrity: 0 verdicts of 0 buckets\n").is_err());
        let log = "OK\nintegrity: 900 verdicts of 60 buckets\n";
        assert_eq!(note(log).unwrap(), "900 verdicts of 60 buckets");
    }
}
