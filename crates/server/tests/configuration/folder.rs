//! A folder with a configuration in it, and what is said about that.

use std::path::{Path, PathBuf};

use server::config::{Environment, Loaded, Request, load};
use tempfile::TempDir;

/// A folder with a file of the configuration in it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(text: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("rolecall.toml", text);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn load(&self, environment: &[(&str, &str)]) -> Loaded {
        let environment = variables(environment);
        load(&Request { file: Some(self.path("rolecall.toml")), environment, ..Request::default() })
    }

    /// What is wrong, with `rolecall.toml` for the path of the file.
    pub(crate) fn problems(&self, environment: &[(&str, &str)]) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        let problems = self.load(environment).problems;
        problems.iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
    }
}

pub(crate) fn variables(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What is wrong with `text`, besides that it has no source.
pub(crate) fn problems(text: &str) -> Vec<String> {
    let mut problems = Folder::with(text).problems(&[]);
    problems.retain(|problem| !problem.starts_with("`source`: there is no source"));
    problems
}

pub(crate) fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}
