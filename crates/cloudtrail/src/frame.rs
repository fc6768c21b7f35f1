//! Where a JSON value ends, for text that the parser refused.

use memchr::memchr2;

use crate::limits::RECORD_DEPTH_MAX;

/// Where the search for the end of a value stopped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    /// The value closes before this position.
    Closed(usize),
    /// The limit came first.
    Limit,
    /// The text came to its end first.
    Text,
}

/// What stands where an object should begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Extent {
    /// No object: the text breaks JSON's rules, or ends, at this position.
    Broken(usize),
    /// An object that closes before this position. Its insides are not checked in full.
    Closed(usize),
    /// An object nested deeper than [`RECORD_DEPTH_MAX`], found at this position.
    Deep(usize),
}

/// The extent of the object that begins at `start`.
///
/// The parser recurses once a level and knows no limit, so that nothing may reach it whose depth
/// is not known. An opening bracket where no value can stand ends the search, so that an object
/// that is cut short is not followed through the records after it.
pub(crate) fn extent_of_object(text: &[u8], start: usize) -> Extent {
    let mut is_array = [false; RECORD_DEPTH_MAX];
    let mut depth = 0_usize;
    let mut previous = b':';
    let mut position = start;
    while let Some(byte) = text.get(position) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                position += 1;
                continue;
            }
            b'"' => match after_string(text, position + 1) {
                Some(after) => position = after - 1,
                None => return Extent::Broken(text.len()),
            },
            b'{' | b'[' => {
                let top = depth.checked_sub(1).and_then(|index| is_array.get(index));
                let may_open =
                    matches!(previous, b':' | b'[') || (previous == b',' && top == Some(&true));
                match is_array.get_mut(depth) {
                    _ if !may_open => return Extent::Broken(position),
                    None => return Extent::Deep(position),
                    Some(slot) => *slot = *byte == b'[',
                }
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        previous = *byte;
        position += 1;
        if depth == 0 {
            return Extent::Closed(position);
        }
    }
    Extent::Broken(position)
}

/// The position after the string whose first character is at `start`.
fn after_string(text: &[u8], start: usize) -> Option<usize> {
    let mut position = start;
    loop {
        position += memchr2(b'"', b'\\', text.get(position..)?)?;
        if text.get(position) == Some(&b'"') {
            return Some(position + 1);
        }
        position += 2;
    }
}

/// The end of the object or array that begins at `start`, by counting brackets outside strings.
pub(crate) fn end_of_value(text: &[u8], start: usize, bytes_max: usize) -> End {
    end_of_depth(text, start, 0, bytes_max)
}

/// The end of the value that is `depth` levels open at `start`.
pub(crate) fn end_of_depth(text: &[u8], start: usize, depth: usize, bytes_max: usize) -> End {
    let mut depth = depth;
    let (mut in_string, mut is_escaped) = (false, false);
    for (length, byte) in text.get(start..).unwrap_or_default().iter().enumerate() {
        if length >= bytes_max {
            return End::Limit;
        }
        if in_string {
            in_string = is_escaped || *byte != b'"';
            is_escaped = !is_escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 && matches!(byte, b'}' | b']') {
            return End::Closed(start + length + 1);
        }
    }
    End::Text
}

/// The position of the next `needle` at or after `start`, within `bytes_max` bytes.
pub(crate) fn find(text: &str, start: usize, needle: &str, bytes_max: usize) -> Option<usize> {
    let mut end = start.saturating_add(bytes_max).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(start..end)?.find(needle).map(|offset| start + offset)
}

#[cfg(test)]
mod tests {
    use super::{End, Extent, end_of_value, extent_of_object};
    use crate::limits::RECORD_DEPTH_MAX;

    #[test]
    fn an_object_ends_where_the_next_one_cannot_belong_to_it() {
        let extent = |text: &str| extent_of_object(text.as_bytes(), 0);
        assert_eq!(extent(r#"{"a":"}\"]{","b":[{},{}]} x"#), Extent::Closed(25));
        assert_eq!(extent(r#"{"a":{"b":1},{"c":2}}"#), Extent::Broken(13));
        assert_eq!(extent("{\"a\":1\n{\"b\":2}"), Extent::Broken(7));
        assert_eq!(extent(r#"{"a":"#), Extent::Broken(5));
        assert_eq!(extent(r#"{"a"#), Extent::Broken(3));
        let deep = [r#"{"a":"#, &"[".repeat(RECORD_DEPTH_MAX)].concat();
        assert_eq!(extent(&deep), Extent::Deep(5 + RECORD_DEPTH_MAX - 1));
    }

    #[test]
    fn brackets_inside_strings_do_not_count() {
        let text = br#"{"a":"}\"]{","b":[{}]} x"#;
        assert_eq!(end_of_value(text, 0, 100), End::Closed(22));
        assert_eq!(end_of_value(text, 0, 5), End::Limit);
        assert_eq!(end_of_value(br#"{"a":"#, 0, 100), End::Text);
    }
}
