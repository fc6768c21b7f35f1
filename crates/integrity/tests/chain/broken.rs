//! What was changed, moved or deleted in a bucket.

use serde_json::{Value, json};

use crate::trail::{Objects, Trail};
use crate::walking::{Bucket, both_keys, expected, walked};

/// Five hours of a trail.
fn five() -> (Objects, Vec<String>) {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    let mut keys = vec![String::new()];
    keys.extend((1..=5).map(|hour| trail.hour(&mut objects, hour, 1)));
    (objects, keys)
}

fn edit(objects: &mut Objects, key: &str, edit: impl Fn(&mut Value)) {
    let made = objects.get_mut(key).unwrap();
    let mut document: Value = serde_json::from_slice(&made.content).unwrap();
    edit(&mut document);
    made.content = document.to_string().into_bytes();
}

fn edit_metadata(objects: &mut Objects, key: &str, name: &str, value: Option<&str>) {
    let metadata = objects.get_mut(key).unwrap().metadata.as_mut().unwrap();
    match value {
        Some(value) => metadata[name] = json!(value),
        None => assert!(metadata.as_object_mut().unwrap().remove(name).is_some()),
    }
}

/// The judgement of hour 3, which was broken; the other hours are valid.
fn third(objects: &Objects) -> String {
    let walked = walked(Bucket::new(objects), &mut both_keys());
    let mut verdicts = walked.verdicts();
    let (hour, verdict) = verdicts.remove(2);
    assert_eq!(hour, 3, "{verdicts:?}");
    assert_eq!(verdicts, expected(&[(5, "valid"), (4, "valid"), (2, "valid"), (1, "valid")]));
    if verdict != "valid" {
        assert_eq!(walked.gaps(), [(2, 3, "DigestsLost".to_owned())]);
        assert_eq!(walked.log_files.len(), 4, "an invalid digest vouches for nothing");
    }
    verdict
}

#[test]
fn a_digest_that_leaves_a_log_file_out_is_found() {
    let (mut objects, keys) = five();
    edit(&mut objects, &keys[3], |document| document["logFiles"] = json!([]));
    assert_eq!(third(&objects), "signature_verification_failed");
}

#[test]
fn every_part_that_is_signed_is_checked() {
    for (member, value, verdict) in [
        ("digestEndTime", json!("2026-03-01T02:59:59Z"), "signature_verification_failed"),
        ("previousDigestSignature", json!("00"), "signature_verification_failed"),
        ("previousDigestSignature", json!(null), "signature_verification_failed"),
        ("digestS3Bucket", json!("other-bucket"), "moved"),
        ("digestPublicKeyFingerprint", json!("none"), "public_key_not_found"),
    ] {
        let (mut objects, keys) = five();
        edit(&mut objects, &keys[3], |document| document[member] = value.clone());
        assert_eq!(third(&objects), verdict, "{member}");
    }
}

#[test]
fn another_signature_of_the_same_trail_does_not_do() {
    let (mut objects, keys) = five();
    let of_fourth = objects[&keys[4]].metadata.clone();
    objects.get_mut(&keys[3]).unwrap().metadata = of_fourth;
    assert_eq!(third(&objects), "signature_verification_failed");
    edit_metadata(&mut objects, &keys[3], "signature", Some("no hexadecimal"));
    assert_eq!(third(&objects), "signature_verification_failed");
    edit_metadata(&mut objects, &keys[3], "signature", None);
    assert_eq!(third(&objects), "signature_verification_failed");
}

#[test]
fn metadata_must_tell_the_algorithm() {
    let (mut objects, keys) = five();
    edit_metadata(&mut objects, &keys[3], "signature-algorithm", None);
    assert_eq!(third(&objects), "signature_verification_failed");
}

#[test]
fn a_missing_digest_is_named_by_the_newer_one() {
    let (mut objects, keys) = five();
    objects.remove(&keys[3]);
    assert_eq!(third(&objects), "not_found");
}

#[test]
fn a_digest_at_the_place_of_another_was_moved() {
    let (mut objects, keys) = five();
    let second = objects[&keys[2]].clone();
    objects.insert(keys[3].clone(), second);
    assert_eq!(third(&objects), "moved");
}

#[test]
fn what_is_no_digest_has_no_valid_format() {
    for content in ["", "{", "[]", "{\"digestS3Bucket\":1}", "\u{feff}{}"] {
        let (mut objects, keys) = five();
        objects.get_mut(&keys[3]).unwrap().content = content.into();
        assert_eq!(third(&objects), "invalid_format", "{content}");
    }
}

#[test]
fn an_older_digest_with_a_valid_signature_is_not_the_previous_one() {
    // The trail was made again and signed another digest of the same hour.
    let (mut objects, keys) = five();
    let mut again = Objects::new();
    let key = Trail::new("audit").hour(&mut again, 3, 2);
    objects.insert(keys[3].clone(), again.remove(&key).unwrap());
    assert_eq!(third(&objects), "not_the_previous");
}

#[test]
fn a_backfilled_digest_must_say_when_it_was_made() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.is_backfill = true;
    let key = trail.hour(&mut objects, 4, 1);
    for (value, verdict) in [
        (Some("noon"), "invalid_format"),
        (Some("1999-01-01T00:00:00Z"), "public_key_not_found"),
        (None, "invalid_format"),
    ] {
        edit_metadata(&mut objects, &key, "backfill-generation-timestamp", value);
        let walked = walked(Bucket::new(&objects), &mut both_keys());
        assert_eq!(walked.verdicts(), expected(&[(4, verdict)]), "{value:?}");
    }
}

#[test]
fn a_pause_and_a_loss_before_it_are_told_apart() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    let keys: Vec<String> = (1..=4).map(|hour| trail.hour(&mut objects, hour, 0)).collect();
    trail.restart();
    trail.hour(&mut objects, 9, 0);
    edit(&mut objects, &keys[3], |document| document["logFiles"] = json!([1]));
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    let gaps = [(4, 8, "ChainStart".to_owned()), (3, 4, "DigestsLost".to_owned())];
    assert_eq!(walked.gaps(), gaps);
}

#[test]
fn digests_that_no_walk_leads_to_are_judged_at_the_end() {
    let (mut objects, keys) = five();
    let mut planted = Objects::new();
    let mut other = Trail::new("audit");
    other.hour(&mut planted, 3, 1);
    let fourth = other.hour(&mut planted, 4, 0);
    // Hour 5 names hour 3, so that hour 4 hangs in the air.
    let mut trail = Trail::new("audit");
    let mut chain = Objects::new();
    trail.hour(&mut chain, 3, 1);
    let fifth = trail.hour(&mut chain, 5, 1);
    objects.extend(chain);
    objects.insert(fourth, planted.remove(&keys[4]).unwrap());
    objects.remove(&keys[1]);
    objects.remove(&keys[2]);
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    assert_eq!(walked.verdicts(), expected(&[(5, "valid"), (3, "valid"), (4, "valid")]));
    let linked: Vec<bool> = walked.chain.digests.iter().map(|digest| digest.is_linked).collect();
    assert_eq!(linked, [false, true, false]);
    assert_eq!(walked.chain.digests[0].source, fifth);
}

#[test]
fn a_digest_that_names_itself_ends_the_walk() {
    let (mut objects, keys) = five();
    for metadata in [true, false] {
        let key = keys[5].clone();
        edit(&mut objects, &keys[5], |document| {
            document["previousDigestS3Object"] = json!(key);
        });
        let bucket = if metadata { Bucket::new(&objects) } else { Bucket::copy(&objects) };
        let walked = walked(bucket, &mut both_keys());
        assert_eq!(walked.verdicts().len(), 5, "{:?}", walked.verdicts());
    }
}
