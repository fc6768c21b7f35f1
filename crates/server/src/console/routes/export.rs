//! An incident in one file, to hand on.

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Store;

use super::{incidents, plan};
use crate::config::hex;
use crate::console::App;
use crate::console::access::Caller;
use crate::console::documents::{Kept, absent};
use crate::console::problem::Problem;
use crate::console::wire::ErrorBody;
use crate::coverage;

/// Number of the form of a bundle.
const SCHEMA: &str = "rolecall.bundle/1";

/// Gives everything about an incident as one JSON file, with the SHA-256 of each of its parts.
///
/// The hash of a part is that of its compact JSON with the members of objects in order.
#[utoipa::path(
    get,
    path = "/incidents/{id}/export.json",
    tag = "export",
    params(("id" = String, Path, description = "The incident")),
    responses(
        (status = 200, description = "The bundle, as a file", body = Object),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn bundle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (now, name) = (app.now(), file_name(&id, "json"));
    let (version, user) = (app.version, caller.user);
    let store_folder = app.stores.folder().display().to_string();
    let look = move |store: &Store| {
        let parts = parts(store, &id, now)?;
        let hashes: Value = parts.iter().map(|(name, part)| (name.clone(), hash(part))).collect();
        let bundle = json!({
            "schema": SCHEMA,
            "version": version,
            "exported_at": crate::console::written::time(now),
            "exported_by": user,
            "store": store_folder,
            "sha256": hashes,
            "parts": Value::Object(parts),
        });
        Ok(written(&bundle))
    };
    let text = app.stores.look(look).await?;
    Ok(attachment(text, "application/json", &name))
}

fn parts(store: &Store, id: &str, now: i64) -> Result<serde_json::Map<String, Value>, Problem> {
    let kept = Kept::of(store, id)?;
    let picture = store.picture(id)?.map(|text| crate::console::written::document(&text));
    let audit = store.audit(Some(id), u32::MAX)?;
    let audit: Vec<_> = audit.into_iter().map(crate::console::written::audit).collect();
    let parts = [
        ("incident", kept.document.clone()),
        ("findings", Value::Array(kept.findings.clone())),
        ("graph", picture.or_else(|| kept.member("graph")).unwrap_or_default()),
        ("page", value_of(&incidents::page(store, id, now)?)),
        ("plan", value_of(&plan::page(store, id)?)),
        ("audit", value_of(&audit)),
    ];
    Ok(parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect())
}

/// A value of any form as JSON.
fn value_of(value: &impl Serialize) -> Value {
    // Serializing fails on maps whose keys are not text alone, and no form here has one.
    serde_json::to_value(value).unwrap_or_default()
}

fn hash(part: &Value) -> Value {
    Value::String(hex(&Sha256::digest(part.to_string().as_bytes())))
}

fn written(value: &impl Serialize) -> String {
    // As above.
    report::escape::json(serde_json::to_string_pretty(value).unwrap_or_default() + "\n")
}

/// Gives an incident as a report in one HTML file that needs no network.
#[utoipa::path(
    get,
    path = "/incidents/{id}/report.html",
    tag = "export",
    params(("id" = String, Path, description = "The incident")),
    responses(
        (status = 200, description = "The report, as a file", content_type = "text/html", body = String),
        (status = 404, description = "There is no such incident, or it was withdrawn", body = ErrorBody),
        (status = 503, description = "The evidence is not analyzed yet", body = ErrorBody),
    )
)]
pub(crate) async fn html(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let analysis = app.subjects.analysis();
    let analysis = analysis.ok_or_else(|| Problem::busy("the evidence is not analyzed yet"))?;
    let (version, name) = (app.version, file_name(&id, "html"));
    let look = move |store: &Store| {
        let incident = analysis.incidents.iter().find(|incident| incident.id == id);
        let incident = incident.ok_or_else(|| absent(&id))?.clone();
        let findings = analysis.findings.iter().filter(|one| incident.findings.contains(&one.id));
        let of_one = detect::Analysis {
            as_of: analysis.as_of,
            first_event: analysis.first_event,
            events: analysis.events,
            accounts: analysis.accounts.clone(),
            uses_folded: analysis.uses_folded,
            network_left_out: analysis.network_left_out,
            findings: findings.cloned().collect(),
            extents: analysis
                .extents
                .iter()
                .filter(|(id, _)| **id == incident.id)
                .map(|(id, extent)| (id.clone(), extent.clone()))
                .collect(),
            incidents: vec![incident],
            ..detect::Analysis::default()
        };
        let mut read = store.coverage()?;
        coverage::count(&mut read, analysis.events);
        let coverage = coverage::told(read);
        let scan = report::Scan { analysis: &of_one, coverage: &coverage, version };
        Ok(report::html(&scan))
    };
    let text = app.stores.look(look).await?;
    Ok(attachment(text, "text/html; charset=utf-8", &name))
}

/// Ids are hashes; whatever else somebody asks for becomes no name of a file.
fn file_name(id: &str, end: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    format!("rolecall-{id}.{end}")
}

fn attachment(text: String, kind: &'static str, name: &str) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    // Where a browser shows it all the same, it is nobody's page and runs nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    headers.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static(policy),
    );
    response
}
