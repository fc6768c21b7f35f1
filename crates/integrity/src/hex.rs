//! Hexadecimal digits, as digests write hashes and signatures.

use alloc::string::String;
use alloc::vec::Vec;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// `bytes` in lower case, two digits each.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(DIGITS.get(usize::from(value)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes that `text` writes in either case, or nothing where it is not hexadecimal.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(value(*high)? << 4 | value(*low)?),
            _ => None,
        })
        .collect()
}

const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::{decoded, encoded};

    #[test]
    fn bytes_come_back() {
        let bytes: alloc::vec::Vec<u8> = (0..=255).collect();
        assert_eq!(decoded(&encoded(&bytes)).unwrap(), bytes);
        assert_eq!(decoded(&encoded(&bytes).to_uppercase()).unwrap(), bytes);
    }

    #[test]
    fn what_is_not_hexadecimal_is_refused() {
        for text in ["0", "0g", "é0", "0x00", " 00"] {
            assert_eq!(decoded(text), None, "{text}");
        }
        assert_eq!(encoded(&[]), String::new());
    }
}
