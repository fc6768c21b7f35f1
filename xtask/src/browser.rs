//! Opens the HTML reports, one of them of hostile logs, in a real browser.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::Output;
use crate::workspace::{Profile, Workspace};

/// Where distributions put the browser.
const CHROMIUMS: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
];

/// A log whose every string that an attacker chooses is an attack on the reader.
const HOSTILE: &str = "crates/report/fixtures/hostile";

/// Makes the reports and runs the checks of `xtask/browser` on them.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<()> {
    let reports = workspace.target_folder("browser")?;
    let demo = reports.join("demo.html");
    let hostile = reports.join("hostile.html");
    write_reports(workspace, output, &demo, &hostile)?;
    let chromium = chromium(output)?;
    let harness = workspace.root.join("xtask").join("browser");
    install(&harness, output)?;
    let mut node = Command::new("node");
    node.current_dir(&harness).args(["--test", "--test-reporter", "spec"]);
    node.args(["checks.spec.mjs", "report.spec.mjs"]);
    node.env("CHROMIUM", chromium).env("DEMO_REPORT", &demo).env("HOSTILE_REPORT", &hostile);
    output.run(node.env("SCREENSHOTS", &reports))
}

fn write_reports(
    workspace: &Workspace,
    output: &Output,
    demo: &Path,
    hostile: &Path,
) -> Result<()> {
    let program = workspace.build(Profile::Dev, output)?;
    let rolecall = || {
        let mut command = Command::new(&program);
        command.current_dir(&workspace.root);
        command
    };
    output.run(
        rolecall().args(["demo", "--no-open", "--format", "html", "--force", "-o"]).arg(demo),
    )?;
    // Exit code 4: some of the hostile records are not even records.
    let mut scan = rolecall();
    scan.args(["scan", HOSTILE, "--format", "html", "--force", "-o"]).arg(hostile);
    output.run_accepting(&mut scan, &[0, 4])
}

/// The browser, which is installed where that can be done.
pub(crate) fn chromium(output: &Output) -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    if is_root() && Path::new("/usr/bin/apt-get").exists() {
        output.run(Command::new("apt-get").arg("update"))?;
        let mut install = Command::new("apt-get");
        // With what it recommends: a page without fonts has other widths.
        install.args(["install", "--yes", "chromium"]);
        output.run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    match installed_chromium() {
        Some(found) => Ok(found),
        None => bail!(
            "no Chromium was found: install it (Debian: `apt-get install chromium`), \
             name one in the variable CHROMIUM, or leave this gate out by `--without-browser`"
        ),
    }
}

fn installed_chromium() -> Option<PathBuf> {
    CHROMIUMS.iter().map(PathBuf::from).find(|path| path.exists())
}

/// Whether packages of the system may be installed.
pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|printed| printed.stdout == b"0\n")
}

/// Installs what the lock file names, unless that is installed.
pub(crate) fn install(harness: &Path, output: &Output) -> Result<()> {
    let written = |path: &str| fs::metadata(harness.join(path)).and_then(|file| file.modified());
    let locked = written("package-lock.json")?;
    if written("node_modules/.package-lock.json").is_ok_and(|installed| installed >= locked) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.current_dir(harness).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    output.run(&mut npm)
}
