//! Runs the commands of response plans against an endpoint that speaks AWS's protocols.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::Output;
use crate::python;
use crate::workspace::{Profile, Workspace};

/// What the tests print when they are through, before the numbers.
const RAN: &str = "response: ";

/// Prepares the endpoint and runs the tests of `xtask/response`; returns what they ran.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    let tests = workspace.root.join("xtask").join("response");
    let python = python::environment(workspace, output)?;
    let program = workspace.build(Profile::Dev, output)?;
    let mut command = Command::new(python);
    command.current_dir(&tests).args(["-B", "-W", "ignore", "run.py"]);
    output.run(command.env("ROLECALL", program))?;
    note(&output.written()?)
}

/// Tests that ran nothing have proved nothing.
fn note(log: &str) -> Result<String> {
    match log.lines().rev().find_map(|line| line.strip_prefix(RAN)) {
        Some(numbers) => Ok(numbers.to_owned()),
        None => bail!("the tests do not say what they ran"),
    }
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn tests_that_do_not_count_have_not_passed() {
        assert!(note("Ran 0 tests in 0.000s\n\nOK\n").is_err());
        let log = "ok\nresponse: 200 steps of 40 plans\nOK\n";
        assert_eq!(note(log).unwrap(), "200 steps of 40 plans");
    }
}
