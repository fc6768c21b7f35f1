//! Which key verifies what.

use cloudtrail::Timestamp;
use integrity::{KeyListing, ListPublicKeys, PublicKey, PublicKeys};
use serde_json::json;

use crate::trail::{Objects, Signer, Trail, spki, time};
use crate::walking::{Bucket, expected, walked};

fn two() -> Objects {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.hour(&mut objects, 1, 1);
    trail.hour(&mut objects, 2, 1);
    objects
}

fn verdicts(key: PublicKey) -> Vec<(i64, String)> {
    let mut keys = PublicKeys::default();
    keys.add(key);
    walked(Bucket::new(&two()), &mut keys).verdicts()
}

fn both(verdict: &str) -> Vec<(i64, String)> {
    expected(&[(2, verdict), (1, verdict)])
}

#[test]
fn a_key_may_be_wrapped_as_other_tools_do() {
    let signer = Signer::one();
    let wrapped = spki(&signer.pkcs1());
    assert_eq!(
        verdicts(PublicKey::new(signer.fingerprint.into(), &wrapped, None, None)),
        both("valid")
    );
    let listing = json!({"PublicKeyList": [signer.listed(&wrapped)]}).to_string();
    let listing = KeyListing::parse(listing.as_bytes()).unwrap();
    assert_eq!(verdicts(listing.keys[0].clone()), both("valid"));
}

#[test]
fn another_key_under_the_same_fingerprint_verifies_nothing() {
    let key = PublicKey::new(Signer::one().fingerprint.into(), &Signer::two().pkcs1(), None, None);
    assert_eq!(verdicts(key), both("signature_verification_failed"));
}

#[test]
fn a_key_that_is_none_is_said_to_be_none() {
    let key = PublicKey::new(Signer::one().fingerprint.into(), b"key", None, None);
    assert_eq!(verdicts(key), both("public_key_unreadable"));
}

#[test]
fn a_key_signs_only_while_it_is_valid() {
    let signer = Signer::one();
    let key = |start: i64, end: i64| {
        let (start, end) = (Some(time(start)), Some(time(end)));
        verdicts(PublicKey::new(signer.fingerprint.into(), &signer.pkcs1(), start, end))
    };
    assert_eq!(key(-9, 9), both("valid"));
    // A digest may be signed two hours after its end.
    assert_eq!(key(3, 9), both("valid"));
    assert_eq!(key(4, 9), expected(&[(2, "valid"), (1, "public_key_not_found")]));
    assert_eq!(key(-9, 0), both("public_key_not_found"));
}

struct Lister(Result<Vec<PublicKey>, String>);

impl ListPublicKeys for Lister {
    fn list_public_keys(
        &mut self,
        region: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<PublicKey>, String> {
        assert_eq!(region, "eu-west-1");
        self.0.clone()
    }
}

#[test]
fn keys_are_asked_for_where_they_are_not_at_hand() {
    let signer = Signer::one();
    let key = PublicKey::new(signer.fingerprint.into(), &signer.pkcs1(), None, None);
    let objects = two();
    let mut lister = Lister(Ok(vec![key]));
    let asked = walked(Bucket::new(&objects), &mut PublicKeys::of_lister(&mut lister));
    assert_eq!(asked.verdicts(), both("valid"));
    let mut silent = Lister(Err("no network".to_owned()));
    let asked = walked(Bucket::new(&objects), &mut PublicKeys::of_lister(&mut silent));
    assert_eq!(asked.verdicts(), both("? keys_not_fetched"));
}
