//! Prints the configuration as it is in effect, with where each value came from.

use std::collections::BTreeMap;

use super::Config;
use super::problem::Origin;
use super::section::Section as _;
use super::setting::quoted;

/// Column that comments begin in, where values leave room.
const COMMENT_COLUMN: usize = 48;

/// The configuration in effect as TOML; a comment behind each value says where it came from.
///
/// Secrets are not in it, because they are not in a [`Config`]; addresses that may hold one are
/// shown without their paths. What has no value is left out.
pub fn effective(config: &Config, origins: &BTreeMap<String, Origin>) -> String {
    let mut page = Page { origins, text: String::new() };
    page.section("store", config.store.show());
    for source in &config.sources {
        let head = [("name", source.name.as_str()), ("kind", source.kind().name())];
        page.item("source", head, source.show());
    }
    page.section("analysis", config.analysis.show());
    page.section("console", config.console.show());
    page.section("listen", config.listen.show());
    page.section("alerts", config.alerts.show());
    for sink in &config.sinks {
        let head = [("name", sink.name.as_str()), ("kind", sink.kind().name())];
        page.item("sink", head, sink.show());
    }
    page.section("verify", config.verify.show());
    page.section("log", config.log.show());
    page.text
}

/// A setting in effect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed {
    /// The setting, such as `store.path` or `source.local.path`.
    pub key: String,
    /// Its value as TOML; secrets are masked.
    pub value: Option<String>,
    /// Where it comes from.
    pub from: String,
}

/// Settings of a section with their values.
type Values = Vec<(&'static str, Option<String>)>;

/// As [`effective`], setting by setting, those without a value included.
pub fn listed(config: &Config, origins: &BTreeMap<String, Origin>) -> Vec<Listed> {
    let mut sections: Vec<(String, Values)> = vec![
        ("store".to_owned(), config.store.show()),
        ("analysis".to_owned(), config.analysis.show()),
        ("console".to_owned(), config.console.show()),
        ("listen".to_owned(), config.listen.show()),
        ("alerts".to_owned(), config.alerts.show()),
        ("verify".to_owned(), config.verify.show()),
        ("log".to_owned(), config.log.show()),
    ];
    let sources = config.sources.iter();
    sections.extend(sources.map(|source| (format!("source.{}", source.name), source.show())));
    let sinks = config.sinks.iter();
    sections.extend(sinks.map(|sink| (format!("sink.{}", sink.name), sink.show())));
    let mut listed = Vec::new();
    for (section, values) in sections {
        for (name, value) in values {
            let key = format!("{section}.{name}");
            let from = origins.get(&key).unwrap_or(&Origin::Default).to_string();
            listed.push(Listed { key, value, from });
        }
    }
    listed
}

struct Page<'p> {
    origins: &'p BTreeMap<String, Origin>,
    text: String,
}

impl Page<'_> {
    fn section(&mut self, name: &str, values: Vec<(&str, Option<String>)>) {
        self.head(&format!("[{name}]"));
        for (key, value) in values {
            self.value(name, key, value);
        }
    }

    fn item(&mut self, list: &str, head: [(&str, &str); 2], values: Vec<(&str, Option<String>)>) {
        self.head(&format!("[[{list}]]"));
        let [(_, name), _] = head;
        let path = format!("{list}.{name}");
        let head = head.map(|(key, value)| (key, Some(quoted(value))));
        for (key, value) in head.into_iter().chain(values) {
            self.value(&path, key, value);
        }
    }

    fn head(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(title);
        self.text.push('\n');
    }

    fn value(&mut self, path: &str, key: &str, value: Option<String>) {
        let Some(value) = value else {
            return;
        };
        let origin = self.origins.get(&format!("{path}.{key}")).unwrap_or(&Origin::Default);
        let line = format!("{key} = {value}");
        let line = format!("{line:<COMMENT_COLUMN$}  # {origin}\n");
        self.text.push_str(&line);
    }
}
