//! Signs what a webhook is sent, so that its receiver knows who wrote it and when.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::clock::WallTime;
use crate::config::hex;
use crate::secret::Secret;

/// The header that holds the signature.
pub const SIGNATURE_HEADER: &str = "x-rolecall-signature";

/// `t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over "t.body">`.
///
/// The time is signed, so that a receiver can refuse what was recorded and sent again.
pub fn signature(secret: &Secret, body: &[u8], now: WallTime) -> String {
    let seconds = now.seconds();
    // Keys of any length are taken, so there is no such error.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return String::new();
    };
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    format!("t={seconds},v1={}", hex(&digest))
}

#[cfg(test)]
mod tests {
    use super::signature;
    use crate::clock::WallTime;
    use crate::secret::Secret;

    /// `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac correct-horse`
    #[test]
    fn a_signature_is_what_openssl_makes() {
        let secret = Secret::new("correct-horse").unwrap();
        let signed = signature(&secret, b"{\"a\":1}", WallTime(1_700_000_000_999));
        assert_eq!(
            signed,
            "t=1700000000,v1=90498955c6f0f9e787634182800fd4e19d8797c31374b63e7073bdaec01ef1bf"
        );
    }
}
