//! What is logged is one line, and nothing in it acts.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::subscriber::with_default;
use tracing::{debug, error, info, warn};

use super::subscriber;
use crate::config::{Log, LogFormat, LogLevel};

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged(format: LogFormat, directives: Option<&str>, log: impl FnOnce()) -> String {
    let memory = Memory::default();
    let settings = Log { format, level: LogLevel::Info };
    let output = Arc::new(Mutex::new(memory.clone()));
    with_default(subscriber(&settings, directives, output).unwrap(), log);
    let bytes = memory.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

const HOSTILE: &str = "a\u{1b}]52;c;eA==\u{7}\n2026 ERROR forged\u{202e}\u{200b}\"\\";

#[test]
fn a_line_of_text_is_one_line() {
    let line = logged(LogFormat::Text, None, || {
        warn!(sink = "pager", why = HOSTILE, attempts = 3, "not delivered to {HOSTILE}");
    });
    let (time, rest) = line.split_once(' ').unwrap();
    assert!(time.parse::<jiff::Timestamp>().is_ok() && time.len() == 24, "{time}");
    let escaped = r"a\u{1b}]52;c;eA==\u{7}\u{a}2026 ERROR forged\u{202e}\u{200b}";
    let message = format!("{escaped}\"\\");
    let value = format!("{}\\\"\\\\", escaped.replace('\\', "\\\\"));
    assert_eq!(
        rest,
        format!(
            " WARN not delivered to {message} sink=pager why=\"{value}\" attempts=3 \
             (server::logs::tests)\n"
        )
    );
}

#[test]
fn a_line_of_json_is_one_object() {
    let line = logged(LogFormat::Json, None, || {
        error!(why = HOSTILE, fraction = 0.5, is_last = true, "time");
    });
    assert_eq!(line.lines().count(), 1);
    assert!(line.chars().all(|c| !c.is_control() || c == '\n'), "{line:?}");
    assert!(!line.contains(['\u{202e}', '\u{200b}']), "{line:?}");
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["level"], "error");
    assert_eq!(line["message"], "time");
    assert_eq!(line["target"], "server::logs::tests");
    assert_eq!(line["fields"]["why"], HOSTILE);
    assert_eq!(line["fields"]["fraction"], 0.5);
    assert_eq!(line["fields"]["is_last"], true);
}

#[test]
fn what_is_long_is_cut() {
    let line = logged(LogFormat::Json, None, || {
        info!(text = "x".repeat(9_000), debug = ?"y".repeat(9_000), "long");
    });
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["fields"]["text"].as_str().unwrap().len(), 4096);
    assert_eq!(line["fields"]["debug"].as_str().unwrap().len(), 4096);
}

#[test]
fn libraries_speak_up_from_warn() {
    let log = || {
        info!(target: "hyper::proto", "library");
        warn!(target: "hyper::proto", "library, gravely");
        info!(target: "store", "own");
        debug!(target: "store", "own, in detail");
    };
    let messages = |text: &str| -> Vec<String> {
        let message = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["message"].as_str().unwrap().to_owned()
        };
        text.lines().map(message).collect()
    };
    let usual = logged(LogFormat::Json, None, log);
    assert_eq!(messages(&usual), ["library, gravely", "own"]);
    let asked = logged(LogFormat::Json, Some("error,store=debug"), log);
    assert_eq!(messages(&asked), ["own", "own, in detail"]);
}

#[test]
fn a_filter_that_is_none_is_refused() {
    let settings = Log { format: LogFormat::Text, level: LogLevel::Info };
    let output = Arc::new(Mutex::new(Memory::default()));
    assert!(subscriber(&settings, Some("store=loud"), output).is_err());
}
