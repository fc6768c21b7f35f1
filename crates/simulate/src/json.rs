//! A small writer of JSON objects, because building a tree for each record costs most of the time.

use alloc::string::String;
use core::fmt::Write as _;

/// An object being written; members keep the order in which they were given.
pub(crate) struct Json {
    text: String,
}

impl Json {
    pub(crate) fn object() -> Self {
        Self { text: String::from("{") }
    }

    pub(crate) fn with_capacity(n_bytes: usize) -> Self {
        let mut text = String::with_capacity(n_bytes);
        text.push('{');
        Self { text }
    }

    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        self.text.push('"');
        escape(value, &mut self.text);
        self.text.push('"');
        self
    }

    /// Adds a member whose value is JSON already.
    pub(crate) fn raw(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        self.text.push_str(value);
        self
    }

    /// Adds the member unless `value` is empty, which stands for absent.
    pub(crate) fn raw_if(self, key: &str, value: &str) -> Self {
        if value.is_empty() {
            return self;
        }
        self.raw(key, value)
    }

    /// Adds the member unless `value` is empty, which stands for absent.
    pub(crate) fn text_if(self, key: &str, value: &str) -> Self {
        if value.is_empty() {
            return self;
        }
        self.text(key, value)
    }

    pub(crate) fn boolean(self, key: &str, value: bool) -> Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    pub(crate) fn end(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn key(&mut self, key: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.text.push('"');
        escape(key, &mut self.text);
        self.text.push_str("\":");
    }
}

fn escape(value: &str, text: &mut String) {
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if value.bytes().all(is_plain) {
        text.push_str(value);
        return;
    }
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::Json;

    #[test]
    fn hostile_text_survives_the_writer() {
        let hostile = "a\"b\\c\nd\te\u{1}f\u{e9}";
        let text = Json::object().text("k\"", hostile).raw("n", "null").end();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["k\""], hostile.to_string());
        assert!(value["n"].is_null());
    }
}
