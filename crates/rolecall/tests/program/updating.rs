//! `update-ip-ranges`, against a server of the test's own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::running::{Ran, command, ran};

const RANGES: &str = r#"{"createDate": "2026-08-22-15-17-05",
 "prefixes": [{"ip_prefix": "3.5.0.0/16", "region": "us-east-1", "service": "EC2"}]}"#;

/// A server that answers once.
fn served(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let length = stream.read(&mut [0; 4096]).unwrap();
        assert!(length > 0);
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).unwrap();
    });
    format!("http://{address}/ip-ranges.json")
}

fn update(url: &str, cache: &std::path::Path, more: &[&str]) -> Ran {
    let arguments = [&["update-ip-ranges", "--url", url], more].concat();
    let mut command = command(&arguments);
    command.env("XDG_CACHE_HOME", cache).env("NO_PROXY", "127.0.0.1");
    ran(&mut command)
}

#[test]
fn the_list_goes_to_the_cache_or_to_the_file_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("rolecall/ip-ranges.json");
    let ran = update(&served("200 OK", RANGES), folder.path(), &[]);
    assert_eq!((ran.code, ran.stdout), (0, format!("{}\n", kept.display())), "{}", ran.stderr);
    assert!(ran.stderr.contains("2026-08-22"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&kept).unwrap(), RANGES);
    let other = folder.path().join("other.json");
    let named = ["-q", "-o", other.to_str().unwrap()];
    let ran = update(&served("200 OK", RANGES), folder.path(), &named);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(&other).unwrap(), RANGES);
}

#[test]
fn the_file_that_is_there_is_kept_when_nothing_better_comes() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("rolecall/ip-ranges.json");
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::write(&kept, "mine").unwrap();
    for (status, body) in [
        ("404 Not Found", "nothing"),
        ("200 OK", "<html>Log in to the network</html>"),
        ("200 OK", "{\"prefixes\": []}"),
    ] {
        let url = served(status, body);
        let ran = update(&url, folder.path(), &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{body}");
        assert!(ran.stderr.contains(&url) && ran.stderr.contains("was kept"), "{}", ran.stderr);
        assert_eq!(fs::read_to_string(&kept).unwrap(), "mine");
    }
    assert_eq!(fs::read_dir(kept.parent().unwrap()).unwrap().count(), 1, "nothing half-written");
}
