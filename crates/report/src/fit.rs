//! Makes what is written fit: texts into characters, objects into bytes.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use crate::escape;

/// How much of each text and of each list is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    chars_max: usize,
    items_max: usize,
}

/// What is tried one after the other until an object fits.
///
/// The last one makes every form of this crate smaller than 128 KiB, whatever the logs say.
const CUTS: [Cut; 8] = [
    Cut { chars_max: 20_000, items_max: 1_000 },
    Cut { chars_max: 4_000, items_max: 200 },
    Cut { chars_max: 1_000, items_max: 200 },
    Cut { chars_max: 500, items_max: 100 },
    Cut { chars_max: 250, items_max: 40 },
    Cut { chars_max: 120, items_max: 20 },
    Cut { chars_max: 60, items_max: 8 },
    Cut { chars_max: 32, items_max: 4 },
];

/// What stands where the rest of a text was.
const MARK: &str = "…";

impl Cut {
    /// Everything is written.
    pub(crate) const WHOLE: Self = Self { chars_max: usize::MAX, items_max: usize::MAX };

    /// Whether everything is written.
    pub(crate) const fn is_whole(self) -> bool {
        self.chars_max == usize::MAX
    }

    /// How many items of a list are written.
    pub(crate) const fn items(self) -> usize {
        self.items_max
    }

    /// As much of `text` as is written.
    pub(crate) fn text(self, text: &str) -> Cow<'_, str> {
        if text.len() <= self.chars_max {
            return Cow::Borrowed(text);
        }
        short(text, self.chars_max, MARK)
    }
}

/// What `write` makes with the first cut that fits into `bytes_max`, or with the last one.
pub(crate) fn fit(bytes_max: Option<usize>, write: impl Fn(Cut) -> String) -> String {
    let mut written = write(Cut::WHOLE);
    let Some(bytes_max) = bytes_max else {
        return written;
    };
    for cut in CUTS {
        if written.len() <= bytes_max {
            break;
        }
        written = write(cut);
    }
    written
}

/// `text` in at most `units_max` units of UTF-16, which are never fewer than its characters, with
/// `mark` for the rest.
pub(crate) fn short<'a>(text: &'a str, units_max: usize, mark: &str) -> Cow<'a, str> {
    let room = units_max.saturating_sub(mark.encode_utf16().count());
    let mut taken = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        taken += character.len_utf16();
        if taken <= room {
            end = at + character.len_utf8();
        }
        if taken > units_max {
            return Cow::Owned(format!("{}{mark}", whole(text.get(..end).unwrap_or_default())));
        }
    }
    Cow::Borrowed(text)
}

/// `text` as one line that shows what it holds, in at most `units_max` units of UTF-16.
pub(crate) fn shown(text: &str, units_max: usize, mark: &str) -> String {
    // Every character is a unit at least: what lies behind is not looked at.
    let end = text.char_indices().nth(units_max.saturating_add(1));
    let text = end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    short(&escape::terminal(text), units_max, mark).into_owned()
}

/// `head` without an escape that lost its end.
fn whole(head: &str) -> &str {
    match head.rfind("\\u") {
        // The longest escape is `\\u{10ffff}`.
        Some(at)
            if head.len() - at < 10 && !head.get(at..).is_some_and(|tail| tail.contains('}')) =>
        {
            head.get(..at).unwrap_or_default()
        }
        Some(_) | None => head.strip_suffix('\\').unwrap_or(head),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};

    use super::{CUTS, Cut, fit, short, shown};

    #[test]
    fn a_text_that_fits_is_whole() {
        assert_eq!(short("東京", 2, "…"), "東京");
        assert_eq!(short("", 0, "…"), "");
        assert_eq!(Cut::WHOLE.text("anything"), "anything");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(short("東京都", 2, "…"), "東…");
        // A character beyond the basic plane has two units of UTF-16.
        assert_eq!(short("😀😀😀", 5, "…"), "😀😀…");
        assert_eq!(short("abcdef", 5, " (cut)"), " (cut)");
    }

    #[test]
    fn an_escape_is_whole_or_absent() {
        for units_max in 1..24 {
            let cut = shown("ab\u{202e}\u{1b}cdefghij", units_max, "…");
            assert_eq!(cut.matches("\\u{").count(), cut.matches('}').count(), "{cut}");
            assert!(cut.encode_utf16().count() <= units_max, "{cut}");
            assert!(!cut.contains("\\…") && !cut.contains("\\u…"), "{cut}");
        }
    }

    #[test]
    fn the_first_cut_that_fits_is_taken() {
        let text = "x".repeat(30_000);
        let write = |cut: Cut| cut.text(&text).to_string();
        assert_eq!(fit(None, write).len(), 30_000);
        assert_eq!(fit(Some(30_000), write).len(), 30_000);
        assert_eq!(fit(Some(29_999), write).chars().count(), 20_000);
        assert_eq!(fit(Some(100), write).chars().count(), 60);
        assert_eq!(fit(Some(1), write).chars().count(), 32);
    }

    #[test]
    fn each_cut_is_smaller_than_the_one_before() {
        assert!(CUTS.is_sorted_by(
            |left, right| left.chars_max > right.chars_max && left.items_max >= right.items_max
        ));
        assert_eq!(fit(Some(0), |_| String::from("x")), "x");
    }
}
