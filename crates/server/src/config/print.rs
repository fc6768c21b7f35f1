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
