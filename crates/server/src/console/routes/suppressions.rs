//! What people do not want to be told of.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cloudtrail::Timestamp;
use store::{Scope, Store};

use super::Body;
use crate::console::access::{Analyst, Caller};
use crate::console::problem::Problem;
use crate::console::wire::{
    ErrorBody, NewSuppression, News, Role, SuppressionEnd, SuppressionList, SuppressionRow,
};
use crate::console::{App, written};

/// Lists suppressions, those that ended as well.
#[utoipa::path(
    get,
    path = "/suppressions",
    tag = "suppressions",
    responses((status = 200, description = "All suppressions, latest first", body = SuppressionList))
)]
pub(crate) async fn suppressions(
    State(app): State<App>,
    _: Caller,
) -> Result<Json<SuppressionList>, Problem> {
    let now = app.now();
    let look = move |store: &Store| {
        let rows = store.suppressions()?.into_iter();
        let items: Vec<SuppressionRow> = rows.map(|row| written::suppression(row, now)).collect();
        Ok(SuppressionList { total: items.len() as u64, items })
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Mutes alerts about something for a time.
#[utoipa::path(
    post,
    path = "/suppressions",
    tag = "suppressions",
    request_body = NewSuppression,
    responses(
        (status = 201, description = "The suppression", body = SuppressionRow),
        (status = 403, description = "Only an analyst may do this", body = ErrorBody),
        (status = 422, description = "It has no reason, or ends too late", body = ErrorBody),
    )
)]
pub(crate) async fn suppress(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Body(new): Body<NewSuppression>,
) -> Result<(StatusCode, Json<SuppressionRow>), Problem> {
    let scope = Scope::of(&new.scope)
        .ok_or_else(|| Problem::refused("a scope is account, incident, origin or role"))?;
    let expires = Timestamp::parse(&new.expires_at)
        .ok_or_else(|| Problem::refused("the end is a time such as 2026-01-31T12:00:00Z"))?;
    let now = app.now();
    let new = store::NewSuppression {
        scope,
        value: new.value,
        detector: new.detector,
        reason: new.reason,
        owner: caller.user,
        created_at: now,
        expires_at: expires.0.saturating_mul(1_000),
    };
    let change = move |store: &mut Store| {
        let id = store.suppress(&new)?;
        let row = store.suppressions()?.into_iter().find(|row| row.id == id);
        row.ok_or_else(|| Problem::absent("the suppression is gone"))
    };
    let row = app.stores.with(change).await?;
    app.news.tell(News::Suppressions);
    Ok((StatusCode::CREATED, Json(written::suppression(row, now))))
}

/// Ends a suppression. Analysts end their own, admins those of others as well.
#[utoipa::path(
    delete,
    path = "/suppressions/{id}",
    tag = "suppressions",
    params(("id" = i64, Path, description = "Its number")),
    request_body = SuppressionEnd,
    responses(
        (status = 204, description = "It is ended"),
        (status = 403, description = "It is another one's", body = ErrorBody),
        (status = 404, description = "There is no such suppression that mutes", body = ErrorBody),
        (status = 422, description = "The reason is blank", body = ErrorBody),
    )
)]
pub(crate) async fn end(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Path(id): Path<i64>,
    Body(end): Body<SuppressionEnd>,
) -> Result<StatusCode, Problem> {
    let now = app.now();
    let change = move |store: &mut Store| {
        let row = store.suppressions()?.into_iter().find(|row| row.id == id);
        let owner = row.map(|row| row.what.owner);
        if caller.role < Role::Admin && owner.is_some_and(|owner| owner != caller.user) {
            return Err(Problem::forbidden("only an admin may end what another one suppressed"));
        }
        Ok(store.end_suppression(id, (&caller.user, &end.reason), now)?)
    };
    app.stores.with(change).await?;
    app.news.tell(News::Suppressions);
    Ok(StatusCode::NO_CONTENT)
}
