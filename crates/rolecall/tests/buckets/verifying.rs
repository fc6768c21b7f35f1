//! `rolecall verify` over a bucket, beside a copy of the same objects in a folder.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::doctor::authorization;
use crate::endpoint;
use crate::proxy::{Fault, Proxy};
use crate::trail::{BUCKET, Objects, Signer, Trail, time};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Four hours of one trail with two log files each.
fn four_hours() -> (Objects, Trail) {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    for hour in 1..=4 {
        trail.hour(&mut objects, hour, 2);
    }
    (objects, trail)
}

/// Writes `objects` into the bucket, digests with their metadata.
fn upload(url: &str, objects: &Objects) {
    for (key, made) in objects {
        let mut put =
            ureq::put(format!("{url}/{BUCKET}/{key}")).header("authorization", authorization("s3"));
        for (name, value) in made.metadata.iter().flat_map(|it| it.as_object().unwrap()) {
            put = put.header(format!("x-amz-meta-{name}"), value.as_str().unwrap());
        }
        put.send(gzip(&made.content).as_slice()).unwrap();
    }
}

/// What `ListPublicKeys` answers: the key of the trail.
fn keys() -> String {
    let key = STANDARD.encode(Signer::one().pkcs1());
    json!({ "PublicKeyList": [{
        "Fingerprint": Signer::one().fingerprint, "Value": key,
        "ValidityStartTime": time(-240).0 as f64, "ValidityEndTime": time(480).0 as f64,
    }] })
    .to_string()
}

fn verify(proxy: &Proxy, folder: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.env("AWS_ENDPOINT_URL", &proxy.url).current_dir(folder);
    command.args(["verify", "--format", "json", "--all"]).args(more);
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), serde_json::from_slice(&output.stdout).expect(&stderr))
}

fn reasons(document: &Value, of: &str) -> Vec<(String, String)> {
    let all = document[of].as_array().unwrap().iter();
    let faulty = all.filter(|one| one["verdict"] == "invalid");
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    faulty.map(|one| (text(one, "key"), text(one, "reason"))).collect()
}

#[test]
fn a_bucket_is_verified_where_it_lies() {
    let Some(url) = endpoint() else { return };
    let proxy = Proxy::start(&url);
    proxy.set(&[Fault::Answers("ListPublicKeys", 200, keys())]);
    let folder = tempfile::tempdir().unwrap();
    ureq::put(format!("{url}/{BUCKET}"))
        .header("authorization", authorization("s3"))
        .send_empty()
        .unwrap();
    let (mut objects, trail) = four_hours();
    upload(&url, &objects);
    let address = format!("s3://{BUCKET}/AWSLogs");
    let (code, document) = verify(&proxy, folder.path(), &[&address]);
    let counts = &document["counts"];
    assert_eq!(code, Some(0), "{document:#}");
    assert_eq!((&counts["digests_valid"], &counts["log_files_valid"]), (&json!(4), &json!(8)));
    // The newest digest has nobody but its own metadata to vouch for it.
    assert_eq!(document["chains"][0]["digests"][0]["signature_from"], "metadata");

    // A key from a file instead of AWS's.
    let file = folder.path().join("keys.json");
    fs::write(&file, keys()).unwrap();
    proxy.set(&[Fault::Answers("ListPublicKeys", 403, "{}".to_owned())]);
    let (code, _) = verify(&proxy, folder.path(), &[&address, "--public-keys", "keys.json"]);
    assert_eq!(code, Some(0));
    let (code, document) = verify(&proxy, folder.path(), &[&address]);
    assert_eq!((code, &document["counts"]["digests_valid"]), (Some(4), &json!(0)));
    proxy.set(&[Fault::Answers("ListPublicKeys", 200, keys())]);

    // Changed, missing, moved.
    let object = |key: &str| format!("{url}/{BUCKET}/{key}");
    let changed = trail.log_key(2, 0);
    ureq::put(object(&changed))
        .header("authorization", authorization("s3"))
        .send(gzip(b"{\"Records\":[]}").as_slice())
        .unwrap();
    let missing = trail.log_key(3, 1);
    ureq::delete(object(&missing)).header("authorization", authorization("s3")).call().unwrap();
    let digest = trail.digest_key(1);
    ureq::delete(object(&digest)).header("authorization", authorization("s3")).call().unwrap();
    let made = objects.remove(&digest).unwrap();
    upload(&url, &Objects::from([(digest.replace("/01/", "/02/"), made)]));
    let (code, document) = verify(&proxy, folder.path(), &[&address]);
    assert_eq!(code, Some(3), "{document:#}");
    let expected = [(missing, "not_found"), (changed, "hash_mismatch")];
    let expected: Vec<_> = expected.into_iter().map(|(key, why)| (key, why.to_owned())).collect();
    let mut found = reasons(&document, "log_files");
    found.retain(|(_, why)| why != "misplaced");
    assert_eq!(found, expected);
    let digests = document["chains"][0]["digests"].as_array().unwrap();
    assert!(digests.iter().any(|digest| digest["reason"] == "moved"), "{digests:#?}");
    assert_eq!(document["findings"][0]["detector"], "cloudtrail_log_integrity");
}
