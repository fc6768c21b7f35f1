//! Signing in and out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use cloudtrail::Timestamp;
use serde::Deserialize;
use store::AuditEntry;
use utoipa::IntoParams;

use super::{Body, Query};
use crate::console::access::{Caller, LOCAL, Refusal, Session, WAY_SECS, cookie};
use crate::console::problem::Problem;
use crate::console::wire::{ErrorBody, Role, SessionBody, SignIn, SignInWays};
use crate::console::{App, Shared};

/// Exchanges the one-time token of the address's fragment for a session.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in; the cookie is set", body = SessionBody),
        (status = 401, description = "The token is wrong, was used or is over", body = ErrorBody),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Body(body): Body<SignIn>,
) -> Result<Response, Problem> {
    if !app.one_time.take(&body.token, app.now()) {
        let message = "the token is wrong, was used already or is over: start the program again, \
                       or open the address that `rolecall console` prints";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_token", message));
    }
    let (value, session) = begin(&app, LOCAL, Role::Admin, "one-time token").await?;
    let mut response = Json(body_of(&app, &session)).into_response();
    set_cookie(&app, &mut response, &value, app.sessions.lasts().as_secs())?;
    Ok(response)
}

/// Says how one can sign in.
#[utoipa::path(
    get,
    path = "/sign-in-ways",
    tag = "session",
    security(()),
    responses((status = 200, description = "The ways", body = SignInWays))
)]
pub(crate) async fn ways(State(app): State<App>) -> Json<SignInWays> {
    Json(SignInWays { token: app.one_time.is_left(), oidc: app.oidc.is_some() })
}

/// Says who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses(
        (status = 200, description = "Who", body = SessionBody),
        (status = 401, description = "Nobody", body = ErrorBody),
    )
)]
pub(crate) async fn session(State(app): State<App>, caller: Caller) -> Json<SessionBody> {
    Json(match &caller.session {
        Some(session) => body_of(&app, session),
        None => SessionBody {
            user: caller.user,
            role: caller.role,
            csrf: String::new(),
            expires_at: String::new(),
            version: app.version.to_owned(),
        },
    })
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses((status = 204, description = "Signed out; the cookie is taken back"))
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(value) = cookie(&headers, app.cookie_name()) {
        app.sessions.end(value);
    }
    audit(&app, &caller.user, "sign out", "session").await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &mut response, "", 0)?;
    Ok(response)
}

/// Leads to the identity provider.
#[utoipa::path(
    get,
    path = "/sign-in",
    tag = "session",
    security(()),
    responses(
        (status = 303, description = "To the identity provider"),
        (status = 404, description = "There is none", body = ErrorBody),
    )
)]
pub(crate) async fn begin_oidc(State(app): State<App>, headers: HeaderMap) -> Response {
    led_away(&app).await.unwrap_or_else(|refusal| refusal.answer(&headers))
}

async fn led_away(app: &Shared) -> Result<Response, Refusal> {
    let oidc = app.oidc.as_ref().ok_or_else(no_provider)?;
    let begun = oidc.begin(app.now()).await?;
    let mut response = Redirect::to(&begun.url).into_response();
    set_state_cookie(app, &mut response, &begun.state, WAY_SECS)?;
    Ok(response)
}

/// What the identity provider leads back with.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct SignedIn {
    /// The code that is exchanged for an ID token.
    code: Option<String>,
    /// What the way there was begun with.
    state: Option<String>,
    /// Why the provider refused.
    error: Option<String>,
}

/// Takes what the identity provider leads back with, and begins a session.
#[utoipa::path(
    get,
    path = "/signed-in",
    tag = "session",
    security(()),
    params(SignedIn),
    responses(
        (status = 200, description = "Signed in: a page that leads on to the console"),
        (status = 401, description = "The provider or the console refused", body = ErrorBody),
        (status = 403, description = "No role goes with this person", body = ErrorBody),
    )
)]
pub(crate) async fn end_oidc(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<SignedIn>,
) -> Response {
    let led_back = led_back(&app, &headers, query).await;
    led_back.unwrap_or_else(|refusal| refusal.answer(&headers))
}

async fn led_back(app: &Shared, headers: &HeaderMap, query: SignedIn) -> Result<Response, Refusal> {
    let oidc = app.oidc.as_ref().ok_or_else(no_provider)?;
    if query.error.is_some() {
        return Err(Refusal::failed("the identity provider refused to sign you in"));
    }
    let (code, state) = query.code.zip(query.state).ok_or_else(|| {
        Refusal::failed("the identity provider led back without a code; sign in again")
    })?;
    if cookie(headers, state_cookie(app)) != Some(&*state) {
        return Err(Refusal::failed("this browser did not begin to sign in; sign in again"));
    }
    let (user, role) = oidc.end(&code, &state, app.now()).await?;
    let (value, _) = begin(app, &user, role, "identity provider").await?;
    // A page of this console leads on: a cookie that is Strict does not go along with a redirect
    // that another site began.
    let page = "<!doctype html><meta charset=utf-8><title>Rolecall</title>\
                <meta http-equiv=refresh content=\"0;url=/\"><a href=\"/\">Go on</a>";
    let head = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (head, page).into_response();
    let lasts = app.sessions.lasts().as_secs();
    let cookie = session_cookie(app, &value, lasts, is_public_encrypted(app));
    append_cookie(&mut response, &cookie)?;
    set_state_cookie(app, &mut response, "", 0)?;
    Ok(response)
}

fn no_provider() -> Problem {
    Problem::absent("no identity provider is configured: see `console.oidc_issuer`")
}

/// Begins a session, and writes down that it began.
async fn begin(
    app: &Shared,
    user: &str,
    role: Role,
    how: &'static str,
) -> Result<(String, Session), Problem> {
    let begun = app.sessions.begin(user, role, app.now())?;
    audit(app, user, "sign in", how).await?;
    Ok(begun)
}

async fn audit(
    app: &Shared,
    user: &str,
    action: &'static str,
    how: &'static str,
) -> Result<(), Problem> {
    let (who, at) = (user.to_owned(), app.now());
    let entry = AuditEntry {
        number: 0,
        at,
        who,
        action: action.to_owned(),
        subject: "console".to_owned(),
        before: String::new(),
        after: how.to_owned(),
        reason: String::new(),
    };
    app.stores.with(move |store| Ok(store.add_audit(&entry)?)).await
}

fn body_of(app: &Shared, session: &Session) -> SessionBody {
    SessionBody {
        user: session.user.clone(),
        role: session.role,
        csrf: session.csrf.clone(),
        expires_at: Timestamp(session.expires_at.div_euclid(1_000)).to_string(),
        version: app.version.to_owned(),
    }
}

/// Whether the provider leads back to an encrypted address, also where something on this machine
/// ends the encryption.
fn is_public_encrypted(app: &Shared) -> bool {
    let public = app.config.console.public_url.as_ref();
    public.is_some_and(|url| url.as_str().starts_with("https://"))
}

/// Name of the cookie that ties the answer of the provider to the browser that asked. Browsers hold
/// the one of encrypted pages to its host.
fn state_cookie(app: &Shared) -> &'static str {
    if is_public_encrypted(app) { "__Host-rolecall_sign_in" } else { "rolecall_sign_in" }
}

fn set_state_cookie(
    app: &Shared,
    response: &mut Response,
    state: &str,
    max_age: u64,
) -> Result<(), Problem> {
    // Lax, for the provider leads back here from its own site.
    let secure = if is_public_encrypted(app) { "; Secure" } else { "" };
    let name = state_cookie(app);
    let cookie =
        format!("{name}={state}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age}{secure}");
    append_cookie(response, &cookie)
}

fn session_cookie(app: &Shared, value: &str, max_age: u64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = app.cookie_name();
    format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age}{secure}")
}

fn set_cookie(
    app: &Shared,
    response: &mut Response,
    value: &str,
    max_age: u64,
) -> Result<(), Problem> {
    append_cookie(response, &session_cookie(app, value, max_age, app.is_https))
}

fn append_cookie(response: &mut Response, cookie: &str) -> Result<(), Problem> {
    let cookie = HeaderValue::from_str(cookie).map_err(|error| Problem::internal(&error))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}
