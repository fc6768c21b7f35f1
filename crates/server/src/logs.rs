//! What the program says of itself: one line an event, as text or JSON, with every value escaped.
//!
//! Values come from logs, servers and files, and may hold anything: what a terminal would obey or
//! hide is shown as `\u{..}`, in text, or as `\uXXXX`, in JSON.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use report::escape;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::{Layer, Registry};

use crate::clock::{Clock as _, SystemClock};
use crate::config::{Log, LogFormat, LogLevel};
use crate::output::{self, Output, write};

/// Characters of one value that are written.
const VALUE_MAX: usize = 4096;

/// Crates whose events are the program's own; libraries speak up from `warn`, unless asked.
const OWN: [&str; 5] = ["aws", "ingest", "rolecall", "server", "store"];

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// The directives are none.
    #[error("`{0}` is no filter of logs: write it like `info,server=debug`")]
    Directives(String),
    /// It was begun before.
    #[error("logging was set up before")]
    Twice,
}

/// Logs to standard error from here on, for the whole process.
///
/// `directives`, such as `info,hyper=debug`, win over the level of `settings`.
///
/// # Errors
///
/// Where `directives` are none, or logging was set up before.
pub fn init(settings: &Log, directives: Option<&str>) -> Result<(), LogsError> {
    let subscriber = subscriber(settings, directives, output::stderr())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LogsError::Twice)
}

/// What writes events as lines to `output`.
///
/// # Errors
///
/// Where `directives` are none.
pub fn subscriber(
    settings: &Log,
    directives: Option<&str>,
    output: Output,
) -> Result<impl Subscriber + Send + Sync + use<>, LogsError> {
    let level = filter(settings.level);
    let libraries = level.min(LevelFilter::WARN);
    let usual = Targets::new().with_default(libraries).with_targets(OWN.map(|name| (name, level)));
    let parse = |text: &str| text.parse().map_err(|_| LogsError::Directives(text.to_owned()));
    let targets = directives.map_or(Ok(usual), parse)?;
    let lines = Lines { format: settings.format, output };
    Ok(Registry::default().with(lines.with_filter(targets)))
}

const fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// Writes each event as a line.
struct Lines {
    format: LogFormat,
    output: Output,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let time = Timestamp::from_millisecond(SystemClock.now().0).unwrap_or_default();
        let time = format!("{time:.3}");
        let line = match self.format {
            LogFormat::Json => json_line(&time, event.metadata(), fields),
            LogFormat::Text => text_line(&time, event.metadata(), &fields),
        };
        // Whoever closed standard error does not want to hear it.
        let _ = write(&self.output, line.as_bytes());
    }
}

/// The values of an event, in its order.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, value) => self.others.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, Value::Bool(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = Cut { text: String::new(), left: VALUE_MAX };
        // It fails where it is cut.
        let _ = write!(text, "{value:?}");
        self.add(field, Value::String(text.text));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, Value::from(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, Value::String(value.chars().take(VALUE_MAX).collect()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, Value::from(value));
    }
}

/// Text up to a number of characters.
struct Cut {
    text: String,
    left: usize,
}

impl fmt::Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

/// `2026-10-18T23:05:00.123Z  WARN alert not delivered sink=pager why="…" (server::alerts)`.
fn text_line(time: &str, metadata: &Metadata<'_>, fields: &Fields) -> String {
    let level = level(*metadata.level());
    let mut line = format!("{time} {level:>5} {}", escape::terminal(&fields.message));
    for (name, value) in &fields.others {
        let shown = value.as_str().map_or_else(|| value.to_string(), value_text);
        line.extend([" ", name, "=", &shown]);
    }
    line.extend([" (", metadata.target(), ")\n"]);
    line
}

/// A value on one line that ends where it seems to: in quotation marks unless it is one word.
fn value_text(text: &str) -> String {
    let shown = escape::terminal(text);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
    if !shown.is_empty() && shown.chars().all(is_word) {
        return shown.into_owned();
    }
    format!("\"{}\"", shown.replace('\\', "\\\\").replace('"', "\\\""))
}

fn json_line(time: &str, metadata: &Metadata<'_>, fields: Fields) -> String {
    let others = fields.others.into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut line = Map::new();
    line.insert("time".to_owned(), time.into());
    line.insert("level".to_owned(), level(*metadata.level()).to_lowercase().into());
    line.insert("target".to_owned(), metadata.target().into());
    line.insert("message".to_owned(), fields.message.into());
    line.insert("fields".to_owned(), Value::Object(others.collect()));
    escape::json(Value::Object(line).to_string()) + "\n"
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARN",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

#[cfg(test)]
mod tests;
