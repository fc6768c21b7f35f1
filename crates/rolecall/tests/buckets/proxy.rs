//! A proxy in front of the endpoint, which answers some calls otherwise: what a mock of AWS cannot
//! be made to do.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What to do with calls.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Answers with this status and text calls whose request has this in it.
    Answers(&'static str, u16, String),
    /// Writes this for that in every answer to calls whose request has this in it.
    Replaces(&'static str, String, String),
    /// Moves the header `Date` of every answer into the past.
    IsEarly,
}

/// A proxy that serves until the test ends.
pub(crate) struct Proxy {
    pub(crate) url: String,
    faults: Arc<Mutex<Vec<Fault>>>,
}

impl Proxy {
    /// A proxy in front of `upstream`.
    pub(crate) fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let faults = Arc::new(Mutex::new(Vec::new()));
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let shared = Arc::clone(&faults);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (faults, upstream) = (shared.lock().unwrap().clone(), upstream.clone());
                thread::spawn(move || serve(stream.unwrap(), &upstream, &faults));
            }
        });
        Self { url, faults }
    }

    /// Makes calls fail in these ways, and in no others.
    pub(crate) fn set(&self, faults: &[Fault]) {
        *self.faults.lock().unwrap() = faults.to_vec();
    }
}

/// Answers one request.
fn serve(mut client: TcpStream, upstream: &str, faults: &[Fault]) {
    let Some((head, body)) = request(&mut client) else {
        return;
    };
    let text = format!("{head}\r\n\r\n{}", String::from_utf8_lossy(&body));
    for fault in faults {
        if let Fault::Answers(within, status, answer) = fault
            && text.contains(within)
        {
            let length = answer.len();
            let head = format!("HTTP/1.1 {status} as asked for\r\ncontent-length: {length}\r\n");
            let date = "date: Thu, 26 Nov 2026 12:00:00 GMT\r\nconnection: close\r\n\r\n";
            // Whoever asked may have gone.
            let _ = client.write_all(format!("{head}{date}{answer}").as_bytes());
            return;
        }
    }
    let mut server = TcpStream::connect(upstream).unwrap();
    let lines: Vec<&str> = head.split("\r\n").filter(|line| !is_of_connection(line)).collect();
    let head = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    server.write_all(head.as_bytes()).unwrap();
    server.write_all(&body).unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).unwrap();
    // Whoever asked may have gone.
    let _ = client.write_all(&changed(answer, &text, faults));
}

fn is_of_connection(line: &str) -> bool {
    line.to_ascii_lowercase().starts_with("connection:")
}

/// The head and the body of a request.
fn request(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let n_read = client.read(&mut chunk).ok().filter(|n_read| *n_read > 0)?;
        bytes.extend_from_slice(&chunk[..n_read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes[end + 4..].to_vec();
    let length = head.split("\r\n").find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
    });
    while body.len() < length.unwrap_or_default() {
        let n_read = client.read(&mut chunk).ok().filter(|n_read| *n_read > 0)?;
        body.extend_from_slice(&chunk[..n_read]);
    }
    Some((head, body))
}

/// `answer` as the faults would have it.
fn changed(answer: Vec<u8>, request: &str, faults: &[Fault]) -> Vec<u8> {
    let mut answer = answer;
    for fault in faults {
        match fault {
            Fault::Replaces(within, from, to) if request.contains(within) => {
                let text = String::from_utf8_lossy(&answer);
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                let body = body.replace(from.as_str(), to);
                let is_length =
                    |line: &&str| line.to_ascii_lowercase().starts_with("content-length:");
                let head: Vec<&str> = head.split("\r\n").filter(|line| !is_length(line)).collect();
                let length = body.len();
                let head = head.join("\r\n");
                answer = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes();
            }
            Fault::IsEarly => {
                let text = String::from_utf8_lossy(&answer);
                let (head, _) = text.split_once("\r\n\r\n").unwrap();
                let end = head.len();
                let is_date = |line: &&str| !line.to_ascii_lowercase().starts_with("date:");
                let head: Vec<&str> = head.split("\r\n").filter(is_date).collect();
                let head = format!("{}\r\ndate: Sun, 18 Oct 2026 12:00:00 GMT", head.join("\r\n"));
                answer = [head.as_bytes(), &answer[end..]].concat();
            }
            Fault::Answers(..) | Fault::Replaces(..) => {}
        }
    }
    answer
}
