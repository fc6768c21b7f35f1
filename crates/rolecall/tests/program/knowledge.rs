//! What the user knows beyond the logs: inventories, ways out, AWS's ranges, databases.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::running::{Ran, command, ran, run};

const STOLEN: &str = "instance_credential_exfiltration/\
                      fires_high_in_two_places_at_once_with_nothing_known_of_the_network.jsonl";

const RANGES: &str = r#"{"syncToken": "1", "createDate": "2026-08-22-15-17-05",
 "prefixes": [{"ip_prefix": "3.5.0.0/16", "region": "us-east-1", "service": "EC2",
               "network_border_group": "us-east-1"}],
 "ipv6_prefixes": []}"#;

fn folder_with(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// The foreign places of the first finding of `ran`, and what shows that they are foreign.
fn reasons(ran: &Ran) -> Vec<String> {
    let document = ran.json();
    let reasons = &document["findings"][0]["elsewhere"]["foreign"][0]["reasons"];
    reasons.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn ranges_of_aws_tell_outside_from_inside() {
    let (_folder, path) = folder_with("ranges.json", RANGES);
    let path = path.to_str().unwrap();
    let scan = |more: &[&str]| run(&[&["scan", STOLEN, "--format", "json"], more].concat());
    assert!(!reasons(&scan(&[])).contains(&"outside_aws".to_owned()));
    let told = scan(&["--ip-ranges", path]);
    assert!(reasons(&told).contains(&"outside_aws".to_owned()));
    let note = &told.json()["coverage"]["notes"][0];
    assert_eq!(note["source"], "ranges.json", "no folder of the machine is in the document");
    assert!(note["text"].as_str().unwrap().contains("2026-08-22"), "{note}");
    assert_eq!(told.stderr, "");
    assert_eq!(scan(&["--ip-ranges", "none"]).stdout, scan(&[]).stdout);
}

#[test]
fn the_ranges_in_the_cache_are_used_aloud_and_can_be_left_out() {
    let (cache, path) = folder_with("rolecall/ip-ranges.json", RANGES);
    let scan = |more: &[&str]| {
        let arguments = [&["scan", STOLEN, "--format", "json"], more].concat();
        ran(command(&arguments).env("XDG_CACHE_HOME", cache.path()))
    };
    let used = scan(&[]);
    assert!(reasons(&used).contains(&"outside_aws".to_owned()));
    assert_eq!(used.stderr.lines().count(), 1);
    for part in ["2026-08-22", "days old", path.to_str().unwrap(), "--ip-ranges none"] {
        assert!(used.stderr.contains(part), "{part}: {}", used.stderr);
    }
    assert_eq!(scan(&["--quiet"]).stderr, "");
    assert_eq!(scan(&["--ip-ranges", "none"]).stdout, run(&["scan", STOLEN, "-f", "json"]).stdout);
    fs::write(&path, "{").unwrap();
    let broken = scan(&[]);
    assert_eq!(broken.code, 0);
    assert!(broken.stderr.starts_with("warning: "), "{}", broken.stderr);
    assert!(broken.stderr.contains("update-ip-ranges"));
}

#[test]
fn an_inventory_tells_what_no_event_told() {
    let before = run(&["scan", STOLEN, "--format", "json"]).json();
    let finding = &before["findings"][0];
    let id = finding["origin"]["instance_id"].as_str().unwrap();
    let account = finding["origin"]["account_id"].as_str().unwrap();
    let home = &finding["elsewhere"]["home"][0];
    assert_eq!(home["basis"], "learned");
    let address = home["addresses"][0].as_str().unwrap();
    let inventory = format!(
        r#"{{"Reservations": [{{"OwnerId": "{account}", "Instances": [{{"InstanceId": "{id}",
            "NetworkInterfaces": [{{"NetworkInterfaceId": "eni-0a1b2c3d4e5f60718",
                "PrivateIpAddresses": [{{"PrivateIpAddress": "10.0.0.7",
                    "Association": {{"PublicIp": "{address}"}}}}]}}]}}]}}]}}"#
    );
    let (_folder, path) = folder_with("instances.json", &inventory);
    let path = path.to_str().unwrap();
    let after = run(&["scan", STOLEN, "--format", "json", "--inventory", path]);
    let home = &after.json()["findings"][0]["elsewhere"]["home"][0];
    assert_eq!((&home["basis"], &home["addresses"][0]), (&"held".into(), &address.into()));
    let note = &after.json()["coverage"]["notes"][0];
    assert_eq!(note["source"], "instances.json");
    assert!(after.stderr.contains("`instances.json`: inventory of 1 instance"), "{}", after.stderr);
    // Whoever gave the file may not have chosen its name.
    let (_folder, path) = folder_with("own\u{1b}[31m.json", &inventory);
    let ran = run(&["scan", STOLEN, "--inventory", path.to_str().unwrap()]);
    for text in [&ran.stdout, &ran.stderr] {
        assert!(text.contains(r"own\u{1b}[31m.json") && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_before_any_log_is_opened() {
    let (_folder, path) = folder_with("broken.json", "{\"what\": 1");
    let broken = path.to_str().unwrap();
    for flag in ["--inventory", "--ip-ranges", "--geo"] {
        for file in [broken, "no-such-file"] {
            for subject in [&["scan", "no-such-log"][..], &["trace", "x", "no-such-log"]] {
                let ran = run(&[subject, &[flag, file]].concat());
                assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{flag}");
                assert!(ran.stderr.contains(file), "{flag}: {}", ran.stderr);
                assert!(!ran.stderr.contains("no-such-log"), "{}", ran.stderr);
            }
        }
    }
}

#[test]
fn a_way_out_that_is_none_is_wrong_usage() {
    for text in ["vpn", "203.0.113.0/33", ""] {
        let ran = run(&["scan", STOLEN, "--egress", text]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}");
        assert!(ran.stderr.contains("203.0.113.0/24=vpn"), "{}", ran.stderr);
    }
    assert_eq!(run(&["scan", STOLEN, "--egress", "203.0.113.0/24=vpn"]).code, 0);
}
