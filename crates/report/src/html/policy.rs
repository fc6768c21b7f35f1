//! The content security policy of a page that runs no script and loads nothing.

use alloc::format;
use alloc::string::String;

use sha2::{Digest as _, Sha256};

/// The alphabet of base64 (RFC 4648, section 4).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The policy of a page whose only style is `style`.
pub(super) fn policy(style: &str) -> String {
    let hash = base64(&Sha256::digest(style.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    )
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = [0_u8; 3];
        for (bit, byte) in bits.iter_mut().zip(group) {
            *bit = *byte;
        }
        let [first, second, third] = bits.map(u32::from);
        let number = first << 16 | second << 8 | third;
        for at in 0..4 {
            let six = (number >> (18 - 6 * at)) & 63;
            let symbol = ALPHABET.get(six as usize).map_or('=', |symbol| char::from(*symbol));
            text.push(if at > group.len() { '=' } else { symbol });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{base64, policy};

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_policy_names_the_hash_of_the_style() {
        let hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert!(policy("").contains(hash));
    }
}
