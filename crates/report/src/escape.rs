//! The ways out for hostile text: terminal, CSV, JSON and Slack; HTML goes through askama on top.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

/// Shows every character that a terminal or a browser would obey or hide as `\u{..}`.
///
/// The result is one line of text that looks the way it is.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unseen(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Guards a cell of a CSV file, before quoting, against being run as a formula.
///
/// Spreadsheets trim white space and take the full-width forms, too. Where a semicolon separates
/// cells, as in many countries, one inside a cell begins another cell, quoted or not.
pub fn csv(cell: &str) -> Cow<'_, str> {
    if !cell.split(';').any(is_formula) {
        return terminal(cell);
    }
    let mut guarded = String::with_capacity(cell.len() + 8);
    for (number, part) in cell.split(';').enumerate() {
        guarded.push_str(if number == 0 { "" } else { ";" });
        guarded.push_str(if is_formula(part) { "'" } else { "" });
        guarded.push_str(&terminal(part));
    }
    Cow::Owned(guarded)
}

/// Whether a spreadsheet would run `cell`.
fn is_formula(cell: &str) -> bool {
    let first = cell.chars().find(|character| !matches!(character, ' ' | '"'));
    matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

/// Shows `text` inside a code span of Slack's mrkdwn, in at most `units_max` units of UTF-16.
///
/// Slack has no escape for its formatting: inside a code span there is none, and a backtick, which
/// would end it, becomes an apostrophe. `&`, `<` and `>` are written as entities, so that nothing
/// becomes a mention or a link
/// (<https://docs.slack.dev/messaging/formatting-message-text#escaping>).
pub fn mrkdwn(text: &str, units_max: usize) -> String {
    let mut escaped = String::from("`");
    // The two backticks, and a mark for the rest.
    let mut room = units_max.saturating_sub(3);
    let end = text.char_indices().nth(units_max).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text);
    let shown = terminal(text);
    for character in shown.chars() {
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '`' => "'",
            _ => "",
        };
        let units = if entity.is_empty() { character.len_utf16() } else { entity.len() };
        let Some(rest) = room.checked_sub(units) else {
            escaped.push('…');
            break;
        };
        room = rest;
        if entity.is_empty() {
            escaped.push(character);
        } else {
            escaped.push_str(entity);
        }
    }
    // An empty span is no span.
    if shown.trim().is_empty() {
        escaped.push('-');
    }
    escaped.push('`');
    escaped
}

/// Writes control, bidirectional and invisible characters and `<` of a JSON text as `\uXXXX`.
///
/// A JSON text holds these characters inside strings only, where such an escape has the same
/// meaning. The text stays harmless on a terminal and inside a page.
pub fn json(document: String) -> String {
    let is_affected =
        |character: char| character == '<' || (character != '\n' && is_unseen(character));
    if !document.contains(is_affected) {
        return document;
    }
    let mut escaped = String::with_capacity(document.len() + document.len() / 8);
    let mut begin = 0;
    for (at, character) in document.char_indices().filter(|(_, character)| is_affected(*character))
    {
        escaped.push_str(document.get(begin..at).unwrap_or_default());
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
        begin = at + character.len_utf8();
    }
    escaped.push_str(document.get(begin..).unwrap_or_default());
    escaped
}

/// Columns that `text` takes on a terminal.
pub fn columns(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// `text` for a terminal, in at most `columns_max` columns, with `…` for the rest.
pub fn cut(text: &str, columns_max: usize) -> Cow<'_, str> {
    // Every character counts as a column at least: what lies behind is not looked at.
    let end = text.char_indices().nth(columns_max.saturating_add(1));
    let text = end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    match terminal(text) {
        Cow::Borrowed(shown) => cut_shown(shown, columns_max),
        Cow::Owned(shown) => Cow::Owned(cut_shown(&shown, columns_max).into_owned()),
    }
}

fn cut_shown(text: &str, columns_max: usize) -> Cow<'_, str> {
    let mut taken = 0;
    let mut before_mark = 0;
    for (at, character) in text.char_indices() {
        // Accents take no column, and a thousand of them on one letter are still cut.
        let width = character.width().unwrap_or(0).max(1);
        if taken + width > columns_max {
            let head = text.get(..before_mark).unwrap_or_default();
            return Cow::Owned(format!("{head}…"));
        }
        taken += width;
        if taken < columns_max {
            before_mark = at + character.len_utf8();
        }
    }
    Cow::Borrowed(text)
}

/// Whether a terminal or a browser obeys `character` or hides it.
const fn is_unseen(character: char) -> bool {
    // Nearly every character is one of these.
    if matches!(character, ' '..='~') {
        return false;
    }
    matches!(
        character,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            // Soft hyphen, joiners and fillers: nothing is drawn for them.
            | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Interlinear annotations, tags and the supplement of variation selectors.
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::{csv, cut, json, mrkdwn, terminal};

    #[test]
    fn a_terminal_gets_no_character_that_it_would_obey() {
        let shown = terminal("a\u{1b}]52;c;x\u{7}\u{9b}2J\u{202e}b\u{200b}\n\u{e0041}\u{2028}");
        assert_eq!(shown, r"a\u{1b}]52;c;x\u{7}\u{9b}2J\u{202e}b\u{200b}\u{a}\u{e0041}\u{2028}");
        assert_eq!(terminal("Zoë 東京"), "Zoë 東京");
    }

    #[test]
    fn a_cell_that_begins_like_a_formula_is_text() {
        for cell in ["=cmd()", "+1", "-1", "@x", "\t=x", "  =x", "＝x"] {
            assert!(csv(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(csv("deploy-role"), "deploy-role");
        assert_eq!(csv("1 record; two roles"), "1 record; two roles");
        assert_eq!(csv("a; =cmd();\"+1;b"), "a;' =cmd();'\"+1;b");
    }

    #[test]
    fn slack_gets_neither_a_mention_nor_a_link_nor_formatting() {
        assert_eq!(mrkdwn("<!channel> *b* & `c`", 60), "`&lt;!channel&gt; *b* &amp; 'c'`");
        assert_eq!(mrkdwn("a\u{202e}\nb", 60), r"`a\u{202e}\u{a}b`");
        assert_eq!(mrkdwn("", 60), "`-`");
        for units_max in 4..40 {
            let cut = mrkdwn(&"<&>".repeat(99), units_max);
            assert!(cut.encode_utf16().count() <= units_max, "{cut}");
            assert!(cut.ends_with("…`") && cut.matches('`').count() == 2, "{cut}");
            assert_eq!(cut.matches('&').count(), cut.matches(';').count(), "{cut}");
        }
    }

    #[test]
    fn json_keeps_the_value_and_not_the_character() {
        let escaped = json(String::from("{\n  \"a\": \"<b\u{7f}\u{202e}\u{e0041}\"\n}"));
        assert_eq!(escaped, "{\n  \"a\": \"\\u003cb\\u007f\\u202e\\udb40\\udc41\"\n}");
    }

    #[test]
    fn text_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("東京都", 5), "東京…");
        assert_eq!(cut("東京都", 4), "東…");
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("\u{1b}[2J", 5), "\\u{1…");
        assert!(cut(&"\u{301}".repeat(9_000), 9).len() < 30);
    }
}
