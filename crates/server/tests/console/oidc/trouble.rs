//! Providers that are down, lie, talk nonsense, too much or too slowly.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use super::browser::{Browser, consent};
use super::provider::{Instead, Provider};
use super::{assert_refused, console, console_of};
use crate::world::{World, send};

/// What people read where the provider is at fault.
const TOLD: &str = "the identity provider could not be asked";

/// The console does what needs no provider.
fn assert_up(world: &World) {
    assert_eq!(world.ask("GET /", &[], "").status, 200);
    let ways = world.ask("GET /api/v1/sign-in-ways", &[], "");
    assert_eq!((ways.status, &ways.json()["oidc"]), (200, &true.into()));
}

#[test]
fn a_provider_that_is_down_is_said_to_be_and_takes_nobody_along() {
    let provider = Provider::of(&["sec"]);
    let world = console(&provider);
    let (mut signed_in, mut half) = (Browser::new(&world), Browser::new(&world));
    assert_eq!(signed_in.sign_in(&provider).status, 200);
    let address = half.begin();
    let path = consent(&provider, &address);
    drop(provider);
    let answer = half.led(&path);
    assert!(answer.body.contains(TOLD), "{}", answer.body);
    assert_refused(&mut half, &answer, "down at the end");
    let answer = half.open("/api/v1/sign-in");
    assert!(answer.body.contains(TOLD), "{}", answer.body);
    assert_refused(&mut half, &answer, "down at the begin");
    assert_eq!(signed_in.who(), "alice@example.com analyst");
    assert_eq!(signed_in.open("/api/v1/incidents").status, 200);
    assert_up(&world);
    assert_eq!(world.sign_in().get("/session").json()["role"], "admin");
}

#[test]
fn answers_without_tokens_let_nobody_in() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    let json = "content-type: application/json";
    let broken = |token: &str| {
        json!({"access_token": "a", "token_type": "Bearer", "id_token": token}).to_string()
    };
    let place = format!("location: {}/token", provider.issuer).leak();
    let answers = [
        (200, json, "{\"access_token\": ".to_owned()),
        (200, json, "[]".to_owned()),
        (200, json, String::new()),
        (200, json, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}".to_owned()),
        (200, json, broken("")),
        (200, json, broken("a.b.c")),
        (200, json, broken("..")),
        (200, "content-type: text/html", "<h1>Sign in</h1>".to_owned()),
        (200, json, "{\"x\":\"".to_owned() + &"x".repeat(2 << 20) + "\"}"),
        (302, place, String::new()),
        (307, place, String::new()),
        (500, json, "\u{1b}[31m oops".to_owned()),
        (400, json, "{\"error\":\"invalid_grant\"}".to_owned()),
    ];
    for (n, (status, head, body)) in answers.into_iter().enumerate() {
        let what = format!("{status} {}", body.get(..40.min(body.len())).unwrap_or_default());
        provider.plan().instead = Some(Instead::Say(status, head, body));
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, &what);
        assert_eq!(provider.plan().n_exchanges, n + 1, "{what}: asked once, led nowhere");
    }
    provider.plan().instead = None;
    assert_eq!(Browser::new(&world).sign_in(&provider).status, 200);
    assert_up(&world);
}

#[test]
fn a_provider_that_never_answers_is_waited_for_so_long() {
    assert_given_up(Instead::Nothing);
}

#[test]
fn a_provider_that_answers_a_byte_at_a_time_is_waited_for_no_longer() {
    assert_given_up(Instead::Drops);
}

fn assert_given_up(instead: Instead) {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    provider.plan().instead = Some(instead);
    let mut browser = Browser::new(&world);
    let address = browser.begin();
    let path = consent(&provider, &address);
    let (begun, address) = (Instant::now(), world.host());
    let beside = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        let head = format!("host: {address}\r\nconnection: close");
        let line = "GET /api/v1/sign-in-ways HTTP/1.1";
        let status = send(address.parse().unwrap(), &format!("{line}\r\n{head}\r\n\r\n")).status;
        (status, Instant::now())
    });
    let answer = browser.led(&path);
    let ended = Instant::now();
    assert!(ended - begun < Duration::from_secs(40), "{:?}", ended - begun);
    assert!(answer.body.contains(TOLD), "{}", answer.body);
    let (status, at) = beside.join().unwrap();
    assert!(status == 200 && at < ended, "others are served while one waits");
    assert_eq!(browser.who(), "");
}

#[test]
fn a_description_of_somebody_else_is_refused() {
    let provider = Provider::of(&["owners"]);
    let world = console(&provider);
    for (what, described) in [
        ("another issuer", json!({"issuer": "https://evil.example"})),
        ("no issuer", json!({"issuer": null})),
        ("no keys", json!({"jwks_uri": null})),
        ("keys in the clear from elsewhere", json!({"jwks_uri": "http://192.0.2.1/keys"})),
        ("keys of a metadata service", json!({"jwks_uri": "http://169.254.169.254/keys"})),
        ("keys of a file", json!({"jwks_uri": "file:///etc/passwd"})),
        ("keys that are none", json!({"jwks_uri": format!("{}/x", provider.issuer)})),
    ] {
        provider.plan().described = described;
        let mut browser = Browser::new(&world);
        let answer = browser.open("/api/v1/sign-in");
        assert_refused(&mut browser, &answer, what);
        assert!(answer.body.contains(TOLD), "{what}: {}", answer.body);
    }
    for place in ["http://192.0.2.1/token", "http://169.254.169.254/token"] {
        provider.plan().described = json!({"token_endpoint": place});
        let mut browser = Browser::new(&world);
        let answer = browser.sign_in(&provider);
        assert_refused(&mut browser, &answer, place);
    }
    assert_eq!(provider.plan().n_exchanges, 0);
}

#[test]
fn a_provider_whose_certificate_nobody_trusts_is_not_asked() {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], der)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let met = runtime.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });
    let world = console_of(&format!("https://{address}"), None, "");
    let mut browser = Browser::new(&world);
    let answer = browser.open("/api/v1/sign-in");
    assert_refused(&mut browser, &answer, "a certificate that signs itself");
    assert!(answer.body.contains(TOLD), "{}", answer.body);
    assert!(!runtime.block_on(met).unwrap());
    assert_up(&world);
}
