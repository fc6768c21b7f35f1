//! Finds the comments of a Rust file, and words in them that speak of the past or of a plan.

use super::{SourceFile, Violation};

/// Reminders: the work is done, or it has an issue. In parts, so that a search for reminders finds
/// none here.
pub(super) const REMINDERS: [&str; 3] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Phrases about the history of the code, which the repository keeps.
const HISTORY: [&str; 3] = ["no longer", "previously", "fix for"];

/// Comments describe the code as it is.
pub(super) fn without_banned_words(file: SourceFile<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (line, comment) in comments(file.text) {
        let mut words = comment.split(|c: char| !c.is_alphanumeric());
        let lower = comment.to_lowercase();
        let reminder = words.find(|word| REMINDERS.contains(word));
        let phrase = HISTORY.iter().find(|phrase| lower.contains(*phrase)).copied();
        if let Some(banned) = reminder.or(phrase) {
            violations.push(Violation::on_line(
                file.path,
                line,
                format!("comment says `{banned}`"),
            ));
        }
    }
    violations
}

/// Where the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    BlockComment { depth: usize },
    Code,
    LineComment,
    RawString { hashes: usize },
    String,
}

/// The comments of `text`, a piece a line, with the number of the line.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut place = Place::Code;
    for (index, line) in text.lines().enumerate() {
        let mut comment = String::new();
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (next, n_bytes) = step(place, rest);
            if is_comment(place) || is_comment(next) {
                comment.push(c);
            }
            place = next;
            rest = rest.get(n_bytes..).unwrap_or_default();
        }
        if place == Place::LineComment {
            place = Place::Code;
        }
        if !comment.is_empty() {
            found.push((index + 1, comment));
        }
    }
    found
}

fn is_comment(place: Place) -> bool {
    matches!(place, Place::LineComment | Place::BlockComment { .. })
}

/// The place after the first token of `rest`, and how many bytes that token has.
fn step(place: Place, rest: &str) -> (Place, usize) {
    let one = rest.chars().next().map_or(1, char::len_utf8);
    match place {
        Place::BlockComment { depth } => step_in_block_comment(depth, rest, one),
        Place::Code => step_in_code(rest, one),
        Place::RawString { hashes } if closes(rest, hashes) => (Place::Code, 1 + hashes),
        Place::String => step_in_string(rest, one),
        Place::LineComment | Place::RawString { .. } => (place, one),
    }
}

fn step_in_block_comment(depth: usize, rest: &str, one: usize) -> (Place, usize) {
    if rest.starts_with("/*") {
        return (Place::BlockComment { depth: depth + 1 }, 2);
    }
    if rest.starts_with("*/") {
        let outer = if depth == 1 { Place::Code } else { Place::BlockComment { depth: depth - 1 } };
        return (outer, 2);
    }
    (Place::BlockComment { depth }, one)
}

fn step_in_string(rest: &str, one: usize) -> (Place, usize) {
    if let Some(escaped) = rest.strip_prefix('\\') {
        return (Place::String, 1 + escaped.chars().next().map_or(0, char::len_utf8));
    }
    if rest.starts_with('"') {
        return (Place::Code, 1);
    }
    (Place::String, one)
}

fn step_in_code(rest: &str, one: usize) -> (Place, usize) {
    if rest.starts_with("//") {
        return (Place::LineComment, 2);
    }
    if rest.starts_with("/*") {
        return (Place::BlockComment { depth: 1 }, 2);
    }
    if rest.starts_with('"') {
        return (Place::String, 1);
    }
    if let Some(n_bytes) = character(rest) {
        return (Place::Code, n_bytes);
    }
    match raw_string(rest) {
        Some(hashes) => (Place::RawString { hashes }, 2 + hashes),
        None => (Place::Code, one),
    }
}

/// The length of a character literal, so that a quotation mark in one opens no string.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if inner.starts_with('\\') {
        return Some(3 + inner.get(2..)?.find('\'')?);
    }
    let n_bytes = inner.chars().next()?.len_utf8();
    inner.get(n_bytes..)?.starts_with('\'').then_some(2 + n_bytes)
}

/// How many `#` open a raw string here, if one opens.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after.get(hashes..)?.starts_with('"').then_some(hashes)
}

fn closes(rest: &str, hashes: usize) -> bool {
    rest.strip_prefix('"').is_some_and(|after| after.starts_with(&"#".repeat(hashes)))
}

#[cfg(test)]
mod tests {
    use super::{REMINDERS, SourceFile, without_banned_words};

    fn n_violations(text: &str) -> usize {
        without_banned_words(SourceFile { path: "a.rs", text }).len()
    }

    /// How often each reminder is found where `@` stands in `text`.
    fn n_reminders(text: &str) -> [usize; 3] {
        REMINDERS.map(|reminder| n_violations(&text.replace('@', reminder)))
    }

    #[test]
    fn a_reminder_is_found() {
        for text in ["let x = 1; // @: more\n", "/// @\nfn f() {}\n", "/* one\n @ */\n"] {
            assert_eq!(n_reminders(text), [1; 3], "{text}");
        }
    }

    #[test]
    fn a_history_is_found() {
        assert_eq!(n_violations("// This is No Longer needed.\n"), 1);
        assert_eq!(n_violations("//! Previously a list.\n"), 1);
        assert_eq!(n_violations("// A fix for the parser.\n"), 1);
    }

    #[test]
    fn a_plain_comment_passes() {
        assert_eq!(n_violations("// AWS re-uses key ids, such as AKIAXXX0.\n"), 0);
    }

    #[test]
    fn text_in_a_string_is_not_a_comment() {
        assert_eq!(n_reminders("let a = \"https://a/@\";\n"), [0; 3]);
        assert_eq!(n_reminders("let a = \"\\\" // @\";\n"), [0; 3]);
        assert_eq!(n_reminders("let a = r#\"\" // @\"#;\n"), [0; 3]);
    }

    #[test]
    fn a_comment_after_a_quotation_mark_is_one() {
        assert_eq!(n_reminders("let a = '\"'; // @\n"), [1; 3]);
        assert_eq!(n_reminders("let a = '\\''; // @\n"), [1; 3]);
        assert_eq!(n_reminders("fn f<'a>(a: &'a str) {} // @\n"), [1; 3]);
        assert_eq!(n_reminders("let a = \"é\"; // @\n"), [1; 3]);
        assert_eq!(n_reminders("let a = r\"\\\"; // @\n"), [1; 3]);
    }
}
