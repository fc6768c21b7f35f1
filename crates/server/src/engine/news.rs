//! Who is to be told of what, as things stand.

use std::collections::{BTreeMap, BTreeSet};

use cloudtrail::Timestamp;
use detect::{Analysis, Extent, Finding, Incident, Severity};
use store::{FindingState, NewAlert, Status, Store, Subject, SubjectFinding, Suppression};

use super::Known;
use crate::alerts::{self, Message, MessageKind, Policy, Recipient, Standing, Told};
use crate::clock::WallTime;
use crate::config::SinkKind;

/// Who is told, and what writes what they are told.
pub struct Sinks {
    /// Name, kind and rules of each sink.
    pub recipients: Vec<(String, SinkKind, Policy)>,
    /// What writes messages.
    pub payload: Box<dyn Payload>,
}

/// What a message is written from.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The incident, unless it was withdrawn.
    pub incident: Option<&'a Incident>,
    /// What a response must reach.
    pub extent: Option<&'a Extent>,
    /// Its findings, gravest first.
    pub findings: &'a [&'a Finding],
    /// What is kept of it; of one that was withdrawn, nothing else is left.
    pub kept: &'a Remains,
    /// The severity that the sink was told last.
    pub was: Option<Severity>,
    /// The time.
    pub now: WallTime,
}

/// What is kept of an incident.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Remains {
    /// Its title.
    pub title: String,
    /// Its first event.
    pub first_seen: Timestamp,
    /// Its last event.
    pub last_seen: Timestamp,
}

/// Writes messages.
pub trait Payload: Send {
    /// The bytes of `message`.
    ///
    /// # Errors
    ///
    /// Where there is nothing to say, with the reason in words.
    fn write(&self, about: &About<'_>, message: &Message<'_>) -> Result<Vec<u8>, String>;
}

/// What each sink was told about each incident last.
pub(super) type ToldBy = BTreeMap<(String, String), Told>;

/// Incidents as they stand.
pub(super) struct Standings<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) incidents: &'a BTreeMap<String, Known>,
}

/// Messages, and what sinks will have been told with them.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) alerts: Vec<NewAlert>,
    pub(super) told: ToldBy,
    pub(super) muted: Vec<(i64, String)>,
}

/// What `store` says that sinks were told.
pub(super) fn told(store: &Store) -> Result<ToldBy, store::Error> {
    let sent = store.told_all()?.into_iter();
    let told = sent.filter_map(|(incident, sent)| {
        let kind = MessageKind::of_name(&sent.kind)?;
        let at = WallTime(sent.at);
        let told = Told { kind, severity: sent.severity, at, revision: sent.revision };
        Some(((incident, sent.sink), told))
    });
    Ok(told.collect())
}

/// Decides for every incident and sink.
pub(super) fn compose(
    store: &Store,
    standings: &Standings<'_>,
    told: &ToldBy,
    (sinks, now): (&Sinks, WallTime),
) -> Result<News, store::Error> {
    let mut news = News::default();
    if sinks.recipients.is_empty() {
        return Ok(news);
    }
    let deciding = Deciding {
        mutes: Mutes::of(store, now)?,
        store,
        sinks,
        told,
        now,
        findings: standings.analysis.findings.iter().map(|one| (one.id.as_str(), one)).collect(),
        incidents: standings.analysis.incidents.iter().map(|one| (one.id.as_str(), one)).collect(),
        analysis: standings.analysis,
    };
    for (id, known) in standings.incidents {
        deciding.about(id, *known, &mut news)?;
    }
    Ok(news)
}

struct Deciding<'a> {
    mutes: Mutes,
    store: &'a Store,
    sinks: &'a Sinks,
    told: &'a ToldBy,
    now: WallTime,
    findings: BTreeMap<&'a str, &'a Finding>,
    incidents: BTreeMap<&'a str, &'a Incident>,
    analysis: &'a Analysis,
}

impl Deciding<'_> {
    /// Decides about the incident `id`.
    fn about(&self, id: &str, known: Known, news: &mut News) -> Result<(), store::Error> {
        let incident = self.incidents.get(id).copied();
        let of_incident = incident.iter().flat_map(|incident| &incident.findings);
        let findings: Vec<&Finding> =
            of_incident.filter_map(|id| self.findings.get(id.as_str()).copied()).collect();
        let heard = self.mutes.heard(id, incident, &findings);
        news.muted.extend(heard.muted_by.iter().map(|number| (*number, id.to_owned())));
        let standing = Standing {
            severity: heard.severity.unwrap_or(known.severity),
            is_withdrawn: known.state == FindingState::Withdrawn,
            is_suppressed: heard.severity.is_none() && incident.is_some(),
        };
        let mut kept: Option<Remains> = incident.map(Remains::of);
        for (name, kind, policy) in &self.sinks.recipients {
            let key = (id.to_owned(), name.clone());
            let told = self.told.get(&key).copied();
            if told.is_none() && (standing.is_withdrawn || standing.severity < policy.min_severity)
            {
                continue;
            }
            let kept = match &mut kept {
                Some(kept) => kept,
                None => kept.insert(self.remains(id)?),
            };
            let about = About {
                incident,
                extent: self.analysis.extents.get(id),
                findings: &findings,
                kept,
                was: told.map(|told| told.severity),
                now: self.now,
            };
            let payload = |message: &Message<'_>| self.sinks.payload.write(&about, message);
            let recipient = Recipient { name, kind: *kind, policy: *policy };
            match alerts::compose((id, standing), told, recipient, self.now, &payload) {
                Ok(composed) => {
                    if let Some((entry, told)) = composed.news {
                        news.alerts.push(entry.into_alert());
                        news.told.insert(key, told);
                    }
                }
                Err(error) => tracing::error!(%error, "a message cannot be written"),
            }
        }
        Ok(())
    }

    fn remains(&self, id: &str) -> Result<Remains, store::Error> {
        let row = self.store.incident(id)?;
        Ok(row.map_or_else(Remains::default, |row| Remains {
            title: row.title,
            first_seen: row.first_seen,
            last_seen: row.last_seen,
        }))
    }
}

impl Remains {
    fn of(incident: &Incident) -> Self {
        Self {
            title: incident.title.clone(),
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
        }
    }
}

/// What people do not want to be told of.
struct Mutes {
    suppressions: Vec<Suppression>,
    incidents: BTreeSet<String>,
}

/// What is left of an incident once everything is muted that people do not want to be told of.
struct Heard {
    /// The gravest finding that nobody has muted.
    severity: Option<Severity>,
    /// Suppressions that mute a finding.
    muted_by: BTreeSet<i64>,
}

impl Mutes {
    fn of(store: &Store, now: WallTime) -> Result<Self, store::Error> {
        let suppressions = store.suppressions()?.into_iter();
        Ok(Self {
            suppressions: suppressions.filter(|one| one.is_active(now.0)).collect(),
            incidents: store.with_status(Status::Suppressed)?,
        })
    }

    fn heard(&self, id: &str, incident: Option<&Incident>, findings: &[&Finding]) -> Heard {
        let mut heard = Heard { severity: None, muted_by: BTreeSet::new() };
        if self.incidents.contains(id) {
            return heard;
        }
        let Some(incident) = incident else {
            return heard;
        };
        let subject = Subject::of(incident, findings.iter().copied());
        for finding in findings {
            let mut muting = self
                .suppressions
                .iter()
                .filter(|one| one.covers(&subject, &SubjectFinding::of(finding)))
                .peekable();
            if muting.peek().is_none() {
                heard.severity = heard.severity.max(Some(finding.severity));
            }
            heard.muted_by.extend(muting.map(|one| one.id));
        }
        heard
    }
}
