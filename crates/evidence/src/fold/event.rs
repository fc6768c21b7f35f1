//! What makes two records one event, as hashes that depend on what records say and on nothing
//! else: not on the numbers of tables, which follow the order of arrival.

use cloudtrail::{EventId, Record, Timestamp};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::credential::Credential;

/// Hash of the `eventID` and the time of an event.
pub(super) fn hash_of(event_id: &EventId, event_time: Timestamp) -> u64 {
    let seed = event_time.0 as u64;
    match event_id {
        EventId::Uuid(value) => xxh3_64_with_seed(&value.to_le_bytes(), seed),
        EventId::Other(text) => xxh3_64_with_seed(text.as_bytes(), seed),
        EventId::Unnamed(value) => xxh3_64_with_seed(&value.to_le_bytes(), !seed),
    }
}

/// Hash of `texts`, one after the other.
pub(super) fn hash_of_texts<const N: usize>(texts: [&str; N]) -> u64 {
    // Each is the seed of the next, so that where one ends and the next begins matters.
    texts.iter().fold(0, |seed, text| xxh3_64_with_seed(text.as_bytes(), seed))
}

/// Hash of everything that tells `credential` from others.
pub(super) fn hash_of_credential(credential: &Credential) -> u64 {
    let Credential { principal_id, creation_date, access_key_id, kind, arn, account_id, service } =
        credential;
    let texts = hash_of_texts([principal_id, access_key_id, arn, account_id, service]);
    let created = creation_date.map_or(0, |time| time.0 as u64);
    joined(texts, [created, u64::from(creation_date.is_some()), *kind as u64])
}

/// Hash of where the call of `record` came from and went to; `invoked_by` forwarded it.
pub(super) fn hash_of_client(record: &Record<'_>, invoked_by: &str) -> u64 {
    hash_of_texts([
        &record.source_ip_address,
        &record.vpc_endpoint_id,
        &record.vpc_endpoint_account_id,
        invoked_by,
        &record.user_agent,
        &record.recipient_account_id,
        &record.aws_region,
    ])
}

/// Fingerprint of the event of `record`: `hash` of its id and time, with the hashes of what else
/// tells kinds of use apart.
pub(super) fn fingerprint(hash: u64, record: &Record<'_>, kind_of_use: [u64; 3]) -> u64 {
    let [credential, client, action] = kind_of_use;
    let error_code = hash_of_texts([&record.error_code]);
    joined(hash, [credential, client, action, error_code])
}

/// One hash of several.
pub(super) fn joined<const N: usize>(seed: u64, parts: [u64; N]) -> u64 {
    xxh3_64_with_seed(parts.map(u64::to_le_bytes).as_flattened(), seed)
}
