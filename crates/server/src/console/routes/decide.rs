//! What people decide about an incident, and what they write about it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::{Store, TriageChange};

use super::Body;
use crate::console::access::Analyst;
use crate::console::problem::Problem;
use crate::console::wire::{ErrorBody, NewNote, NewTriage, Note, TriageBody, Undone};
use crate::console::{App, written};

/// Writes down where an incident stands, and why.
#[utoipa::path(
    post,
    path = "/incidents/{id}/triage",
    tag = "decide",
    params(("id" = String, Path, description = "The incident")),
    request_body = NewTriage,
    responses(
        (status = 200, description = "What holds since", body = TriageBody),
        (status = 403, description = "Only an analyst may do this", body = ErrorBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
        (status = 422, description = "The reason is blank or too long", body = ErrorBody),
    )
)]
pub(crate) async fn triage(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Path(id): Path<String>,
    Body(new): Body<NewTriage>,
) -> Result<Json<TriageBody>, Problem> {
    let (at, incident) = (app.now(), id.clone());
    let change = move |store: &mut Store| {
        store.set_triage(&TriageChange {
            incident: &id,
            status: Some(new.status.into()),
            reason: &new.reason,
            note: new.note.as_deref(),
            who: &caller.user,
            at,
        })?;
        Ok(written::triage(store.triage(&id)?, store.can_undo_triage(&id)?))
    };
    let body = app.stores.with(change).await?;
    app.news.incident(&incident, "triage");
    Ok(Json(body))
}

/// Puts what was decided before the last decision in its place, once.
#[utoipa::path(
    post,
    path = "/incidents/{id}/triage/undo",
    tag = "decide",
    params(("id" = String, Path, description = "The incident")),
    responses(
        (status = 200, description = "What holds since", body = Undone),
        (status = 403, description = "Only an analyst may do this", body = ErrorBody),
        (status = 404, description = "There is nothing to undo", body = ErrorBody),
    )
)]
pub(crate) async fn undo(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Path(id): Path<String>,
) -> Result<Json<Undone>, Problem> {
    let (at, incident) = (app.now(), id.clone());
    let change = move |store: &mut Store| {
        let triage = store.undo_triage(&id, (&caller.user, at))?;
        Ok(Undone { triage: written::triage(triage, false) })
    };
    let body = app.stores.with(change).await?;
    app.news.incident(&incident, "triage");
    Ok(Json(body))
}

/// Adds a note to an incident. Notes stay as they were written.
#[utoipa::path(
    post,
    path = "/incidents/{id}/notes",
    tag = "decide",
    params(("id" = String, Path, description = "The incident")),
    request_body = NewNote,
    responses(
        (status = 201, description = "The note", body = Note),
        (status = 403, description = "Only an analyst may do this", body = ErrorBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
        (status = 422, description = "The note is blank or too long", body = ErrorBody),
    )
)]
pub(crate) async fn add_note(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Path(id): Path<String>,
    Body(new): Body<NewNote>,
) -> Result<(StatusCode, Json<Note>), Problem> {
    let (at, incident) = (app.now(), id.clone());
    let change = move |store: &mut Store| {
        let number = store.add_note(&id, &new.text, (&caller.user, at))?;
        Ok(Note { id: number, text: new.text, who: caller.user, at: written::time(at) })
    };
    let note = app.stores.with(change).await?;
    app.news.incident(&incident, "note");
    Ok((StatusCode::CREATED, Json(note)))
}
