//! Writes the page about the configuration, and the example, from what the sections say.

use super::section::{Key, Section};
use super::sections::{Alerts, Analysis, Console, Listen, Log, Store, Verify};
use super::sinks::{
    EventBridgeSink, PagerDutySink, SecurityHubSink, SinkRules, SlackSink, StdoutSink, WebhookSink,
};
use super::sources::{FolderSource, LookupEventsSource, S3Source, SqsSource};

/// A section as documents show it.
struct Shown {
    /// The table of TOML.
    table: &'static str,
    /// Name and kind, for an item of a list.
    head: Option<(&'static str, &'static str)>,
    about: &'static [&'static str],
    keys: Vec<&'static Key>,
}

/// Every section, in the order of documents.
fn all() -> Vec<Shown> {
    vec![
        once::<Store>("store"),
        source::<FolderSource>("local", "folder"),
        source::<S3Source>("organization-trail", "s3"),
        source::<SqsSource>("notifications", "sqs"),
        source::<LookupEventsSource>("first-try", "lookup_events"),
        once::<Analysis>("analysis"),
        once::<Console>("console"),
        once::<Listen>("listen"),
        once::<Alerts>("alerts"),
        // What every sink has stands with each of them in the example, and once on the page.
        once::<SinkRules>("sink"),
        sink::<WebhookSink>("soar", "webhook"),
        sink::<SlackSink>("security-channel", "slack"),
        sink::<PagerDutySink>("on-call", "pagerduty"),
        sink::<EventBridgeSink>("bus", "eventbridge"),
        sink::<SecurityHubSink>("hub", "security_hub"),
        sink::<StdoutSink>("log", "stdout"),
        once::<Verify>("verify"),
        once::<Log>("log"),
    ]
}

fn once<S: Section>(table: &'static str) -> Shown {
    Shown { table, head: None, about: S::ABOUT, keys: S::KEYS.iter().collect() }
}

fn source<S: Section>(name: &'static str, kind: &'static str) -> Shown {
    Shown { head: Some((name, kind)), ..once::<S>("source") }
}

fn sink<S: Section>(name: &'static str, kind: &'static str) -> Shown {
    Shown { head: Some((name, kind)), ..once::<S>("sink") }
}

/// The page about the configuration, in Markdown.
pub fn document() -> String {
    let mut page = String::from(include_str!("document/before.md"));
    for section in all() {
        page.push_str(&heading(&section));
        page.push_str(&sentences(section.about).join(" "));
        page.push('\n');
        if !section.keys.is_empty() {
            page.push_str("\n| Setting | Default | Expected | What it is |\n|---|---|---|---|\n");
        }
        for key in section.keys {
            page.push_str(&row(key));
        }
    }
    page.push_str(include_str!("document/after.md"));
    page
}

fn heading(section: &Shown) -> String {
    match (section.table, section.head) {
        (table, Some((_, kind))) => format!("\n## `[[{table}]]` of kind `{kind}`\n\n"),
        ("sink", None) => "\n## Every `[[sink]]`\n\n".to_owned(),
        (table, None) => format!("\n## `[{table}]`\n\n"),
    }
}

fn row(key: &Key) -> String {
    let default = match (key.default, (key.is_required)()) {
        (Some(default), _) => format!("`{default}`"),
        (None, true) => "required".to_owned(),
        (None, false) => "none".to_owned(),
    };
    let about = sentences(key.doc).join(" ");
    format!("| `{}` | {default} | {} | {about} |\n", key.name, (key.expected)())
}

/// Lines of a description without the blanks that comments begin with.
fn sentences(doc: &[&str]) -> Vec<String> {
    doc.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A file with every setting: defaults are set, everything else is behind `#`.
///
/// A line that begins with `#` and a blank is text; without the blank it is a setting.
pub fn example() -> String {
    let mut file = String::from(include_str!("document/example.txt"));
    for section in all() {
        match (section.table, section.head) {
            ("sink", None) => {}
            (table, None) => {
                file.extend(["\n", &comment(section.about), "[", table, "]\n"]);
                section.keys.iter().for_each(|key| file.push_str(&setting(key, "")));
            }
            (table, Some((name, kind))) => {
                file.extend(["\n", &comment(section.about), "#[[", table, "]]\n"]);
                file.extend(["#name = \"", name, "\"\n#kind = \"", kind, "\"\n"]);
                let rules = if table == "sink" { SinkRules::KEYS } else { &[] };
                let keys = section.keys.iter().copied().chain(rules);
                keys.for_each(|key| file.push_str(&setting(key, "#")));
            }
        }
    }
    file
}

fn setting(key: &Key, off: &str) -> String {
    let off = if key.default.is_none() { "#" } else { off };
    let value = key.default.or(key.example).unwrap_or_default();
    format!("{}{off}{} = {value}\n", comment(key.doc), key.name)
}

fn comment(doc: &[&str]) -> String {
    let lines: Vec<String> = sentences(doc).iter().map(|line| format!("# {line}\n")).collect();
    lines.concat()
}
