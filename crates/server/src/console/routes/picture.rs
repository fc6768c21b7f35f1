//! Graphs, their tables, timelines and inspectors.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use store::Store;
use utoipa::IntoParams;

use super::Query;
use crate::console::access::Caller;
use crate::console::documents::Kept;
use crate::console::grouping;
use crate::console::problem::Problem;
use crate::console::wire::{ErrorBody, GraphBody, GraphRow, GraphRowList, Inspector, TimelineBody};
use crate::console::{App, inspect};

/// Rows of a page.
const PAGE_MAX: usize = 500;

/// Bytes of what is asked to be expanded.
const EXPAND_BYTES_MAX: usize = 4_096;

/// What to draw beside what is drawn anyhow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct GraphQuery {
    /// Members `expand` of groups, with commas between: each draws a page of 25 more.
    expand: Option<String>,
}

/// Draws an incident; what does not fit is folded into groups.
#[utoipa::path(
    get,
    path = "/incidents/{id}/graph",
    tag = "graph",
    params(("id" = String, Path, description = "The incident"), GraphQuery),
    responses(
        (status = 200, description = "The graph", body = GraphBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn graph(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
    Query(query): Query<GraphQuery>,
) -> Result<Json<GraphBody>, Problem> {
    let expand = query.expand.unwrap_or_default();
    if expand.len() > EXPAND_BYTES_MAX {
        return Err(Problem::wrong("too many groups are to be expanded; see the table"));
    }
    let look = move |store: &Store| {
        let picture = Kept::of(store, &id)?.picture(store)?;
        Ok(grouping::fold(&picture, &grouping::expanded(&expand)))
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Which part of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowsQuery {
    /// Where the page begins: `next_cursor` of the one before.
    cursor: Option<usize>,
    /// Rows of a page; 50 unless given, 500 at most.
    limit: Option<usize>,
}

/// Lists every node and every edge, whatever the graph folds.
#[utoipa::path(
    get,
    path = "/incidents/{id}/graph/rows",
    tag = "graph",
    params(("id" = String, Path, description = "The incident"), RowsQuery),
    responses(
        (status = 200, description = "Rows of the table", body = GraphRowList),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn graph_rows(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<GraphRowList>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let first = query.cursor.unwrap_or_default();
    let look = move |store: &Store| {
        let picture = Kept::of(store, &id)?.picture(store)?;
        let total = picture.nodes.len() + picture.edges.len();
        let nodes = picture.nodes.into_iter().map(GraphRow::Node);
        let rows = nodes.chain(picture.edges.into_iter().map(GraphRow::Edge));
        let next = first.saturating_add(limit);
        Ok(GraphRowList {
            items: rows.skip(first).take(limit).collect(),
            next_cursor: (next < total).then(|| next.to_string()),
            total: total as u64,
        })
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Which part of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelineQuery {
    /// Lines that end before this time are left out (RFC 3339, UTC, whole seconds).
    from: Option<String>,
    /// Lines that begin after this time are left out.
    to: Option<String>,
}

/// Tells what the credentials of an incident did, oldest first.
#[utoipa::path(
    get,
    path = "/incidents/{id}/timeline",
    tag = "graph",
    params(("id" = String, Path, description = "The incident"), TimelineQuery),
    responses(
        (status = 200, description = "The timeline", body = TimelineBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn timeline(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<TimelineBody>, Problem> {
    for time in [&query.from, &query.to].into_iter().flatten() {
        if cloudtrail::Timestamp::parse(time).is_none() {
            return Err(Problem::wrong(format!(
                "`{time}` is no time such as 2026-01-31T12:00:00Z"
            )));
        }
    }
    let look = move |store: &Store| {
        let (mut items, left_out) = Kept::of(store, &id)?.timeline()?;
        items.retain(|moment| {
            // Times of one form are in the order of their text.
            query.from.as_ref().is_none_or(|from| moment.last >= *from)
                && query.to.as_ref().is_none_or(|to| moment.time <= *to)
        });
        Ok(TimelineBody { items, left_out })
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Looks at a node closely.
#[utoipa::path(
    get,
    path = "/incidents/{id}/nodes/{node}",
    tag = "graph",
    params(
        ("id" = String, Path, description = "The incident"),
        ("node" = String, Path, description = "The node"),
    ),
    responses(
        (status = 200, description = "What is known of it", body = Inspector),
        (status = 404, description = "There is no such node", body = ErrorBody),
    )
)]
pub(crate) async fn node(
    State(app): State<App>,
    _: Caller,
    Path((id, node)): Path<(String, String)>,
) -> Result<Json<Inspector>, Problem> {
    let look = move |store: &Store| {
        let kept = Kept::of(store, &id)?;
        inspect::node(&kept, &kept.picture(store)?, &node)
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Looks at an edge closely.
#[utoipa::path(
    get,
    path = "/incidents/{id}/edges/{edge}",
    tag = "graph",
    params(
        ("id" = String, Path, description = "The incident"),
        ("edge" = String, Path, description = "The edge"),
    ),
    responses(
        (status = 200, description = "What is known of it", body = Inspector),
        (status = 404, description = "There is no such edge", body = ErrorBody),
    )
)]
pub(crate) async fn edge(
    State(app): State<App>,
    _: Caller,
    Path((id, edge)): Path<(String, String)>,
) -> Result<Json<Inspector>, Problem> {
    let look = move |store: &Store| {
        let picture = Kept::of(store, &id)?.picture(store)?;
        inspect::edge(&picture, &edge)
    };
    Ok(Json(app.stores.look(look).await?))
}
