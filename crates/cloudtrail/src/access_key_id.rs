//! What an access key id tells by itself.

use alloc::format;
use alloc::string::String;

/// Whether `access_key_id` is a long-term key (IAM user guide, "Unique identifiers": `AKIA`).
pub fn is_long_term(access_key_id: &str) -> bool {
    access_key_id.starts_with("AKIA")
}

/// Whether `access_key_id` is a temporary key (IAM user guide, "Unique identifiers": `ASIA`).
pub fn is_temporary(access_key_id: &str) -> bool {
    access_key_id.starts_with("ASIA")
}

/// The account that `access_key_id` was made for, where the id encodes it.
///
/// Ids made before about March 2019 and invented ids do not decode. The encoding is not
/// documented by AWS; it was measured on real records.
pub fn account_of(access_key_id: &str) -> Option<String> {
    let symbols = access_key_id.get(4..)?.as_bytes();
    let in_new_range = matches!(symbols.first()?, b'Q'..=b'Z' | b'2'..=b'7');
    if !in_new_range {
        return None;
    }
    let mut value: u64 = 0;
    for (position, symbol) in symbols.iter().enumerate() {
        let digit = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'2'..=b'7' => symbol - b'2' + 26,
            _ => return None,
        };
        if position < 10 {
            value = (value << 5) | u64::from(digit);
        }
    }
    let account = ((value >> 2) & 0x7fff_ffff_ff80) >> 7;
    (symbols.len() >= 10 && account <= 999_999_999_999).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::account_of;

    #[test]
    fn a_key_names_its_account() {
        assert_eq!(account_of("ASIAQNZGKIQY56JQ7WML").as_deref(), Some("029608264753"));
        assert_eq!(account_of("ASIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(account_of("ASIA"), None);
        assert_eq!(account_of("ASI\u{e9}"), None);
    }
}
