//! What names one delivered copy of an event.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

/// What names one delivered copy of an event: its `eventID`.
///
/// Nearly every `eventID` is a UUID and takes sixteen bytes. The order of UUIDs is the order of
/// their text.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum EventId {
    /// An `eventID` in the canonical form of a UUID.
    Uuid(u128),
    /// An `eventID` of another form.
    Other(Box<str>),
    /// A record without an `eventID`, told apart by a hash of its text.
    Unnamed(u128),
}

impl EventId {
    /// The identifier that `text` writes.
    pub fn of(text: &str) -> Self {
        uuid(text).map_or_else(|| Self::Other(text.into()), Self::Uuid)
    }

    /// The text of the `eventID`, or nothing where the record had none.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Uuid(value) => Some(hyphenated(*value)),
            Self::Other(text) => Some(text.as_ref().into()),
            Self::Unnamed(_) => None,
        }
    }
}

fn uuid(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return None;
    }
    let mut value: u128 = 0;
    for (position, byte) in bytes.iter().enumerate() {
        let digit = match (position, byte) {
            (8 | 13 | 18 | 23, b'-') => continue,
            (8 | 13 | 18 | 23, _) => return None,
            (_, b'0'..=b'9') => byte - b'0',
            // Upper case is another text: it is kept as it is written.
            (_, b'a'..=b'f') => byte - b'a' + 10,
            _ => return None,
        };
        value = (value << 4) | u128::from(digit);
    }
    Some(value)
}

fn hyphenated(value: u128) -> String {
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        value >> 96,
        (value >> 80) & 0xffff,
        (value >> 64) & 0xffff,
        (value >> 48) & 0xffff,
        value & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::EventId;

    #[test]
    fn text_survives_both_forms() {
        for text in [
            "66d008e1-12cf-4a45-99e7-0be67fc70d71",
            "66D008E1-12CF-4A45-99E7-0BE67FC70D71",
            "e1",
            "",
        ] {
            assert_eq!(EventId::of(text).text().as_deref(), Some(text));
        }
        assert!(matches!(EventId::of("66d008e1-12cf-4a45-99e7-0be67fc70d71"), EventId::Uuid(_)));
    }
}
