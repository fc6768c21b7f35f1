//! A console over a store with one incident, and whoever asks it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use evidence::Evidence;
use serde_json::Value;
use server::clock::WallTime;
use server::config::{self, Environment, Flag, Request};
use server::console::{self, Parts, Served};
use server::engine::{Batch, Engine, NoKnowledge, Sinks};
use server::intake::Status;
use server::payload::Forms;
use store::{ObjectDone, ObjectId};
use tokio::runtime::Runtime;

/// A log with an incident: a leaked key, three roles, a new user.
const LOG: &str = "../detect/fixtures/role_chaining/fires_leaked_key_to_the_user_bob.jsonl";

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct World {
    pub(crate) url: String,
    address: SocketAddr,
    /// What lives as long as the console is served.
    _kept: (Served, Runtime, Engine, tempfile::TempDir),
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In small letters.
    pub(crate) head: String,
    /// As it was sent.
    pub(crate) plain_head: String,
    pub(crate) body: String,
}

/// Somebody who is signed in.
pub(crate) struct Person<'w> {
    world: &'w World,
    headers: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The word of an error.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn learned(log: &[u8]) -> Evidence {
    let mut evidence = Evidence::default();
    cloudtrail::read(log, &mut |record| {
        evidence.record(record);
    });
    evidence
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// A console with these settings beside those that it needs.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        let log = Path::new(env!("CARGO_MANIFEST_DIR")).join(LOG);
        Self::over(&std::fs::read(log).unwrap(), settings)
    }

    /// A console with the settings of a file.
    pub(crate) fn from_file(file: &Path) -> Self {
        Self::configured(file, Environment::new())
    }

    /// A console with the settings of a file, and with the variables that these name.
    pub(crate) fn configured(file: &Path, environment: Environment) -> Self {
        let log = Path::new(env!("CARGO_MANIFEST_DIR")).join(LOG);
        let request = Request { file: Some(file.to_owned()), environment, ..Request::default() };
        Self::made(&std::fs::read(log).unwrap(), &[], request)
    }

    /// A console over what `log` holds.
    pub(crate) fn over(log: &[u8], settings: &[(&str, &str)]) -> Self {
        Self::made(log, settings, Request::default())
    }

    fn made(log: &[u8], settings: &[(&str, &str)], request: Request) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::fs::create_dir(&logs).unwrap();
        std::fs::write(logs.join("log.jsonl"), log).unwrap();
        let store = folder.path().join("store");
        let forms = Forms { base_url: None, security_hub: None, version: "1.2.3".to_owned() };
        let sinks = Sinks { recipients: Vec::new(), payload: Box::new(forms) };
        let mut engine = Engine::open(&store, Box::new(NoKnowledge), sinks).unwrap();
        let object = ObjectDone {
            id: ObjectId { name: "log.jsonl".to_owned(), version: "1".to_owned() },
            source: "folder-1".to_owned(),
            ..ObjectDone::default()
        };
        let mut batch = Batch { evidence: learned(log), objects: vec![object], ..Batch::default() };
        engine.absorb(&mut batch, WallTime(1_000)).unwrap();
        engine.analyze(WallTime(2_000)).unwrap();
        let flag = |(key, value): (&str, &str)| Flag {
            key: key.to_owned(),
            value: value.to_owned(),
            name: "test".to_owned(),
        };
        let own = [("console.address", "127.0.0.1:0"), ("store.path", store.to_str().unwrap())];
        let flags = own.iter().chain(settings).copied().map(flag).collect();
        let environment = request.environment.clone();
        let request = Request { flags, folders: vec![logs], ..request };
        let config = config::load(&request).into_config().unwrap();
        let parts = Parts {
            config,
            settings: Vec::new(),
            environment,
            status: Arc::new(Status::default()),
            connection: None,
            subjects: engine.subjects(),
            news: console::publisher(),
            version: "1.2.3",
        };
        let runtime = Runtime::new().unwrap();
        let served = runtime.block_on(console::serve(parts)).unwrap();
        let (address, url) = (served.serving.address(), served.url.clone());
        Self { url, address, _kept: (served, runtime, engine, folder) }
    }

    /// The one-time token.
    pub(crate) fn token(&self) -> &str {
        self.url.split_once("#token=").unwrap().1
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// Sends `text` as it is, and reads until the other side ends.
    pub(crate) fn send(&self, text: &str) -> Answer {
        send(self.address, text)
    }

    /// Asks as a browser does that looks at the console itself.
    pub(crate) fn ask(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.host();
        let mut lines = vec![format!("{line} HTTP/1.1"), "connection: close".to_owned()];
        if !headers.iter().any(|(name, _)| *name == "host") {
            lines.push(format!("host: {host}"));
        }
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if !body.is_empty() {
            lines.push(format!("content-length: {}", body.len()));
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                lines.push("content-type: application/json".to_owned());
            }
        }
        let text = lines.join("\r\n");
        self.send(&format!("{text}\r\n\r\n{body}"))
    }

    /// Signs in with the one-time token.
    pub(crate) fn sign_in(&self) -> Person<'_> {
        let body = format!("{{\"token\":\"{}\"}}", self.token());
        let answer = self.ask("POST /api/v1/session", &[], &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
        let headers =
            vec![("cookie".to_owned(), cookie.to_owned()), ("x-rolecall-csrf".to_owned(), csrf)];
        Person { world: self, headers }
    }

    /// A program with this token.
    pub(crate) fn program(&self, token: &str) -> Person<'_> {
        let headers = vec![("authorization".to_owned(), format!("Bearer {token}"))];
        Person { world: self, headers }
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends `text` as it is to a server, and reads until the other side ends.
pub(crate) fn send(address: SocketAddr, text: &str) -> Answer {
    let mut stream = connect(address);
    // Who is refused early may find the connection closed before everything is sent.
    let _ = stream.write_all(text.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = unchunked(head, body);
    let (head, plain_head) = (head.to_lowercase(), head.to_owned());
    Answer { status: status.unwrap_or_default(), head, plain_head, body }
}

/// A body without the marks of its pieces.
fn unchunked(head: &str, body: &str) -> String {
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or_default();
        if size == 0 || after.len() < size {
            whole += after;
            break;
        }
        whole += after.get(..size).unwrap_or_default();
        rest = after.get(size..).unwrap_or_default().trim_start_matches("\r\n");
    }
    whole
}

impl Person<'_> {
    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.world.ask(&format!("GET /api/v1{path}"), &self.headers(), "")
    }

    pub(crate) fn send(&self, line: &str, body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        self.world.ask(&format!("{method} /api/v1{path}"), &self.headers(), body)
    }

    /// The id of the one incident.
    pub(crate) fn incident(&self) -> String {
        let incidents = self.get("/incidents").json();
        incidents["items"][0]["id"].as_str().unwrap().to_owned()
    }
}
