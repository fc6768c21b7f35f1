//! Joins sessions to the events that handed them out when no key does.
//!
//! Console and Identity Center sessions use many keys that no event names. They share principal
//! and creation date, and the creation date is the time of the event that handed them out.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use cloudtrail::{Arn, Timestamp};
use evidence::{IdentityKind, IssuanceKind};
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::draft::{Drafts, SKEW_SECS};
use crate::issued::Issued;
use crate::node::{Join, Node, NodeKey};

/// Seconds between a weak match of names and the creation date.
const WEAK_SECS: i64 = 5;

/// Nodes after keys of one session have become one node.
pub(crate) struct Joined<'e> {
    drafts: Drafts<'e>,
    /// The node that each node became part of, or itself.
    alias: Vec<usize>,
}

/// Joins what has no key in common.
pub(crate) fn join<'e>(drafts: Drafts<'e>, issued: &[Issued<'e>]) -> Joined<'e> {
    let alias = (0..drafts.nodes.len()).collect();
    let mut joined = Joined { drafts, alias };
    let loose = joined.gather_sessions();
    let index = Index::of(issued, &joined.drafts);
    for node in loose {
        joined.find_issuance(node, &index, issued);
    }
    joined
}

/// Hand-outs with their times, which they are in the order of, by a name.
type Times<N> = HashMap<N, Vec<(Timestamp, usize)>, RandomState>;

/// Hand-outs by the names that a session can be found with.
#[derive(Default)]
struct Index<'e> {
    /// By principal of the credential that was handed out.
    by_principal: Times<&'e str>,
    /// By role and session name, for services whose events name no principal.
    by_session: Times<(&'e str, &'e str)>,
    /// Sign-ins by the principal that signed in.
    by_sign_in: Times<&'e str>,
    /// Node of a hand-out whose key was never used.
    unused: HashMap<(Timestamp, &'e str), usize, RandomState>,
}

impl<'e> Index<'e> {
    fn of(issued: &[Issued<'e>], drafts: &Drafts<'e>) -> Self {
        let mut index = Self::default();
        for (number, handed_out) in issued.iter().enumerate() {
            index.insert(number, handed_out);
        }
        for (number, node) in drafts.nodes.iter().enumerate() {
            let is_used = drafts.is_used.get(number).copied().unwrap_or_default();
            if let (false, Some(issued)) = (is_used, &node.issued) {
                let issuance = issued.issuance;
                let name = (issuance.event.event_time, &*issuance.access_key_id);
                index.unused.insert(name, number);
            }
        }
        index
    }

    fn insert(&mut self, number: usize, issued: &Issued<'e>) {
        let issuance = issued.issuance;
        let at = (issuance.event.event_time, number);
        match issuance.kind {
            IssuanceKind::ConsoleLogin
            | IssuanceKind::GetSigninToken
            | IssuanceKind::SwitchRole => {
                self.by_sign_in.entry(&issuance.caller.principal_id).or_default().push(at);
            }
            IssuanceKind::GetSessionToken => {
                self.by_principal.entry(&issuance.caller.principal_id).or_default().push(at);
            }
            IssuanceKind::GetRoleCredentials | IssuanceKind::CreateAccessKey => {}
            IssuanceKind::AssumeRole
            | IssuanceKind::AssumeRoleWithSaml
            | IssuanceKind::AssumeRoleWithWebIdentity
            | IssuanceKind::AssumeRoot
            | IssuanceKind::CreateSession
            | IssuanceKind::GetCredentialsForIdentity
            | IssuanceKind::GetFederationToken => {
                let principal_id = issued.principal_id();
                if !principal_id.is_empty() {
                    self.by_principal.entry(principal_id).or_default().push(at);
                } else if let Some(role) =
                    Arn::parse(&issuance.role_arn).and_then(|a| a.role_name())
                {
                    let name = (role, &*issuance.role_session_name);
                    self.by_session.entry(name).or_default().push(at);
                }
            }
        }
    }
}

/// The candidates that lie closest to `date`, within `within_secs`.
fn closest(
    candidates: Option<&Vec<(Timestamp, usize)>>,
    date: Timestamp,
    within_secs: i64,
) -> Vec<usize> {
    let Some(candidates) = candidates else {
        return Vec::new();
    };
    // Hand-outs are in the order of their times.
    let start = candidates.partition_point(|(time, _)| time.0 < date.0.saturating_sub(within_secs));
    let near = candidates.iter().skip(start);
    let near: Vec<_> =
        near.take_while(|(time, _)| time.seconds_since(date) <= within_secs).collect();
    let distance = |time: &Timestamp| time.seconds_since(date).abs();
    let best = near.iter().map(|(time, _)| distance(time)).min();
    near.iter()
        .filter(|(time, _)| Some(distance(time)) == best)
        .map(|(_, number)| *number)
        .collect()
}

impl<'e> Joined<'e> {
    /// Makes the keys of one session one node; gives the nodes that no event handed out so far.
    fn gather_sessions(&mut self) -> Vec<usize> {
        let mut without_event = Vec::new();
        for members in sessions(&self.drafts.nodes) {
            let has_event = |index: &usize| {
                self.drafts.nodes.get(*index).is_some_and(|node| node.issued.is_some())
            };
            let (named, loose): (Vec<usize>, Vec<usize>) = members.partition(has_event);
            let head = match (named.as_slice(), loose.first()) {
                ([only], Some(_)) => *only,
                (_, Some(first)) => {
                    without_event.push(*first);
                    *first
                }
                (_, None) => continue,
            };
            // A key that was never used leaves principal and date to tell whose session this is.
            let is_used = self.drafts.is_used.get(head).copied().unwrap_or_default();
            if let Some(head) = self.drafts.nodes.get_mut(head).filter(|_| !is_used) {
                head.join = head.join.min(Join::Strong);
            }
            for member in loose {
                self.absorb(member, head);
            }
        }
        without_event
    }

    /// Makes `member` part of `head`.
    fn absorb(&mut self, member: usize, head: usize) {
        if member == head {
            return;
        }
        let Some(node) = self.drafts.nodes.get(member) else {
            return;
        };
        let (keys, attributes) = (node.access_key_ids.clone(), node.attributes.clone());
        let unused_key = node.unused_key_id.clone();
        let (kind, arn, account_id) =
            (node.kind, Arc::clone(&node.arn), Arc::clone(&node.account_id));
        if let Some(head) = self.drafts.nodes.get_mut(head) {
            head.access_key_ids.extend(keys);
            head.unused_key_id = head.unused_key_id.take().or(unused_key);
            head.attributes.merge(attributes);
            if head.kind == IdentityKind::Unknown {
                (head.kind, head.arn, head.account_id) = (kind, arn, account_id);
            }
        }
        if let Some(alias) = self.alias.get_mut(member) {
            *alias = head;
        }
    }

    fn find_issuance(&mut self, index: usize, names: &Index<'e>, issued: &[Issued<'e>]) {
        let Some((candidates, join)) =
            self.drafts.nodes.get(index).and_then(|node| candidates(node, names))
        else {
            return;
        };
        let found: Vec<&Issued<'e>> =
            candidates.iter().filter_map(|number| issued.get(*number)).collect();
        let Some(first) = found.first().copied() else {
            return;
        };
        let is_one_caller =
            found.iter().all(|other| other.issuance.caller == first.issuance.caller);
        let join = if is_one_caller { join } else { Join::Weak };
        let unused_key = (first.issuance.event.event_time, &*first.issuance.access_key_id);
        if let Some(node) = self.drafts.nodes.get_mut(index) {
            node.issued = Some(first.clone());
            node.join = join;
        }
        // A key that was handed out and never used stands for the session that was.
        if let ([_], Some(unused)) = (found.as_slice(), names.unused.get(&unused_key)) {
            self.absorb(*unused, index);
        }
    }

    /// Closes the gaps that joined nodes left.
    /// Gives the nodes, and the node of each credential.
    pub(crate) fn into_nodes(self) -> (Vec<Node<'e>>, Vec<Option<usize>>) {
        let Self { drafts, alias } = self;
        let mut renumbered = Vec::with_capacity(alias.len());
        let mut n_kept = 0_usize;
        for (index, head) in alias.iter().enumerate() {
            renumbered.push(n_kept);
            n_kept += usize::from(index == *head);
        }
        // A node that joined a head may lie before it, so that heads are looked up afterwards.
        let head_of = |index: usize| {
            let mut at = index;
            while let Some(next) = alias.get(at).copied().filter(|next| *next != at) {
                at = next;
            }
            renumbered.get(at).copied().unwrap_or_default()
        };
        let by_credential = drafts.by_credential.iter().map(|slot| slot.map(head_of)).collect();
        let is_head = |(index, _): &(usize, Node<'e>)| alias.get(*index) == Some(index);
        let nodes =
            drafts.nodes.into_iter().enumerate().filter(is_head).map(|(_, node)| node).collect();
        (nodes, by_credential)
    }
}

/// The nodes of each session, which lie side by side: keys are in order.
fn sessions(nodes: &[Node<'_>]) -> Vec<Range<usize>> {
    fn session<'a>(node: &'a Node<'_>) -> Option<(&'a str, Timestamp)> {
        let date = node.creation_date()?;
        Some((&**node.principal_id(), date)).filter(|(principal_id, _)| !principal_id.is_empty())
    }
    let mut start = 0;
    let mut sessions = Vec::new();
    for run in nodes.chunk_by(|left, right| session(left) == session(right)) {
        let end = start + run.len();
        if run.first().and_then(session).is_some() {
            sessions.push(start..end);
        }
        start = end;
    }
    sessions
}

/// The hand-outs that may be the one of a session without key, strongest evidence first.
fn candidates(node: &Node<'_>, names: &Index<'_>) -> Option<(Vec<usize>, Join)> {
    let NodeKey::Temporary { principal_id, creation_date: Some(date), .. } = &node.key else {
        return None;
    };
    let by_principal = closest(names.by_principal.get(&**principal_id), *date, SKEW_SECS);
    if !by_principal.is_empty() {
        return Some((by_principal, Join::Strong));
    }
    let sign_ins = names.by_sign_in.get(&**principal_id);
    for (within_secs, join) in [(SKEW_SECS, Join::Strong), (WEAK_SECS, Join::Weak)] {
        let found = closest(sign_ins, *date, within_secs);
        if !found.is_empty() {
            return Some((found, join));
        }
    }
    let session = Arn::parse(&node.arn)?.role_session()?;
    let name = (session.role_name, session.role_session_name);
    let found = closest(names.by_session.get(&name), *date, WEAK_SECS);
    (!found.is_empty()).then_some((found, Join::Weak))
}
