//! Rules about one Rust file: how it opens, how long it is, and what may not stand in it.

use super::{SourceFile, Violation, crates};

const LINES_MAX: usize = 400;

/// The one file that knows the numbers of ATT&CK, which change with its versions.
const TECHNIQUES: &str = "crates/detect/src/attack.rs";

/// A file says in its first line what it is for.
pub(super) fn opens_with_a_sentence(file: SourceFile<'_>) -> Vec<Violation> {
    let first = file.text.lines().next().unwrap_or_default();
    match first.strip_prefix("//! ") {
        Some(sentence) if sentence.starts_with(|c: char| c.is_alphanumeric() || c == '`') => {
            Vec::new()
        }
        Some(_) | None => vec![Violation::on_line(file.path, 1, "opens without a `//!` sentence")],
    }
}

/// A file is short enough to be read at one sitting; its tests do not count.
pub(super) fn is_short(file: SourceFile<'_>) -> Vec<Violation> {
    let n_lines = program(file.text).len();
    if n_lines <= LINES_MAX {
        return Vec::new();
    }
    let what = format!("{n_lines} lines of program, more than {LINES_MAX}");
    vec![Violation::at(file.path, what)]
}

/// A deciding crate gets no files, clock, threads or random hashes from the compiler.
pub(super) fn pure_crate_is_no_std(file: SourceFile<'_>) -> Vec<Violation> {
    let is_root = crates::pure().any(|name| file.path == format!("crates/{name}/src/lib.rs"));
    if !is_root || file.text.lines().any(|line| line == "#![no_std]") {
        return Vec::new();
    }
    vec![Violation::at(file.path, "a deciding crate says `#![no_std]`")]
}

/// A deciding crate does not fetch `std` by hand, unless for its tests.
pub(super) fn pure_crate_has_no_std_by_hand(file: SourceFile<'_>) -> Vec<Violation> {
    if !crates::pure().any(|name| file.path.starts_with(&format!("crates/{name}/src/")))
        || is_of_tests(file.path)
    {
        return Vec::new();
    }
    let lines = program(file.text);
    let before = std::iter::once("").chain(lines.iter().copied());
    let by_hand = before.zip(&lines).enumerate().filter(|(_, (before, line))| {
        line.trim_start().starts_with("extern crate std") && before.trim() != "#[cfg(test)]"
    });
    by_hand.map(|(index, _)| Violation::on_line(file.path, index + 1, "fetches `std`")).collect()
}

/// Technique ids stand in one table, so that a new version of ATT&CK is one change.
pub(super) fn keeps_techniques_in_one_place(file: SourceFile<'_>) -> Vec<Violation> {
    let is_program = file.path.starts_with("crates/") && file.path.contains("/src/");
    if !is_program || file.path == TECHNIQUES || is_of_tests(file.path) {
        return Vec::new();
    }
    let lines = program(file.text).into_iter().enumerate();
    let named = lines.filter(|(_, line)| names_a_technique(line));
    let what = format!("a technique id belongs in {TECHNIQUES}");
    named.map(|(index, _)| Violation::on_line(file.path, index + 1, &*what)).collect()
}

fn is_of_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The words of `line` that are `T` and four digits; a dot ends a word, so sub-techniques count.
fn names_a_technique(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    words
        .filter_map(|word| word.strip_prefix('T'))
        .any(|number| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The lines before the block of tests that ends the file, or all if there is none.
fn program(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    if let Some(start) = tests_start(&lines) {
        lines.truncate(start);
    }
    lines
}

fn tests_start(lines: &[&str]) -> Option<usize> {
    let module = lines.iter().rposition(|line| *line == "mod tests {")?;
    let end = module + lines.iter().skip(module).position(|line| *line == "}")?;
    if lines.iter().skip(end + 1).any(|line| !line.is_empty()) {
        return None;
    }
    lines.iter().take(module).rposition(|line| *line == "#[cfg(test)]")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "#[cfg(test)]\nmod tests {\n    fn f() {}\n}\n";

    fn file<'a>(path: &'a str, text: &'a str) -> SourceFile<'a> {
        SourceFile { path, text }
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        assert!(opens_with_a_sentence(file("a.rs", "//! Reads things.\n")).is_empty());
        assert_eq!(opens_with_a_sentence(file("a.rs", "use core::fmt;\n")).len(), 1);
        assert_eq!(opens_with_a_sentence(file("a.rs", "//!\n//! Late.\n")).len(), 1);
        assert_eq!(opens_with_a_sentence(file("a.rs", "")).len(), 1);
    }

    #[test]
    fn a_long_file_is_split() {
        assert!(is_short(file("a.rs", &"line\n".repeat(400))).is_empty());
        assert_eq!(is_short(file("a.rs", &"line\n".repeat(401))).len(), 1);
    }

    #[test]
    fn tests_do_not_make_a_file_long() {
        let text = "line\n".repeat(399) + TESTS;
        assert!(is_short(file("a.rs", &text)).is_empty());
    }

    #[test]
    fn code_after_the_tests_counts() {
        let text = TESTS.to_owned() + &"line\n".repeat(401);
        assert_eq!(is_short(file("a.rs", &text)).len(), 1);
    }

    #[test]
    fn a_deciding_crate_says_no_std() {
        let root = "crates/detect/src/lib.rs";
        assert!(pure_crate_is_no_std(file(root, "//! D.\n#![no_std]\n")).is_empty());
        assert_eq!(pure_crate_is_no_std(file(root, "//! D.\n")).len(), 1);
        assert_eq!(pure_crate_is_no_std(file(root, "// #![no_std]\n")).len(), 1);
        assert!(pure_crate_is_no_std(file("crates/ingest/src/lib.rs", "//! I.\n")).is_empty());
    }

    #[test]
    fn a_deciding_crate_does_not_fetch_std() {
        let path = "crates/evidence/src/merge.rs";
        assert_eq!(pure_crate_has_no_std_by_hand(file(path, "extern crate std;\n")).len(), 1);
        let for_tests = "#[cfg(test)]\nextern crate std;\n";
        assert!(pure_crate_has_no_std_by_hand(file(path, for_tests)).is_empty());
        let elsewhere = file("crates/ingest/src/lib.rs", "extern crate std;\n");
        assert!(pure_crate_has_no_std_by_hand(elsewhere).is_empty());
    }

    #[test]
    fn technique_ids_stand_in_one_table() {
        let text = "const ID: &str = \"T1078.004\";\n";
        assert_eq!(keeps_techniques_in_one_place(file("crates/report/src/a.rs", text)).len(), 1);
        assert!(keeps_techniques_in_one_place(file(TECHNIQUES, text)).is_empty());
        assert!(keeps_techniques_in_one_place(file("crates/report/tests/a.rs", text)).is_empty());
        let in_tests = "#[cfg(test)]\nmod tests {\n    // T1078\n}\n";
        assert!(keeps_techniques_in_one_place(file("crates/report/src/a.rs", in_tests)).is_empty());
    }

    #[test]
    fn a_time_is_not_a_technique() {
        let text = "// 20261018T2305Z, 2026-10-18T2305, AT1078 and T10789\n";
        assert!(keeps_techniques_in_one_place(file("crates/report/src/a.rs", text)).is_empty());
    }
}
