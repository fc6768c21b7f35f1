//! Rules about the tree that no compiler checks; each is a pure function with a sample that trips it.

mod comments;
mod crates;
mod fixtures;
mod layout;
mod prose;
mod sources;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::{DirEntry, WalkDir};

use crate::workspace::Workspace;

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    place: String,
    what: String,
}

/// A text file of the tree; the path is relative to the root, with `/` between its parts.
#[derive(Clone, Copy)]
struct SourceFile<'a> {
    path: &'a str,
    text: &'a str,
}

impl Violation {
    fn at(place: &str, what: impl Into<String>) -> Self {
        Self { place: place.to_owned(), what: what.into() }
    }

    fn on_line(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { place: format!("{path}:{line}"), what: what.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A rule about one file.
type FileRule = fn(SourceFile<'_>) -> Vec<Violation>;

/// A rule about all paths together.
type TreeRule = fn(&[&str]) -> Vec<Violation>;

const RUST_RULES: [FileRule; 6] = [
    comments::without_banned_words,
    sources::opens_with_a_sentence,
    sources::is_short,
    sources::pure_crate_is_no_std,
    sources::pure_crate_has_no_std_by_hand,
    sources::keeps_techniques_in_one_place,
];

const TREE_RULES: [TreeRule; 3] =
    [fixtures::of_every_detector, layout::names_say_what, layout::one_clippy_toml];

/// Checks the whole tree and returns a note on how much was checked.
pub(crate) fn run(workspace: &Workspace) -> Result<String> {
    let paths = paths(&workspace.root)?;
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut violations = crates::direction(&workspace.packages);
    violations.extend(crates::purity(&workspace.packages));
    violations.extend(TREE_RULES.iter().flat_map(|rule| rule(&paths)));
    let mut n_sources = 0;
    for path in paths.iter().filter(|path| is_read(path)) {
        let text = fs::read_to_string(workspace.root.join(path))
            .with_context(|| format!("cannot read `{path}`"))?;
        violations.extend(of_file(SourceFile { path, text: &text }));
        n_sources += 1;
    }
    conclude(violations, n_sources)
}

/// A walk that found nothing to read has looked in the wrong place.
fn conclude(mut violations: Vec<Violation>, n_sources: usize) -> Result<String> {
    violations.sort();
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    match lines.len() {
        0 if n_sources == 0 => bail!("no source file was found"),
        0 => Ok(format!("{n_sources} files")),
        n => bail!("{n} violations\n{}", lines.join("\n")),
    }
}

fn is_read(path: &str) -> bool {
    let is_source = has_extension(path, "rs") || has_extension(path, "md");
    is_source && !path.contains("/fixtures/")
}

fn of_file(file: SourceFile<'_>) -> Vec<Violation> {
    if has_extension(file.path, "md") {
        return prose::names_no_workplace(file);
    }
    RUST_RULES.iter().flat_map(|rule| rule(file)).collect()
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

fn paths(root: &Path) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_ours) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(root)?;
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            paths.push(parts.join("/"));
        }
    }
    Ok(paths)
}

fn is_ours(entry: &DirEntry) -> bool {
    let foreign = [".git", "node_modules", "target"];
    !foreign.iter().any(|name| entry.file_name() == *name)
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, Violation, comments, conclude, is_read, of_file};

    #[test]
    fn every_rule_looks_at_every_rust_file() {
        let [reminder, ..] = comments::REMINDERS;
        let text = format!("fn f() {{}} // {reminder}\nconst ID: &str = \"T1078.004\";\n");
        let violations = of_file(SourceFile { path: "crates/lineage/src/lib.rs", text: &text });
        assert_eq!(violations.len(), 4, "{violations:?}");
    }

    #[test]
    fn fixtures_are_not_read() {
        assert!(is_read("crates/detect/src/lib.rs"));
        assert!(!is_read("crates/detect/fixtures/role_chaining/notes.md"));
    }

    #[test]
    fn a_walk_that_finds_nothing_is_not_a_pass() {
        assert!(conclude(Vec::new(), 0).is_err());
        assert!(conclude(Vec::new(), 1).is_ok());
        assert!(conclude(vec![Violation::at("here", "is wrong")], 1).is_err());
    }
}
