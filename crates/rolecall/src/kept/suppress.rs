//! `rolecall suppress` and `rolecall suppressions`: what is not told of, for a time.

use anyhow::{Context, Result, bail};
use detect::DETECTORS;
use report::KeptSuppression;
use store::{IncidentQuery, NewSuppression, Scope, Store, Suppression, muted_by};

use super::{Documents, find, now, open, plain, time, who};
use crate::Outcome;
use crate::args::{SuppressOptions, SuppressionsOptions, TraceFormat};
use crate::filter::duration_secs;
use crate::output;

pub(crate) fn run(options: &SuppressOptions) -> Result<Outcome> {
    if let Some(id) = options.end {
        return end(options, id);
    }
    let lasts =
        options.lasts.as_deref().context("a suppression has an end: give --for DURATION")?;
    let lasts_secs = duration_secs(lasts)?;
    check_detector(options.detector.as_deref())?;
    let mut store = open(&options.store)?;
    let (scope, value) = subject(options, &store)?;
    let created_at = now();
    let new = NewSuppression {
        scope,
        value,
        detector: options.detector.clone(),
        reason: options.reason.clone(),
        owner: options.owner.clone().unwrap_or_default(),
        created_at,
        expires_at: created_at.saturating_add(lasts_secs.saturating_mul(1_000)),
    };
    let id = store.suppress(&new)?;
    let suppression = Suppression { id, what: new, ended_at: None, muted: 0 };
    let n_muted = n_muted(&store, created_at)?;
    let named = options.store.display().to_string();
    output::print(&report::suppressed_text(&row(&suppression), n_muted, &named, &plain()))?;
    Ok(Outcome::Done)
}

/// `rolecall suppressions`.
pub(crate) fn list(options: &SuppressionsOptions) -> Result<Outcome> {
    let store = open(&options.store)?;
    let suppressions: Vec<KeptSuppression> = store.suppressions()?.iter().map(row).collect();
    let text = match options.format {
        TraceFormat::Json => report::suppressions_json(&suppressions),
        TraceFormat::Table => {
            report::suppressions_text(&suppressions, &output::style(&options.output))
        }
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}

fn end(options: &SuppressOptions, id: i64) -> Result<Outcome> {
    let who = who(options.who.as_deref())?;
    open(&options.store)?.end_suppression(id, (&who, &options.reason), now())?;
    output::print(&report::ended_text(id, &who, &plain()))?;
    Ok(Outcome::Done)
}

/// What is to be muted. An incident is named by its whole id.
fn subject(options: &SuppressOptions, store: &Store) -> Result<(Scope, String)> {
    let named = [
        (Scope::Account, &options.account),
        (Scope::Incident, &options.incident),
        (Scope::Origin, &options.origin),
        (Scope::Role, &options.role),
    ];
    let named = named.into_iter().find_map(|(scope, value)| Some((scope, value.as_ref()?)));
    let (scope, value) = named.context("a suppression is about something")?;
    Ok(match scope {
        Scope::Incident => (scope, find(store, value)?.id),
        Scope::Account | Scope::Origin | Scope::Role => (scope, value.clone()),
    })
}

fn check_detector(detector: Option<&str>) -> Result<()> {
    let is_known = |wanted: &str| DETECTORS.iter().any(|detector| detector.id == wanted);
    match detector {
        Some(wanted) if !is_known(wanted) => {
            let ids: Vec<&str> = DETECTORS.iter().map(|detector| detector.id).collect();
            bail!("there is no detector `{wanted}`; there are {}", ids.join(", "))
        }
        Some(_) | None => Ok(()),
    }
}

/// Open incidents that are muted, by whichever suppressions.
fn n_muted(store: &Store, now: i64) -> Result<u64> {
    let count = |store: &Store| {
        let suppressions = store.suppressions()?;
        let query = IncidentQuery { with_settled: true, ..IncidentQuery::default() };
        let mut n_muted = 0;
        for incident in store.incidents(query)? {
            let documents = Documents::of(&incident, &store.findings_of(&incident.id)?);
            let muting = muted_by(&suppressions, &documents.subject(), now);
            n_muted += u64::from(!muting.is_empty());
        }
        Ok(n_muted)
    };
    Ok(store.at_once(count)?)
}

/// A suppression as it is written.
pub(super) fn row(suppression: &Suppression) -> KeptSuppression {
    let what = &suppression.what;
    let (ended_at, expires_at) = (suppression.ended_at.map(time), time(what.expires_at));
    KeptSuppression {
        id: suppression.id,
        state: KeptSuppression::state(ended_at, expires_at, time(now())),
        scope: what.scope.word(),
        value: what.value.clone(),
        detector: what.detector.clone(),
        reason: what.reason.clone(),
        owner: what.owner.clone(),
        created_at: time(what.created_at),
        expires_at,
        ended_at,
        muted: suppression.muted,
    }
}
