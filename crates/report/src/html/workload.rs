//! The workload that an incident begins at, and where its credentials belong and were used.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Background, Elsewhere, ForeignUse, HomeUse, KnownAddress};

use super::badge;
use super::plain::Plain;
use crate::limits::HTML_PLACES_MAX;
use crate::places::{self, Calls};
use crate::table::background::{lineage, metadata};
use crate::words;

/// What is known about a workload.
pub(super) struct BackgroundView {
    pub(super) name: Plain,
    pub(super) tag: Plain,
    pub(super) facts: Vec<(&'static str, Plain)>,
    pub(super) addresses: Vec<AddressView>,
    pub(super) launched: Option<LaunchView>,
    pub(super) terminated: String,
    pub(super) metadata: Plain,
    pub(super) sessions: Vec<SessionView>,
    pub(super) sessions_left_out: u64,
    pub(super) changes: Vec<ChangeView>,
    pub(super) changes_left_out: u64,
}

/// An address that a workload is known by.
pub(super) struct AddressView {
    pub(super) address: Plain,
    pub(super) because: Plain,
    pub(super) times: String,
}

/// A launch.
pub(super) struct LaunchView {
    pub(super) time: String,
    pub(super) who: Plain,
    pub(super) address: Plain,
    pub(super) lineage: Plain,
    pub(super) event: Plain,
}

/// A session.
pub(super) struct SessionView {
    pub(super) time: String,
    pub(super) keys: Plain,
    pub(super) calls: String,
    pub(super) places: Plain,
}

/// A change of the workload.
pub(super) struct ChangeView {
    pub(super) time: String,
    pub(super) call: Plain,
    pub(super) what: Plain,
    pub(super) who: Plain,
    pub(super) address: Plain,
    pub(super) event: Plain,
}

/// Where credentials belong and where they were used.
pub(super) struct ElsewhereView {
    pub(super) subject: Plain,
    pub(super) home: Vec<HomeView>,
    pub(super) home_left_out: usize,
    pub(super) foreign: Vec<ForeignView>,
    pub(super) foreign_left_out: u64,
}

/// A place of one's own.
pub(super) struct HomeView {
    pub(super) place: Plain,
    pub(super) because: Plain,
    pub(super) span: String,
    pub(super) calls: String,
}

/// A place that the credentials do not belong to.
pub(super) struct ForeignView {
    pub(super) class: &'static str,
    pub(super) place: Plain,
    pub(super) locality: Plain,
    pub(super) span: String,
    pub(super) clients: Plain,
    pub(super) number: String,
    pub(super) names: Plain,
    pub(super) keys: Plain,
    pub(super) signs: Plain,
    pub(super) because: Plain,
    pub(super) ruled_out: Plain,
    pub(super) confidence: &'static str,
}

impl BackgroundView {
    /// The view of `background`.
    pub(super) fn of(background: &Background) -> Self {
        let name = background.instance_id.as_deref().or(background.role_arn.as_deref());
        let groups: Vec<&str> = background.security_group_ids.iter().map(AsRef::as_ref).collect();
        let groups = groups.join(", ");
        let facts = [
            ("account", background.account_id.as_deref()),
            ("region", background.region.as_deref()),
            ("VPC", background.vpc_id.as_deref()),
            ("subnet", background.subnet_id.as_deref()),
            ("image", background.image_id.as_deref()),
            ("groups", Some(&*groups)),
            ("role", background.role_arn.as_deref()),
            ("profile", background.instance_profile.as_deref()),
        ];
        let known = facts.into_iter().filter_map(|(word, fact)| Some((word, fact?)));
        let addresses = background.addresses.iter().take(HTML_PLACES_MAX);
        Self {
            name: Plain::from(name),
            tag: Plain::clipped(background.name.as_deref().unwrap_or_default(), 120),
            facts: known
                .filter(|(_, fact)| !fact.is_empty() && Some(*fact) != name)
                .map(|(word, fact)| (word, Plain::clipped(fact, 200)))
                .collect(),
            addresses: addresses.map(AddressView::of).collect(),
            launched: LaunchView::of(background),
            terminated: background.terminated_at.map(words::second).unwrap_or_default(),
            metadata: Plain::of(&metadata(background)),
            sessions: background.sessions.iter().map(SessionView::of).collect(),
            sessions_left_out: background.sessions_left_out,
            changes: background.changes.iter().map(ChangeView::of).collect(),
            changes_left_out: background.changes_left_out,
        }
    }
}

impl AddressView {
    fn of(known: &KnownAddress) -> Self {
        let times = [("since", known.since), ("until", known.until)];
        let times = times
            .iter()
            .filter_map(|(word, time)| time.map(|time| format!("{word} {}", words::second(time))));
        Self {
            address: Plain::clipped(&known.address, 120),
            because: Plain::of(&known.because),
            times: times.collect::<Vec<_>>().join(", "),
        }
    }
}

impl LaunchView {
    fn of(background: &Background) -> Option<Self> {
        let Some(launch) = &background.launch else {
            return background.launched_at.map(|time| Self {
                time: words::second(time),
                who: Plain::default(),
                address: Plain::default(),
                lineage: Plain::of("by a call that is not in these logs"),
                event: Plain::default(),
            });
        };
        let who = launch.principal_arn.as_deref().map(places::principal);
        Some(Self {
            time: words::second(launch.event_time),
            who: Plain::from(who),
            address: Plain::clipped(&launch.source_ip_address, 120),
            lineage: Plain::of(&lineage(launch)),
            event: Plain::from(launch.event_id.as_deref()),
        })
    }
}

impl SessionView {
    fn of(session: &detect::WorkloadSession) -> Self {
        let keys: Vec<&str> = session.access_key_ids.iter().map(AsRef::as_ref).collect();
        Self {
            time: session.issued_at.map(words::second).unwrap_or_default(),
            keys: Plain::of(&keys.join(", ")),
            calls: words::number(session.calls),
            places: Plain::of(&session.places.join(", ")),
        }
    }
}

impl ChangeView {
    fn of(change: &detect::BackgroundChange) -> Self {
        Self {
            time: words::second(change.event_time),
            call: super::incident::call(&change.event_source, &change.event_name),
            what: Plain::of(&change.what),
            who: Plain::from(change.principal_arn.as_deref().map(places::principal)),
            address: Plain::clipped(&change.source_ip_address, 120),
            event: Plain::from(change.event_id.as_deref()),
        }
    }
}

impl ElsewhereView {
    /// The view of `told`, which is about `subject`.
    pub(super) fn of(subject: &str, told: &Elsewhere) -> Self {
        let foreign = told.foreign.len().min(HTML_PLACES_MAX);
        Self {
            subject: Plain::clipped(subject, 160),
            home: told.home.iter().take(HTML_PLACES_MAX).map(HomeView::of).collect(),
            home_left_out: told.home.len().saturating_sub(HTML_PLACES_MAX),
            foreign: told.foreign.iter().take(foreign).map(ForeignView::of).collect(),
            foreign_left_out: told.foreign_left_out + (told.foreign.len() - foreign) as u64,
        }
    }
}

impl HomeView {
    fn of(home: &HomeUse) -> Self {
        Self {
            place: Plain::of(&places::name(&home.place)),
            because: Plain::of(&home.because),
            span: words::span(home.first_seen, home.last_seen),
            calls: words::calls(home.calls),
        }
    }
}

impl ForeignView {
    fn of(foreign: &ForeignUse) -> Self {
        let calls = Calls::of(foreign);
        let keys: Vec<&str> = foreign.access_key_ids.iter().map(AsRef::as_ref).collect();
        Self {
            class: badge(foreign.severity),
            place: Plain::of(&places::name(&foreign.place)),
            locality: Plain::from(foreign.locality.as_ref().map(places::locality).as_deref()),
            span: words::span(foreign.first_seen, foreign.last_seen),
            clients: Plain::of(&foreign.clients.join(", ")),
            number: calls.number,
            names: Plain::of(&calls.names),
            keys: Plain::of(&keys.join(", ")),
            signs: Plain::of(&places::signs(foreign)),
            because: Plain::clipped(&foreign.because.join(" "), 1_200),
            ruled_out: Plain::clipped(&foreign.ruled_out.join(" "), 1_200),
            confidence: words::confidence(foreign.confidence),
        }
    }
}
