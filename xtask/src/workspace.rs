//! Where the project lies, which packages it has, and how to call cargo and the program in it.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::Output;

/// The workspace as cargo describes it.
pub(crate) struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The build folder, which may lie elsewhere by `CARGO_TARGET_DIR`.
    pub(crate) target: PathBuf,
    /// The members.
    pub(crate) packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// The name of the crate.
    pub(crate) name: String,
    /// Normal dependencies; those of tests and build scripts are not part of the program.
    pub(crate) dependencies: BTreeSet<String>,
}

/// How the program is built.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quick to build, slow to run.
    Dev,
    /// What users run.
    Release,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn read() -> Result<Self> {
        let mut command = Command::new(cargo_program());
        command.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]);
        let metadata = serde_json::from_str(&Output::Terminal.capture(&mut command)?)?;
        Self::of(&metadata).context("the output of `cargo metadata` is not understood")
    }

    fn of(metadata: &Value) -> Option<Self> {
        let packages = metadata.get("packages")?.as_array()?;
        Some(Self {
            root: metadata.get("workspace_root")?.as_str()?.into(),
            target: metadata.get("target_directory")?.as_str()?.into(),
            packages: packages.iter().map(Package::of).collect::<Option<_>>()?,
        })
    }

    /// A cargo command that runs at the root.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(cargo_program());
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// Builds the program and returns its path.
    pub(crate) fn build(&self, profile: Profile, output: &Output) -> Result<PathBuf> {
        let mut command = self.cargo(["build", "--package", "rolecall"]);
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => {
                command.arg("--release");
                "release"
            }
        };
        output.run(&mut command)?;
        let file_name = format!("rolecall{}", env::consts::EXE_SUFFIX);
        Ok(self.target.join(folder).join(file_name))
    }

    /// Makes `target/<name>` and returns its path.
    pub(crate) fn target_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join(name);
        make_folder(&folder)?;
        Ok(folder)
    }
}

impl Package {
    fn of(package: &Value) -> Option<Self> {
        let dependencies = package.get("dependencies")?.as_array()?;
        let normal = dependencies.iter().filter(|dependency| {
            // Cargo writes a null for a normal dependency.
            dependency.get("kind").is_some_and(Value::is_null)
        });
        Some(Self {
            name: package.get("name")?.as_str()?.to_owned(),
            dependencies: normal
                .map(|dependency| Some(dependency.get("name")?.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
        })
    }
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Workspace;

    #[test]
    fn only_normal_dependencies_count() {
        let metadata = json!({
            "workspace_root": "root", "target_directory": "target",
            "packages": [{"name": "lineage", "dependencies": [
                {"name": "evidence", "kind": null},
                {"name": "simulate", "kind": "dev"},
                {"name": "askama", "kind": "build"},
            ]}],
        });
        let workspace = Workspace::of(&metadata).unwrap();
        let dependencies: Vec<_> = workspace.packages[0].dependencies.iter().collect();
        assert_eq!(dependencies, ["evidence"]);
    }

    #[test]
    fn metadata_without_packages_is_refused() {
        assert!(Workspace::of(&json!({"workspace_root": "root"})).is_none());
    }
}
