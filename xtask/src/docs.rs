//! Pages about detectors, written by the program itself so that a fact stands in one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::Output;
use crate::workspace::{Profile, Workspace, make_folder};

/// Pages by file name.
type Pages = BTreeMap<String, String>;

/// Writes every page and deletes those of detectors that do not exist.
pub(crate) fn write(workspace: &Workspace, output: &Output) -> Result<()> {
    let folder = folder(workspace);
    let wanted = wanted(workspace, output)?;
    make_folder(&folder)?;
    for name in present(&folder)?.keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(folder.join(name)).with_context(|| format!("cannot delete `{name}`"))?;
    }
    for (name, page) in &wanted {
        fs::write(folder.join(name), page).with_context(|| format!("cannot write `{name}`"))?;
    }
    println!("{} pages in docs/detectors", wanted.len());
    Ok(())
}

/// Fails when the pages are not those that `write` would write.
pub(crate) fn check(workspace: &Workspace, output: &Output) -> Result<()> {
    let differences = differences(&wanted(workspace, output)?, &present(&folder(workspace))?);
    if differences.is_empty() {
        return Ok(());
    }
    bail!("run `cargo xtask docs`:\n{}", differences.join("\n"))
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("docs").join("detectors")
}

fn wanted(workspace: &Workspace, output: &Output) -> Result<Pages> {
    let program = workspace.build(Profile::Dev, output)?;
    let explain = |what: &[&str]| {
        output.capture(Command::new(&program).arg("explain").arg("--format").args(what))
    };
    let ids = explain(&["ids"])?;
    let mut pages = Pages::new();
    for id in ids.lines() {
        // An id becomes a file name.
        if id.is_empty() || !id.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
            bail!("`{id}` is not the id of a detector");
        }
        pages.insert(format!("{id}.md"), explain(&["markdown", id])?);
    }
    if pages.is_empty() {
        bail!("`rolecall explain --format ids` names no detector");
    }
    Ok(pages)
}

fn present(folder: &Path) -> Result<Pages> {
    let mut pages = Pages::new();
    if !folder.exists() {
        return Ok(pages);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let page = fs::read_to_string(&path).with_context(|| format!("cannot read `{name}`"))?;
        pages.insert(name, page);
    }
    Ok(pages)
}

fn differences(wanted: &Pages, present: &Pages) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, page) in wanted {
        match present.get(name) {
            Some(found) if found == page => {}
            Some(_) => differences.push(format!("docs/detectors/{name} is stale")),
            None => differences.push(format!("docs/detectors/{name} is missing")),
        }
    }
    let left_over = present.keys().filter(|name| !wanted.contains_key(*name));
    differences.extend(left_over.map(|name| format!("docs/detectors/{name} is left over")));
    differences
}

#[cfg(test)]
mod tests {
    use super::{Pages, differences};

    fn pages(pages: &[(&str, &str)]) -> Pages {
        pages.iter().map(|(name, page)| ((*name).to_owned(), (*page).to_owned())).collect()
    }

    #[test]
    fn the_same_pages_pass() {
        let same = pages(&[("a.md", "A")]);
        assert!(differences(&same, &same).is_empty());
    }

    #[test]
    fn a_stale_a_missing_and_a_left_over_page_are_found() {
        let wanted = pages(&[("a.md", "A"), ("b.md", "B")]);
        let present = pages(&[("a.md", "old"), ("c.md", "C")]);
        let found = differences(&wanted, &present);
        assert_eq!(found.len(), 3);
        assert!(found[0].ends_with("stale") && found[1].ends_with("missing"));
        assert!(found[2].ends_with("left over"));
    }
}
