//! The logs as a whole: shape, identity, joins and bounds.

extern crate std;

mod life;
mod styles;
mod thefts;
mod world;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use std::sync::OnceLock;

use serde_json::Value;

use crate::addresses::is_amazon;
use crate::identifiers::account_in;
use crate::organization::{ACCOUNTS, FOREIGN, VENDOR};
use crate::{Attack, LogFile, Settings, Truth, simulate};

/// A window with everything in it.
pub(super) struct Made {
    files: Vec<LogFile>,
    truth: Truth,
    records: BTreeMap<String, (Value, usize)>,
}

/// The default window, made once for all tests that read it.
fn default_window() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let (files, truth) = made(&Settings::default());
        let records = records(&files);
        Made { files, truth, records }
    })
}

/// The shortest window: enough where two are compared.
fn short() -> Settings {
    Settings { days: crate::DAYS_MIN, ..Settings::default() }
}

fn made(settings: &Settings) -> (Vec<LogFile>, Truth) {
    let mut files = Vec::new();
    let truth = simulate(settings, &mut |file| files.push(file));
    (files, truth)
}

/// The records of the log files by event id, and how often each was delivered.
fn records(files: &[LogFile]) -> BTreeMap<String, (Value, usize)> {
    let mut records: BTreeMap<String, (Value, usize)> = BTreeMap::new();
    for file in files.iter().filter(|file| is_log(&file.path)) {
        let document: Value = serde_json::from_str(&file.body).unwrap();
        for record in document["Records"].as_array().unwrap() {
            let id = record["eventID"].as_str().unwrap().to_string();
            let entry = records.entry(id).or_insert_with(|| (record.clone(), 0));
            assert_eq!(&entry.0, record, "repeated records are equal");
            entry.1 += 1;
        }
    }
    records
}

fn is_log(path: &str) -> bool {
    path.split('/').nth(3) == Some("CloudTrail")
}

fn attack<'a>(truth: &'a Truth, name: &str) -> &'a Attack {
    truth.attacks.iter().find(|a| a.name == name).unwrap()
}

fn key_of(record: &Value) -> &str {
    record["userIdentity"]["accessKeyId"].as_str().unwrap_or("")
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let settings = short();
    assert_eq!(made(&settings), made(&settings));
}

#[test]
fn another_seed_gives_other_events_of_the_same_organization() {
    let settings = short();
    let other = Settings { seed: 2, ..settings };
    let (files, truth) = made(&settings);
    let (other_files, other_truth) = made(&other);
    assert_ne!(files, other_files);
    assert_eq!(truth.accounts, other_truth.accounts);
    let ids: BTreeSet<String> = records(&files).into_keys().collect();
    assert!(records(&other_files).keys().all(|id| !ids.contains(id)));
}

#[test]
fn every_record_parses_and_few_are_delivered_twice() {
    let made = default_window();
    let records = &made.records;
    assert_eq!(records.len() as u64, made.truth.n_events);
    let n_repeated = records.values().filter(|(_, n)| *n == 2).count();
    assert!(records.values().all(|(_, n)| *n <= 2));
    assert!(0 < n_repeated && n_repeated < records.len() / 25);
    let n_logs = made.files.iter().filter(|file| is_log(&file.path)).count();
    assert_eq!(n_logs as u64, made.truth.n_files);
}

#[test]
fn counts_stay_in_the_documented_bounds() {
    let made = default_window();
    assert!((50_000..70_000).contains(&made.truth.n_events));
    let n_bytes: usize = made.files.iter().map(|file| file.body.len()).sum();
    let mean = n_bytes as u64 / made.truth.n_events;
    assert!((1_000..1_700).contains(&mean), "{mean} bytes each");
}

#[test]
fn every_path_names_its_account_region_and_time() {
    let made = default_window();
    let mut kinds = BTreeSet::new();
    for file in &made.files {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [root, organization, account, kind, region, year, month, day, name] = parts[..] else {
            panic!("{}", file.path);
        };
        assert_eq!((root, organization), ("AWSLogs", "o-exampleorg"));
        assert!(ACCOUNTS.contains(&account));
        let stem = name.strip_suffix(".json").unwrap();
        let fields: Vec<&str> = stem.split('_').collect();
        assert_eq!(fields[..3], [account, kind, region]);
        let date = alloc::format!("{year}{month}{day}");
        assert!(fields.iter().any(|field| field.starts_with(&date)));
        if kind == "CloudTrail" {
            assert_eq!((fields[3].len(), fields[4].len()), (14, 16));
        }
        assert!(!file.body.contains('\n'));
        kinds.insert(kind.to_string());
    }
    assert_eq!(kinds.len(), 3);
}

#[test]
fn paths_are_unique() {
    let made = default_window();
    let paths: BTreeSet<&str> = made.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths.len(), made.files.len());
}

#[test]
fn every_true_event_is_in_the_logs() {
    let made = default_window();
    let records = &made.records;
    assert!((10..=12).contains(&made.truth.attacks.len()));
    for attack in &made.truth.attacks {
        let ids: BTreeSet<&String> = attack.event_ids.iter().collect();
        assert_eq!(ids.len(), attack.event_ids.len());
        for id in ids {
            let time = records[id].0["eventTime"].as_str().unwrap();
            assert!(attack.start.as_str() <= time && time <= attack.end.as_str());
        }
        for artifact in &attack.artifacts {
            assert_eq!(records[&artifact.event_id].0["eventName"], artifact.event_name);
        }
    }
}

#[test]
fn every_hop_is_issued_by_the_one_before_and_used() {
    let made = default_window();
    let records = &made.records;
    for attack in &made.truth.attacks {
        let mut holder = attack.origin.access_key_id.clone();
        for hop in &attack.chain {
            let issuance = &records[&hop.event_id].0;
            let credentials = &issuance["responseElements"]["credentials"];
            assert_eq!(credentials["accessKeyId"], *hop.access_key_id);
            let signer = key_of(issuance);
            let made_on_the_way = attack
                .artifacts
                .iter()
                .any(|artifact| artifact.access_key_id.as_deref() == Some(signer));
            assert!(signer == holder || made_on_the_way, "{} {}", attack.name, hop.hop);
            assert!(records.values().any(|(record, _)| {
                key_of(record) == hop.access_key_id
                    && record["userIdentity"]["sessionContext"]["attributes"]["creationDate"]
                        == *hop.event_time
            }));
            assert_eq!(account_in(&hop.access_key_id), hop.account);
            holder.clone_from(&hop.access_key_id);
        }
    }
}

#[test]
fn every_key_names_the_account_that_it_belongs_to() {
    let made = default_window();
    for (record, _) in made.records.values() {
        let key = key_of(record);
        if !key.is_empty() {
            assert_eq!(account_in(key), record["userIdentity"]["accountId"].as_str().unwrap());
        }
    }
}

#[test]
fn an_origin_that_was_issued_is_issued_in_the_logs() {
    let made = default_window();
    let records = &made.records;
    for name in ["instance_ssrf_chain", "instance_key_elsewhere", "role_juggling"] {
        let origin = &attack(&made.truth, name).origin;
        let issuances = records.values().filter(|(record, _)| {
            record["responseElements"]["credentials"]["accessKeyId"] == *origin.access_key_id
        });
        let services: Vec<&Value> =
            issuances.map(|(record, _)| &record["userIdentity"]["invokedBy"]).collect();
        assert_eq!(services.len(), 1, "{name}");
    }
}

#[test]
fn an_instance_gets_two_keys_in_one_second_and_its_first_with_the_launch() {
    let made = default_window();
    let records = &made.records;
    let mut renewals: BTreeMap<(String, String), Vec<&Value>> = BTreeMap::new();
    let mut launches = BTreeSet::new();
    for (record, _) in records.values() {
        let text = |field: &Value| field.as_str().unwrap_or_default().to_string();
        let has_role = !record["requestParameters"]["iamInstanceProfile"].is_null();
        if record["eventName"] == "RunInstances" && has_role {
            launches.insert(text(&record["requestID"]));
        }
        if record["userIdentity"]["invokedBy"] == "ec2.amazonaws.com" {
            assert!(record["responseElements"]["assumedRoleUser"].is_null());
            let name = text(&record["requestParameters"]["roleSessionName"]);
            let key = (name, text(&record["eventTime"]));
            renewals.entry(key).or_default().push(record);
        }
    }
    let mut n_first = 0;
    for pair in renewals.values() {
        assert_eq!(pair.len(), 2);
        assert_eq!(pair[0]["requestID"], pair[1]["requestID"]);
        n_first += usize::from(launches.contains(pair[0]["requestID"].as_str().unwrap()));
    }
    assert_eq!(n_first, launches.len());
}

#[test]
fn both_accounts_hear_of_a_role_assumed_across_them() {
    let made = default_window();
    let records = &made.records;
    let mut copies: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for (record, _) in records.values() {
        if let Some(shared) = record["sharedEventID"].as_str() {
            copies.entry(shared.to_string()).or_default().push(record);
        }
    }
    let mut n_pairs = 0;
    for pair in copies.values().filter(|copies| copies.len() == 2) {
        let kinds = [0, 1].map(|n: usize| pair[n]["userIdentity"]["type"] == "AWSAccount");
        assert_ne!(kinds[0], kinds[1]);
        assert_eq!(pair[0]["responseElements"], pair[1]["responseElements"]);
        n_pairs += 1;
    }
    assert!(100 < n_pairs, "{n_pairs}");
}

#[test]
fn without_attacks_no_attacker_calls() {
    let (files, truth) = made(&short());
    let quiet = Settings { attacks: false, ..short() };
    let (quiet_files, quiet_truth) = made(&quiet);
    assert!(quiet_truth.attacks.is_empty());
    let uses = |files: &[LogFile]| -> BTreeSet<(String, String)> {
        let of = |record: &Value| (record["sourceIPAddress"].to_string(), key_of(record).into());
        records(files).values().map(|(record, _)| of(record)).collect()
    };
    let (loud, quiet) = (records(&files), uses(&quiet_files));
    for id in truth.attacks.iter().flat_map(|attack| &attack.event_ids) {
        let record = &loud[id].0;
        let (address, key) = (record["sourceIPAddress"].to_string(), key_of(record).to_string());
        let is_foreign = truth.attacks.iter().any(|attack| {
            attack.foreign_addresses.iter().any(|a| address == alloc::format!("\"{a}\""))
        });
        assert!(!is_foreign || key.is_empty() || !quiet.contains(&(address, key)));
    }
}

#[test]
fn only_addresses_of_amazon_of_documentation_and_of_endpoints_appear() {
    let made = default_window();
    for (record, _) in made.records.values() {
        let address = record["sourceIPAddress"].as_str().unwrap();
        let is_public = ["192.0.2.", "198.51.100.", "203.0.113."]
            .iter()
            .any(|prefix| address.starts_with(prefix));
        let is_service = address.ends_with(".amazonaws.com") || address == "AWS Internal";
        let is_private = ["10.", "100.64."].iter().any(|prefix| address.starts_with(prefix));
        let through_endpoint = !record["vpcEndpointId"].is_null();
        assert_eq!(is_private, through_endpoint, "{address}");
        assert!(is_public || is_service || is_private || is_amazon(address), "{address}");
        let caller = &record["userIdentity"];
        if caller["type"] == "AWSAccount" {
            let account = caller["accountId"].as_str().unwrap();
            assert!(account == VENDOR || ACCOUNTS.contains(&account));
            assert_ne!(account, FOREIGN);
        }
    }
}

#[test]
fn files_arrive_minutes_after_their_events_and_seldom_hours() {
    let made = default_window();
    let (mut n_late, mut n_all) = (0, 0);
    for file in made.files.iter().filter(|file| is_log(&file.path)) {
        let stamp = file.path.split('_').nth(3).unwrap();
        let document: Value = serde_json::from_str(&file.body).unwrap();
        for record in document["Records"].as_array().unwrap() {
            let time = record["eventTime"].as_str().unwrap().replace(['-', ':'], "");
            // Both begin with day, hour and minute.
            let (minute, file_minute) = (time.get(..13).unwrap(), stamp.get(..13).unwrap());
            assert!(minute <= file_minute, "{time} {stamp}");
            n_late += usize::from(time.get(..11) < stamp.get(..11));
            n_all += 1;
        }
    }
    assert!(0 < n_late && n_late < n_all / 5, "{n_late} of {n_all}");
}

#[test]
fn short_windows_and_odd_ends_hold_every_attack() {
    let settings = Settings { days: 1, end: crate::DEFAULT_END + 3_187, ..Settings::default() };
    let (files, truth) = made(&settings);
    let records = records(&files);
    let mut ids = truth.attacks.iter().flat_map(|attack| &attack.event_ids);
    assert!(ids.all(|id| records.contains_key(id)));
}

#[test]
fn the_truth_is_json() {
    let made = default_window();
    let document: Value = serde_json::from_str(&made.truth.to_json()).unwrap();
    assert_eq!(document["schema"], "rolecall.truth/1");
    let attacks = document["attacks"].as_array().unwrap();
    assert_eq!(attacks[0]["chain"].as_array().unwrap().len(), 4);
    assert_eq!(attacks[0]["scenario"], 1);
}
