//! Copies of a bucket, which hold no metadata and so no signature but in the next digest.

use serde_json::{Value, json};

use integrity::PublicKeys;

use crate::trail::{Objects, Trail};
use crate::walking::{Bucket, both_keys, expected, walked};

fn four() -> (Objects, Vec<String>) {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    let mut keys = vec![String::new()];
    keys.extend((1..=4).map(|hour| trail.hour(&mut objects, hour, 1)));
    (objects, keys)
}

fn set(objects: &mut Objects, key: &str, member: &str, value: Value) {
    let made = objects.get_mut(key).unwrap();
    let mut document: Value = serde_json::from_slice(&made.content).unwrap();
    document[member] = value;
    made.content = document.to_string().into_bytes();
}

#[test]
fn the_newest_digest_is_not_verified_and_the_others_are() {
    let (objects, _) = four();
    let walked = walked(Bucket::copy(&objects), &mut both_keys());
    assert_eq!(
        walked.verdicts(),
        expected(&[(4, "? no_signature"), (3, "valid"), (2, "valid"), (1, "valid")])
    );
    assert_eq!(walked.log_files.len(), 4, "log files of the newest can be compared all the same");
}

#[test]
fn a_change_is_found_by_the_signature_in_the_newer_digest() {
    for changed in 1..=3 {
        let (mut objects, keys) = four();
        set(&mut objects, &keys[changed], "logFiles", json!([]));
        let walked = walked(Bucket::copy(&objects), &mut both_keys());
        let verdicts = walked.verdicts();
        assert_eq!(verdicts[4 - changed].1, "signature_verification_failed");
        assert_eq!(verdicts.iter().filter(|(_, verdict)| verdict == "valid").count(), 2);
    }
}

#[test]
fn an_invalid_digest_still_tells_a_signature_that_proves_itself() {
    let (mut objects, keys) = four();
    set(&mut objects, &keys[3], "logFiles", json!([]));
    let after = walked(Bucket::copy(&objects), &mut both_keys());
    assert_eq!(after.verdicts()[2..], expected(&[(2, "valid"), (1, "valid")]));
    // A signature that the attacker changed as well accuses nobody.
    set(&mut objects, &keys[3], "previousDigestSignature", json!("00"));
    let after = walked(Bucket::copy(&objects), &mut both_keys());
    assert_eq!(after.verdicts()[2..], expected(&[(2, "? no_signature"), (1, "valid")]));
}

#[test]
fn behind_a_missing_digest_one_signature_is_missing_too() {
    let (mut objects, keys) = four();
    objects.remove(&keys[3]);
    let walked = walked(Bucket::copy(&objects), &mut both_keys());
    assert_eq!(
        walked.verdicts(),
        expected(&[(4, "? no_signature"), (3, "not_found"), (2, "? no_signature"), (1, "valid")])
    );
}

#[test]
fn without_keys_the_hashes_still_tell_a_change() {
    let (mut objects, keys) = four();
    let untouched = walked(Bucket::copy(&objects), &mut PublicKeys::default());
    assert!(untouched.verdicts().iter().all(|(_, verdict)| verdict == "? no_public_keys"));
    set(&mut objects, &keys[2], "logFiles", json!([]));
    let changed = walked(Bucket::copy(&objects), &mut PublicKeys::default());
    assert_eq!(changed.verdicts()[2], (2, "not_the_previous".to_owned()));
}
