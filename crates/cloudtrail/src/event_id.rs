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

/// Where a UUID has its hyphens, and where its parts begin and end.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const PARTS: [(usize, usize); 5] = [(0, 8), (9, 13), (14, 18), (19, 23), (24, 36)];

/// What stands for no digit: no combination of digits has its bits.
const NO_DIGIT: u8 = 0x80;

const fn digit_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        _ => NO_DIGIT,
    }
}

fn uuid(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    let has_hyphens = || HYPHENS.iter().all(|position| bytes.get(*position) == Some(&b'-'));
    if bytes.len() != 36 || !has_hyphens() {
        return None;
    }
    PARTS.iter().try_fold(0, |value, (start, end)| {
        let part = hexadecimal(bytes.get(*start..*end)?)?;
        Some((value << (4 * (end - start))) | u128::from(part))
    })
}

/// The number that at most 16 digits write.
///
/// Digits in upper case make another text, which is kept as it is written.
fn hexadecimal(digits: &[u8]) -> Option<u64> {
    let (mut number, mut all) = (0, 0);
    for digit in digits.iter().map(|byte| digit_of(*byte)) {
        number = (number << 4) | u64::from(digit);
        all |= digit;
    }
    (all < 16).then_some(number)
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
            "66d008e1-12cf-4a45-99e7-0be67fc70d7g",
            "66d008e1-12cf-4a45-99e7-0be67fc7-d71",
            "66d008e1012cf-4a45-99e7-0be67fc70d71",
            "66d008e1-12cf-4a45-99e7-0be67fc70d7é",
            "e1",
            "",
        ] {
            assert_eq!(EventId::of(text).text().as_deref(), Some(text));
        }
        let uuid = EventId::of("66d008e1-12cf-4a45-99e7-0be67fc70d71");
        assert_eq!(uuid, EventId::Uuid(0x66d0_08e1_12cf_4a45_99e7_0be6_7fc7_0d71));
        assert!(matches!(EventId::of("66d008e1-12cf-4a45-99e7-0be67fc70d7A"), EventId::Other(_)));
    }
}
