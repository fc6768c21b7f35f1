//! The members of a JSON object, found in one pass over its text.
//!
//! Most of a record is never asked for. Instead of a parser that reads all of it, this finds
//! where each member's value begins and ends, and with it where the object ends; values are
//! taken apart only when somebody asks (`docs/decisions/0003-records-are-framed-first.md`).

use alloc::borrow::Cow;
use alloc::string::String;

use wide::u8x16;

use crate::limits::RECORD_DEPTH_MAX;
use crate::text::Text;

/// The text of one value, which is JSON if the object is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Value<'a> {
    /// From the first to the last character of the value.
    pub(crate) raw: &'a str,
    /// Whether it is a string with a backslash in it.
    has_escapes: bool,
}

/// What stands where an object should begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Extent {
    /// No object: the text breaks JSON's rules, or ends, at this position.
    Broken(usize),
    /// An object that closes before this position. Insides of its values are not checked in full.
    Closed(usize),
    /// An object nested deeper than [`RECORD_DEPTH_MAX`], found at this position.
    Deep(usize),
}

/// Where a string ends, and whether it holds escapes.
struct StringEnd {
    after: usize,
    has_escapes: bool,
}

impl<'a> Value<'a> {
    /// Whether it is `null`.
    #[inline]
    pub(crate) fn is_null(self) -> bool {
        self.raw == "null"
    }

    /// A string without its quotes; a number or boolean as its text; the empty string for
    /// anything else.
    ///
    /// A string with an escape that JSON does not know is given as it is written.
    pub(crate) fn text(self) -> Text<'a> {
        let raw = self.raw;
        match raw.as_bytes().first() {
            Some(b'"') if self.has_escapes => match serde_json::from_str::<String>(raw) {
                Ok(text) => Text(Cow::Owned(text)),
                Err(_) => Text::borrowed(raw.trim_matches('"')),
            },
            Some(b'"') => Text::borrowed(raw.get(1..raw.len() - 1).unwrap_or_default()),
            Some(b'{' | b'[') | None => Text::default(),
            Some(_) if self.is_null() => Text::default(),
            Some(_) => Text::borrowed(raw),
        }
    }
}

/// Finds the members of the object that begins at `start`, and its end.
///
/// Hands each key, as it is written, and each value to `member`, in their order; of an object
/// that is broken or too deep the members before that place. Nothing recurses, so that nesting
/// cannot overflow the stack. An opening bracket where no value can stand ends the search, so
/// that an object that is cut short is not followed through the records after it.
pub(crate) fn members<'a>(
    text: &'a str,
    start: usize,
    member: &mut impl FnMut(&'a [u8], Value<'a>),
) -> Extent {
    let bytes = text.as_bytes();
    let mut position = after_space(bytes, start + 1);
    if bytes.get(position) == Some(&b'}') {
        return Extent::Closed(position + 1);
    }
    loop {
        if bytes.get(position) != Some(&b'"') {
            return Extent::Broken(position.min(bytes.len()));
        }
        let Some(key) = end_of_string(bytes, position + 1) else {
            return Extent::Broken(bytes.len());
        };
        let name = bytes.get(position + 1..key.after - 1).unwrap_or_default();
        position = after_space(bytes, key.after);
        if bytes.get(position) != Some(&b':') {
            return Extent::Broken(position.min(bytes.len()));
        }
        position = after_space(bytes, position + 1);
        let (end, has_escapes) = match end_of_value(bytes, position) {
            Ok(found) => found,
            Err(extent) => return extent,
        };
        let raw = text.get(position..end).unwrap_or_default();
        member(name, Value { raw, has_escapes });
        position = after_space(bytes, end);
        match bytes.get(position) {
            Some(b',') => position = after_space(bytes, position + 1),
            Some(b'}') => return Extent::Closed(position + 1),
            Some(_) | None => return Extent::Broken(position.min(bytes.len())),
        }
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn after_space(bytes: &[u8], start: usize) -> usize {
    let mut position = start;
    while bytes.get(position).is_some_and(|byte| is_space(*byte)) {
        position += 1;
    }
    position
}

/// The end of the string whose first character is at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> Option<StringEnd> {
    let mut position = start;
    let mut has_escapes = false;
    loop {
        position = next_in_string(bytes, position)?;
        if bytes.get(position) == Some(&b'"') {
            return Some(StringEnd { after: position + 1, has_escapes });
        }
        has_escapes = true;
        position += 2;
    }
}

/// Bytes that are compared at once.
const BLOCK: usize = 16;

/// Where the next quote or backslash at or after `start` is.
///
/// Most strings of a record end within a block or two. A search that the linker calls costs more
/// than that, so the comparison is here.
#[inline]
fn next_in_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut rest = bytes.get(start..)?;
    while let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
        let block = u8x16::new(*block);
        let ends = block.simd_eq(u8x16::splat(b'"')) | block.simd_eq(u8x16::splat(b'\\'));
        let ends = ends.to_bitmask();
        if ends != 0 {
            return Some(bytes.len() - rest.len() + ends.trailing_zeros() as usize);
        }
        rest = behind;
    }
    let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    Some(bytes.len() - rest.len() + found)
}

/// The end of the value at `start`, and whether it is a string with escapes.
fn end_of_value(bytes: &[u8], start: usize) -> Result<(usize, bool), Extent> {
    match bytes.get(start) {
        Some(b'"') => match end_of_string(bytes, start + 1) {
            Some(end) => Ok((end.after, end.has_escapes)),
            None => Err(Extent::Broken(bytes.len())),
        },
        Some(b'{' | b'[') => end_of_nested(bytes, start).map(|end| (end, false)),
        Some(byte) if is_scalar(*byte) => {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| is_scalar(**byte)).count();
            Ok((start + length, false))
        }
        Some(_) | None => Err(Extent::Broken(start.min(bytes.len()))),
    }
}

/// Whether `byte` occurs in numbers, `true`, `false` and `null`.
const fn is_scalar(byte: u8) -> bool {
    matches!(
        byte,
        b'0'..=b'9'
            | b'+'
            | b'-'
            | b'.'
            | b'E'
            | b'a'
            | b'e'
            | b'f'
            | b'l'
            | b'n'
            | b'r'
            | b's'
            | b't'
            | b'u'
    )
}

/// The end of the object or array that begins at `start`.
fn end_of_nested(bytes: &[u8], start: usize) -> Result<usize, Extent> {
    let mut is_array = [false; RECORD_DEPTH_MAX];
    let mut depth = 0_usize;
    let mut previous = b':';
    let mut position = start;
    while let Some(byte) = bytes.get(position).copied() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                position += 1;
                continue;
            }
            b'"' => match end_of_string(bytes, position + 1) {
                Some(end) => position = end.after - 1,
                None => return Err(Extent::Broken(bytes.len())),
            },
            b'{' | b'[' => {
                let top = depth.checked_sub(1).and_then(|index| is_array.get(index));
                let may_open =
                    matches!(previous, b':' | b'[') || (previous == b',' && top == Some(&true));
                match is_array.get_mut(depth) {
                    _ if !may_open => return Err(Extent::Broken(position)),
                    None => return Err(Extent::Deep(position)),
                    Some(slot) => *slot = byte == b'[',
                }
                depth += 1;
            }
            b'}' | b']' => depth -= 1,
            b':' | b',' => {}
            _ if is_scalar(byte) => {}
            _ => return Err(Extent::Broken(position)),
        }
        previous = byte;
        position += 1;
        if depth == 0 {
            return Ok(position);
        }
    }
    Err(Extent::Broken(position))
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::{Extent, members};
    use crate::limits::RECORD_DEPTH_MAX;

    fn found(text: &str) -> (Vec<(String, String)>, Extent) {
        let mut found = Vec::new();
        let extent = members(text, 0, &mut |key, value| {
            found.push((String::from_utf8_lossy(key).to_string(), value.raw.to_string()));
        });
        (found, extent)
    }

    #[test]
    fn an_object_ends_where_the_next_one_cannot_belong_to_it() {
        let extent = |text: &str| found(text).1;
        assert_eq!(extent(r#"{"a":"}\"]{","b":[{},{}]} x"#), Extent::Closed(25));
        assert_eq!(extent(r#"{"a":{"b":1},{"c":2}}"#), Extent::Broken(13));
        assert_eq!(extent(r#"{"x":{"a":{"b":1},{"c":2}}}"#), Extent::Broken(18));
        assert_eq!(extent("{\"a\":1\n{\"b\":2}"), Extent::Broken(7));
        assert_eq!(extent(r#"{"a":"#), Extent::Broken(5));
        assert_eq!(extent(r#"{"a"#), Extent::Broken(3));
        assert_eq!(extent("{}"), Extent::Closed(2));
        assert_eq!(extent(r#"{"a":{"b":wrong}}"#), Extent::Broken(10));
        let deep = [r#"{"a":"#, &"[".repeat(RECORD_DEPTH_MAX + 1)].concat();
        assert_eq!(extent(&deep), Extent::Deep(5 + RECORD_DEPTH_MAX));
    }

    #[test]
    fn a_string_ends_at_its_quote_however_long_it_is() {
        // Around the ends of blocks, with and without a quote that does not count.
        for (n_before, n_after) in (0..40).flat_map(|before| (0..40).map(move |n| (before, n))) {
            for escaped in ["", "\\\"", "\\\\"] {
                let string = ["é".repeat(n_before), escaped.into(), "a".repeat(n_after)].concat();
                let text = ["{\"k\":\"", &string, "\",\"l\":\"\"}"].concat();
                let (found, extent) = found(&text);
                assert_eq!(extent, Extent::Closed(text.len()), "{text}");
                assert_eq!(found[0], ("k".to_string(), ["\"", &string, "\""].concat()));
                let cut = text.get(..6 + string.len()).unwrap();
                assert_eq!(members(cut, 0, &mut |_, _| {}), Extent::Broken(cut.len()), "{cut}");
            }
        }
    }

    #[test]
    fn members_are_what_a_parser_finds() {
        let text = r#" {"a" : "x\"y\u0041" ,"b":[1,{"c":null}], "d":-1.5e3,"e":true,"":{}}"#.trim();
        let parsed: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).unwrap();
        let (found, extent) = found(text);
        assert_eq!(extent, Extent::Closed(text.len()));
        let reparsed =
            found.iter().map(|(key, raw)| (key.clone(), serde_json::from_str(raw).unwrap()));
        assert_eq!(reparsed.collect::<serde_json::Map<_, _>>(), parsed);
    }
}
