//! Where a JSON value ends, for text that the parser refused.

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
    use super::{End, end_of_value};

    #[test]
    fn brackets_inside_strings_do_not_count() {
        let text = br#"{"a":"}\"]{","b":[{}]} x"#;
        assert_eq!(end_of_value(text, 0, 100), End::Closed(22));
        assert_eq!(end_of_value(text, 0, 5), End::Limit);
        assert_eq!(end_of_value(br#"{"a":"#, 0, 100), End::Text);
    }
}
