//! The Python that gates with a mock of AWS run in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::process::Output;
use crate::workspace::Workspace;

/// The Python of an environment with exactly what `requirements.txt` names.
pub(crate) fn environment(workspace: &Workspace, output: &Output) -> Result<PathBuf> {
    let requirements = workspace.root.join("xtask").join("requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("cannot read `{}`", requirements.display()))?;
    let folder = workspace.target_folder("python")?;
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
         install python3-venv`), or leave the gate out by `--without-response` or \
         `--without-aws`"
    )
}

/// Whether Python can make environments; Debian keeps `ensurepip` in a package of its own.
fn has_python() -> bool {
    let mut version = Command::new("python3");
    version.args(["-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))"]);
    let found = version.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}
