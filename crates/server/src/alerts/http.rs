//! Posts to an address over HTTP: no redirects, no address of a metadata service, no waiting
//! without an end.

mod proxy;

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{
    CONNECTION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT,
};
use hyper::{Request, Response};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::address::is_refused;
use crate::config::{Endpoint, Environment};
use proxy::{proxies, tunnel};

/// Longest time that one address of a host may take to accept a connection.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest time that one message may take.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);

/// What the client calls itself.
const AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// Bytes of an answer that are read, to say why something was not taken.
const ANSWER_BYTES_MAX: usize = 2 * 1024;

/// Bytes of an answer that is read as a whole.
const WHOLE_BYTES_MAX: usize = 1024 * 1024;

/// Sends one message a connection: messages are rare, and an idle connection would be stale.
#[derive(Clone)]
pub(crate) struct Client {
    tls: Arc<ClientConfig>,
    proxies: Arc<Matcher>,
}

/// What a server answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// How long it asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The begin of its text, unless it took the message.
    pub(crate) text: String,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("cannot connect to {host}")]
    Connect { host: String, source: io::Error },
    #[error("{host} broke off")]
    Exchange { host: String, source: hyper::Error },
    #[error("cannot get through proxy {proxy}: {reason}")]
    Proxy { proxy: String, reason: String },
    #[error("{host} has no address that may be sent to")]
    Refused { host: String },
    #[error("cannot find the address of {host}")]
    Resolve { host: String, source: io::Error },
    #[error("{host} did not answer within {} seconds", TIMEOUT.as_secs())]
    TimedOut { host: String },
    #[error("{host} answered with more than {WHOLE_BYTES_MAX} bytes")]
    TooLong { host: String },
    #[error("cannot trust {host}")]
    Untrusted { host: String, source: io::Error },
}

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl Client {
    /// Trusts `authorities`, or if there are none those of the machine, or if it has none the
    /// public ones. The way leads through the proxies of `environment`.
    pub(crate) fn new(
        authorities: Vec<CertificateDer<'static>>,
        environment: &Environment,
    ) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        if authorities.is_empty() {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
        }
        for authority in authorities {
            roots.add(authority)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Arc::new(tls), proxies: Arc::new(proxies(environment)) })
    }

    /// Posts `body` as JSON, and waits for the answer within [`TIMEOUT`].
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, HttpError> {
        let exchange = self.exchange(endpoint, headers, body);
        let host = || endpoint.to_string();
        timeout(TIMEOUT, exchange)
            .await
            .unwrap_or_else(|_| Err(HttpError::TimedOut { host: host() }))
    }

    /// Connects, as for a message, and sends nothing.
    pub(crate) async fn reach(&self, endpoint: &Endpoint) -> Result<(), HttpError> {
        let connected = timeout(TIMEOUT, self.connect(endpoint)).await;
        let host = || endpoint.to_string();
        connected.unwrap_or_else(|_| Err(HttpError::TimedOut { host: host() })).map(drop)
    }

    /// Sends `request` to where its address leads, and gives the whole answer, at most
    /// [`WHOLE_BYTES_MAX`] of it, within [`TIMEOUT`]. A redirect is an answer as any other.
    pub(crate) async fn fetch(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, HttpError> {
        let uri = request.uri().to_string();
        let endpoint = Endpoint::parse(&uri).ok_or(HttpError::Refused { host: uri })?;
        let timed_out = || HttpError::TimedOut { host: endpoint.to_string() };
        let fetched = timeout(TIMEOUT, self.fetch_from(&endpoint, request)).await;
        fetched.unwrap_or_else(|_| Err(timed_out()))
    }

    async fn fetch_from(
        &self,
        endpoint: &Endpoint,
        given: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, HttpError> {
        let broken = |source| HttpError::Exchange { host: endpoint.to_string(), source };
        let wire = self.connect(endpoint).await?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(wire)).await.map_err(broken)?;
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let (head, body) = given.into_parts();
        let mut wanted = request(endpoint, head.headers, body.into());
        *wanted.method_mut() = head.method;
        let response = sender.send_request(wanted).await.map_err(broken)?;
        let (head, mut body) = response.into_parts();
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await.transpose().map_err(broken)? {
            whole.extend(frame.data_ref().into_iter().flatten());
            if whole.len() > WHOLE_BYTES_MAX {
                return Err(HttpError::TooLong { host: endpoint.to_string() });
            }
        }
        Ok(Response::from_parts(head, whole))
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, HttpError> {
        let broken = |source| HttpError::Exchange { host: endpoint.to_string(), source };
        let wire = self.connect(endpoint).await?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(wire)).await.map_err(broken)?;
        // Dropped with this function, which ends the connection.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let request = request(endpoint, headers, body);
        let response = sender.send_request(request).await.map_err(broken)?;
        answer(response).await.map_err(broken)
    }

    async fn connect(&self, endpoint: &Endpoint) -> Result<Box<dyn Wire>, HttpError> {
        if !endpoint.is_https() {
            return Ok(Box::new(connect(endpoint).await?));
        }
        match self.proxies.intercept(endpoint.uri()) {
            Some(proxy) => self.encrypt(endpoint, tunnel(endpoint, &proxy).await?).await,
            None => self.encrypt(endpoint, connect(endpoint).await?).await,
        }
    }

    async fn encrypt(
        &self,
        endpoint: &Endpoint,
        stream: impl Wire + 'static,
    ) -> Result<Box<dyn Wire>, HttpError> {
        let untrusted = |source| HttpError::Untrusted { host: endpoint.to_string(), source };
        let name = ServerName::try_from(endpoint.host().to_owned());
        let name = name.map_err(|error| untrusted(io::Error::other(error)))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        Ok(Box::new(connector.connect(name, stream).await.map_err(untrusted)?))
    }
}

/// Connects to the first address of the host that answers.
///
/// Addresses are looked at after the name was resolved and are the ones connected to, so that a
/// name cannot lead elsewhere in between.
async fn connect(endpoint: &Endpoint) -> Result<TcpStream, HttpError> {
    let host = || endpoint.to_string();
    let found = lookup_host((endpoint.host(), endpoint.port())).await;
    let found = found.map_err(|source| HttpError::Resolve { host: host(), source })?;
    let mut error = HttpError::Refused { host: host() };
    for address in found.filter(|address| may_be_sent_to(endpoint, address.ip())) {
        match timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => error = HttpError::Connect { host: host(), source },
            Err(_) => {
                let source = io::Error::from(io::ErrorKind::TimedOut);
                error = HttpError::Connect { host: host(), source };
            }
        }
    }
    Err(error)
}

/// Whether a name that became `address` still leads to where something may be sent.
fn may_be_sent_to(endpoint: &Endpoint, address: IpAddr) -> bool {
    let is_this_machine = address.to_canonical().is_loopback();
    !is_refused(address) && (endpoint.is_https() || is_this_machine)
}

fn request(endpoint: &Endpoint, headers: HeaderMap, body: Bytes) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = hyper::Method::POST;
    *request.headers_mut() = headers;
    let uri = endpoint.uri();
    let path = uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    *request.uri_mut() = path.parse().unwrap_or_default();
    let authority = uri.authority().map_or("", hyper::http::uri::Authority::as_str);
    let headers = request.headers_mut();
    if let Ok(host) = HeaderValue::from_str(authority) {
        headers.insert(HOST, host);
    }
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    request
}

async fn answer(response: Response<Incoming>) -> Result<Answer, hyper::Error> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| delay(value.to_str().ok()?, SystemTime::now()));
    let mut text = Vec::new();
    let mut body = response.into_body();
    while !is_success(status) && text.len() < ANSWER_BYTES_MAX {
        let Some(frame) = body.frame().await.transpose()? else {
            break;
        };
        text.extend(frame.data_ref().into_iter().flatten().take(ANSWER_BYTES_MAX));
    }
    text.truncate(ANSWER_BYTES_MAX);
    Ok(Answer { status, retry_after, text: String::from_utf8_lossy(&text).into_owned() })
}

/// Seconds, or a date, of `Retry-After` (RFC 9110, 10.2.3).
fn delay(value: &str, now: SystemTime) -> Option<Duration> {
    let seconds = value.trim().parse().ok().map(Duration::from_secs);
    let date = || httpdate::parse_http_date(value.trim()).ok();
    seconds.or_else(|| Some(date()?.duration_since(now).unwrap_or_default()))
}

pub(crate) const fn is_success(status: u16) -> bool {
    status >= 200 && status < 300
}

/// An error with what caused it, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{delay, may_be_sent_to};
    use crate::config::Endpoint;

    #[test]
    fn a_name_may_lead_only_to_where_something_may_be_sent() {
        let is_led = |url: &str, address: &str| {
            may_be_sent_to(&Endpoint::parse(url).unwrap(), address.parse().unwrap())
        };
        assert!(is_led("https://alerts.example.com", "192.0.2.1"));
        assert!(is_led("https://alerts.example.com", "10.0.0.1"));
        assert!(is_led("http://localhost", "127.0.0.1"));
        assert!(is_led("http://localhost", "::1"));
        assert!(!is_led("https://alerts.example.com", "169.254.169.254"));
        assert!(!is_led("https://alerts.example.com", "fd00:ec2::254"));
        assert!(!is_led("https://alerts.example.com", "::ffff:169.254.170.2"));
        assert!(!is_led("http://localhost", "192.0.2.1"));
    }

    #[test]
    fn a_server_says_how_long_in_two_ways() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let delay = |value| delay(value, now);
        assert_eq!(delay("120"), Some(Duration::from_secs(120)));
        assert_eq!(delay("Sun, 06 Nov 1994 08:51:07 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(delay("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
        assert_eq!(delay("soon"), None);
        assert_eq!(delay("-1"), None);
    }
}
