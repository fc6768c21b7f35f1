//! Public keys of `CloudTrail`, as `ListPublicKeys` gives them.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloudtrail::Timestamp;

/// A public key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKey {
    /// Its fingerprint, by which digests name it.
    pub fingerprint: String,
    /// First moment at which it may have signed, where that is known.
    pub validity_start: Option<Timestamp>,
    /// Last moment at which it may have signed, where that is known.
    pub validity_end: Option<Timestamp>,
    /// `RSAPublicKey` of PKCS#1 in DER, or nothing where the value is no RSA key.
    pkcs1: Option<Vec<u8>>,
}

/// How the body of a `SubjectPublicKeyInfo` of an RSA key begins: its algorithm (RFC 8017, A.1).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

impl PublicKey {
    /// A key from its DER: `RSAPublicKey` of PKCS#1, which `CloudTrail` gives, or the
    /// `SubjectPublicKeyInfo` that other tools write.
    ///
    /// A value that is neither makes a key that verifies nothing.
    pub fn new(
        fingerprint: String,
        der: &[u8],
        validity_start: Option<Timestamp>,
        validity_end: Option<Timestamp>,
    ) -> Self {
        let pkcs1 = [Some(der), inside(der)].into_iter().flatten().find(|der| is_pkcs1(der));
        Self { fingerprint, validity_start, validity_end, pkcs1: pkcs1.map(<[u8]>::to_vec) }
    }

    /// As [`new`](Self::new), from base64 of the DER; nothing where `value` is none.
    pub fn of_base64(
        fingerprint: String,
        value: &str,
        validity_start: Option<Timestamp>,
        validity_end: Option<Timestamp>,
    ) -> Option<Self> {
        let der = STANDARD.decode(value.trim()).ok()?;
        Some(Self::new(fingerprint, &der, validity_start, validity_end))
    }

    /// Whether the value is an RSA key.
    pub const fn is_readable(&self) -> bool {
        self.pkcs1.is_some()
    }

    /// Whether the key may have signed at some moment from `start` to `end`.
    pub fn is_valid_between(&self, start: Timestamp, end: Timestamp) -> bool {
        self.validity_start.is_none_or(|first| first <= end)
            && self.validity_end.is_none_or(|last| last >= start)
    }

    /// The key; empty, and so the key of nobody, where it is not readable.
    pub(crate) fn pkcs1(&self) -> &[u8] {
        self.pkcs1.as_deref().unwrap_or_default()
    }
}

/// The key inside a `SubjectPublicKeyInfo`.
fn inside(der: &[u8]) -> Option<&[u8]> {
    let body = whole(SEQUENCE, der)?;
    let bits = whole(BIT_STRING, body.strip_prefix(&RSA_ALGORITHM)?)?;
    // No bit of the last byte is unused.
    bits.strip_prefix(&[0])
}

/// Whether `der` is a sequence of two integers. Whether these make a key is for `ring` to say.
fn is_pkcs1(der: &[u8]) -> bool {
    let integers = || {
        let (_, rest) = element(INTEGER, whole(SEQUENCE, der)?)?;
        whole(INTEGER, rest)
    };
    integers().is_some()
}

/// The content of `der`, which is one element with `tag` and nothing after it.
fn whole(tag: u8, der: &[u8]) -> Option<&[u8]> {
    element(tag, der).filter(|(_, rest)| rest.is_empty()).map(|(content, _)| content)
}

/// The content of the first element of `der`, which has `tag`, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81 | 0x82 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    if *first == tag { rest.split_at_checked(length) } else { None }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;

    use super::{PublicKey, RSA_ALGORITHM};

    const KEY: &[u8] = &[0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x03];

    fn spki(key: &[u8]) -> Vec<u8> {
        let length = u8::try_from(key.len()).unwrap();
        let head = [0x30, length + 18];
        let bits = [0x03, length + 1, 0x00];
        [&head[..], &RSA_ALGORITHM, &bits, key].concat()
    }

    fn key(der: &[u8]) -> PublicKey {
        PublicKey::new("f".into(), der, None, None)
    }

    #[test]
    fn both_forms_of_a_key_are_the_same_key() {
        assert_eq!(key(KEY).pkcs1(), KEY);
        assert_eq!(key(&spki(KEY)), key(KEY));
    }

    #[test]
    fn what_is_no_rsa_key_is_not_readable() {
        let mut other_algorithm = spki(KEY);
        other_algorithm[14] = 0x02;
        let trailing = [KEY, &[0]].concat();
        for der in [b"", &b"key"[..], &KEY[..7], &trailing, &other_algorithm, &spki(b"key")] {
            assert!(!key(der).is_readable(), "{der:?}");
        }
        assert!(!key(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_readable());
    }

    #[test]
    fn a_key_is_valid_where_its_time_and_the_question_meet() {
        let time = |hour: i64| Timestamp(hour * 3600);
        let key = PublicKey::new("f".into(), KEY, Some(time(10)), Some(time(20)));
        assert!(key.is_valid_between(time(8), time(10)));
        assert!(key.is_valid_between(time(20), time(22)));
        assert!(!key.is_valid_between(time(7), time(9)));
        assert!(!key.is_valid_between(time(21), time(23)));
    }
}
