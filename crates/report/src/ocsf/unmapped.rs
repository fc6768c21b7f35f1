//! `unmapped`: what OCSF has no place for, in the words of the scan document.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::Serialize;

use crate::fit::Cut;
use crate::told::{Per, Told};
use crate::wire::{Chain, Elsewhere, LeftBehind, Origin};
use crate::words;

/// The chain and its neighbors.
#[derive(Serialize)]
pub(super) struct Unmapped<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<Incident<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depth: Option<Depth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    habit: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Member<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<Chain<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_behind: Vec<LeftBehind<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<Elsewhere<'a>>,
}

#[derive(Serialize)]
struct Incident<'a> {
    id: Cow<'a, str>,
    severity: &'static str,
    color: &'static str,
    title: Cow<'a, str>,
}

/// How deep the deepest chain is.
#[derive(Serialize)]
struct Depth {
    hops: u32,
    at_least: bool,
    chained_calls: u32,
    color: &'static str,
}

/// A finding of an incident.
#[derive(Serialize)]
struct Member<'a> {
    id: Cow<'a, str>,
    detector: &'static str,
    severity: &'static str,
    title: Cow<'a, str>,
}

impl<'a> Unmapped<'a> {
    pub(super) fn of(told: &'a Told<'a>, cut: Cut) -> Self {
        let incident = told.dossier.map(|dossier| dossier.incident);
        let chains = told.findings.iter().filter_map(|finding| finding.chain.as_ref());
        let deepest = chains.max_by_key(|chain| chain.hops);
        let one = if told.per == Per::Finding { told.findings.first() } else { None };
        // The written forms of the scan document are whole or absent.
        let whole = one.filter(|_| cut.is_whole());
        let members = if told.per == Per::Incident { told.findings.as_slice() } else { &[] };
        let left = whole.map(|finding| finding.left_behind.as_slice()).unwrap_or_default();
        Self {
            incident: incident.map(|incident| Incident {
                id: cut.text(&incident.id),
                severity: words::severity(incident.severity),
                color: words::color(incident.color),
                title: cut.text(&incident.title),
            }),
            origin: cut.is_whole().then(|| Origin::of(told.origin)),
            depth: deepest.map(|chain| Depth {
                hops: chain.hops,
                at_least: chain.at_least,
                chained_calls: chain.chained_calls,
                color: words::color(chain.color),
            }),
            habit: told.habit.map(|habit| cut.text(habit)),
            findings: members.iter().take(cut.items()).map(|one| Member::of(one, cut)).collect(),
            chain: whole.and_then(|finding| finding.chain.as_ref()).map(Chain::of),
            left_behind: left.iter().map(LeftBehind::of).collect(),
            elsewhere: whole.and_then(|finding| finding.elsewhere.as_ref()).map(Elsewhere::of),
        }
    }
}

impl<'a> Member<'a> {
    fn of(finding: &'a detect::Finding, cut: Cut) -> Self {
        Self {
            id: cut.text(&finding.id),
            detector: finding.detector,
            severity: words::severity(finding.severity),
            title: cut.text(&finding.title),
        }
    }
}
