//! What `CloudTrail` signs, and whether a signature is one of a key.

use alloc::format;
use alloc::string::String;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::digest::Digest;
use crate::hex;
use crate::key::PublicKey;

/// The text whose signature a digest has: its end, its place, its hash, and the signature of the
/// digest before it, or `null` in the first of a chain.
pub fn string_to_sign(digest: &Digest) -> String {
    let (end, place) = (&digest.end_text, &digest.location);
    let hash = hex::encoded(&digest.sha256);
    let previous = digest.previous_signature.as_deref().unwrap_or("null");
    format!("{end}\n{}/{}\n{hash}\n{previous}", place.bucket, place.key)
}

/// Whether `signature`, in hexadecimal digits, is the one of `digest` by `key`: RSASSA-PKCS1-v1_5
/// with SHA-256, and a key of 2048 to 8192 bits.
pub(crate) fn verifies(key: &PublicKey, digest: &Digest, signature: &str) -> bool {
    let Some(signature) = hex::decoded(signature) else {
        return false;
    };
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.pkcs1());
    key.verify(string_to_sign(digest).as_bytes(), &signature).is_ok()
}
