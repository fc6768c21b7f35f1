//! Who may ask: where a request comes from, who made it, and what they may do.
//!
//! A request is refused before it is routed where it names another host or comes from another
//! site; then where nobody is known to have made it; then where a write has no proof that a page of
//! this console made it.

mod hosts;
mod oidc;
mod sessions;
mod tokens;

pub(crate) use hosts::{Hosts, guard};
pub(crate) use oidc::{Oidc, Refusal, WAY_SECS};
pub(crate) use sessions::{Session, Sessions};
pub(crate) use tokens::{ApiTokens, OneTime};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use super::App;
use super::problem::Problem;
use super::wire::Role;

/// Header that every write of a page has: the value that its session was given.
pub(crate) const CSRF_HEADER: &str = "x-rolecall-csrf";

/// Who signs in with the token of the start.
pub(crate) const LOCAL: &str = "local";

/// How the name of whoever has a token of the API begins.
const OF_TOKENS: &str = "token ";

/// Who made a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(super) user: String,
    pub(super) role: Role,
    /// The session, unless a token of the API was given.
    pub(super) session: Option<Session>,
}

/// Somebody who may decide about incidents.
pub(crate) struct Analyst(pub(super) Caller);

/// Somebody who may see everything.
pub(crate) struct Admin;

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unknown_caller)
    }
}

impl<S: Sync> FromRequestParts<S> for Analyst {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.at_least(Role::Analyst).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.at_least(Role::Admin).map(|_| Self)
    }
}

impl Caller {
    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.role < role {
            let needed = if role == Role::Admin { "an admin" } else { "an analyst" };
            return Err(Problem::forbidden(format!("only {needed} may do this")));
        }
        Ok(self)
    }
}

/// Finds out who made a request, and refuses writes that no page of this console made.
pub(crate) async fn authenticate(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match caller(&app, request.headers()) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read && let Some(session) = &caller.session {
        let given = request.headers().get(CSRF_HEADER);
        if !given.is_some_and(|given| is_same(given.as_bytes(), session.csrf.as_bytes())) {
            let problem = Problem::forbidden("the header X-Rolecall-CSRF is missing or wrong");
            return problem.into_response();
        }
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        // One that is wrong is not passed over for a cookie.
        let token = given.to_str().ok().and_then(|given| given.strip_prefix("Bearer "));
        return token
            .and_then(|token| app.tokens.find(token, app.now()))
            .ok_or_else(Problem::unknown_caller);
    }
    let session = cookie(headers, app.cookie_name())
        .and_then(|value| app.sessions.find(value, app.now()))
        .ok_or_else(Problem::unknown_caller)?;
    Ok(Caller { user: session.user.clone(), role: session.role, session: Some(session) })
}

/// The value of the cookie `name`; nothing where there are two of it.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    digest(left) == digest(right)
}

/// What stands for a secret where it is looked up: whoever measures a comparison of digests learns
/// nothing about the secret.
pub(super) fn digest(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// 256 random bits as hexadecimal digits.
pub(super) fn random() -> Result<String, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(&error))?;
    Ok(crate::config::hex(&bytes))
}
