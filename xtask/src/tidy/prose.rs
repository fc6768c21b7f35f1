//! Rules about Markdown.

use super::{SourceFile, Violation};

/// First parts of paths that exist only where somebody happened to work.
const WORKPLACES: [&str; 7] = ["Users", "builds", "home", "root", "tmp", "work", "workspace"];

/// Documents name files by their place in the project, never by a place on someone's machine.
pub(super) fn names_no_workplace(file: SourceFile<'_>) -> Vec<Violation> {
    let lines = file.text.lines().enumerate();
    let named = lines.filter_map(|(index, line)| Some((index, workplace(line)?)));
    named
        .map(|(index, path)| {
            Violation::on_line(file.path, index + 1, format!("names the place `{path}`"))
        })
        .collect()
}

fn workplace(line: &str) -> Option<&str> {
    let between = |c: char| c.is_whitespace() || "`'\"()[]<>=,:;".contains(c);
    line.split(between).find(|word| {
        let mut parts = word.split('/');
        parts.next() == Some("")
            && parts.next().is_some_and(|part| WORKPLACES.contains(&part))
            && parts.next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, names_no_workplace};

    fn n_violations(text: &str) -> usize {
        names_no_workplace(SourceFile { path: "README.md", text }).len()
    }

    #[test]
    fn a_place_on_a_machine_is_found() {
        assert_eq!(n_violations("Look into `/home/alice/rolecall`.\n"), 1);
        assert_eq!(n_violations("Run it as --dir=/Users/alice/logs.\n"), 1);
    }

    #[test]
    fn a_place_in_the_project_passes() {
        assert_eq!(
            n_violations("Look into `crates/detect/builds/` and [it](docs/home/a.md).\n"),
            0
        );
        assert_eq!(n_violations("See https://example.com/home/alice and s3://logs/home/x.\n"), 0);
        assert_eq!(n_violations("The role `/root` has no path.\n"), 0);
    }
}
