//! The console: an API over the store, live news, and the pages that show them.
//!
//! Requests pass the checks of `access` before they reach a route; what blocks runs on threads of
//! its own with a connection of `stores`. Everything of a log that an answer has in it is JSON.

mod access;
mod api;
mod assets;
mod documents;
mod grouping;
mod headers;
mod inspect;
mod live;
mod problem;
mod raw;
mod routes;
mod stores;
pub mod wire;
mod written;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::clock::{Clock, SystemClock};
use crate::config::{ApiToken, Config, ConsoleRole, Environment};
use crate::engine::Subjects;
use crate::intake::Status;
use crate::listen::{Limits, Serving};
use access::{ApiTokens, Hosts, Oidc, OneTime, Sessions};
pub use api::openapi_json;
pub use live::Publisher;
use stores::Stores;

/// What connections of people and their programs may take. One that streams news is begun anew by
/// its browser when it is ended.
const LIMITS: Limits = Limits {
    connections: 256,
    head: Duration::from_secs(10),
    connection: Some(Duration::from_secs(3_600)),
};

/// Everything that a console is made of.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// Settings with where they come from.
    pub settings: Vec<wire::SettingBody>,
    /// The environment, for secrets.
    pub environment: Environment,
    /// What is going on.
    pub status: Arc<Status>,
    /// AWS, where a source is there: raw records are read from buckets.
    pub connection: Option<aws::Connection>,
    /// All evidence and the last analysis, for subjects.
    pub subjects: Subjects,
    /// What is published.
    pub news: Publisher,
    /// Version of the program.
    pub version: &'static str,
}

/// Why a console cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// It would be open to everybody.
    #[error("{0} is not on this machine: that needs tokens or an identity provider")]
    Open(SocketAddr),
    /// The system gives no random numbers, or the certificates cannot be read.
    #[error("{0}")]
    Setup(String),
}

/// A console that is served.
#[derive(Debug)]
pub struct Served {
    /// The connections.
    pub serving: Serving,
    /// Where to open it, with the token that signs in once where it is on this machine.
    pub url: String,
}

/// What requests share.
pub(crate) struct Shared {
    stores: Stores,
    config: Config,
    settings: Vec<wire::SettingBody>,
    status: Arc<Status>,
    connection: Option<aws::Connection>,
    subjects: Subjects,
    hosts: Hosts,
    sessions: Sessions,
    one_time: OneTime,
    tokens: ApiTokens,
    oidc: Option<Oidc>,
    news: Publisher,
    is_https: bool,
    version: &'static str,
    clock: Box<dyn Clock>,
}

type App = Arc<Shared>;

impl Shared {
    /// The time, in milliseconds.
    fn now(&self) -> i64 {
        self.clock.now().0
    }

    /// Name of the cookie of sessions. Browsers hold the one of encrypted pages to its host.
    const fn cookie_name(&self) -> &'static str {
        if self.is_https { "__Host-rolecall" } else { "rolecall" }
    }
}

/// Serves the console as its section of the configuration says.
///
/// # Errors
///
/// Where the address cannot be listened on, and where everybody could come in.
pub async fn serve(parts: Parts) -> Result<Served, ConsoleError> {
    let console = &parts.config.console;
    let address = console.address;
    let is_local = address.ip().is_loopback();
    if !is_local && console.tokens.is_empty() && console.oidc_issuer.is_none() {
        return Err(ConsoleError::Open(address));
    }
    let listen = |source| ConsoleError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let (shared, token) = shared(parts, address)?;
    let url =
        match token {
            Some(token) => format!("http://{address}/#token={token}"),
            None => shared.config.console.public_url.as_ref().map_or_else(
                || format!("http://{address}/"),
                |public| format!("{}/", public.as_str()),
            ),
        };
    let app = Arc::new(shared);
    live::watch_sources(&app);
    let serving = Serving::on(listener, api::router(&app), LIMITS).map_err(listen)?;
    Ok(Served { serving, url })
}

fn shared(parts: Parts, address: SocketAddr) -> Result<(Shared, Option<String>), ConsoleError> {
    let setup = |error: &dyn std::fmt::Display| ConsoleError::Setup(error.to_string());
    let clock = SystemClock;
    let console = &parts.config.console;
    let public = console.public_url.as_ref().and_then(|url| url.as_str().parse().ok());
    let (one_time, token) = if address.ip().is_loopback() {
        let made = OneTime::new(clock.now().0);
        let (one_time, token) = made.map_err(|_| setup(&"the system gives no random numbers"))?;
        (one_time, Some(token))
    } else {
        (OneTime::none(), None)
    };
    let oidc = Oidc::of(console, &parts.environment).map_err(|error| setup(&error))?;
    let is_https =
        console.public_url.as_ref().is_some_and(|url| url.as_str().starts_with("https://"))
            && !address.ip().is_loopback();
    let shared = Shared {
        stores: Stores::new(parts.config.store.path.clone()),
        hosts: Hosts::new(address, public.as_ref()),
        sessions: Sessions::new(console.session),
        one_time,
        tokens: ApiTokens(console.tokens.clone()),
        oidc,
        is_https,
        settings: parts.settings,
        status: parts.status,
        connection: parts.connection,
        subjects: parts.subjects,
        news: parts.news,
        version: parts.version,
        clock: Box::new(clock),
        config: parts.config,
    };
    Ok((shared, token))
}

/// Where news can be published, and nobody has to listen.
pub fn publisher() -> Publisher {
    Publisher::new(broadcast::Sender::new(live::WAITING_MAX))
}

/// Makes a token for a program that `wanted` names and gives a role: `siem=viewer`. Gives the token
/// and its line for `console.tokens`; nothing where `wanted` is none, or the system gives no random
/// numbers.
pub fn new_token(wanted: &str) -> Option<(String, String)> {
    let (name, role) = wanted.split_once('=')?;
    let role = ConsoleRole::of_name(role)?;
    let token = format!("rolecall_{}", access::random().ok()?);
    let made = ApiToken::new(name, role, access::digest(token.as_bytes()), None)?;
    Some((token, made.written()))
}
