//! Runs the commands of response plans against an endpoint that speaks AWS's protocols.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::process::Output;
use crate::workspace::{Profile, Workspace};

/// What the tests print when they are through, before the numbers.
const RAN: &str = "response: ";

/// Prepares the endpoint and runs the tests of `xtask/response`; returns what they ran.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    run_tests(workspace, output, "response")?;
    note(&output.written()?)
}

/// Runs the Python tests of `xtask/<folder>` with the program as it is.
pub(crate) fn run_tests(workspace: &Workspace, output: &Output, folder: &str) -> Result<()> {
    let python = environment(workspace, output)?;
    let program = workspace.build(Profile::Dev, output)?;
    let mut command = Command::new(python);
    command.current_dir(workspace.root.join("xtask").join(folder));
    command.args(["-B", "-W", "ignore", "-m", "unittest", "--verbose"]);
    output.run(command.env("ROLECALL", program))
}

/// Tests that ran nothing have proved nothing.
fn note(log: &str) -> Result<String> {
    match log.lines().rev().find_map(|line| line.strip_prefix(RAN)) {
        Some(numbers) => Ok(numbers.to_owned()),
        None => bail!("the tests do not say what they ran"),
    }
}

/// The Python of an environment with exactly what `requirements.txt` names.
fn environment(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    let requirements = workspace.root.join("xtask").join("response").join("requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("cannot read `{}`", requirements.display()))?;
    let folder = workspace.target_folder("response")?;
    let (venv, stamp) = (folder.join("venv"), folder.join("installed.txt"));
    let python = venv.join("bin").join("python");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) && python.exists() {
        return Ok(python);
    }
    need_python(output)?;
    let mut make = Command::new("python3");
    output.run(make.args(["-m", "venv", "--clear"]).arg(&venv))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    output.run(pip.arg("--requirement").arg(&requirements))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write `{}`", stamp.display()))?;
    Ok(python)
}

fn need_python(output: &Output) -> Result<()> {
    if has_python() {
        return Ok(());
    }
    if browser::is_root() && Path::new("/usr/bin/apt-get").exists() {
        output.run(Command::new("apt-get").arg("update"))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--no-install-recommends", "python3", "python3-venv"]);
        output.run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    if has_python() {
        return Ok(());
    }
    bail!(
        "no Python 3.10 or later with its module venv was found: install it (Debian: `apt-get \
         install python3-venv`), or leave out the gates that need it by `--without-response`"
    )
}

/// Whether Python can make environments; Debian keeps `ensurepip` in a package of its own.
fn has_python() -> bool {
    let mut version = Command::new("python3");
    version.args(["-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))"]);
    let found = version.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
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
