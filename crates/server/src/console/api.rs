//! All routes, and the description of them.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::wire::News;
use super::{App, access, assets, headers, live, routes as at};

/// Bytes of a request's body.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// How long a request may take, its body included, until its answer begins.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where the API begins.
const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rolecall",
        description = "What the console asks. Errors are `{\"error\": {\"code\", \"message\"}}`; \
                       lists are `{\"items\", \"next_cursor\", \"total\"}`. A session's writes \
                       have the header `X-Rolecall-CSRF` with the value that the session was \
                       given; a token of the API goes into `Authorization: Bearer`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        version = "1",
    ),
    components(schemas(News)),
    security(("session" = []), ("token" = [])),
)]
struct Description;

/// Routes of those who are signed in.
fn inner() -> OpenApiRouter<App> {
    around().merge(of_incidents()).merge(decisions())
}

/// What is about no single incident.
fn around() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(at::session::session, at::session::sign_out))
        .routes(routes!(at::overview::overview))
        .routes(routes!(at::overview::sources))
        .routes(routes!(at::overview::settings))
        .routes(routes!(at::overview::audit))
        .routes(routes!(at::subjects::event))
        .routes(routes!(at::subjects::subject))
        .routes(routes!(at::subjects::search))
        .routes(routes!(live::live))
}

/// What incidents are.
fn of_incidents() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(at::incidents::incidents))
        .routes(routes!(at::incidents::incident))
        .routes(routes!(at::picture::graph))
        .routes(routes!(at::picture::graph_rows))
        .routes(routes!(at::picture::timeline))
        .routes(routes!(at::picture::node))
        .routes(routes!(at::picture::edge))
        .routes(routes!(at::plan::plan))
        .routes(routes!(at::export::bundle))
        .routes(routes!(at::export::html))
}

/// What people decide.
fn decisions() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(at::plan::tick))
        .routes(routes!(at::decide::triage))
        .routes(routes!(at::decide::undo))
        .routes(routes!(at::decide::add_note))
        .routes(routes!(at::suppressions::suppressions, at::suppressions::suppress))
        .routes(routes!(at::suppressions::end))
}

/// Routes of everybody.
fn outer() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(at::session::sign_in))
        .routes(routes!(at::session::ways))
        .routes(routes!(at::session::begin_oidc))
        .routes(routes!(at::session::end_oidc))
}

fn described() -> (OpenApiRouter<App>, utoipa::openapi::OpenApi) {
    let mut whole = OpenApiRouter::with_openapi(Description::openapi());
    whole = whole.nest(BASE, inner().merge(outer()));
    let mut description = whole.get_openapi().clone();
    let components = description.components.get_or_insert_default();
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("rolecall"))),
    );
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    (whole, description)
}

/// The description of the API, as OpenAPI in JSON with a line feed at its end.
pub fn openapi_json() -> String {
    // Serializing fails on maps whose keys are not text alone.
    described().1.to_pretty_json().unwrap_or_default() + "\n"
}

/// Everything that is served.
pub(super) fn router(app: &App) -> Router {
    let (inner, outer): (Router<App>, Router<App>) =
        (inner().split_for_parts().0, outer().split_for_parts().0);
    let inner = inner.layer(middleware::from_fn_with_state(app.clone(), access::authenticate));
    let description =
        || async { ([(axum::http::header::CONTENT_TYPE, "application/json")], openapi_json()) };
    let api = inner
        .merge(outer)
        .route("/openapi.json", axum::routing::get(description))
        .fallback(|| async { Problem::absent("there is no such thing here") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", "not by this method")
        });
    let routes = Router::new().nest(BASE, api).fallback(axum::routing::get(assets::file));
    let routes = routes
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(in_time))
        .with_state(app.clone());
    // What wraps the router runs before it routes.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(app.clone(), access::guard))
        .layer(middleware::from_fn_with_state(app.clone(), headers::protect))
}

async fn in_time(request: Request, next: Next) -> Response {
    timeout(TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        let message = "the request or its answer took too long";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message).into_response()
    })
}
