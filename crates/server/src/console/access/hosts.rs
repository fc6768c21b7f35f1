//! Which hosts and sites requests may name: what keeps other sites out, and names that were bent to
//! this address (DNS rebinding).

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::console::App;
use crate::console::problem::Problem;

/// Hosts and origins that requests may name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    /// `host:port` in small letters; without a port where it is the scheme's own.
    hosts: Vec<String>,
    /// `scheme://host:port`.
    origins: Vec<String>,
}

impl Hosts {
    /// Those of a console at `address` that people reach at `public` as well.
    pub(crate) fn new(address: SocketAddr, public: Option<&Uri>) -> Self {
        let mut hosts = Self::default();
        let port = address.port();
        if address.ip().is_loopback() {
            for name in ["localhost", "127.0.0.1", "[::1]"] {
                hosts.add("http", &format!("{name}:{port}"));
            }
        }
        let public = public.and_then(|public| Some((public.scheme_str()?, public.authority()?)));
        if let Some((scheme, authority)) = public {
            hosts.add(scheme, authority.as_str());
        }
        hosts
    }

    fn add(&mut self, scheme: &str, authority: &str) {
        let authority = authority.to_ascii_lowercase();
        let own = if scheme == "https" { ":443" } else { ":80" };
        let short = authority.strip_suffix(own).unwrap_or(&authority).to_owned();
        self.origins.extend([format!("{scheme}://{short}"), format!("{scheme}://{authority}")]);
        self.hosts.extend([short, authority]);
    }

    fn allows_host(&self, host: &str) -> bool {
        self.hosts.contains(&host.to_ascii_lowercase())
    }

    fn allows_origin(&self, origin: &str) -> bool {
        self.origins.contains(&origin.to_ascii_lowercase())
    }

    /// What speaks against a request.
    fn refuse(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Problem> {
        let mut given = headers.get_all(header::HOST).iter();
        let host = given.next().and_then(|host| host.to_str().ok());
        let is_one = given.next().is_none();
        let is_known = host.is_some_and(|host| self.allows_host(host)) && is_one;
        let is_uri_known =
            uri.authority().is_none_or(|authority| self.allows_host(authority.as_str()));
        if !is_known || !is_uri_known {
            let message = "this console does not answer to that name; see `console.public_url`";
            return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", message));
        }
        let is_text = |header| headers.get(header).map(|value| value.to_str().unwrap_or("null"));
        if is_text(header::ORIGIN).is_some_and(|origin| !self.allows_origin(origin)) {
            return Some(Problem::forbidden("requests from other sites are refused"));
        }
        let site = is_text(header::HeaderName::from_static("sec-fetch-site"));
        let mode = is_text(header::HeaderName::from_static("sec-fetch-mode"));
        let is_elsewhere = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
        // Somebody follows a link: what they get is a page that asks for the rest itself.
        let is_link = method == Method::GET && mode == Some("navigate");
        if is_elsewhere && !is_link {
            return Some(Problem::forbidden("requests from other sites are refused"));
        }
        is_tricky(uri.path()).then(|| Problem::wrong("the path has parts that no path here has"))
    }
}

/// Whether a path could mean another one to whoever reads it differently.
fn is_tricky(path: &str) -> bool {
    path.split('/').any(|segment| {
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        let is_dots = |part: &str| part == "." || part == "..";
        decoded.split(['/', '\\']).any(is_dots)
            || decoded.contains('\\')
            || decoded.chars().any(char::is_control)
    })
}

/// Refuses requests that name another host or come from another site, before they are routed.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.hosts.refuse(request.method(), request.uri(), request.headers()) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hosts, is_tricky};

    #[test]
    fn only_names_of_this_console_are_hosts() {
        let hosts = Hosts::new("127.0.0.1:9463".parse().unwrap(), None);
        for host in ["127.0.0.1:9463", "localhost:9463", "LOCALHOST:9463", "[::1]:9463"] {
            assert!(hosts.allows_host(host), "{host}");
        }
        let wrong =
            ["", "127.0.0.1", "127.0.0.1:80", "evil.example:9463", "localhost.evil.example:9463"];
        for host in wrong {
            assert!(!hosts.allows_host(host), "{host}");
        }
        assert!(hosts.allows_origin("http://localhost:9463"));
        for origin in ["null", "https://localhost:9463", "http://evil.example", "http://localhost"]
        {
            assert!(!hosts.allows_origin(origin), "{origin}");
        }
    }

    #[test]
    fn a_public_name_takes_the_place_of_an_open_address() {
        let public = "https://rolecall.example.com".parse().unwrap();
        let hosts = Hosts::new("0.0.0.0:9463".parse().unwrap(), Some(&public));
        assert!(hosts.allows_host("rolecall.example.com"));
        assert!(hosts.allows_origin("https://rolecall.example.com"));
        assert!(!hosts.allows_host("127.0.0.1:9463") && !hosts.allows_host("0.0.0.0:9463"));
        assert!(!hosts.allows_origin("http://rolecall.example.com"));
    }

    #[test]
    fn paths_that_climb_are_told_from_names_with_slashes() {
        let tricky =
            ["/x/../api", "/%2e%2e/api", "/a/%2E%2e%2Fapi", "/a\\..\\b", "/a/%5c", "/%00", "/./a"];
        for path in tricky {
            assert!(is_tricky(path), "{path}");
        }
        let plain = "/api/v1/subjects/role/arn:aws:iam::111122223333:role%2Fteam%2Fdeploy..x";
        assert!(!is_tricky(plain) && !is_tricky("/") && !is_tricky("/assets/a-1.2.js"));
    }
}
