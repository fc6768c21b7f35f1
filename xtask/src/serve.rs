//! Runs the service against an endpoint that speaks AWS's protocols, and kills it there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::aws;
use crate::browser;
use crate::process::Output;
use crate::workspace::Workspace;

/// Where tests find the library that makes the clock of a process jump.
const FAKETIME: &str = "ROLECALL_TEST_FAKETIME";

/// Where Debian and others put it.
const PLACES: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
];

/// Starts the endpoint and runs the tests; returns how many ran.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    let faketime = faketime(output)?;
    aws::against_endpoint(workspace, output, "serve", &[(FAKETIME, &faketime)])?;
    Ok(format!("{} tests", aws::ran_against_endpoint(&output.written()?)?))
}

/// The library, which is installed where that is possible.
fn faketime(output: &Output) -> Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    if browser::is_root() && Path::new("/usr/bin/apt-get").exists() {
        output.run(Command::new("apt-get").arg("update"))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--no-install-recommends", "libfaketime"]);
        output.run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    bail!("libfaketime was not found: install it (Debian: `apt-get install libfaketime`)")
}

fn installed() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|place| place.exists())
}
