//! A browser that keeps cookies as browsers do, and reaches the console at its public address.

use std::collections::BTreeMap;

use super::provider::{PUBLIC, Provider};
use crate::world::{Answer, World, send};

/// Where the console lets people be led back to.
pub(crate) const BACK: &str = "/api/v1/signed-in";

/// A cookie.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) value: String,
    path: String,
    is_strict: bool,
}

pub(crate) struct Browser<'w> {
    world: &'w World,
    pub(crate) cookies: BTreeMap<String, Cookie>,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    /// Opens a path of the console from a page of it, or by typing its address.
    pub(crate) fn open(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")])
    }

    /// Opens a path of the console that another site led to.
    pub(crate) fn led(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")])
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, more: &[(&str, &str)]) -> Answer {
        let is_led = more.contains(&("sec-fetch-site", "cross-site"));
        let sent = self
            .cookies
            .iter()
            .filter(|(_, cookie)| path.starts_with(&cookie.path) && !(is_led && cookie.is_strict));
        let sent: Vec<String> =
            sent.map(|(name, cookie)| format!("{name}={}", cookie.value)).collect();
        let sent = sent.join("; ");
        let host = PUBLIC.trim_start_matches("https://");
        let mut headers = vec![("host", host)];
        headers.extend(more);
        if !sent.is_empty() {
            headers.push(("cookie", &sent));
        }
        let answer = self.world.ask(&format!("{method} {path}"), &headers, "");
        for (name, value) in fields_of(&answer) {
            if name == "set-cookie" {
                self.keep(&value);
            }
        }
        answer
    }

    fn keep(&mut self, line: &str) {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<&str> = parts.collect();
        let has = |wanted: &str| attributes.contains(&wanted);
        let path = attributes.iter().find_map(|attribute| attribute.strip_prefix("Path="));
        if has("Max-Age=0") {
            self.cookies.remove(name);
            return;
        }
        let (value, path) = (value.to_owned(), path.unwrap().to_owned());
        let cookie = Cookie { value, path, is_strict: has("SameSite=Strict") };
        self.cookies.insert(name.to_owned(), cookie);
    }

    /// Begins to sign in; gives the address at the provider.
    pub(crate) fn begin(&mut self) -> String {
        let answer = self.open("/api/v1/sign-in");
        assert_eq!(answer.status, 303, "{answer:?}");
        place(&answer)
    }

    /// The whole way; gives the last answer.
    pub(crate) fn sign_in(&mut self, provider: &Provider) -> Answer {
        let address = self.begin();
        let path = consent(provider, &address);
        self.led(&path)
    }

    /// Who is signed in, as `name role`; nobody is nothing.
    pub(crate) fn who(&mut self) -> String {
        let answer = self.open("/api/v1/session");
        let said = answer.json();
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("user"), text("role")).trim().to_owned()
    }
}

/// Goes to the provider, and gives the path of the console that it leads back to.
pub(crate) fn consent(provider: &Provider, address: &str) -> String {
    let base = provider.issuer.trim_end_matches('/');
    let path = address.strip_prefix(base).unwrap();
    let host = provider.address;
    let text = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let answer = send(host, &text);
    assert_eq!(answer.status, 302, "{answer:?}: {:?}", provider.plan().complaints);
    place(&answer).strip_prefix(PUBLIC).unwrap().to_owned()
}

/// The lines of an answer's head.
pub(crate) fn fields_of(answer: &Answer) -> Vec<(String, String)> {
    let lines = answer.plain_head.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect()
}

/// Where an answer leads.
fn place(answer: &Answer) -> String {
    let fields = fields_of(answer);
    fields.into_iter().find(|(name, _)| name == "location").unwrap().1
}
