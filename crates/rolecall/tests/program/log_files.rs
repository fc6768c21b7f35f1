//! `verify`: whether log files are the ones that `CloudTrail` delivered.

use std::fs;

use serde_json::json;

use crate::copies::{Copy, faults, four_hours, gzip};
use crate::running::{check, run};
use crate::trail::{ACCOUNT, BUCKET, Objects, REGION, Signer, Trail, spki, time};

#[test]
fn a_whole_copy_is_verified() {
    let (objects, _) = four_hours();
    let ran = Copy::with_metadata(&objects).verify(&["--bucket", BUCKET]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("As CloudTrail delivered it.\n"), "{}", ran.stdout);
    let proven = format!("proven     {} to {}", time(0), time(4));
    assert!(ran.stdout.contains(&proven), "{}", ran.stdout);
    assert!(ran.stdout.contains("no log file is missing and none was added"), "{}", ran.stdout);
    let document = Copy::with_metadata(&objects).json(&["--all"]);
    assert_eq!(document["schema"], "rolecall.verify/1");
    assert_eq!(document["log_files"].as_array().unwrap().len(), 8);
    let counts = &document["counts"];
    assert_eq!((&counts["digests_valid"], &counts["log_files_valid"]), (&json!(4), &json!(8)));
    assert!(document["findings"].as_array().unwrap().is_empty());
}

#[test]
fn without_metadata_the_newest_digest_is_not_verified() {
    let (objects, trail) = four_hours();
    let copy = Copy::of(&objects);
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("head-object"), "{}", ran.stdout);
    let document = copy.json(&[]);
    let digests = document["chains"][0]["digests"].as_array().unwrap();
    assert_eq!(digests[0]["reason"], "no_signature");
    assert!(digests[1..].iter().all(|digest| digest["signature_from"] == "newer_digest"));
    assert_eq!(document["counts"]["log_files_unverified"], 2);
    let newest = trail.digest_key(4);
    let head = json!({"Key": newest, "Metadata": objects[&newest].metadata});
    let signatures = copy.beside("signatures.json");
    fs::write(&signatures, head.to_string()).unwrap();
    assert_eq!(copy.verify(&["--signatures", signatures.to_str().unwrap()]).code, 0);
}

/// What is done to a copy, and the names and reasons that are found.
type Case = (&'static str, fn(&Copy, &Trail), fn(&Trail) -> Vec<(String, &'static str)>);

const CASES: [Case; 12] = [
    (
        "a changed log file",
        |copy, trail| copy.write(&trail.log_key(2, 0), &gzip(b"{\"Records\":[]}")),
        |trail| vec![(trail.log_key(2, 0), "hash_mismatch")],
    ),
    (
        "a log file that is no gzip stream",
        |copy, trail| copy.write(&trail.log_key(2, 0), b"{\"Records\":[]}"),
        |trail| vec![(trail.log_key(2, 0), "invalid_format")],
    ),
    (
        "bytes after a log file",
        |copy, trail| copy.change(&trail.log_key(2, 0), |bytes| [bytes, gzip(b"more")].concat()),
        |trail| vec![(trail.log_key(2, 0), "trailing_bytes")],
    ),
    (
        "a missing log file",
        |copy, trail| copy.remove(&trail.log_key(2, 0)),
        |trail| vec![(trail.log_key(2, 0), "not_found")],
    ),
    (
        "a log file in the folder of another day",
        |copy, trail| {
            let key = trail.log_key(2, 0);
            copy.rename(&key, &key.replace("/01/", "/02/"));
        },
        |trail| vec![(trail.log_key(2, 0), "not_found")],
    ),
    (
        "a second copy of a log file in the folder of another day",
        |copy, trail| {
            let key = trail.log_key(2, 0);
            let bytes = fs::read(copy.path(&key)).unwrap();
            copy.write(&key.replace("/01/", "/02/"), &bytes);
        },
        |trail| vec![(trail.log_key(2, 0), "misplaced")],
    ),
    (
        "a log file that no digest names",
        |copy, trail| copy.write(&trail.log_key(2, 7), &gzip(b"{\"Records\":[]}")),
        |trail| vec![(trail.log_key(2, 7), "unmentioned")],
    ),
    (
        "a missing digest",
        |copy, trail| copy.remove(&trail.digest_key(2)),
        |trail| vec![(trail.digest_key(2), "not_found")],
    ),
    (
        "a changed digest",
        |copy, trail| copy.write(&trail.digest_key(2), &gzip(b"{}")),
        |trail| vec![(trail.digest_key(2), "invalid_format")],
    ),
    (
        "a digest in the folder of another day",
        |copy, trail| {
            let key = trail.digest_key(2);
            copy.rename(&key, &key.replace("/01/", "/02/"));
        },
        |trail| vec![(trail.digest_key(2), "moved")],
    ),
    (
        "a digest outside of the folders",
        |copy, trail| {
            let key = trail.digest_key(2);
            copy.rename(&key, key.rsplit_once('/').unwrap().1);
        },
        |trail| vec![(trail.digest_key(2), "moved")],
    ),
    (
        "bytes after a digest",
        |copy, trail| copy.change(&trail.digest_key(2), |bytes| [&bytes[..], b"more"].concat()),
        |trail| vec![(trail.digest_key(2), "trailing_bytes")],
    ),
];

#[test]
fn every_change_is_found_and_nothing_else_is_accused() {
    let (objects, trail) = four_hours();
    for (what, change, expected) in CASES {
        let copy = Copy::with_metadata(&objects);
        change(&copy, &trail);
        let ran = copy.verify(&[]);
        assert_eq!(ran.code, 3, "{what}: {}", ran.stdout);
        assert!(ran.stdout.starts_with("NOT as CloudTrail delivered it."), "{what}");
        let name = |key: String| key.rsplit_once('/').unwrap().1.to_owned();
        let expected: Vec<_> =
            expected(&trail).into_iter().map(|(key, why)| (name(key), why.to_owned())).collect();
        let document = copy.json(&[]);
        assert_eq!(faults(&document), expected, "{what}");
        let finding = &document["findings"][0];
        assert_eq!(finding["detector"], "cloudtrail_log_integrity", "{what}");
        assert_eq!(finding["techniques"][0], "T1685.002", "{what}");
    }
}

#[test]
fn a_log_file_that_is_elsewhere_is_said_to_be_there() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    let key = trail.log_key(2, 0);
    copy.rename(&key, &format!("hidden-away/{}", key.rsplit_once('/').unwrap().1));
    let document = copy.json(&[]);
    let log = &document["log_files"][0];
    assert_eq!(log["reason"], "not_found");
    assert!(log["elsewhere"].as_str().unwrap().contains("hidden-away"), "{log}");
}

#[test]
fn a_digest_of_another_bucket_was_moved() {
    let (objects, _) = four_hours();
    let copy = Copy::with_metadata(&objects);
    let ran = copy.verify(&["--bucket", "other-logs", "--format", "json"]);
    assert_eq!(ran.code, 3);
    let faults = faults(&ran.json());
    assert_eq!(faults.iter().filter(|(_, reason)| reason == "moved").count(), 4, "{faults:?}");
}

#[test]
fn a_gap_is_told_and_fails_only_where_it_is_asked_to() {
    let (mut objects, mut trail) = four_hours();
    trail.restart();
    trail.hour(&mut objects, 9, 1);
    let copy = Copy::with_metadata(&objects);
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let gap = format!("{} to {}, no digests", time(4), time(8));
    assert!(ran.stdout.contains(&gap), "{}", ran.stdout);
    assert_eq!(copy.verify(&["--fail-on", "low"]).code, 3);
    let document = copy.json(&[]);
    assert_eq!(document["chains"][0]["gaps"][0]["cause"], "chain_start");
    assert_eq!(document["findings"][0]["severity"], "low");
}

#[test]
fn log_files_of_open_hours_and_of_gaps_are_not_accused() {
    let (mut objects, mut trail) = four_hours();
    trail.restart();
    trail.hour(&mut objects, 9, 1);
    let copy = Copy::with_metadata(&objects);
    for hour in [7, 10] {
        copy.write(&trail.log_key(hour, 0), &gzip(b"{\"Records\":[]}"));
    }
    let ran = copy.verify(&["--format", "json"]);
    let counts = &ran.json()["counts"];
    assert_eq!((ran.code, &counts["log_files_unmentioned"]), (0, &json!(0)));
    assert_eq!((&counts["log_files_open"], &counts["log_files_uncovered"]), (&json!(1), &json!(1)));
}

#[test]
fn log_files_of_a_trail_without_digests_are_not_accused() {
    let (mut objects, _) = four_hours();
    let mut other = Objects::new();
    // The organization's trail delivers to the same bucket and has no log file validation.
    let mut trail = Trail { root: "AWSLogs/o-example1234", ..Trail::new("org") };
    let digest = trail.hour(&mut other, 3, 2);
    other.remove(&digest);
    objects.extend(other);
    let document = Copy::with_metadata(&objects).json(&[]);
    let counts = &document["counts"];
    assert_eq!((faults(&document), &counts["log_files_uncovered"]), (vec![], &json!(2)));
}

#[test]
fn every_layout_of_a_bucket_is_understood() {
    let mut objects = Objects::new();
    let mut trails = [
        Trail::new("audit"),
        Trail::new("second"),
        Trail { region: "us-east-1", ..Trail::new("audit") },
        Trail {
            root: "some/prefix/AWSLogs/o-example1234",
            account: "444455556666",
            ..Trail::new("org")
        },
        Trail { is_backfill: true, ..Trail::new("audit") },
    ];
    for trail in &mut trails {
        for hour in 1..=3 {
            trail.hour(&mut objects, hour, usize::from(!trail.is_backfill));
        }
    }
    let copy = Copy::with_metadata(&objects);
    let document = copy.json(&[]);
    assert_eq!(document["chains"].as_array().unwrap().len(), 5);
    assert_eq!((faults(&document), &document["places_checked"]), (vec![], &json!(true)));
    assert_eq!(copy.verify(&[]).code, 0);
    // Folders that lie deeper in the bucket tell less of the keys, and enough.
    for part in ["AWSLogs", "AWSLogs/111122223333", "AWSLogs/111122223333/CloudTrail-Digest"] {
        let ran = copy.verify_at(&copy.path(part), &["--format", "json"]);
        assert_eq!(ran.json()["places_checked"], true, "{part}");
        let accused = faults(&ran.json());
        let is_missing = |(_, reason): &(String, String)| reason == "not_found";
        assert_eq!(accused.iter().filter(|it| !is_missing(it)).count(), 0, "{part}: {accused:?}");
    }
    assert_eq!(copy.verify_at(&copy.path("AWSLogs"), &[]).code, 0);
}

#[test]
fn a_copy_without_folders_is_verified_but_for_places() {
    let (objects, _) = four_hours();
    let copy = Copy::with_metadata(&objects);
    let flat = copy.beside("flat");
    fs::create_dir(&flat).unwrap();
    for key in objects.keys() {
        let name = key.rsplit_once('/').unwrap().1;
        fs::copy(copy.path(key), flat.join(name)).unwrap();
        let beside = copy.path(&format!("{key}.metadata.json"));
        if beside.exists() {
            fs::copy(beside, flat.join(format!("{name}.metadata.json"))).unwrap();
        }
    }
    let ran = copy.verify_at(&flat, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("Whether digests were moved"), "{}", ran.stdout);
}

#[test]
fn a_changed_copy_does_not_hide_behind_a_valid_one() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    for key in objects.keys() {
        let bytes = fs::read(copy.path(key)).unwrap();
        copy.write(&format!("again/{key}"), &bytes);
    }
    assert_eq!(faults(&copy.json(&[])), []);
    let key = trail.log_key(2, 1);
    copy.write(&format!("again/{key}"), &gzip(b"{\"Records\":[]}"));
    copy.write(&format!("again/{}", trail.digest_key(1)), &gzip(b"{}"));
    let reasons: Vec<String> = faults(&copy.json(&[])).into_iter().map(|(_, it)| it).collect();
    assert_eq!(reasons, ["invalid_format", "hash_mismatch"]);
}

#[test]
fn a_key_that_changes_and_a_key_in_another_form_are_understood() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.hour(&mut objects, 1, 1);
    trail.signer = Signer::two();
    trail.hour(&mut objects, 2, 0);
    let copy = Copy::with_metadata(&objects);
    assert_eq!(copy.verify(&[]).code, 0);
    let keys = [Signer::one(), Signer::two()].map(|it| it.listed(&spki(&it.pkcs1())));
    fs::write(copy.beside("keys.json"), json!({"PublicKeyList": keys}).to_string()).unwrap();
    assert_eq!(copy.verify(&[]).code, 0);
    let one = [Signer::two().listed(&Signer::two().pkcs1())];
    fs::write(copy.beside("keys.json"), json!({"PublicKeyList": one}).to_string()).unwrap();
    let ran = copy.verify(&["--format", "json"]);
    assert_eq!((ran.code, faults(&ran.json())[0].1.as_str()), (3, "public_key_not_found"));
}

#[test]
fn without_keys_nothing_is_proven_and_changes_are_still_found() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    let root = copy.root();
    let ran = run(&["verify", root.to_str().unwrap()]);
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("list-public-keys"), "{}", ran.stdout);
    copy.remove(&trail.log_key(1, 0));
    assert_eq!(run(&["verify", root.to_str().unwrap()]).code, 3);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (objects, trail) = four_hours();
    let copy = Copy::of(&objects);
    copy.remove(&trail.log_key(3, 0));
    copy.write(&trail.log_key(2, 1), b"x");
    let text = |threads: &str| copy.verify(&["--format", "json", "--all", "--threads", threads]);
    assert_eq!(text("1").stdout, text("7").stdout);
}

#[test]
fn a_window_leaves_the_rest_out() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    copy.remove(&trail.log_key(1, 0));
    copy.write(&trail.digest_key(1), b"x");
    let (from, to) = (time(2).to_string(), time(3).to_string());
    let ran = copy.verify(&["--from", &from, "--to", &to, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(ran.json()["counts"]["digests_valid"], 3);
}

#[test]
fn what_cannot_be_verified_is_not_said_to_be_sound() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&["verify", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, 4);
    assert!(ran.stdout.contains("there is no digest"), "{}", ran.stdout);
    for arguments in [&["verify", "no-such-folder"][..], &["verify", "-"], &["verify", "s3://"]] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{arguments:?}");
    }
    assert_eq!(run(&["verify"]).code, 2);
    let (objects, _) = four_hours();
    let copy = Copy::of(&objects);
    let other = copy.beside("other.json");
    fs::write(&other, "{\"Keys\":[]}").unwrap();
    for option in ["--public-keys", "--signatures"] {
        let ran = copy.verify(&[option, other.to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{option}");
        assert!(ran.stderr.contains("other.json") && ran.stderr.contains("aws "), "{}", ran.stderr);
    }
    assert_eq!(copy.verify(&["--from", "noon"]).code, 1);
}

#[test]
fn a_broken_file_of_metadata_is_named() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    copy.write(&format!("{}.metadata.json", trail.digest_key(4)), b"{}");
    let ran = copy.verify(&["--format", "json"]);
    assert_eq!(ran.code, 4);
    let unlisted = &ran.json()["unlisted"][0];
    assert!(unlisted["source"].as_str().unwrap().ends_with(".metadata.json"), "{unlisted}");
}

#[test]
fn the_text_is_the_one_that_was_read_by_a_person() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    for hour in [1, 2, 3, 4, 5, 9] {
        if hour == 9 {
            trail.restart();
        }
        trail.hour(&mut objects, hour, 2);
    }
    let mut sound = Trail { region: "us-east-1", ..Trail::new("audit") };
    sound.hour(&mut objects, 1, 1);
    let copy = Copy::with_metadata(&objects);
    copy.write(&trail.log_key(1, 1), &gzip(b"{\"Records\":[]}"));
    copy.remove(&trail.digest_key(3));
    copy.write(&trail.log_key(2, 9), &gzip(b"{\"Records\":[]}"));
    copy.remove(&format!("{}.metadata.json", trail.digest_key(9)));
    let ran = copy.verify(&[]);
    let root = copy.root().to_str().unwrap().to_owned();
    assert!(ran.stdout.contains(ACCOUNT) && ran.stdout.contains(REGION));
    check("verify_broken", &ran.stdout.replace(&root, "copy"));
}
