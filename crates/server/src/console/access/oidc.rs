//! Signing in with an identity provider: OpenID Connect, authorization code with PKCE.
//!
//! `openidconnect` makes the requests and verifies the ID token; connections are those of alerts,
//! which follow no redirect and reach no metadata service.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _,
};
use serde_json::Value;

use crate::alerts::http::{Client, HttpError};
use crate::config::{ClaimRole, Console, Environment};
use crate::console::problem::Problem;
use crate::console::wire::Role;

/// How long somebody may take at the provider, in milliseconds.
const LASTS: i64 = 10 * 60_000;

/// Ways that were begun and not ended; beyond them nobody begins one.
const BEGUN_MAX: usize = 1_000;

/// Bytes of a name that stands in the audit.
const NAME_BYTES_MAX: usize = 200;

/// An identity provider.
pub(crate) struct Oidc {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    scopes: Vec<Scope>,
    claim: String,
    roles: Vec<ClaimRole>,
    http: Client,
    begun: Mutex<BTreeMap<String, Waiting>>,
}

/// What only this program knows of a way that was begun.
struct Waiting {
    verifier: PkceCodeVerifier,
    nonce: Nonce,
    until: i64,
}

/// A way to the provider that was begun.
pub(crate) struct Begun {
    pub(crate) url: String,
    pub(crate) state: String,
}

/// Sends what `openidconnect` wants to be sent.
struct Sending<'o>(&'o Client);

impl<'c> AsyncHttpClient<'c> for Sending<'_> {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.fetch(request))
    }
}

impl Oidc {
    /// The provider that `console` names.
    pub(crate) fn of(console: &Console, environment: &Environment) -> Result<Option<Self>, String> {
        let Some(issuer) = &console.oidc_issuer else {
            return Ok(None);
        };
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let client_id = console.oidc_client_id.as_ref().ok_or("`oidc_client_id` is missing")?;
        let public = console.public_url.as_ref().ok_or("`public_url` is missing")?;
        let secret = console.oidc_client_secret_env.as_ref();
        let secret = secret.and_then(|name| environment.get(name.as_str()));
        let back = format!("{}/api/v1/signed-in", public.as_str());
        Ok(Some(Self {
            issuer: IssuerUrl::new(issuer.as_str().to_owned()).map_err(|error| text(&error))?,
            client_id: ClientId::new(client_id.as_str().to_owned()),
            client_secret: secret.cloned().map(ClientSecret::new),
            redirect: RedirectUrl::new(back).map_err(|error| text(&error))?,
            scopes: console
                .oidc_scopes
                .iter()
                .map(|scope| Scope::new(scope.as_str().to_owned()))
                .collect(),
            claim: console.oidc_claim.as_str().to_owned(),
            roles: console.oidc_roles.clone(),
            http: Client::new(Vec::new(), environment).map_err(|error| text(&error))?,
            begun: Mutex::default(),
        }))
    }

    async fn provider(&self) -> Result<CoreProviderMetadata, Problem> {
        let sending = Sending(&self.http);
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &sending).await;
        found.map_err(|error| failed(&error))
    }

    /// Begins a way to the provider.
    pub(crate) async fn begin(&self, now: i64) -> Result<Begun, Problem> {
        let provider = self.provider().await?;
        let client = CoreClient::from_provider_metadata(
            provider,
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(challenge)
            .url();
        let state = state.secret().clone();
        let mut begun = self.begun();
        begun.retain(|_, waiting| now < waiting.until);
        if begun.len() >= BEGUN_MAX {
            return Err(Problem::busy("too many people sign in at once; try again in a minute"));
        }
        let until = now.saturating_add(LASTS);
        begun.insert(state.clone(), Waiting { verifier, nonce, until });
        Ok(Begun { url: url.to_string(), state })
    }

    /// Ends the way that was begun with `state`: who it is, and what they may do.
    pub(crate) async fn end(
        &self,
        code: &str,
        state: &str,
        now: i64,
    ) -> Result<(String, Role), Problem> {
        let waiting = self.begun().remove(state).filter(|waiting| now < waiting.until);
        let waiting = waiting.ok_or_else(|| refused("it took too long to sign in"))?;
        let client = CoreClient::from_provider_metadata(
            self.provider().await?,
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect.clone());
        let sending = Sending(&self.http);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| failed(&error))?
            .set_pkce_verifier(waiting.verifier)
            .request_async(&sending)
            .await;
        let tokens = exchange.map_err(|error| failed(&error))?;
        let token = tokens.id_token().ok_or_else(|| refused("the provider gave no ID token"))?;
        let verified = token.claims(&client.id_token_verifier(), &waiting.nonce);
        verified.map_err(|error| {
            tracing::warn!(%error, "an ID token was refused");
            refused("the ID token of the provider could not be verified")
        })?;
        // What was just verified, read once more for the claim that no library knows.
        let claims = claims(&token.to_string()).ok_or_else(|| refused("the ID token is broken"))?;
        self.person(&claims)
    }

    /// Who the verified `claims` are about, and what they may do.
    fn person(&self, claims: &Value) -> Result<(String, Role), Problem> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let name = text("email").or_else(|| text("preferred_username")).or_else(|| text("sub"));
        let name = name.filter(|name| !name.trim().is_empty() && name.len() <= NAME_BYTES_MAX);
        let name = name.ok_or_else(|| refused("the ID token names nobody"))?;
        let values: Vec<&str> = match claims.get(&self.claim) {
            Some(Value::String(value)) => vec![value],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_)) | None => {
                Vec::new()
            }
        };
        let roles = self.roles.iter().filter(|role| values.contains(&role.value.as_str()));
        let role = roles.map(|role| Role::from(role.role)).max();
        let role = role.ok_or_else(|| {
            Problem::forbidden("you are signed in, and nobody gave you a role here")
        })?;
        Ok((name.to_owned(), role))
    }

    fn begun(&self) -> MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(why: &str) -> Problem {
    Problem::new(axum::http::StatusCode::UNAUTHORIZED, "sign_in_failed", why)
}

fn failed(error: &dyn std::error::Error) -> Problem {
    tracing::warn!(error = crate::alerts::http::chain(error), "the identity provider failed");
    refused("the identity provider could not be asked; the log says why")
}

/// The claims of a token in its compact form.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
