//! One incident of a page: its walk, picture, findings, paths, things left behind and timeline.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use detect::{Confidence, Finding, Hop, LeftBehind, Moment};

use super::badge;
use super::lists::{self, Depth};
use super::picture::{Picture, picture};
use super::plain::Plain;
use super::plan::PlanView;
use super::strip::{Strip, strip};
use super::workload::{BackgroundView, ElsewhereView};
use crate::cases::{self, Case, Path};
use crate::limits::{
    BRANCHES_SHOWN_MAX, HTML_EVIDENCE_MAX, HTML_FINDINGS_MAX, HTML_MOMENTS_MAX,
    LEFT_BEHIND_SHOWN_MAX, PATH_HOPS_SHOWN_MAX,
};
use crate::places;
use crate::table::tree::{Rung, rungs};
use crate::words;

/// An incident.
pub(super) struct IncidentView {
    pub(super) number: usize,
    pub(super) class: &'static str,
    pub(super) title: Plain,
    pub(super) id: Plain,
    pub(super) span: String,
    pub(super) depth: Depth,
    pub(super) origin: OriginView,
    pub(super) background: Option<BackgroundView>,
    pub(super) walk: Vec<WalkStep>,
    pub(super) picture: Option<Picture>,
    pub(super) findings: Vec<FindingView>,
    pub(super) findings_left_out: usize,
    pub(super) paths: Vec<PathView>,
    pub(super) paths_left_out: usize,
    pub(super) left_behind: Vec<LeftView>,
    pub(super) left_behind_left_out: usize,
    pub(super) strip: Option<Strip>,
    pub(super) moments: Vec<MomentView>,
    pub(super) moments_left_out: u64,
    pub(super) plan: Option<PlanView>,
}

/// Where an incident begins.
pub(super) struct OriginView {
    pub(super) noun: &'static str,
    pub(super) name: Plain,
    pub(super) facts: Vec<(&'static str, Plain)>,
}

/// A step of the way from the origin, in a few words.
pub(super) struct WalkStep {
    pub(super) class: &'static str,
    pub(super) number: String,
    pub(super) name: Plain,
    pub(super) note: Plain,
}

/// A finding.
pub(super) struct FindingView {
    pub(super) class: &'static str,
    pub(super) detector: &'static str,
    pub(super) title: Plain,
    pub(super) reason: Plain,
    pub(super) elsewhere: Option<ElsewhereView>,
    pub(super) habit: Plain,
    pub(super) confidence: &'static str,
    pub(super) id: Plain,
    pub(super) techniques: Vec<String>,
    pub(super) evidence: Vec<EventView>,
    pub(super) evidence_left_out: u64,
}

/// An event that proves a finding.
pub(super) struct EventView {
    pub(super) time: String,
    pub(super) call: Plain,
    pub(super) address: Plain,
    pub(super) id: Plain,
}

/// A path and its branches.
pub(super) struct PathView {
    pub(super) summary: String,
    pub(super) rows: Vec<HopRow>,
    pub(super) branches: Vec<Vec<HopRow>>,
    pub(super) branches_left_out: u64,
}

/// A hop, or a gap of hops that are not shown.
pub(super) struct HopRow {
    pub(super) class: &'static str,
    pub(super) gap: Plain,
    pub(super) hop: String,
    pub(super) call: Plain,
    pub(super) role: Plain,
    pub(super) role_arn: Plain,
    pub(super) session: Plain,
    pub(super) key: Plain,
    pub(super) time: String,
    pub(super) address: Plain,
    pub(super) event: Plain,
    pub(super) doubt: &'static str,
}

/// Something left behind.
pub(super) struct LeftView {
    pub(super) class: &'static str,
    pub(super) hop: u32,
    pub(super) call: Plain,
    pub(super) name: Plain,
    pub(super) key: Plain,
    pub(super) kind: Plain,
    pub(super) remarks: Plain,
    pub(super) account: Plain,
    pub(super) time: String,
    pub(super) technique: String,
    pub(super) event: Plain,
}

/// A line of the timeline.
pub(super) struct MomentView {
    pub(super) class: &'static str,
    pub(super) is_key: bool,
    pub(super) first: String,
    pub(super) count: String,
    pub(super) hop: u32,
    pub(super) who: Plain,
    pub(super) call: Plain,
    pub(super) error: Plain,
    pub(super) address: Plain,
    pub(super) agent: Plain,
}

impl IncidentView {
    /// The view of `case`.
    pub(super) fn of(number: usize, case: &Case<'_>) -> Self {
        let incident = case.incident;
        let paths = cases::paths(case);
        let left_behind: Vec<&LeftBehind> = cases::left_behind(&paths);
        let moments = incident.timeline.len().min(HTML_MOMENTS_MAX);
        let moments_hidden = (incident.timeline.len() - moments) as u64;
        Self {
            number,
            class: badge(incident.severity),
            title: Plain::of(&incident.title),
            id: Plain::of(&incident.id),
            span: words::span(incident.first_seen, incident.last_seen),
            depth: Depth::of(case),
            origin: OriginView::of(case),
            background: incident.background.as_ref().map(BackgroundView::of),
            walk: paths.shown.first().map(walk).unwrap_or_default(),
            picture: picture(&incident.graph),
            findings: case
                .findings
                .iter()
                .take(HTML_FINDINGS_MAX)
                .map(|finding| FindingView::of(finding, case))
                .collect(),
            findings_left_out: case.findings.len().saturating_sub(HTML_FINDINGS_MAX),
            paths: paths.shown.iter().filter_map(PathView::of).collect(),
            paths_left_out: paths.left_out,
            left_behind_left_out: left_behind.len().saturating_sub(LEFT_BEHIND_SHOWN_MAX),
            left_behind: cases::weightiest(&left_behind, LEFT_BEHIND_SHOWN_MAX)
                .into_iter()
                .map(LeftView::of)
                .collect(),
            strip: strip(&incident.timeline),
            moments: incident.timeline.iter().take(moments).map(MomentView::of).collect(),
            moments_left_out: incident.timeline_left_out + moments_hidden,
            plan: None,
        }
    }
}

impl OriginView {
    fn of(case: &Case<'_>) -> Self {
        let origin = &case.incident.origin;
        let name = words::origin_name(origin);
        let facts = [
            ("key", origin.access_key_id.as_deref()),
            ("principal", origin.principal_arn.as_deref()),
            ("instance", origin.instance_id.as_deref()),
            ("subject", origin.subject.as_deref()),
            ("account", origin.account_id.as_deref()),
        ];
        Self {
            noun: words::origin_noun(origin.kind),
            facts: facts
                .into_iter()
                .filter_map(|(word, fact)| Some((word, fact?)))
                .filter(|(_, fact)| !fact.is_empty() && *fact != name)
                .map(|(word, fact)| (word, Plain::of(fact)))
                .collect(),
            name: Plain::clipped(&name, 80),
        }
    }
}

/// The way in a few words: roles by number, and access left behind where it was made.
fn walk(path: &Path<'_>) -> Vec<WalkStep> {
    let roles = path.chain.map_or(&[][..], |chain| chain.roles.as_slice());
    let access = path.left_behind.iter().filter(|left| left.is_access);
    let mut left = access.take(PATH_HOPS_SHOWN_MAX).peekable();
    let mut steps = Vec::new();
    for rung in rungs(roles, PATH_HOPS_SHOWN_MAX) {
        match rung {
            Rung::Hop(hop) => {
                while let Some(made) = left.next_if(|made| made.hop < hop.hop) {
                    steps.push(made_step(made));
                }
                steps.push(WalkStep {
                    class: hop_class(hop.hop),
                    number: hop.hop.to_string(),
                    name: Plain::clipped(words::last_part(&hop.role_arn), 40),
                    note: lists::account(words::account_of(&hop.role_arn)),
                });
            }
            Rung::Left(number) => steps.push(WalkStep {
                class: "is-gap",
                number: String::from("…"),
                name: Plain::of(&words::counted(number as u64, "hop")),
                note: Plain::default(),
            }),
        }
    }
    steps.extend(left.map(|made| made_step(made)));
    steps
}

fn made_step(made: &LeftBehind) -> WalkStep {
    let name = made.access_key_id.as_deref().unwrap_or(&made.name);
    WalkStep {
        class: "is-made",
        number: String::from("✚"),
        name: Plain::clipped(words::last_part(name), 40),
        note: Plain::clipped(&made.event_name, 40),
    }
}

const fn hop_class(hop: u32) -> &'static str {
    match hop {
        0 | 1 => "is-none",
        2 => "is-orange",
        _ => "is-red",
    }
}

impl FindingView {
    fn of(finding: &Finding, case: &Case<'_>) -> Self {
        let shown = finding.evidence.len().min(HTML_EVIDENCE_MAX);
        let hidden = (finding.evidence.len() - shown) as u64;
        let event = |event: &detect::EvidenceEvent| EventView {
            time: words::second(event.event_time),
            call: call(&event.event_source, &event.event_name),
            address: Plain::of(&event.source_ip_address),
            id: Plain::from(event.event_id.as_deref()),
        };
        Self {
            class: badge(finding.severity),
            detector: finding.detector,
            title: Plain::of(&finding.title),
            reason: Plain::clipped(&finding.reason, 2_000),
            elsewhere: finding.elsewhere.as_ref().map(|told| {
                let background = case.incident.background.as_ref();
                ElsewhereView::of(&places::subject(&finding.origin, background), told)
            }),
            habit: Plain::from(finding.habit.as_deref()),
            confidence: words::confidence(finding.confidence),
            id: Plain::of(&finding.id),
            techniques: finding
                .techniques
                .iter()
                .map(|technique| format!("{} {}", technique.id, technique.name))
                .collect(),
            evidence: finding.evidence.iter().take(shown).map(event).collect(),
            evidence_left_out: finding.evidence_left_out + hidden,
        }
    }
}

impl PathView {
    /// The view of a path that has hops.
    fn of(path: &Path<'_>) -> Option<Self> {
        let chain = path.chain?;
        let shown = chain.branches.len().min(BRANCHES_SHOWN_MAX);
        let at_least = if chain.at_least { "at least " } else { "" };
        let rows = |roles| rungs(roles, PATH_HOPS_SHOWN_MAX).iter().map(HopRow::of).collect();
        Some(Self {
            summary: format!(
                "{at_least}{}, of which {}",
                words::counted(u64::from(chain.hops), "hop"),
                words::counted(u64::from(chain.chained_calls), "chained call"),
            ),
            rows: rows(chain.roles.as_slice()),
            branches: chain.branches.iter().take(shown).map(|branch| rows(branch)).collect(),
            branches_left_out: chain.branches_left_out + (chain.branches.len() - shown) as u64,
        })
    }
}

impl HopRow {
    fn of(rung: &Rung<'_>) -> Self {
        match rung {
            Rung::Hop(hop) => Self::of_hop(hop),
            Rung::Left(number) => Self {
                gap: Plain::of(&format!("… {} not shown …", words::counted(*number as u64, "hop"))),
                class: "is-gap",
                hop: String::new(),
                call: Plain::default(),
                role: Plain::default(),
                role_arn: Plain::default(),
                session: Plain::default(),
                key: Plain::default(),
                time: String::new(),
                address: Plain::default(),
                event: Plain::default(),
                doubt: "",
            },
        }
    }

    fn of_hop(hop: &Hop) -> Self {
        Self {
            class: hop_class(hop.hop),
            gap: Plain::default(),
            hop: hop.hop.to_string(),
            call: Plain::of(&hop.event_name),
            role: Plain::of(words::last_part(&hop.role_arn)),
            role_arn: Plain::of(&hop.role_arn),
            session: Plain::of(&hop.role_session_name),
            key: Plain::from(hop.access_key_id.as_deref()),
            time: words::second(hop.event_time),
            address: Plain::of(&hop.source_ip_address),
            event: Plain::from(hop.event_id.as_deref()),
            doubt: match hop.confidence {
                Confidence::High => "",
                confidence @ (Confidence::Low | Confidence::Medium) => {
                    words::doubt(confidence).unwrap_or_default()
                }
            },
        }
    }
}

impl LeftView {
    fn of(left: &LeftBehind) -> Self {
        Self {
            class: hop_class(left.hop),
            hop: left.hop,
            call: call(&left.event_source, &left.event_name),
            name: Plain::of(&left.name),
            key: Plain::from(left.access_key_id.as_deref().filter(|key| *key != &*left.name)),
            kind: Plain::of(left.kind),
            remarks: Plain::of(&left.remarks.join(", ")),
            account: Plain::of(&left.account_id),
            time: words::second(left.event_time),
            technique: format!("{} {}", left.technique.id, left.technique.name),
            event: Plain::from(left.event_id.as_deref()),
        }
    }
}

impl MomentView {
    fn of(moment: &Moment) -> Self {
        Self {
            class: hop_class(moment.hop),
            is_key: moment.is_key_moment,
            first: words::second(moment.first),
            count: words::number(moment.count),
            hop: moment.hop,
            who: Plain::clipped(&moment.who, 120),
            call: call(&moment.event_source, &moment.event_name),
            error: Plain::clipped(&moment.error_code, 80),
            address: Plain::clipped(&moment.source_ip_address, 80),
            agent: Plain::clipped(&moment.user_agent, 120),
        }
    }
}

pub(super) fn call(event_source: &str, event_name: &str) -> Plain {
    Plain::clipped(&format!("{}:{event_name}", words::service(event_source)), 120)
}
