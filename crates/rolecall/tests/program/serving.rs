//! `serve` as a person runs it: over a folder that fills up, killed at any moment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use simulate::Settings;
use store::{FindingState, Store};

use crate::running::{command, ran};

/// Longest wait for anything; it is never reached where all is well.
const PATIENCE: Duration = Duration::from_secs(90);

/// Keys and kinds of the messages that a webhook got.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A webhook that notes what it gets and fails now and then.
fn webhook() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Heard::default();
    let noted = Arc::clone(&heard);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(stream) = stream else { return };
            answer(stream, number % 5 == 3, &noted);
        }
    });
    (url, heard)
}

fn answer(mut stream: TcpStream, fails: bool, heard: &Heard) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut request = Vec::new();
    let mut buffer = vec![0; 65_536];
    loop {
        let Ok(n_read @ 1..) = stream.read(&mut buffer) else { return };
        request.extend_from_slice(&buffer[..n_read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((headers, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            headers.lines().find_map(|line| {
                let (known, value) = line.split_once(':')?;
                known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let length: usize = header("content-length").unwrap().parse().unwrap();
        if body.len() < length {
            continue;
        }
        if !fails {
            let document: Value = serde_json::from_str(body).unwrap();
            let kind = document["kind"].as_str().unwrap().to_owned();
            heard.lock().unwrap().push((header("idempotency-key").unwrap(), kind));
        }
        let status = if fails { "503 Service Unavailable" } else { "200 OK" };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes());
        return;
    }
}

/// Objects of a generated organization: path and content.
fn objects(seed: u64) -> Vec<(String, Vec<u8>)> {
    let settings = Settings { seed, days: simulate::DAYS_MIN, ..Settings::default() };
    // What a trail delivers twice lies under one name.
    let mut objects: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    simulate::simulate(&settings, &mut |file| {
        // Digests lie in folders that are not entered.
        if !file.path.contains("/CloudTrail/") {
            return;
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(file.body.as_bytes()).unwrap();
        objects.insert(format!("{}.gz", file.path), gzip.finish().unwrap());
    });
    // The order of their names is not that of their events.
    objects.into_iter().collect()
}

/// Writes an object as a download does: beside its place, and into it at once.
fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let target = folder.join(path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    let beside = folder.parent().unwrap().join("download.part");
    fs::write(&beside, bytes).unwrap();
    fs::rename(beside, target).unwrap();
}

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new(url: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("logs")).unwrap();
        let toml = format!(
            "[store]\npath = \"store\"\n[analysis]\nsettle = \"1s\"\n\
             [listen]\nmetrics = \"127.0.0.1:0\"\n[console]\naddress = \"127.0.0.1:0\"\n\
             [[source]]\nname = \"logs\"\nkind = \"folder\"\npath = \"logs\"\ninterval = \"1s\"\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{url}\"\n\
             secret_env = \"HOOK_SECRET\"\n"
        );
        fs::write(root.path().join("rolecall.toml"), toml).unwrap();
        Self { root }
    }

    fn logs(&self) -> PathBuf {
        self.root.path().join("logs")
    }

    fn store(&self) -> PathBuf {
        self.root.path().join("store")
    }

    fn serve(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command(&[&["serve"], arguments].concat());
        command
            .current_dir(self.root.path())
            .env("HOOK_SECRET", "a secret of thirty-two bytes at least")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn start(&self) -> Child {
        self.serve(&[]).spawn().unwrap()
    }
}

/// Open findings in the store, as documents.
fn kept(store: &Path) -> BTreeMap<String, String> {
    let store = Store::open_beside(store).unwrap();
    let known = store.known_findings().unwrap().into_iter();
    let open = known.filter(|(_, (state, ..))| *state == FindingState::Open);
    open.map(|(id, _)| (id.clone(), store.finding(&id).unwrap().unwrap().document)).collect()
}

/// Findings of a scan of `folder`, as documents.
fn scanned(folder: &Path) -> BTreeMap<String, String> {
    let ran = ran(&mut command(&["scan", "--format", "json", "-q", folder.to_str().unwrap()]));
    let document = ran.json();
    let findings = document["findings"].as_array().unwrap().clone();
    let by_id = |one: &Value| (one["id"].as_str().unwrap().to_owned(), one.to_string());
    findings.iter().map(by_id).collect()
}

/// The same documents, written in the same way.
fn rewritten(documents: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let again = |text: &str| serde_json::from_str::<Value>(text).unwrap().to_string();
    documents.into_iter().map(|(id, text)| (id, again(&text))).collect()
}

#[test]
fn killed_again_and_again_it_loses_nothing_and_tells_once() {
    let (url, heard) = webhook();
    let place = Place::new(&url);
    let objects: Vec<(String, Vec<u8>)> = objects(5).into_iter().step_by(3).collect();
    // Ten of them are damaged in ways of their own.
    let damaged: BTreeSet<usize> = (0..10).map(|number| number * objects.len() / 10).collect();
    let mut served = place.start();
    let mut state = 7_u64;
    for (number, (path, bytes)) in objects.iter().enumerate() {
        let bytes = if damaged.contains(&number) { &bytes[..bytes.len() / 2] } else { bytes };
        put(&place.logs(), path, bytes);
        if number % (objects.len() / 12) == 11 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            thread::sleep(Duration::from_millis(state >> 56));
            served.kill().unwrap();
            served.wait().unwrap();
            served = place.start();
        }
    }
    served.kill().unwrap();
    served.wait().unwrap();
    // What is left is read to its end, and told.
    let status = place.serve(&["--once"]).status().unwrap();
    assert_eq!(status.code(), Some(4), "damaged objects make the coverage partial");

    let expected = scanned(&place.logs());
    assert!(expected.len() > 5, "{} findings", expected.len());
    assert!(rewritten(kept(&place.store())) == expected, "the store differs from a scan");
    let store = Store::open(&place.store()).unwrap();
    let coverage = store.coverage().unwrap();
    let n_objects: u64 = store.objects_by_source().unwrap().values().sum();
    assert_eq!(n_objects, objects.len() as u64, "each object is done, and once");
    let named: BTreeSet<&str> = coverage.skipped.iter().map(|one| one.source.as_str()).collect();
    assert_eq!(named.len(), damaged.len(), "{named:?}");
    let mut keys: Vec<(String, String)> = heard.lock().unwrap().clone();
    keys.sort();
    keys.dedup();
    assert!(!keys.is_empty(), "nobody was told anything");
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, kind) in &keys {
        let (incident, _) = key.rsplit_once('-').unwrap();
        kinds.entry(incident).or_default().push(kind);
    }
    for (incident, kinds) in kinds {
        let n_of = |kind: &str| kinds.iter().filter(|one| **one == kind).count();
        let (opened, withdrawn) = (n_of("opened"), n_of("withdrawn"));
        assert!(opened == withdrawn || opened == withdrawn + 1, "{incident}: {kinds:?}");
        assert_eq!(kinds[0], "opened", "{incident}: {kinds:?}");
    }
}

#[test]
fn it_ends_when_it_is_asked_to_and_goes_on_where_it_stood() {
    let (url, heard) = webhook();
    let place = Place::new(&url);
    let log = fs::read(crate::running::fixtures().join(crate::running::BOB)).unwrap();
    put(&place.logs(), "bob.jsonl", &log);
    let mut served = place.start();
    let began = Instant::now();
    while heard.lock().unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE, "nothing was told");
        thread::sleep(Duration::from_millis(20));
    }
    let terminated = std::process::Command::new("kill").arg(served.id().to_string()).status();
    assert!(terminated.unwrap().success());
    assert_eq!(served.wait().unwrap().code(), Some(0));
    let ran = ran(&mut place.serve(&["--once", "--fail-on", "critical"]));
    assert_eq!(ran.code, 3);
    assert_eq!(heard.lock().unwrap().len(), 1, "told again after a restart");
}

#[test]
fn a_second_writer_is_refused() {
    let (url, _heard) = webhook();
    let place = Place::new(&url);
    let _first = Store::open(&place.store()).unwrap();
    let mut command = place.serve(&["--once"]);
    let ran = ran(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("in use by another"), "{}", ran.stderr);
}
