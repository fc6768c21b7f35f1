//! Signing in with an identity provider: OpenID Connect, authorization code with PKCE.
//!
//! `openidconnect` makes the requests and verifies the ID token; connections are those of alerts,
//! which follow no redirect and reach no metadata service.

mod person;
mod refusal;
mod ways;

use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreProviderMetadata,
};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use serde_json::Value;

use crate::alerts::http::{Client, HttpError};
use crate::config::{ClaimRole, Console, Environment};
use crate::console::wire::Role;
pub(crate) use refusal::Refusal;
pub(crate) use ways::WAY_SECS;
use ways::Ways;

/// A client of a provider that was asked what it is.
type Known = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// An identity provider.
pub(crate) struct Oidc {
    issuer: IssuerUrl,
    /// The same with a `/` at its end, which some providers have in their name and the setting has
    /// not.
    issuer_with_slash: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    scopes: Vec<Scope>,
    claim: String,
    roles: Vec<ClaimRole>,
    http: Client,
    begun: Ways<Waiting>,
}

/// What only this program knows of a way that was begun.
struct Waiting {
    verifier: PkceCodeVerifier,
    nonce: Nonce,
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
        let issuer = |end| IssuerUrl::new(format!("{}{end}", issuer.as_str()));
        Ok(Some(Self {
            issuer: issuer("").map_err(|error| text(&error))?,
            issuer_with_slash: issuer("/").map_err(|error| text(&error))?,
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
            begun: Ways::default(),
        }))
    }

    /// Asks the provider what it is.
    async fn client(&self) -> Result<Known, Refusal> {
        let sending = Sending(&self.http);
        let ask = |issuer| CoreProviderMetadata::discover_async(issuer, &sending);
        let mut found = ask(self.issuer.clone()).await;
        if let Err(DiscoveryError::Validation(_)) = &found {
            found = ask(self.issuer_with_slash.clone()).await;
        }
        let found = found.map_err(|error| failed(&error))?;
        let ways = found.token_endpoint_auth_methods_supported();
        let takes = |way| ways.is_some_and(|ways| ways.contains(&way));
        let is_posted = takes(CoreClientAuthMethod::ClientSecretPost)
            && !takes(CoreClientAuthMethod::ClientSecretBasic);
        let auth = if is_posted { AuthType::RequestBody } else { AuthType::BasicAuth };
        let (id, secret) = (self.client_id.clone(), self.client_secret.clone());
        let client = CoreClient::from_provider_metadata(found, id, secret);
        Ok(client.set_redirect_uri(self.redirect.clone()).set_auth_type(auth))
    }

    /// Begins a way to the provider.
    pub(crate) async fn begin(&self, now: i64) -> Result<Begun, Refusal> {
        let client = self.client().await?;
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
        self.begun.begin(state.clone(), Waiting { verifier, nonce }, now);
        Ok(Begun { url: url.to_string(), state })
    }

    /// Ends the way that was begun with `state`: who it is, and what they may do.
    pub(crate) async fn end(
        &self,
        code: &str,
        state: &str,
        now: i64,
    ) -> Result<(String, Role), Refusal> {
        let waiting = self.begun.end(state, now);
        let spent = "this way to sign in was ended, or took too long; sign in again";
        let waiting = waiting.ok_or_else(|| Refusal::failed(spent))?;
        let client = self.client().await?;
        let sending = Sending(&self.http);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| failed(&error))?
            .set_pkce_verifier(waiting.verifier)
            .request_async(&sending)
            .await;
        let tokens = exchange.map_err(|error| failed(&error))?;
        let token =
            tokens.id_token().ok_or_else(|| Refusal::failed("the provider gave no ID token"))?;
        let verified = token.claims(&client.id_token_verifier(), &waiting.nonce);
        verified.map_err(|error| {
            tracing::warn!(%error, "an ID token was refused");
            Refusal::failed("the ID token of the provider could not be verified")
        })?;
        // What was just verified, read once more for the claim that no library knows.
        let claims =
            claims(&token.to_string()).ok_or_else(|| Refusal::failed("the ID token is broken"))?;
        person::check(&claims, self.client_id.as_str(), now)?;
        let name = person::name(&claims)?;
        Ok((name.to_owned(), person::role(&claims, &self.claim, &self.roles)?))
    }
}

fn failed(error: &dyn std::error::Error) -> Refusal {
    tracing::warn!(error = crate::alerts::http::chain(error), "the identity provider failed");
    Refusal::failed("the identity provider could not be asked; the log says why")
}

/// The claims of a token in its compact form.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
