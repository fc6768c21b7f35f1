//! Runs other programs, with their output on the terminal or in a gate's log.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Where a program's output goes.
pub(crate) enum Output {
    /// A gate's log, which is shown when the gate fails.
    Log { file: File, path: PathBuf },
    /// The terminal of whoever called.
    Terminal,
}

impl Output {
    /// Opens an empty log at `path`.
    pub(crate) fn log(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot create `{}`", path.display()))?;
        Ok(Self::Log { file, path: path.to_owned() })
    }

    /// Returns what was written; a terminal keeps nothing.
    pub(crate) fn written(&self) -> Result<String> {
        let Self::Log { path, .. } = self else {
            return Ok(String::new());
        };
        let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Runs `command` and fails unless it exits with 0.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        self.run_accepting(command, &[0])
    }

    /// Runs `command` and fails unless its exit code is one of `accepted`.
    pub(crate) fn run_accepting(&self, command: &mut Command, accepted: &[i32]) -> Result<()> {
        if let Self::Log { file, .. } = self {
            command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file.try_clone()?);
        }
        let status =
            command.status().with_context(|| format!("cannot start `{}`", name(command)))?;
        if !status.code().is_some_and(|code| accepted.contains(&code)) {
            bail!("{} ended with {status}", line(command));
        }
        Ok(())
    }

    /// Runs `command` and returns its standard output; only standard error goes to `self`.
    pub(crate) fn capture(&self, command: &mut Command) -> Result<String> {
        match self {
            Self::Log { file, .. } => command.stderr(file.try_clone()?),
            Self::Terminal => command.stderr(Stdio::inherit()),
        };
        let output = command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start `{}`", name(command)))?;
        if !output.status.success() {
            bail!("{} ended with {}", line(command), output.status);
        }
        String::from_utf8(output.stdout)
            .with_context(|| format!("{} printed bytes that are not UTF-8", line(command)))
    }
}

/// The program without its folder, which says nothing about what went wrong.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    name.to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let mut words = vec![name(command)];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::Output;

    #[test]
    fn an_exit_code_that_was_not_accepted_is_an_error() {
        let mut command = Command::new("cargo");
        command.arg("no-such-subcommand").stderr(std::process::Stdio::null());
        assert!(Output::Terminal.run(&mut command).is_err());
    }

    #[test]
    fn an_exit_code_that_was_accepted_is_not() {
        let mut command = Command::new("cargo");
        command.arg("no-such-subcommand").stderr(std::process::Stdio::null());
        assert!(Output::Terminal.run_accepting(&mut command, &[101]).is_ok());
    }
}
