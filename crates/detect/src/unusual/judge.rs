//! Goes through sessions day by day: judges each by the days before, then learns from it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::mem;

use cloudtrail::Timestamp;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use lineage::OriginKind;

use super::bits::{BIT, Chance};
use super::feature::{Category, Feature};
use super::groups::{Groups, Member};
use super::parts::{access, most, most_of, stranger, surprise, tail};
use super::population::{Populations, Seen};
use super::reading::Reading;
use super::session::{Session, Sessions, Unit};
use super::told;
use super::weigh::{Part, RARE, Weighed};
use super::{Judged, Judgement};
use crate::context::Context;
use crate::habits::HISTORY_DAYS;
use crate::kin::SHARED_BY;
use crate::limits::UNUSUAL_MAX;
use crate::settings::Accepted;

/// Weights of what was seen in one's own past, in sessions of the same role, in those of peers and
/// in those of its kind: what peers do all the time is at most a mild surprise.
const WEIGHTS: [u64; 4] = [4, 3, 1, 1];

/// Sessions of one kind of origin from which on they can stand in for a past.
const EVERYONE_MIN: u32 = 30;

/// One in so many sessions of one's own past: what is as frequent is no surprise, whatever others
/// do.
const USUAL_SHARE: u32 = 8;

/// Most that one more actor of a role that many share can surprise.
const SHARED_MAX: u32 = 3 * BIT;

/// Most that the hour of the day can surprise: it never counts as rare.
const HOURS_MAX: u32 = 4 * BIT;

/// Reasons to doubt what a unit did: it belongs to what another detector found.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    /// Nodes that units begin at.
    pub(crate) heads: BTreeSet<usize>,
    /// First and last day.
    pub(crate) days: (i64, i64),
}

/// What sessions are judged by, before anybody doubts them.
#[derive(Debug)]
pub(crate) struct Material<'e> {
    groups: Groups,
    reading: Reading<'e>,
    sessions: Sessions,
}

impl<'e> Material<'e> {
    pub(crate) fn of(context: &Context<'e>) -> Self {
        let groups = Groups::of(context);
        let mut reading = Reading::of(context.evidence(), context.settings);
        let sessions = Sessions::of(context, &groups, &mut reading);
        Self { groups, reading, sessions }
    }
}

/// Judges every session of `context`; what `doubts` cover teaches nothing.
pub(crate) fn judge<'e>(context: &Context<'e>, doubts: &[Doubt]) -> Judgement<'e> {
    let Material { groups, reading, sessions } = context.material();
    let mut judge = Judge {
        context,
        groups,
        reading,
        sessions,
        populations: Populations::of(groups.len()),
        actors: HashMap::default(),
        first_days: HashMap::default(),
        doubted: doubted(sessions, doubts),
        most: alloc::vec![None; sessions.all.len()],
        drafts: Vec::new(),
        judgement: Judgement::default(),
    };
    judge.live();
    let mut judgement = judge.told();
    for (unit, is_doubted) in sessions.units.iter().zip(&judge.doubted) {
        if *is_doubted {
            judgement.untrained.extend(nodes_of(sessions, unit));
        }
    }
    judgement
}

/// Whether each unit is doubted.
fn doubted(sessions: &Sessions, doubts: &[Doubt]) -> Vec<bool> {
    let mut by_head: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
    for doubt in doubts {
        doubt.heads.iter().for_each(|head| by_head.entry(*head).or_default().push(doubt.days));
    }
    let is_in = |unit: &Unit| {
        let spans = by_head.get(&unit.head);
        spans.is_some_and(|spans| spans.iter().any(|(a, b)| (*a..=*b).contains(&unit.day)))
    };
    sessions.units.iter().map(is_in).collect()
}

fn nodes_of(sessions: &Sessions, unit: &Unit) -> Vec<usize> {
    let nodes = unit.sessions.iter().filter_map(|at| sessions.all.get(*at));
    nodes.map(|session| session.node).collect()
}

struct Judge<'a, 'e> {
    context: &'a Context<'e>,
    groups: &'a Groups,
    reading: &'a Reading<'e>,
    sessions: &'a Sessions,
    populations: Populations,
    /// Actors of each kind that each role was learned to have.
    actors: HashMap<(u32, OriginKind), u32, RandomState>,
    /// The first day of each path that nobody doubted.
    first_days: HashMap<u32, i64, RandomState>,
    /// Units that teach nothing.
    doubted: Vec<bool>,
    /// The most surprising thing of each category of each session that was judged, in whole bits.
    most: Vec<Option<[u8; Category::COUNT]>>,
    /// What is worth a finding.
    drafts: Vec<Draft<'e>>,
    judgement: Judgement<'e>,
}

/// A unit that is worth a finding.
struct Draft<'e> {
    /// Its place among the units.
    unit: usize,
    weighed: Weighed,
    accepted: Option<&'e Accepted>,
}

impl<'e> Judge<'_, 'e> {
    /// What was found, with words for as much of it as is listed.
    fn told(&mut self) -> Judgement<'e> {
        let mut judgement = mem::take(&mut self.judgement);
        // Units are numbered by time.
        self.drafts.sort_by_key(|draft| {
            (draft.accepted.is_some(), Reverse(draft.weighed.score), draft.unit)
        });
        judgement.n_left_out = self.drafts.len().saturating_sub(UNUSUAL_MAX);
        let drafts = mem::take(&mut self.drafts).into_iter().take(UNUSUAL_MAX);
        judgement.units = drafts.filter_map(|draft| self.judged(draft)).collect();
        judgement
    }

    fn judged(&self, draft: Draft<'e>) -> Option<Judged<'e>> {
        let Draft { unit, weighed, accepted } = draft;
        let unit = self.sessions.units.get(unit)?;
        Some(Judged {
            head: unit.head,
            day: unit.is_daily.then_some(unit.day),
            start: unit.start,
            nodes: nodes_of(self.sessions, unit),
            told: told::told(self.context, self.reading, unit, &weighed),
            weighed,
            accepted,
        })
    }

    fn live(&mut self) {
        let mut by_day: BTreeMap<i64, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, unit) in self.sessions.units.iter().enumerate() {
            by_day.entry(unit.day).or_default().0.push(at);
        }
        for (at, session) in self.sessions.all.iter().enumerate() {
            by_day.entry(session.day).or_default().1.push(at);
        }
        for (day, (units, mut sessions)) in by_day {
            for at in units {
                self.look_at(at, day);
            }
            sessions.sort_unstable_by_key(|at| {
                let session = self.sessions.all.get(*at);
                session.map(|session| (session.unit, session.node))
            });
            for at in sessions {
                self.learn(at, day);
            }
        }
    }

    /// Judges one unit by the days before `day`.
    fn look_at(&mut self, at: usize, day: i64) {
        let Some(unit) = self.sessions.units.get(at) else {
            return;
        };
        let mut parts = Vec::new();
        for at in &unit.sessions {
            let Some(session) = self.sessions.all.get(*at) else {
                continue;
            };
            let since = self.context.habits.known_since(session.node);
            let is_known = since.is_some_and(|since| day - since.day() >= HISTORY_DAYS);
            let mut found = Vec::new();
            let is_judged = is_known && self.session(session, day, &mut found);
            if let Some(slot) = self.most.get_mut(*at).filter(|_| is_judged) {
                *slot = Some(most(&found));
            }
            let role = self.groups.member(session.node).role;
            for part in &mut found {
                self.temper(role, part, day);
            }
            parts.append(&mut found);
            self.judgement.n_judged += u64::from(is_judged);
            self.judgement.n_unjudged += u64::from(!is_judged);
        }
        let weighed = Weighed::of(&parts);
        if !weighed.is_told() {
            return;
        }
        let nodes = nodes_of(self.sessions, unit);
        let accepted = told::accepted(self.context, unit.start, unit.head, &nodes);
        let is_doubtful = weighed.is_doubtful() || accepted.is_some();
        if let Some(slot) = self.doubted.get_mut(at).filter(|_| is_doubtful) {
            *slot = true;
        }
        self.drafts.push(Draft { unit: at, weighed, accepted });
    }

    /// Adds what is unusual about a session; tells whether it could be judged at all.
    fn session(&self, session: &Session, day: i64, parts: &mut Vec<Part>) -> bool {
        let member = self.groups.member(session.node);
        let features = self.sessions.features(session);
        let mut is_judged = false;
        for feature in features.iter().filter(|feature| !self.reading.is_taking(**feature)) {
            let seen = |population| self.populations.seen(population, *feature, day);
            let own = seen(member.own);
            if own.is_some_and(|own| own.with.saturating_mul(USUAL_SHARE) >= own.of) {
                is_judged = true;
                continue;
            }
            let (role, peers) = (seen(member.role), seen(member.peers));
            let has_past = own.is_some() || role.is_some();
            let everyone = if has_past || !feature.category.is_universal() {
                None
            } else {
                seen(member.everyone).filter(|everyone| everyone.of >= EVERYONE_MIN)
            };
            if !has_past && everyone.is_none() {
                continue;
            }
            is_judged = true;
            let others = self.populations.departing(member.everyone, feature.category, day);
            let known = [
                own.map(|seen| seen.chance_among(others)),
                role.map(|seen| seen.chance_among(others)),
                // Where all of its kind stand in, few peers do not hold them back.
                peers.map(|seen| {
                    everyone.map_or_else(|| seen.chance(), |all| seen.chance_among(all.chance()))
                }),
                everyone.map(Seen::chance),
            ];
            let mut surprise = surprise(known, WEIGHTS);
            if feature.category == Category::Hours {
                surprise = surprise.min(HOURS_MAX);
            }
            if feature.category == Category::Origin && self.is_shared(member) {
                surprise = surprise.min(SHARED_MAX);
            }
            let (feature, node) = (*feature, session.node);
            parts.push(Part { feature, node, surprise, own, role, peers, everyone });
        }
        let strangers = self.populations.departing(member.everyone, Category::Stranger, day);
        stranger(features, &session.by_client, parts, strangers.surprise());
        if session.is_access {
            let access = self.access(session.node, member, day);
            is_judged |= access.is_some();
            parts.extend(access);
        }
        is_judged
    }

    /// Lowers the surprise of `part` to that of a session of its role that surprises as much in
    /// any way of the same category: of many calls some one is rare in most sessions.
    fn temper(&self, role: u32, part: &mut Part, day: i64) {
        let [judged, as_much] = [0, part.surprise / BIT].map(|bits| {
            let feature = most_of(part.feature.category, bits);
            self.populations.count(role, feature, day)
        });
        if as_much > 0 {
            part.surprise = part.surprise.min(Chance::of(as_much, judged).surprise());
        }
    }

    /// How unusual it is that this origin took this role.
    fn access(&self, node: usize, member: Member, day: i64) -> Option<Part> {
        let [taken, took] = access(member);
        let own = self.populations.seen(member.hops, took, day);
        let role = self.populations.seen(member.role, taken, day);
        let known = [own.map(Seen::chance), role.map(Seen::chance)];
        let mut surprise = surprise(known, [1, 1]);
        if own.is_none() && role.is_none() {
            return None;
        }
        // Of a role that few ever took nobody knows who else may.
        if role.is_none() {
            surprise = surprise.min(RARE);
        }
        if self.is_shared(member) {
            surprise = surprise.min(SHARED_MAX);
        }
        let (peers, everyone) = (None, None);
        Some(Part { feature: taken, node, surprise, own, role, peers, everyone })
    }

    /// Whether many actors of the same kind have the role.
    fn is_shared(&self, member: Member) -> bool {
        let actors = self.actors.get(&(member.role, member.kind)).copied().unwrap_or_default();
        actors as usize >= SHARED_BY
    }

    /// Learns from a session, unless somebody doubts it.
    fn learn(&mut self, at: usize, day: i64) {
        let Some(session) = self.sessions.all.get(at) else {
            return;
        };
        let member = self.groups.member(session.node);
        if self.doubted.get(session.unit).is_none_or(|is_doubted| *is_doubted) {
            return;
        }
        // What is done on the first day of a path may be a thief's: it waits for a second one,
        // unless the logs themselves begin.
        let since = self.context.habits.known_since(session.node).map(Timestamp::day);
        let first_day = *self.first_days.entry(member.own).or_insert(day);
        if first_day == day && since.is_some_and(|since| day - since >= HISTORY_DAYS) {
            return;
        }
        for population in [member.own, member.role, member.peers, member.everyone] {
            self.populations.enter(population, day);
        }
        if session.is_access {
            self.populations.enter(member.hops, day);
        }
        let features = self.sessions.features(session);
        let actor = Feature { category: Category::Origin, value: member.actor };
        let [taken, took] = access(member);
        let newcomer = if session.is_access { taken } else { actor };
        let is_actor = session.is_access || features.contains(&actor);
        if is_actor && self.populations.count(member.role, newcomer, day) == 0 {
            *self.actors.entry((member.role, member.kind)).or_default() += 1;
        }
        let departure = self.populations.teach(member.own, features, day);
        let most = self.most.get(at).copied().flatten();
        let is_stranger = most.is_some_and(|most| most.get(Category::Stranger as usize) > Some(&0));
        let departure = if is_stranger { departure.with(Category::Stranger) } else { departure };
        self.populations.depart(member.everyone, departure, day);
        for population in [member.role, member.peers] {
            self.populations.teach(population, features, day);
        }
        let is_universal = |feature: &&Feature| feature.category.is_universal();
        let universal: Vec<Feature> = features.iter().filter(is_universal).copied().collect();
        self.populations.teach(member.everyone, &universal, day);
        if let Some(most) = most {
            self.populations.remember(member.role, &tail(most), day);
        }
        if session.is_access {
            self.populations.teach(member.hops, &[took], day);
            self.populations.teach(member.role, &[taken], day);
        }
    }
}
