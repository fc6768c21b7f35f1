//! Incidents: lists, and one of them.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{NameKind, PageEnd, PageQuery, Store, Subject, SubjectFinding, muted_by};
use utoipa::IntoParams;

use super::Query;
use super::overview::sort_of;
use crate::console::access::Caller;
use crate::console::documents::{Kept, absent};
use crate::console::problem::Problem;
use crate::console::wire::{ErrorBody, IncidentBody, IncidentList, SeverityBody, StatusBody};
use crate::console::{App, written};

/// Incidents of a page, unless fewer are asked for.
const PAGE_MAX: u32 = 500;

/// Incidents that are counted.
const COUNTED_MAX: u32 = 10_000;

/// Values that one filter may have.
const VALUES_MAX: usize = 50;

/// Bytes of a text that is looked for.
const TEXT_BYTES_MAX: usize = 200;

/// Which incidents, and in which order. A filter with commas lets through whatever is one of them,
/// but for `account`, `detector` and `names`, which let through what has all of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncidentsQuery {
    /// Severities, with commas between.
    severity: Option<String>,
    /// States of triage, with commas between.
    status: Option<String>,
    /// `open`, which is what there is unless given, or `withdrawn`.
    state: Option<String>,
    /// Accounts, with commas between.
    account: Option<String>,
    /// Detectors, with commas between.
    detector: Option<String>,
    /// Kinds of origin, with commas between.
    origin_kind: Option<String>,
    /// Names in full, with commas between: keys, ARNs, addresses, event ids.
    names: Option<String>,
    /// What the title has in it, or the id begins with.
    q: Option<String>,
    /// `severity`, `last_seen`, `first_seen`, `changed_at` or `hops`; with `-` before it the
    /// greatest comes first. `-severity` unless given.
    sort: Option<String>,
    /// Where the page begins: `next_cursor` of the one before, of the same question.
    cursor: Option<String>,
    /// Incidents of a page; 50 unless given, 500 at most.
    limit: Option<u32>,
}

fn parts(text: Option<&String>) -> Result<Vec<&str>, Problem> {
    let parts: Vec<&str> =
        text.into_iter().flat_map(|text| text.split(',')).filter(|part| !part.is_empty()).collect();
    if parts.len() > VALUES_MAX {
        return Err(Problem::wrong(format!("a filter has at most {VALUES_MAX} values")));
    }
    Ok(parts)
}

/// Words of an enum of the API.
fn words<T: DeserializeOwned>(text: Option<&String>) -> Result<Vec<T>, Problem> {
    let word = |word: &str| {
        serde_json::from_value(Value::String(word.to_owned()))
            .map_err(|_| Problem::wrong(format!("`{word}` is none of the words of this filter")))
    };
    parts(text)?.into_iter().map(word).collect()
}

impl IncidentsQuery {
    fn page(&self) -> Result<PageQuery, Problem> {
        let sort = self.sort.as_deref().unwrap_or("-severity");
        let (sort, is_ascending) = sort_of(sort)
            .ok_or_else(|| Problem::wrong(format!("`{sort}` is nothing to sort by")))?;
        let is_withdrawn = match self.state.as_deref() {
            None | Some("open") => false,
            Some("withdrawn") => true,
            Some(_) => return Err(Problem::wrong("`state` is `open` or `withdrawn`")),
        };
        let mut names: Vec<(NameKind, String)> = Vec::new();
        for (kind, given) in
            [(NameKind::Account, &self.account), (NameKind::Detector, &self.detector)]
        {
            names.extend(parts(given.as_ref())?.into_iter().map(|name| (kind, name.to_owned())));
        }
        for name in parts(self.names.as_ref())? {
            names.push((kind_of(name), name.to_owned()));
        }
        let text = self.q.clone().unwrap_or_default().trim().to_owned();
        if text.len() > TEXT_BYTES_MAX {
            return Err(Problem::wrong(format!("`q` has at most {TEXT_BYTES_MAX} bytes")));
        }
        let origins = parts(self.origin_kind.as_ref())?.into_iter().map(str::to_owned).collect();
        let severities = words::<SeverityBody>(self.severity.as_ref())?;
        let statuses = words::<StatusBody>(self.status.as_ref())?;
        Ok(PageQuery {
            is_withdrawn,
            severities: severities.into_iter().map(Into::into).collect(),
            statuses: statuses.into_iter().map(Into::into).collect(),
            origins,
            names,
            text,
            sort,
            is_ascending,
            after: self.cursor.as_deref().map(end_of).transpose()?,
            limit: self.limit.unwrap_or(50).clamp(1, PAGE_MAX),
        })
    }
}

/// What a name in full is of, by its form.
fn kind_of(name: &str) -> NameKind {
    let is_key = name.len() == 20 && (name.starts_with("AKIA") || name.starts_with("ASIA"));
    let is_event = name.len() == 36 && name.bytes().filter(|byte| *byte == b'-').count() == 4;
    if is_key {
        NameKind::Credential
    } else if name.starts_with("i-") {
        NameKind::Instance
    } else if is_event {
        NameKind::Event
    } else if name.contains(":user/") {
        NameKind::User
    } else if name.starts_with("arn:") {
        NameKind::Role
    } else if name.parse::<std::net::IpAddr>().is_ok() {
        NameKind::Address
    } else {
        NameKind::Role
    }
}

/// `1.2~id` for the end of a page.
fn cursor_of(end: &PageEnd) -> String {
    let keys: Vec<String> = end.keys.iter().map(ToString::to_string).collect();
    format!("{}~{}", keys.join("."), end.id)
}

fn end_of(cursor: &str) -> Result<PageEnd, Problem> {
    let wrong = || Problem::wrong("the cursor is none that this list gave");
    let (keys, id) = cursor.split_once('~').ok_or_else(wrong)?;
    let keys: Result<Vec<i64>, _> = keys.split('.').map(str::parse).collect();
    let keys = keys.map_err(|_| wrong())?;
    if id.is_empty() || id.len() > 64 {
        return Err(wrong());
    }
    Ok(PageEnd { keys, id: id.to_owned() })
}

/// Lists incidents.
#[utoipa::path(
    get,
    path = "/incidents",
    tag = "incidents",
    params(IncidentsQuery),
    responses(
        (status = 200, description = "A page of incidents", body = IncidentList),
        (status = 400, description = "A filter or the cursor is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn incidents(
    State(app): State<App>,
    _: Caller,
    Query(query): Query<IncidentsQuery>,
) -> Result<Json<IncidentList>, Problem> {
    let query = query.page()?;
    let n_keys = query.sort.keys();
    if query.after.as_ref().is_some_and(|end| end.keys.len() != n_keys) {
        return Err(Problem::wrong("the cursor is that of a list in another order"));
    }
    let look = move |store: &Store| {
        let lines = store.incident_page(&query)?;
        let is_full = lines.len() as u64 == u64::from(query.limit);
        let next = lines.last().filter(|_| is_full).map(|line| cursor_of(&line.end(query.sort)));
        let total = store.incident_count(&query, COUNTED_MAX + 1)?;
        Ok(IncidentList {
            items: lines.into_iter().map(written::line).collect(),
            next_cursor: next,
            total: total.min(u64::from(COUNTED_MAX)),
            total_is_cut: total > u64::from(COUNTED_MAX),
        })
    };
    Ok(Json(app.stores.look(look).await?))
}

/// Tells everything about an incident but its graph, timeline and plan.
#[utoipa::path(
    get,
    path = "/incidents/{id}",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    responses(
        (status = 200, description = "The incident", body = IncidentBody),
        (status = 404, description = "There is no such incident", body = ErrorBody),
    )
)]
pub(crate) async fn incident(
    State(app): State<App>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<IncidentBody>, Problem> {
    let now = app.now();
    let look = move |store: &Store| page(store, &id, now);
    Ok(Json(app.stores.look(look).await?))
}

/// Everything about an incident at `now`.
pub(super) fn page(store: &Store, id: &str, now: i64) -> Result<IncidentBody, Problem> {
    let kept = Kept::of(store, id)?;
    let line = store.incident_line(id)?.ok_or_else(|| absent(id))?;
    let is_muted = is_muted(store, &kept, now)?;
    let text = |name: &str| kept.member(name).and_then(|value| Some(value.as_str()?.to_owned()));
    Ok(IncidentBody {
        incident: written::line(line),
        opened_at: written::time(kept.row.opened_at),
        revision: kept.row.revision,
        habit: text("habit"),
        origin: kept.member("origin").unwrap_or_default(),
        background: kept.member("background"),
        triage: written::triage(store.triage(id)?, store.can_undo_triage(id)?),
        history: store.history_of(id)?.into_iter().map(written::history).collect(),
        notes: store.notes_of(id)?.into_iter().map(written::note).collect(),
        is_muted,
        findings: kept.findings,
    })
}

/// Whether suppressions mute all of an incident.
fn is_muted(store: &Store, kept: &Kept, now: i64) -> Result<bool, Problem> {
    let origin = kept.document.get("origin");
    let names = ["access_key_id", "principal_arn", "instance_id", "subject"];
    let subject = Subject {
        incident: &kept.row.id,
        origin: names.iter().filter_map(|name| origin?.get(name)?.as_str()).collect(),
        findings: kept.findings.iter().map(of_finding).collect(),
    };
    Ok(!muted_by(&store.suppressions()?, &subject, now).is_empty())
}

fn of_finding(finding: &Value) -> SubjectFinding<'_> {
    let text = |name: &str| finding.get(name).and_then(Value::as_str);
    let chain = finding.get("chain").filter(|chain| chain.get("branches_left_out").is_none());
    let list = |name: &str| chain.and_then(|chain| chain.get(name)?.as_array());
    let branches = list("branches").into_iter().flatten().filter_map(Value::as_array);
    let paths = list("roles").into_iter().chain(branches);
    SubjectFinding {
        detector: text("detector").unwrap_or_default(),
        account: text("account_id"),
        // Where the end of one path is not known, those of the others say too little.
        roles: paths
            .map(|path| path.last()?.get("role_arn")?.as_str())
            .collect::<Option<_>>()
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{IncidentsQuery, NameKind, cursor_of, end_of, kind_of};

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let end = store::PageEnd { keys: vec![4, -7], id: "0a1b".to_owned() };
        assert_eq!(cursor_of(&end), "4.-7~0a1b");
        assert_eq!(end_of("4.-7~0a1b").unwrap(), end);
        for wrong in ["", "4", "~", "4~", "x~1", "4.~1", "9999999999999999999~1"] {
            end_of(wrong).unwrap_err();
        }
    }

    #[test]
    fn a_filter_that_is_none_is_refused_and_not_passed_over() {
        let query = |change: fn(&mut IncidentsQuery)| {
            let mut query = IncidentsQuery::default();
            change(&mut query);
            query.page()
        };
        query(|_| {}).unwrap();
        query(|query| query.severity = Some("grave".to_owned())).unwrap_err();
        query(|query| query.status = Some("open".to_owned())).unwrap_err();
        query(|query| query.sort = Some("title".to_owned())).unwrap_err();
        query(|query| query.state = Some("all".to_owned())).unwrap_err();
        query(|query| query.q = Some("x".repeat(201))).unwrap_err();
        query(|query| query.account = Some("1,".repeat(51))).unwrap_err();
    }

    #[test]
    fn a_name_is_told_by_its_form() {
        assert_eq!(kind_of("AKIAIOSFODNN7EXAMPLE"), NameKind::Credential);
        assert_eq!(kind_of("192.0.2.7"), NameKind::Address);
        assert_eq!(kind_of("2001:db8::1"), NameKind::Address);
        assert_eq!(kind_of("arn:aws:iam::111122223333:user/alice"), NameKind::User);
        assert_eq!(kind_of("i-0123456789abcdef0"), NameKind::Instance);
        assert_eq!(kind_of("7e0b5c0a-0000-4000-8000-000000000000"), NameKind::Event);
    }
}
