//! A webhook that notes what it gets, and fails when it is told to.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// A message that the webhook has taken.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Message {
    /// The incident that it is about.
    pub(crate) incident: String,
    /// Its number among those about the incident.
    pub(crate) number: usize,
    /// What it says: `opened`, `raised` or `withdrawn`.
    pub(crate) kind: String,
    /// All of it.
    pub(crate) body: String,
}

/// A webhook.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hook {
    pub(crate) url: String,
    taken: Arc<Mutex<Vec<Message>>>,
    fails: Arc<AtomicBool>,
    n_refused: Arc<AtomicUsize>,
}

impl Hook {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let hook = Self { url, ..Self::default() };
        let answering = hook.clone();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { return };
                let hook = answering.clone();
                thread::spawn(move || hook.answer(stream, number));
            }
        });
        hook
    }

    /// Fails from here on, or does not any more.
    pub(crate) fn set_failing(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// Requests that were refused.
    pub(crate) fn n_refused(&self) -> usize {
        self.n_refused.load(Ordering::SeqCst)
    }

    /// What it has taken, in the order of arrival; a message that came twice is there twice.
    pub(crate) fn taken(&self) -> Vec<Message> {
        self.taken.lock().unwrap().clone()
    }

    /// The kinds of the messages about each incident, each message once; fails where two messages
    /// of one key differ, or a number is missing.
    pub(crate) fn told(&self) -> BTreeMap<String, Vec<String>> {
        let mut messages = self.taken();
        messages.sort();
        messages.dedup();
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for message in messages {
            let kinds = told.entry(message.incident.clone()).or_default();
            kinds.push(message.kind.clone());
            assert_eq!(kinds.len(), message.number, "numbers of {message:?}");
        }
        told
    }

    /// Every fifth request is refused, too.
    fn answer(&self, mut stream: TcpStream, number: usize) {
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let Some((key, body)) = request(&mut stream) else { return };
        let fails = self.fails.load(Ordering::SeqCst) || number % 5 == 3;
        let status = if fails {
            self.n_refused.fetch_add(1, Ordering::SeqCst);
            "503 Service Unavailable"
        } else {
            let document: Value = serde_json::from_str(&body).unwrap();
            let (incident, number) = key.rsplit_once('-').unwrap();
            self.taken.lock().unwrap().push(Message {
                incident: incident.to_owned(),
                number: number.parse().unwrap(),
                kind: document["kind"].as_str().unwrap().to_owned(),
                body,
            });
            "200 OK"
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        // Whoever asked may have been killed meanwhile.
        let _ = stream.write_all(answer.as_bytes());
    }
}

/// The key and the body of a request; nothing where whoever asks breaks off.
fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut request = Vec::new();
    let mut buffer = vec![0; 65_536];
    loop {
        let Ok(n_read @ 1..) = stream.read(&mut buffer) else { return None };
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
        if body.len() >= length {
            return Some((header("idempotency-key").unwrap(), body.to_owned()));
        }
    }
}
