//! Several sources at once, event history among them, and AWS's own places for alerts.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::endpoint::{ACCOUNT, Endpoint, REGION};
use crate::hook::Hook;
use crate::killed::{buckets, finish, queue_source};
use crate::organization::{Amounts, as_files, deliveries};
use crate::place::{Place, difference, found};

const AMOUNTS: Amounts = Amounts { objects: 240, copies: 20, repeats: 40, late: 20, damaged: 0 };

/// Event history as a source, in TOML.
const HISTORY: &str = "[[source]]\nname = \"history\"\nkind = \"lookup_events\"\n\
                       from = \"2026-10-18\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\n";

/// Event history and a folder as sources, an event bus and Security Hub as sinks, in TOML.
fn settings() -> String {
    format!(
        "{HISTORY}[[source]]\nname = \"copy\"\nkind = \"folder\"\npath = \"copy\"\n\
         [[sink]]\nname = \"bus\"\nkind = \"eventbridge\"\nregion = \"{REGION}\"\n\
         [[sink]]\nname = \"hub\"\nkind = \"security_hub\"\nregion = \"{REGION}\"\n\
         account = \"{ACCOUNT}\"\n"
    )
}

#[test]
fn every_source_at_once_comes_to_what_a_scan_of_all_finds_and_every_sink_is_told() {
    let Some(endpoint) = Endpoint::find() else { return };
    let mut chance = Chance::new("sources");
    let (queue, told) = (endpoint.queue("sources"), endpoint.queue("sources-told"));
    endpoint.rule("told", &json!({ "source": ["rolecall"] }), &told);
    let deliveries = deliveries(AMOUNTS, &buckets(&endpoint, &queue), &mut chance);
    let hook = Hook::start();
    let sources = settings() + &queue_source(&queue);
    let place = Place::new(&sources, &hook);
    // A third comes a second time, from a folder.
    as_files(&deliveries.puts[..deliveries.puts.len() / 3], &place.path("copy"));
    as_files(&deliveries.puts, &place.path("files"));
    for part in deliveries.puts.chunks(deliveries.puts.len() / 5) {
        let served = place.start();
        for object in part {
            endpoint.put(&object.bucket, &object.key, &object.bytes);
        }
        thread::sleep(Duration::from_millis(chance.below(2_000) as u64));
        served.kill();
        endpoint.time_passes(&queue);
    }
    finish(&place, &endpoint, &queue);
    let code = place.once();
    assert_eq!(code, Some(0), "{}", place.log());

    // Beside a store that was never in trouble, with the same files from a folder.
    let folder = "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"files\"\n";
    let undisturbed = format!("[store]\npath = \"undisturbed\"\n{HISTORY}{folder}");
    fs::write(place.path("undisturbed.toml"), undisturbed).unwrap();
    let code = place.serve(&["--once", "--config", "undisturbed.toml"]).status().unwrap().code();
    assert_eq!(code, Some(0), "{}", place.log());
    let (kept, expected) = (place.scan(&["store"]), place.scan(&["undisturbed"]));
    let differs = difference(found(&kept), found(&expected));
    assert!(found(&kept) == found(&expected), "the store is another one: {differs}");
    let events =
        |text: &str| serde_json::from_str::<Value>(text).unwrap()["coverage"]["events"].clone();
    assert_eq!(events(&kept), events(&expected));

    place.check_told(&hook);
    let by_hook: BTreeSet<String> = hook.told().into_keys().collect();
    let on_bus = endpoint.drain(&told);
    let incident = |event: &Value| {
        assert_eq!(event["detail-type"], "Rolecall Finding");
        event["detail"]["finding_info"]["uid"]
            .as_str()
            .unwrap_or_else(|| panic!("{event}"))
            .to_owned()
    };
    assert_eq!(on_bus.iter().map(incident).collect::<BTreeSet<_>>(), by_hook);
    let in_hub = endpoint.security_hub_findings();
    assert_eq!(in_hub.len(), by_hook.len(), "a finding for each incident");
    for finding in in_hub {
        let id = finding["Id"].as_str().unwrap();
        assert!(by_hook.iter().any(|incident| id.contains(incident.as_str())), "{id}");
        assert_eq!(finding["AwsAccountId"], ACCOUNT);
    }
}
