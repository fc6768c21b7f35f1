//! What the API says about an incident.

use serde_json::Value;

use super::world::World;

#[test]
fn an_incident_is_listed_filtered_and_opened() {
    let world = World::new();
    let person = world.sign_in();
    let list = person.get("/incidents?severity=critical,high&sort=-last_seen").json();
    assert_eq!((&list["total"], &list["total_is_cut"]), (&1.into(), &false.into()));
    let row = &list["items"][0];
    assert_eq!((&row["color"], &row["status"]), (&"red".into(), &"new".into()));
    assert!(row["hops"].as_u64().unwrap() >= 2 && row["findings"].as_u64().unwrap() >= 2);
    for (filter, expected) in [
        ("account=999999999999", 0),
        ("severity=low", 0),
        ("status=resolved", 0),
        ("state=withdrawn", 0),
        ("q=nothing%20has%20this", 0),
        ("origin_kind=iam_user_access_key", 1),
        ("detector=role_chaining", 1),
    ] {
        let list = person.get(&format!("/incidents?{filter}")).json();
        assert_eq!(list["total"], expected, "{filter}");
    }
    let account = row["accounts"][0].as_str().unwrap();
    assert_eq!(person.get(&format!("/incidents?account={account}")).json()["total"], 1);
    for wrong in ["severity=grave", "sort=title", "cursor=x", "colour=red", "limit=many"] {
        assert_eq!(person.get(&format!("/incidents?{wrong}")).status, 400, "{wrong}");
    }
    let id = row["id"].as_str().unwrap();
    let page = person.get(&format!("/incidents/{id}")).json();
    assert_eq!(page["incident"]["id"], id);
    assert_eq!(page["history"][0]["what"], "new");
    assert_eq!(person.get("/incidents/none").code(), "not_found");
}

#[test]
fn a_graph_has_its_red_path_and_its_table_has_the_same() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let graph = person.get(&format!("/incidents/{id}/graph")).json();
    let nodes = graph["nodes"].as_array().unwrap();
    let edges = graph["edges"].as_array().unwrap();
    let red: Vec<u64> = edges
        .iter()
        .filter(|edge| edge["color"] == "red" && edge["kind"] == "assumed_role")
        .map(|edge| edge["hop"].as_u64().unwrap())
        .collect();
    assert!(!red.is_empty() && red.iter().all(|hop| *hop >= 3), "{red:?}");
    assert!(nodes.iter().any(|node| node["kind"] == "artifact" && node["on_path"] == true));
    assert_eq!(graph["hidden"]["nodes"], 0);
    let mut rows: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = person.get(&format!("/incidents/{id}/graph/rows?limit=3{cursor}")).json();
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        assert_eq!(page["total"], nodes.len() + edges.len());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(rows.len(), nodes.len() + edges.len());
    let edge = edges.iter().find(|edge| edge["color"] == "red").unwrap();
    let edge_id = edge["id"].as_str().unwrap();
    let inspector = person.get(&format!("/incidents/{id}/edges/{edge_id}")).json();
    assert_eq!(inspector["color"], "red");
    assert!(inspector["why"][0].as_str().unwrap().contains("Hop 3"), "{inspector}");
    let node = edge["to"].as_str().unwrap();
    let inspector = person.get(&format!("/incidents/{id}/nodes/{node}")).json();
    assert_eq!(inspector["id"], node);
    assert!(!inspector["event_ids"].as_array().unwrap().is_empty());
    assert_eq!(person.get(&format!("/incidents/{id}/nodes/none")).status, 404);
}

#[test]
fn evidence_leads_to_the_raw_record() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let page = person.get(&format!("/incidents/{id}")).json();
    let evidence = &page["findings"][0]["evidence"][0];
    let event = evidence["event_id"].as_str().unwrap();
    let raw = person.get(&format!("/events/{event}")).json();
    assert_eq!(raw["record"]["eventID"], event);
    assert_eq!(raw["record"]["eventName"], evidence["event_name"]);
    assert!(raw["source"]["object"].as_str().unwrap().ends_with("log.jsonl"));
    let absent = person.get("/events/00000000-0000-4000-8000-0000000000ff");
    assert_eq!(absent.status, 404);
    assert!(absent.body.contains("lookup-events"));
    assert_eq!(person.get("/events/..%2F..%2Fetc").status, 400);
}

#[test]
fn subjects_are_searched_and_followed() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let page = person.get(&format!("/incidents/{id}")).json();
    let key = page["origin"]["access_key_id"].as_str().unwrap();
    let found = person.get(&format!("/search?q={}", key.get(..10).unwrap())).json();
    let found = found["items"].as_array().unwrap().iter().find(|found| found["id"] == key).unwrap();
    assert_eq!(
        (&found["kind"], &found["incident_ids"][0]),
        (&"credential".into(), &id.as_str().into())
    );
    let subject = person.get(&format!("/subjects/credential/{key}")).json();
    assert!(subject["parts"][0]["descendants"].as_array().unwrap().len() > 2);
    assert!(!subject["uses"].as_array().unwrap().is_empty());
    assert_eq!(subject["incident_ids"][0], id);
    assert_eq!(person.get("/subjects/credential/AKIAIOSFODNN7NOTHERE").status, 404);
    assert_eq!(person.get("/subjects/planet/x").status, 400);
    assert_eq!(person.get("/search?q=ab").status, 400);
}

#[test]
fn a_name_that_no_incident_has_is_found_and_followed() {
    let world = World::new();
    let person = world.sign_in();
    for (name, kind) in [
        ("AIDAAUDITOR444EXAMPLE", "role"),
        ("AKIAAUDITORXXEXAMPLE", "credential"),
        ("arn:aws:iam::444455556666:user/auditor", "user"),
    ] {
        let found = person.get(&format!("/search?q={name}")).json();
        let found = &found["items"][0];
        assert_eq!((&found["id"], &found["kind"]), (&name.into(), &kind.into()));
        assert!(found["incident_ids"].as_array().unwrap().is_empty(), "{found}");
        let name = name.replace('/', "%2F");
        let subject = person.get(&format!("/subjects/{kind}/{name}"));
        assert!(!subject.json()["parts"].as_array().unwrap().is_empty(), "{}", subject.body);
    }
    let nothing = person.get("/search?q=AIDAAUDITOR444").json();
    assert!(nothing["items"].as_array().unwrap().is_empty(), "a begin is nobody's name");
}

#[test]
fn the_overview_counts_what_is_open() {
    let world = World::new();
    let person = world.sign_in();
    let overview = person.get("/overview").json();
    assert_eq!(overview["open"]["critical"], 1);
    assert_eq!(overview["untouched"], 1);
    assert_eq!(overview["gravest"].as_array().unwrap().len(), 1);
    let ages = overview["ages"].as_array().unwrap();
    let n_aged: u64 = ages.iter().map(|age| age["open"]["critical"].as_u64().unwrap()).sum();
    assert_eq!(n_aged, 1);
    assert!(!overview["not_seen"].as_array().unwrap().is_empty());
    assert_eq!(overview["sources"][0]["kind"], "folder");
}

#[test]
fn an_incident_is_exported_with_hashes_and_as_a_report() {
    use sha2::Digest as _;
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let answer = person.get(&format!("/incidents/{id}/export.json"));
    assert!(answer.head.contains("content-disposition: attachment"), "{}", answer.head);
    let bundle = answer.json();
    let hashes = bundle["sha256"].as_object().unwrap();
    assert_eq!(hashes.len(), bundle["parts"].as_object().unwrap().len());
    for (name, hash) in hashes {
        let part = bundle["parts"][name].to_string();
        let digest = sha2::Sha256::digest(part.as_bytes());
        let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, &Value::String(digest.concat()), "{name}");
    }
    let report = person.get(&format!("/incidents/{id}/report.html"));
    assert_eq!(report.status, 200);
    assert!(
        report.body.starts_with("<!doctype html>") || report.body.starts_with("<!DOCTYPE html>")
    );
    assert!(report.head.contains("attachment") && report.head.contains("sandbox"));
}

#[test]
fn news_are_streamed_once_something_happens() {
    use std::io::{Read as _, Write as _};
    let world = World::new();
    let person = world.sign_in();
    let mut stream = world.connect();
    let headers: Vec<String> =
        person.headers().iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    let request = format!("GET /api/v1/live HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", world.host());
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    let mut until = |wanted: &str, text: &mut String| {
        let mut bytes = [0; 1_024];
        while !text.contains(wanted) {
            let n_read = stream.read(&mut bytes).unwrap();
            assert!(n_read > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..n_read]));
        }
    };
    until("event: hello", &mut text);
    let id = person.incident();
    person.send(&format!("POST /incidents/{id}/notes"), r#"{"text":"seen"}"#);
    until("\"change\":\"note\"", &mut text);
    assert!(text.contains("event: incident") && text.contains(&id));
}

#[test]
fn without_its_pages_the_console_says_how_to_build_them_or_shows_them() {
    let world = World::new();
    for path in ["/", "/incidents/0a1b", "/search"] {
        let answer = world.ask(&format!("GET {path}"), &[], "");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.head.contains("content-type: text/html"), "{}", answer.head);
        assert!(!answer.head.contains("immutable"), "{}", answer.head);
    }
    assert_eq!(world.ask("GET /assets/none.js", &[], "").status, 404);
    assert_eq!(world.ask("GET /Cargo.toml", &[], "").status, 404);
}
