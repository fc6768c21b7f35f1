//! Response plans, and the steps that people have done.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;
use store::{Store, TickChange};
use xxhash_rust::xxh3::xxh3_64;

use super::Body;
use crate::console::access::{Analyst, Caller};
use crate::console::documents::Kept;
use crate::console::problem::Problem;
use crate::console::wire::{ErrorBody, NewTick, PlanBody, Tick};
use crate::console::{App, written};

/// Gives the response plan of an incident and the steps that were done.
#[utoipa::path(
    get,
    path = "/incidents/{id}/plan",
    tag = "plan",
    params(("id" = String, Path, description = "The incident")),
    responses(
        (status = 200, description = "The plan; absent where there is nothing to do", body = PlanBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn plan(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<PlanBody>, Problem> {
    let look = move |store: &Store| page(store, &id);
    Ok(Json(app.stores.look(look).await?))
}

/// The plan of an incident with its ticks.
pub(super) fn page(store: &Store, id: &str) -> Result<PlanBody, Problem> {
    let plan = Kept::of(store, id)?.member("response");
    let ticks = store.ticks_of(id)?.into_iter().map(|tick| Tick {
        is_stale: step(plan.as_ref(), &tick.step).is_none_or(|step| content(step) != tick.content),
        step: tick.step,
        who: tick.who,
        at: written::time(tick.at),
    });
    Ok(PlanBody { ticks: ticks.collect(), plan })
}

fn step<'p>(plan: Option<&'p Value>, id: &str) -> Option<&'p Value> {
    let steps = plan?.get("steps")?.as_array()?;
    steps.iter().find(|step| step.get("id").and_then(Value::as_str) == Some(id))
}

/// What a step does, as a number: another command is another step.
fn content(step: &Value) -> u64 {
    let command = step.get("command").and_then(|command| command.get("shell"));
    let text = command.or_else(|| step.get("title")).and_then(Value::as_str).unwrap_or_default();
    xxh3_64(text.as_bytes())
}

/// Ticks a step, or takes that back.
#[utoipa::path(
    post,
    path = "/incidents/{id}/plan/{step}/tick",
    tag = "plan",
    params(
        ("id" = String, Path, description = "The incident"),
        ("step" = String, Path, description = "The step"),
    ),
    request_body = NewTick,
    responses(
        (status = 200, description = "The plan with its ticks", body = PlanBody),
        (status = 403, description = "Only an analyst may do this", body = ErrorBody),
        (status = 404, description = "There is no such incident or step", body = ErrorBody),
    )
)]
pub(crate) async fn tick(
    State(app): State<App>,
    Analyst(caller): Analyst,
    Path((id, step_id)): Path<(String, String)>,
    Body(tick): Body<NewTick>,
) -> Result<Json<PlanBody>, Problem> {
    let (at, incident) = (app.now(), id.clone());
    let change = move |store: &mut Store| {
        let plan = Kept::of(store, &id)?.member("response");
        let content = match step(plan.as_ref(), &step_id) {
            Some(step) => content(step),
            // A step that the plan does not have any more can still be unticked.
            None if !tick.done => 0,
            None => return Err(Problem::absent("the plan has no such step")),
        };
        store.set_tick(&TickChange {
            incident: &id,
            step: &step_id,
            content,
            is_done: tick.done,
            who: &caller.user,
            at,
        })?;
        page(store, &id)
    };
    let body = app.stores.with(change).await?;
    app.news.incident(&incident, "tick");
    Ok(Json(body))
}
