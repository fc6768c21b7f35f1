//! Rules about names of files and where they may stand.

use super::{Violation, has_extension};

/// Names that say nothing; `mod.rs` hides the name of its module.
const BANNED: [&str; 6] = ["common.rs", "helpers.rs", "misc.rs", "mod.rs", "util.rs", "utils.rs"];

/// A file is named for what is in it.
pub(super) fn names_say_what(paths: &[&str]) -> Vec<Violation> {
    let sources = paths.iter().filter(|path| has_extension(path, "rs"));
    let banned = sources.filter(|path| BANNED.contains(&name(path)));
    banned.map(|path| Violation::at(path, "is a name that says nothing")).collect()
}

/// A second `clippy.toml` replaces the one at the root instead of adding to it.
pub(super) fn one_clippy_toml(paths: &[&str]) -> Vec<Violation> {
    let is_clippy = |path: &&&str| matches!(name(path), "clippy.toml" | ".clippy.toml");
    let found: Vec<&str> = paths.iter().filter(is_clippy).copied().collect();
    if found == ["clippy.toml"] {
        return Vec::new();
    }
    let what = format!("exactly one, at the root, is wanted; there are [{}]", found.join(", "));
    vec![Violation::at("clippy.toml", what)]
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{names_say_what, one_clippy_toml};

    #[test]
    fn a_name_that_says_nothing_is_found() {
        assert!(names_say_what(&["crates/detect/src/finding.rs"]).is_empty());
        assert_eq!(names_say_what(&["crates/detect/src/utils.rs"]).len(), 1);
        assert_eq!(names_say_what(&["crates/detect/src/detectors/mod.rs"]).len(), 1);
    }

    #[test]
    fn there_is_one_clippy_toml() {
        assert!(one_clippy_toml(&["clippy.toml", "deny.toml"]).is_empty());
        assert_eq!(one_clippy_toml(&["clippy.toml", "crates/detect/clippy.toml"]).len(), 1);
        assert_eq!(one_clippy_toml(&["clippy.toml", ".clippy.toml"]).len(), 1);
        assert_eq!(one_clippy_toml(&[]).len(), 1);
    }
}
