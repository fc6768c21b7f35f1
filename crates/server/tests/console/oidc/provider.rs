//! An invented identity provider, served over HTTP on this machine. It checks what it is asked, and
//! says and signs what it is told.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::stream::unfold;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::sleep;

use super::keys::{Key, Signer, base64};

pub(crate) const CLIENT: &str = "rolecall";

/// Where the console is, and where it wants people to be led back to.
pub(crate) const PUBLIC: &str = "https://rolecall.example.com";

/// What a server answers instead of what it should.
#[derive(Clone, Debug)]
pub(crate) enum Instead {
    Say(u16, &'static str, String),
    Nothing,
    /// A byte now and then, without an end.
    Drops,
}

/// What the provider does, and what it was asked.
pub(crate) struct Plan {
    /// The secret of the console's client, if it is no public one.
    pub(crate) secret: Option<&'static str>,
    /// Whether the secret comes in the body.
    pub(crate) is_posted: bool,
    /// What is different in the description of the provider.
    pub(crate) described: Value,
    /// What is different in ID tokens; `null` takes a claim away.
    pub(crate) claims: Value,
    /// The keys that are listed.
    pub(crate) listed: Vec<Value>,
    pub(crate) signer: Signer,
    /// What is answered instead of tokens.
    pub(crate) instead: Option<Instead>,
    /// Requests for tokens.
    pub(crate) n_exchanges: usize,
    /// What was wrong with requests.
    pub(crate) complaints: Vec<String>,
    issuer: String,
    grants: BTreeMap<String, Grant>,
    n_grants: usize,
}

/// Somebody who was let in and not yet exchanged for tokens.
struct Grant {
    challenge: String,
    nonce: String,
}

type Shared = Arc<Mutex<Plan>>;

/// A provider; dropping it ends it.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) address: SocketAddr,
    plan: Shared,
    _runtime: Runtime,
}

impl Provider {
    /// A provider that lets somebody of `groups` in, with this at the end of its name.
    pub(crate) fn named(end: &str, groups: &[&str]) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = format!("http://{address}{end}");
        let key = Key::new("first");
        let plan = Arc::new(Mutex::new(Plan {
            secret: None,
            is_posted: false,
            described: json!({}),
            claims: json!({"groups": groups}),
            listed: vec![key.listed()],
            signer: Signer::Key(key),
            instead: None,
            n_exchanges: 0,
            complaints: Vec::new(),
            issuer: issuer.clone(),
            grants: BTreeMap::new(),
            n_grants: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&plan));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { issuer, address, plan, _runtime: runtime }
    }

    pub(crate) fn of(groups: &[&str]) -> Self {
        Self::named("", groups)
    }

    pub(crate) fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap()
    }

    pub(crate) fn secret(self, secret: &'static str) -> Self {
        self.plan().secret = Some(secret);
        self
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// `base` with the members of `changes`; those that are `null` are taken away.
fn changed(mut base: Value, changes: &Value) -> Value {
    let members = base.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.remove(name);
        if !value.is_null() {
            members.insert(name.clone(), value.clone());
        }
    }
    base
}

/// What a form or a query says.
pub(crate) fn fields(text: &str) -> BTreeMap<String, String> {
    let decoded = |part: &str| {
        percent_decode_str(&part.replace('+', " ")).decode_utf8().unwrap().into_owned()
    };
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn said(status: u16, value: &Value) -> Response {
    let head = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::from_u16(status).unwrap(), head, value.to_string()).into_response()
}

async fn describe(State(plan): State<Shared>) -> Response {
    let plan = plan.lock().unwrap();
    let base = plan.issuer.trim_end_matches('/');
    let document = json!({
        "issuer": plan.issuer,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
    });
    said(200, &changed(document, &plan.described))
}

async fn keys(State(plan): State<Shared>) -> Response {
    said(200, &json!({"keys": plan.lock().unwrap().listed}))
}

/// Lets somebody in, and leads back with a code.
async fn authorize(State(plan): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let mut plan = plan.lock().unwrap();
    let given = fields(&query.unwrap_or_default());
    let field = |name: &str| given.get(name).map_or("", String::as_str);
    let back = format!("{PUBLIC}/api/v1/signed-in");
    let wanted = [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &back),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile email"),
    ];
    let wrong = wanted.iter().find(|(name, value)| field(name) != *value);
    let is_short = field("state").len() < 20 || field("nonce").len() < 20;
    if wrong.is_some() || is_short || field("code_challenge").len() != 43 {
        plan.complaints.push(format!("authorize: {given:?}"));
        return said(400, &json!({"error": "invalid_request"}));
    }
    plan.n_grants += 1;
    let code = format!("code+/{}", plan.n_grants);
    let grant =
        Grant { challenge: field("code_challenge").to_owned(), nonce: field("nonce").to_owned() };
    plan.grants.insert(code, grant);
    let (code, state) = (format!("code%2B%2F{}", plan.n_grants), field("state"));
    let place = format!("{back}?code={code}&state={state}&session_state=x.y&iss=z");
    (StatusCode::FOUND, [(header::LOCATION, place)]).into_response()
}

/// Exchanges a code for tokens, once.
async fn token(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let instead = {
        let mut plan = shared.lock().unwrap();
        plan.n_exchanges += 1;
        plan.instead.clone()
    };
    match instead {
        Some(Instead::Nothing) => std::future::pending().await,
        Some(Instead::Drops) => {
            let drops = unfold((), |()| async {
                sleep(Duration::from_millis(100)).await;
                Some((Ok::<_, Infallible>(" "), ()))
            });
            return Body::from_stream(drops).into_response();
        }
        Some(Instead::Say(status, head, body)) => {
            let (name, value) = head.split_once(": ").unwrap();
            let status = StatusCode::from_u16(status).unwrap();
            return (status, [(name, value)], body).into_response();
        }
        None => {}
    }
    let mut plan = shared.lock().unwrap();
    match exchanged(&mut plan, &headers, &fields(&body)) {
        Ok(token) => said(
            200,
            &json!({
                "access_token": "opaque", "token_type": "Bearer", "expires_in": 300,
                "id_token": token,
            }),
        ),
        Err(why) => {
            plan.complaints.push(format!("token: {why}"));
            said(400, &json!({"error": why}))
        }
    }
}

fn exchanged(
    plan: &mut Plan,
    headers: &HeaderMap,
    given: &BTreeMap<String, String>,
) -> Result<String, &'static str> {
    let field = |name: &str| given.get(name).map_or("", String::as_str);
    let head = |name| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let is_form = head(header::CONTENT_TYPE) == "application/x-www-form-urlencoded";
    if !is_form || field("grant_type") != "authorization_code" {
        return Err("invalid_request");
    }
    let authorization = head(header::AUTHORIZATION);
    let is_client = match plan.secret {
        Some(secret) if plan.is_posted => {
            authorization.is_empty()
                && (field("client_id"), field("client_secret")) == (CLIENT, secret)
        }
        Some(secret) => {
            let pair = BASE64_STANDARD.encode(format!("{CLIENT}:{secret}"));
            authorization == format!("Basic {pair}") && field("client_secret").is_empty()
        }
        None => authorization.is_empty() && field("client_id") == CLIENT,
    };
    if !is_client {
        return Err("invalid_client");
    }
    let is_led_back = field("redirect_uri") == format!("{PUBLIC}/api/v1/signed-in");
    let grant = plan.grants.remove(field("code")).filter(|_| is_led_back).ok_or("invalid_grant")?;
    if base64(&Sha256::digest(field("code_verifier"))) != grant.challenge {
        return Err("invalid_grant");
    }
    let now = now();
    let claims = json!({
        "iss": plan.issuer, "aud": CLIENT, "sub": "0001", "nonce": grant.nonce,
        "iat": now, "exp": now + 300, "email": "alice@example.com", "email_verified": true,
    });
    Ok(plan.signer.token(&changed(claims, &plan.claims)))
}
