//! The way through a proxy that the environment names, as the clients of AWS take it.

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{AGENT, HttpError, chain, is_success};
use crate::config::{Endpoint, Environment};

/// The proxies of `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in capital or small letters.
pub(super) fn proxies(environment: &Environment) -> Matcher {
    let value = |name: &str| {
        let names = [name.to_owned(), name.to_lowercase()];
        let values = names.iter().filter_map(|name| environment.get(name));
        values.into_iter().find(|value| !value.is_empty()).cloned().unwrap_or_default()
    };
    let builder = Matcher::builder().all(value("ALL_PROXY")).https(value("HTTPS_PROXY"));
    builder.no(value("NO_PROXY")).build()
}

/// A connection to `endpoint` through `proxy`, which finds the address by itself.
pub(super) async fn tunnel(
    endpoint: &Endpoint,
    proxy: &Intercept,
) -> Result<TokioIo<Upgraded>, HttpError> {
    let uri = proxy.uri();
    let host = format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80));
    let failed = |reason: String| HttpError::Proxy { proxy: host.clone(), reason };
    if uri.scheme_str() != Some("http") {
        return Err(failed("only proxies of `http://` are spoken to".to_owned()));
    }
    let stream = TcpStream::connect(&host).await.map_err(|error| failed(error.to_string()))?;
    let request = request(endpoint, proxy).ok_or_else(|| failed("no such target".to_owned()))?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| failed(chain(&error)))?;
    // Dropped with this function: a connection that was handed over has come to its end.
    let mut driver = JoinSet::new();
    driver.spawn(connection.with_upgrades());
    let answer = sender.send_request(request).await.map_err(|error| failed(chain(&error)))?;
    if !is_success(answer.status().as_u16()) {
        return Err(failed(format!("it answered with status {}", answer.status().as_u16())));
    }
    let upgraded = hyper::upgrade::on(answer).await.map_err(|error| failed(chain(&error)))?;
    Ok(TokioIo::new(upgraded))
}

fn request(endpoint: &Endpoint, proxy: &Intercept) -> Option<Request<Empty<Bytes>>> {
    let target = format!("{}:{}", endpoint.uri().host()?, endpoint.port());
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = target.parse::<Uri>().ok()?;
    let headers = request.headers_mut();
    headers.insert(HOST, HeaderValue::from_str(&target).ok()?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    if let Some(authorization) = proxy.basic_auth() {
        headers.insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    Some(request)
}
