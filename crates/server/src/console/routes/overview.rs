//! The overview, sources, settings and the audit.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use cloudtrail::Timestamp;
use detect::Severity;
use serde::Deserialize;
use store::{PageQuery, SortBy, Status, Store};
use utoipa::IntoParams;

use super::Query;
use crate::console::access::{Admin, Caller};
use crate::console::problem::Problem;
use crate::console::wire::{
    AgeCount, AuditList, ErrorBody, NotSeen, Overview, SettingList, SeverityCounts, SourceBody,
    SourceList,
};
use crate::console::{App, written};
use crate::intake::SourceStatus;

/// Open incidents that the overview shows.
const GRAVEST: u32 = 10;

/// Remarks about what was not read that it lists.
const REMARKS_MAX: usize = 20;

/// Entries of the audit on a page.
const PAGE_MAX: u32 = 500;

/// Ages of open incidents, in seconds before the newest event.
const AGES: [(&str, i64); 4] =
    [("1h", 3_600), ("24h", 86_400), ("7d", 7 * 86_400), ("older", i64::MAX)];

/// Says what is going on.
#[utoipa::path(
    get,
    path = "/overview",
    tag = "overview",
    responses(
        (status = 200, description = "What is going on", body = Overview),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
    )
)]
pub(crate) async fn overview(State(app): State<App>, _: Caller) -> Result<Json<Overview>, Problem> {
    let (now, sources) = (app.now(), written::sources(&app));
    let is_ready = app.status.writer().is_ready;
    let unseen = unseen(&app.status.sources());
    let look = move |store: &Store| look(store, (now, is_ready), (sources, unseen));
    Ok(Json(app.stores.look(look).await?))
}

fn look(
    store: &Store,
    (now, is_ready): (i64, bool),
    (sources, mut not_seen): (Vec<SourceBody>, Vec<NotSeen>),
) -> Result<Overview, Problem> {
    let as_of = store.as_of()?;
    let base = PageQuery { limit: GRAVEST, ..PageQuery::default() };
    let gravest = store.incident_page(&base)?;
    let untouched = PageQuery { statuses: vec![Status::New], ..base };
    let coverage = store.coverage()?;
    let suppressions = store.suppressions()?;
    let active = suppressions.iter().filter(|suppression| suppression.is_active(now)).count();
    for skipped in coverage.skipped.iter().take(REMARKS_MAX) {
        not_seen.push(NotSeen {
            what: skipped.source.clone(),
            why: format!("{} records were skipped: {}", skipped.records, skipped.reason),
        });
    }
    not_seen.extend(blind_spots());
    Ok(Overview {
        as_of: as_of.map(|time| time.to_string()),
        now: written::time(now),
        is_ready,
        open: by_severity(&store.open_incidents()?),
        ages: ages(store, as_of)?,
        untouched: store.incident_count(&untouched, u32::MAX)?,
        gravest: gravest.into_iter().map(written::line).collect(),
        sources,
        not_seen,
        events: coverage.events_read,
        objects: coverage.files,
        active_suppressions: active as u64,
    })
}

/// What keeps sources from being read, and their log files from being verified.
fn unseen(sources: &BTreeMap<String, SourceStatus>) -> Vec<NotSeen> {
    let mut unseen = Vec::new();
    for (name, source) in sources {
        if let Some(error) = &source.error {
            unseen.push(NotSeen {
                what: format!("source {name}"),
                why: format!("it cannot be read: {error}"),
            });
        }
        if let Some(why) = &source.unverified {
            unseen.push(NotSeen {
                what: format!("changes of log files of source {name}"),
                why: format!("the log files cannot be verified: {why}"),
            });
        }
    }
    unseen
}

/// What no log of CloudTrail tells.
fn blind_spots() -> [NotSeen; 2] {
    let spot = |what: &str, why: &str| NotSeen { what: what.to_owned(), why: why.to_owned() };
    [
        spot(
            "calls for data",
            "reads and writes of objects, items and messages are in the logs only where a trail \
             selects data events",
        ),
        spot(
            "accounts and Regions without a trail",
            "what happens there is seen only from the accounts that are watched",
        ),
    ]
}

fn by_severity(counts: &BTreeMap<Severity, u64>) -> SeverityCounts {
    let of = |severity| counts.get(&severity).copied().unwrap_or_default();
    SeverityCounts {
        critical: of(Severity::Critical),
        high: of(Severity::High),
        medium: of(Severity::Medium),
        low: of(Severity::Low),
        informational: of(Severity::Informational),
    }
}

fn ages(store: &Store, as_of: Option<Timestamp>) -> Result<Vec<AgeCount>, Problem> {
    let Some(as_of) = as_of else {
        return Ok(Vec::new());
    };
    let mut younger = i64::MAX;
    let mut ages = Vec::new();
    for (age, secs) in AGES {
        let oldest = as_of.0.saturating_sub(secs);
        let counts = store.open_incidents_seen((Timestamp(oldest), Timestamp(younger)))?;
        ages.push(AgeCount { age: age.to_owned(), open: by_severity(&counts) });
        younger = oldest;
    }
    Ok(ages)
}

/// Lists the sources with how far each has come.
#[utoipa::path(
    get,
    path = "/sources",
    tag = "overview",
    responses((status = 200, description = "The sources", body = SourceList))
)]
pub(crate) async fn sources(State(app): State<App>, _: Caller) -> Json<SourceList> {
    Json(SourceList { items: written::sources(&app) })
}

/// Lists the settings, without secrets. Only admins may see them.
#[utoipa::path(
    get,
    path = "/settings",
    tag = "overview",
    responses(
        (status = 200, description = "The settings", body = SettingList),
        (status = 403, description = "Only an admin may see them", body = ErrorBody),
    )
)]
pub(crate) async fn settings(State(app): State<App>, _: Admin) -> Json<SettingList> {
    Json(SettingList {
        items: app.settings.clone(),
        version: app.version.to_owned(),
        store: app.stores.folder().display().to_string(),
    })
}

/// Which part of the audit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Where the page begins: `next_cursor` of the one before.
    cursor: Option<i64>,
    /// Lines of a page; 50 unless given, 500 at most.
    limit: Option<u32>,
}

/// Lists what people changed, latest first.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "overview",
    params(AuditQuery),
    responses((status = 200, description = "What people changed", body = AuditList))
)]
pub(crate) async fn audit(
    State(app): State<App>,
    _: Caller,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditList>, Problem> {
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let before = query.cursor.unwrap_or(i64::MAX);
    let look = move |store: &Store| {
        let entries = store.audit_before(before, limit)?;
        let is_full = entries.len() as u64 == u64::from(limit);
        let next = entries.last().map(|entry| entry.number).filter(|number| is_full && *number > 1);
        Ok(AuditList {
            items: entries.into_iter().map(written::audit).collect(),
            next_cursor: next.map(|next| next.to_string()),
            total: store.audit_count()?,
        })
    };
    Ok(Json(app.stores.look(look).await?))
}

/// What incidents are sorted by, by the word of the API.
pub(super) fn sort_of(word: &str) -> Option<(SortBy, bool)> {
    let (name, is_ascending) = word.strip_prefix('-').map_or((word, true), |name| (name, false));
    let sort = match name {
        "changed_at" => SortBy::Changed,
        "first_seen" => SortBy::FirstSeen,
        "hops" => SortBy::Hops,
        "last_seen" => SortBy::LastSeen,
        "severity" => SortBy::Severity,
        _ => return None,
    };
    Some((sort, is_ascending))
}

#[cfg(test)]
mod tests {
    use super::{SourceStatus, unseen};

    #[test]
    fn a_source_that_is_not_verified_is_not_said_to_be_unread() {
        let of = |error: Option<&str>, unverified: Option<&str>| {
            let (error, unverified) = (error.map(Into::into), unverified.map(Into::into));
            let source = SourceStatus { error, unverified, ..SourceStatus::default() };
            let unseen = unseen(&[("trail".to_owned(), source)].into());
            unseen.into_iter().map(|it| format!("{}: {}", it.what, it.why)).collect::<Vec<_>>()
        };
        let unread = "source trail: it cannot be read: denied";
        let unverified =
            "changes of log files of source trail: the log files cannot be verified: no key";
        assert_eq!(of(None, None), Vec::<String>::new());
        assert_eq!(of(Some("denied"), None), [unread]);
        assert_eq!(of(None, Some("no key")), [unverified]);
        assert_eq!(of(Some("denied"), Some("no key")), [unread, unverified]);
    }
}
