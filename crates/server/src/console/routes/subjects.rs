//! Subjects, search and raw events.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;
use store::{NameKind, Store};
use tokio::task::spawn_blocking;
use utoipa::IntoParams;

use super::Query;
use crate::console::access::Caller;
use crate::console::documents;
use crate::console::problem::Problem;
use crate::console::wire::{
    ErrorBody, EventBody, Found, FoundList, StepOfTrace, SubjectBody, SubjectPart, SubjectUse,
};
use crate::console::{App, raw};

/// Names that a search finds at most.
const FOUND_MAX: usize = 50;

/// Bytes of what is looked for.
const SUBJECT_BYTES_MAX: usize = 2_048;

/// Names that a list of a subject has.
const LISTED_MAX: usize = 100;

/// Incidents that name a subject.
const INCIDENTS_MAX: u32 = 50;

/// Tells where a credential, a role, a user or an instance comes from, what it handed out, and what
/// it did.
#[utoipa::path(
    get,
    path = "/subjects/{kind}/{id}",
    tag = "subjects",
    params(
        ("kind" = String, Path, description = "`credential`, `role`, `user` or `instance`"),
        ("id" = String, Path, description = "A key, an ARN, a name or an instance, percent-encoded"),
    ),
    responses(
        (status = 200, description = "What the logs say", body = SubjectBody),
        (status = 404, description = "The logs do not have it", body = ErrorBody),
        (status = 503, description = "The evidence is not loaded yet", body = ErrorBody),
    )
)]
pub(crate) async fn subject(
    State(app): State<App>,
    _: Caller,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Json<SubjectBody>, Problem> {
    let name_kind = match kind.as_str() {
        "credential" => NameKind::Credential,
        "instance" => NameKind::Instance,
        "role" => NameKind::Role,
        "user" => NameKind::User,
        _ => return Err(Problem::wrong("a subject is a credential, role, user or instance")),
    };
    if id.is_empty() || id.len() > SUBJECT_BYTES_MAX {
        return Err(Problem::wrong(format!("a subject has 1 to {SUBJECT_BYTES_MAX} bytes")));
    }
    let trace = trace(&app, &id).await?;
    let name = id.clone();
    let look = move |store: &Store| Ok(store.incidents_naming(name_kind, &name, INCIDENTS_MAX)?);
    let incident_ids = app.stores.look(look).await?;
    let body = body(kind, id, &trace, incident_ids)?;
    if body.parts.is_empty() {
        return Err(Problem::absent("the logs have nothing of that name"));
    }
    Ok(Json(body))
}

/// Follows `id` through what is analyzed, or, where that does not have it, through what rests.
async fn trace(app: &App, id: &str) -> Result<Value, Problem> {
    let (subjects, wanted) = (app.subjects.clone(), id.to_owned());
    let has = spawn_blocking(move || subjects.has(&wanted));
    let has = has.await.map_err(|error| Problem::internal(&error))?;
    let has = has.ok_or_else(|| Problem::busy("the evidence is not loaded yet"))?;
    let wanted = id.to_owned();
    let rests = if has {
        None
    } else {
        Some(app.stores.look(move |store| Ok(store.lineages_of(&wanted)?.evidence)).await?)
    };
    let (subjects, wanted) = (app.subjects.clone(), id.to_owned());
    let traced = spawn_blocking(move || {
        let trace = match rests {
            Some(rests) => Some(subjects.trace_in(&rests, &wanted)),
            None => subjects.trace(&wanted),
        };
        trace.map(|trace| report::trace_json(&trace))
    });
    let traced = traced.await.map_err(|error| Problem::internal(&error))?;
    let text = traced.ok_or_else(|| Problem::busy("the evidence is not loaded yet"))?;
    serde_json::from_str(&text).map_err(|error| Problem::internal(&error))
}

#[derive(Deserialize)]
struct Part {
    origin: Value,
    at_least: bool,
    ancestry: Vec<StepOfTrace>,
    descendants: Vec<StepOfTrace>,
    #[serde(default)]
    descendants_left_out: u64,
    moments: Value,
    #[serde(default)]
    moments_left_out: u64,
}

/// How often each name stands in a list, most frequent first.
#[derive(Default)]
struct Tally(BTreeMap<String, u64>);

impl Tally {
    fn add(&mut self, name: Option<&str>, count: u64) {
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            *self.0.entry(name.to_owned()).or_default() += count;
        }
    }

    fn listed(self) -> Vec<SubjectUse> {
        let mut uses = self.by_name();
        uses.sort_by_key(|one| Reverse(one.count));
        uses.truncate(LISTED_MAX);
        uses
    }

    fn by_name(self) -> Vec<SubjectUse> {
        self.0.into_iter().map(|(name, count)| SubjectUse { name, count }).collect()
    }
}

fn body(
    kind: String,
    id: String,
    trace: &Value,
    incident_ids: Vec<String>,
) -> Result<SubjectBody, Problem> {
    let member = |name: &str| trace.get(name).cloned().unwrap_or_default();
    let parts: Vec<Part> =
        serde_json::from_value(member("parts")).map_err(|error| Problem::internal(&error))?;
    let (mut uses, mut addresses, mut clients) =
        (Tally::default(), Tally::default(), Tally::default());
    let (mut peers, mut days) = (Tally::default(), Tally::default());
    let mut written = Vec::new();
    for part in parts {
        let moments = documents::moments(part.moments)?;
        for moment in &moments {
            let call = format!("{} {}", moment.event_source, moment.event_name);
            uses.add(Some(&call), moment.count);
            addresses.add(moment.source_ip_address.as_deref(), moment.count);
            clients.add(moment.user_agent.as_deref(), moment.count);
            days.add(moment.time.get(..10), moment.count);
        }
        // Who handed the same out, and who was handed it: one step away on either side.
        let near = part.ancestry.last().into_iter();
        let below = part.descendants.iter().filter(|step| step.depth == 1);
        for step in near.chain(below) {
            peers.add(Some(&step.who), step.calls);
        }
        written.push(SubjectPart {
            origin: part.origin,
            at_least: part.at_least,
            ancestry: part.ancestry,
            descendants: part.descendants,
            descendants_left_out: part.descendants_left_out,
            moments,
            moments_left_out: part.moments_left_out,
        });
    }
    Ok(SubjectBody {
        kind,
        id,
        parts: written,
        parts_left_out: member("parts_left_out").as_u64().unwrap_or_default(),
        uses: uses.listed(),
        addresses: addresses.listed(),
        clients: clients.listed(),
        peers: peers.listed(),
        days: days.by_name(),
        incident_ids,
    })
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchQuery {
    /// The begin of a key, an ARN, an account, an address, an event id, a name or the id of an
    /// incident; three characters at least.
    q: String,
}

/// Finds keys, roles, users, instances, accounts, addresses, events and incidents by the begin of
/// their names.
#[utoipa::path(
    get,
    path = "/search",
    tag = "subjects",
    params(SearchQuery),
    responses((status = 200, description = "What begins so", body = FoundList))
)]
pub(crate) async fn search(
    State(app): State<App>,
    _: Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Json<FoundList>, Problem> {
    let begin = query.q.trim().to_owned();
    if begin.chars().count() < 3 || begin.len() > SUBJECT_BYTES_MAX {
        return Err(Problem::wrong("give three characters at least"));
    }
    let subjects = app.subjects.clone();
    let wanted = begin.clone();
    let look = move |store: &Store| {
        let mut items: Vec<Found> = store
            .incidents_named(&wanted, FOUND_MAX as u32 + 1)?
            .into_iter()
            .map(|(id, title)| Found {
                kind: "incident".to_owned(),
                incident_ids: vec![id.clone()],
                id,
                label: title,
            })
            .collect();
        let names = store.names_with(&wanted, FOUND_MAX as u32 + 1)?;
        let names = names.into_iter().filter(|name| name.kind != NameKind::Detector);
        items.extend(names.map(|name| Found {
            kind: name.kind.word().to_owned(),
            id: name.value.clone(),
            label: name.value,
            incident_ids: name.incidents,
        }));
        let is_cut = items.len() > FOUND_MAX;
        items.truncate(FOUND_MAX);
        Ok(FoundList { items, is_cut })
    };
    let mut found = app.stores.look(look).await?;
    // A name that no incident has may be in the evidence all the same.
    if found.items.is_empty() {
        let looked = spawn_blocking(move || (subjects.has(&begin) == Some(true)).then_some(begin));
        let name = looked.await.map_err(|error| Problem::internal(&error))?;
        found.items.extend(name.map(|name| Found {
            kind: subject_kind(&name).to_owned(),
            id: name.clone(),
            label: name,
            incident_ids: Vec::new(),
        }));
    }
    Ok(Json(found))
}

/// What a name that stands for itself is most likely of.
fn subject_kind(name: &str) -> &'static str {
    if name.starts_with("i-") {
        "instance"
    } else if name.len() == 20 && (name.starts_with("AKIA") || name.starts_with("ASIA")) {
        "credential"
    } else if name.contains(":user/") {
        "user"
    } else {
        "role"
    }
}

/// Where to look for an event; what is not given is taken from the incidents that name it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventQuery {
    /// When it happened (RFC 3339, UTC).
    time: Option<String>,
}

/// Gives the raw record of an event, from the logs of the configured folders and buckets, its
/// members in the order of their names. At most 512 files and 1 GiB of each source are read for it:
/// of folders those whose names tell the hour of the event first, of buckets those of its accounts
/// that were delivered within two hours after it.
#[utoipa::path(
    get,
    path = "/events/{id}",
    tag = "subjects",
    params(("id" = String, Path, description = "The event's `eventID`"), EventQuery),
    responses(
        (status = 200, description = "The record", body = EventBody),
        (status = 404, description = "It was not found; the message says what to do", body = ErrorBody),
    )
)]
pub(crate) async fn event(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
    Query(query): Query<EventQuery>,
) -> Result<Json<EventBody>, Problem> {
    let is_id = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    if !(8..=64).contains(&id.len()) || !id.bytes().all(is_id) {
        return Err(Problem::wrong("this is the id of no event"));
    }
    let queues = raw::queues(&app.config);
    let look = move |store: &Store| raw::wanted(store, &id, query.time.as_deref(), &queues);
    let wanted = app.stores.look(look).await?;
    raw::find(&app, wanted).await.map(Json)
}
