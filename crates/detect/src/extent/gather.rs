//! Puts the extent of a lineage together.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::cmp::Reverse;

use cloudtrail::{Arn, Timestamp};
use evidence::{ArtifactKind, Change, IdentityKind, IssuanceKind};
use lineage::{Node, Step};

use super::keys::{self, Statuses};
use super::left::{self, Slot};
use super::others::{self, Digest};
use super::{Extent, Holder, Onward, RoleExtent, TrustEdge, UserExtent};
use crate::chain::arn_of;
use crate::context::Context;
use crate::limits::{EXTENT_CREDENTIALS_MAX, OTHERS_MAX, ROLE_SESSIONS_MAX};

/// Account and name of a role or user.
type Name = (Arc<str>, Arc<str>);

/// What extents look up, worked out once for all incidents.
pub(super) struct Index<'e> {
    /// Sessions of each role.
    roles: BTreeMap<Name, Vec<usize>>,
    /// Credentials of each user.
    users: BTreeMap<Name, Vec<usize>>,
    /// What was written to each thing that can be restored, by time.
    pub(super) writes: BTreeMap<Slot<'e>, Vec<&'e Change>>,
    digests: RefCell<BTreeMap<Name, Arc<Digest>>>,
    /// Which keys somebody made active or inactive last.
    statuses: Statuses<'e>,
}

impl<'e> Index<'e> {
    pub(super) fn of(context: &Context<'e>) -> Self {
        let mut roles: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        let mut users: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (number, node) in context.lineage.nodes().iter().enumerate() {
            if let Some(name) = role_of(node) {
                roles.entry(name).or_default().push(number);
            } else if let Some(name) = user_of(node) {
                users.entry(name).or_default().push(number);
            }
        }
        let mut writes: BTreeMap<Slot<'e>, Vec<&'e Change>> = BTreeMap::new();
        for change in context.changes.values().flatten().copied() {
            if let Some(slot) = left::slot(change) {
                writes.entry(slot).or_default().push(change);
            }
        }
        for changes in writes.values_mut() {
            changes.sort();
        }
        let statuses = keys::statuses(context);
        Self { roles, users, writes, digests: RefCell::default(), statuses }
    }

    /// The latest sessions of the role `name`.
    fn digest(&self, context: &Context<'e>, name: &Name) -> Arc<Digest> {
        if let Some(digest) = self.digests.borrow().get(name) {
            return Arc::clone(digest);
        }
        let mut nodes = self.roles.get(name).cloned().unwrap_or_default();
        nodes.sort_by_key(|node| {
            (Reverse(context.lineage.node(*node).and_then(Node::created)), *node)
        });
        nodes.truncate(ROLE_SESSIONS_MAX);
        let digest = Arc::new(Digest::of(context, &nodes));
        self.digests.borrow_mut().insert(name.clone(), Arc::clone(&digest));
        digest
    }
}

fn role_of(node: &Node<'_>) -> Option<Name> {
    node.role().map(|(account, name)| (account.into(), name.into()))
}

/// Account and name of the user that a credential belongs to.
fn user_of(node: &Node<'_>) -> Option<Name> {
    if let Some(arn) = Arn::parse(&node.arn) {
        return Some((arn.account_id.into(), arn.user_name()?.into()));
    }
    let issuance = node.issued.as_ref()?.issuance;
    let is_key = issuance.kind == IssuanceKind::CreateAccessKey && !issuance.user_name.is_empty();
    let account = &issuance.event.recipient_account_id;
    is_key.then(|| (Arc::clone(account), Arc::clone(&issuance.user_name)))
}

/// The extent of the lineage around `anchors`.
pub(super) fn extent<'e>(context: &Context<'e>, index: &Index<'e>, anchors: &[usize]) -> Extent {
    let mut members = BTreeSet::new();
    for anchor in anchors {
        members.extend(context.lineage.ancestry(*anchor));
        members.extend(context.lineage.descendants(*anchor));
    }
    let mut nodes: Vec<(usize, &Node<'e>)> = members
        .iter()
        .filter_map(|number| Some((*number, context.lineage.node(*number)?)))
        .collect();
    nodes.sort_by_key(|(number, node)| (node.parent.is_some(), node.created(), node.hop, *number));
    let ordered: Vec<usize> = nodes.iter().map(|(number, _)| *number).collect();
    let last_seen = nodes.iter().filter_map(|(number, node)| last_of(context, *number, node)).max();
    let lineage =
        Gathered { context, index, members, nodes, last_seen: last_seen.unwrap_or_default() };
    let (left_behind, left_behind_left_out) = left::left_behind(context, index, &ordered);
    let root = lineage.nodes.first().map(|(_, node)| *node);
    let issuance = root.and_then(|root| root.issued.as_ref()).map(|issued| issued.issuance);
    let known = |text: &Arc<str>| Some(Arc::clone(text)).filter(|text| !text.is_empty());
    let attributes = root.map(|root| &root.attributes);
    let federated = attributes.and_then(|attributes| attributes.federated_provider.clone());
    Extent {
        last_seen: lineage.last_seen,
        credentials_left_out: ordered.len().saturating_sub(EXTENT_CREDENTIALS_MAX) as u64,
        credentials: lineage.credentials(),
        roles: lineage.roles(),
        users: lineage.users(),
        edges: lineage.edges(),
        onward: lineage.onward(),
        left_behind,
        left_behind_left_out,
        provider: issuance.and_then(|issuance| known(&issuance.provider)).or(federated),
        identity_store_user_id: attributes.and_then(|attributes| attributes.on_behalf_of.clone()),
        region: issuance.and_then(|issuance| known(&issuance.event.aws_region)),
    }
}

fn last_of(context: &Context<'_>, number: usize, node: &Node<'_>) -> Option<Timestamp> {
    let used = context.uses_of(number).iter().map(|view| view.events.last).max();
    used.max(node.created())
}

struct Gathered<'c, 'e> {
    context: &'c Context<'e>,
    index: &'c Index<'e>,
    members: BTreeSet<usize>,
    nodes: Vec<(usize, &'c Node<'e>)>,
    last_seen: Timestamp,
}

impl<'e> Gathered<'_, 'e> {
    fn credentials(&self) -> Vec<Holder> {
        let holder = |(number, node): &(usize, &Node<'e>)| {
            let uses = self.context.uses_of(*number);
            let issuance = node.issued.as_ref().map(|issued| issued.issuance);
            Holder {
                kind: node.kind,
                issued_by: issuance.map(|issuance| issuance.kind),
                hop: node.hop,
                principal_arn: arn_of(node),
                principal_id: Arc::clone(node.principal_id()),
                account_id: Arc::clone(&node.account_id),
                access_key_ids: node.access_key_ids.iter().cloned().collect(),
                is_long_term: node.is_long_term(),
                created: node.created(),
                expires: issuance.and_then(|issuance| issuance.expiration),
                last_used: uses.iter().map(|view| view.events.last).max(),
            }
        };
        self.nodes.iter().take(EXTENT_CREDENTIALS_MAX).map(holder).collect()
    }

    fn roles(&self) -> Vec<RoleExtent> {
        let mut by_name: BTreeMap<Name, Vec<&Node<'e>>> = BTreeMap::new();
        for (_, node) in &self.nodes {
            if let Some(name) = role_of(node) {
                by_name.entry(name).or_default().push(node);
            }
        }
        let mut roles: Vec<RoleExtent> =
            by_name.into_iter().map(|(name, nodes)| self.role(name, &nodes)).collect();
        roles.sort_by_key(|role| (role.hop, role.last_issued));
        roles
    }

    fn role(&self, name: Name, nodes: &[&Node<'e>]) -> RoleExtent {
        let digest = self.index.digest(self.context, &name);
        let (others, others_left_out) = digest.others(&self.members, self.last_seen);
        let known = nodes.iter().find_map(|node| known_role_arn(node)).or_else(|| {
            let sessions = digest.sessions.iter();
            sessions.filter_map(|one| self.context.lineage.node(one.node)).find_map(known_role_arn)
        });
        let sessions: BTreeSet<Arc<str>> = nodes
            .iter()
            .map(|node| Arc::clone(node.principal_id()))
            .filter(|id| !id.is_empty())
            .collect();
        let life = |node: &&Node<'_>| {
            let issuance = node.issued.as_ref()?.issuance;
            Some(issuance.expiration?.seconds_since(issuance.event.event_time))
        };
        let slot = (&*name.0, ArtifactKind::TrustPolicy, &*name.1, "");
        let writes = self.index.writes.get(&slot).and_then(|writes| writes.last());
        RoleExtent {
            trust_policy: writes.map(|write| Arc::clone(&write.document)).unwrap_or_default(),
            is_arn_known: known.is_some(),
            arn: known.unwrap_or_else(|| made_up_arn(nodes, &name)),
            hop: nodes.iter().map(|node| node.hop).min().unwrap_or_default(),
            is_assumed: nodes.iter().any(|node| node.step == Step::Hop),
            sessions: sessions.into_iter().collect(),
            last_issued: nodes.iter().filter_map(|node| node.created()).max(),
            longest_session_secs: nodes.iter().filter_map(life).max(),
            others,
            others_left_out,
            account_id: name.0,
            name: name.1,
        }
    }

    fn users(&self) -> Vec<UserExtent> {
        let mut names: BTreeMap<Name, Vec<(usize, &Node<'e>)>> = BTreeMap::new();
        for (number, node) in self.nodes.iter().filter(|(_, node)| role_of(node).is_none()) {
            let is_federated = node.kind == IdentityKind::FederatedUser;
            let maker = node.parent.filter(|_| is_federated);
            let owner = maker.and_then(|parent| self.context.lineage.node(parent)).unwrap_or(node);
            if let Some(name) = user_of(owner) {
                names.entry(name).or_default().push((*number, node));
            }
        }
        names.into_iter().map(|(name, nodes)| self.user(name, &nodes)).collect()
    }

    fn user(&self, name: Name, nodes: &[(usize, &Node<'e>)]) -> UserExtent {
        let all = self.index.users.get(&name).map(Vec::as_slice).unwrap_or_default();
        let keys_of = |node: &Node<'_>| node.access_key_ids.iter().cloned().collect::<Vec<_>>();
        let is_long_term = |node: &&Node<'e>| node.is_long_term();
        let keys = nodes.iter().map(|(_, node)| *node).filter(is_long_term).flat_map(keys_of);
        let keys: BTreeSet<Arc<str>> = keys.collect();
        let mut others: BTreeSet<Arc<str>> = BTreeSet::new();
        for number in all.iter().filter(|number| !self.members.contains(number)) {
            let node = self.context.lineage.node(*number).filter(is_long_term);
            others.extend(node.map(keys_of).unwrap_or_default());
        }
        let (habits, others_left_out) =
            others::of_keys(self.context, all, &self.foreign_addresses(), self.last_seen);
        let makes = |change: &Change| {
            change.artifact == ArtifactKind::IamUser
                && change.name == name.1
                && *crate::artifact::account_of(change) == name.0
        };
        let mut made = self.members.iter().flat_map(|number| self.context.changes_of(*number));
        UserExtent {
            arn: nodes
                .iter()
                .map(|(_, node)| &node.arn)
                .find(|arn| arn.contains(":user/"))
                .cloned(),
            access_key_ids: keys.into_iter().collect(),
            inactive: keys::inactive(self.context, &self.index.statuses, nodes),
            other_access_key_ids: others.into_iter().collect(),
            is_created: made.any(|change| makes(change)),
            has_tokens: nodes.iter().any(|(_, node)| !node.is_long_term()),
            others: habits,
            others_left_out,
            account_id: name.0,
            name: name.1,
        }
    }

    /// Addresses that hops and their sessions were made from.
    fn foreign_addresses(&self) -> BTreeSet<Arc<str>> {
        let deep = self.nodes.iter().filter(|(_, node)| node.hop > 0);
        let used = deep.clone().flat_map(|(number, _)| self.context.uses_of(*number));
        let issued = deep.filter_map(|(_, node)| node.issued.as_ref());
        let issued = issued.map(|issued| &issued.issuance.event.source_ip_address);
        let all = used.map(|view| view.source.address).chain(issued);
        all.filter(|address| !address.is_empty()).cloned().collect()
    }

    fn edges(&self) -> Vec<TrustEdge> {
        let mut edges = BTreeSet::new();
        for (_, node) in self.nodes.iter().filter(|(_, node)| node.step == Step::Hop) {
            let parent = node.parent.and_then(|parent| self.context.lineage.node(parent));
            let from = parent.and_then(principal_of);
            if let (Some(from_arn), Some(role_arn)) = (from, principal_of(node)) {
                let is_self = from_arn == role_arn;
                edges.insert(TrustEdge {
                    hop: node.hop,
                    from_arn,
                    role_arn,
                    is_self,
                    is_mutual: false,
                });
            }
        }
        let pairs: BTreeSet<(Arc<str>, Arc<str>)> =
            edges.iter().map(|edge| (edge.from_arn.clone(), edge.role_arn.clone())).collect();
        let mut seen = BTreeSet::new();
        edges
            .into_iter()
            .filter(|edge| seen.insert((edge.from_arn.clone(), edge.role_arn.clone())))
            .map(|edge| {
                let back = (edge.role_arn.clone(), edge.from_arn.clone());
                TrustEdge { is_mutual: !edge.is_self && pairs.contains(&back), ..edge }
            })
            .collect()
    }

    /// Roles outside the lineage that sessions of its roles, or credentials of its users, assumed.
    fn onward(&self) -> Vec<Onward> {
        let inside: BTreeSet<Name> =
            self.nodes.iter().filter_map(|(_, node)| role_of(node)).collect();
        let mut callers: BTreeSet<usize> = self.members.clone();
        for name in &inside {
            let digest = self.index.digest(self.context, name);
            callers.extend(digest.sessions.iter().map(|session| session.node));
        }
        let mut found: BTreeMap<(Arc<str>, Arc<str>), Onward> = BTreeMap::new();
        for number in callers {
            let Some(caller) = self.context.lineage.node(number) else {
                continue;
            };
            for child in
                caller.children.iter().filter_map(|child| self.context.lineage.node(*child))
            {
                let is_outside = role_of(child).is_some_and(|role| !inside.contains(&role));
                if child.step == Step::Hop && is_outside {
                    self.add_onward(&mut found, (number, caller), child);
                }
            }
        }
        let mut found: Vec<Onward> = found.into_values().collect();
        found.sort_by_key(|onward| (!onward.is_by_lineage, Reverse(onward.last)));
        found.truncate(OTHERS_MAX);
        found
    }

    fn add_onward(
        &self,
        found: &mut BTreeMap<(Arc<str>, Arc<str>), Onward>,
        (number, caller): (usize, &Node<'e>),
        child: &Node<'e>,
    ) {
        let (Some(from_arn), Some(role_arn)) = (principal_of(caller), principal_of(child)) else {
            return;
        };
        let key = (Arc::clone(&from_arn), Arc::clone(&role_arn));
        let onward = found.entry(key).or_insert_with(|| Onward {
            from_arn,
            role_arn,
            times: 0,
            last: Timestamp::default(),
            is_by_lineage: false,
        });
        onward.times += 1;
        onward.last = onward.last.max(child.created().unwrap_or_default());
        onward.is_by_lineage |= self.members.contains(&number);
    }
}

/// ARN of the role or user behind a credential.
fn principal_of(node: &Node<'_>) -> Option<Arc<str>> {
    if let Some(name) = role_of(node) {
        return Some(known_role_arn(node).unwrap_or_else(|| made_up_arn(&[node], &name)));
    }
    Some(&node.arn).filter(|arn| !arn.is_empty()).cloned()
}

/// ARN of the role, with its path, where the logs hold it.
fn known_role_arn(node: &Node<'_>) -> Option<Arc<str>> {
    let asked = node.issued.as_ref().map(|issued| &issued.issuance.role_arn);
    let is_role = |arn: &&Arc<str>| Arn::parse(arn).is_some_and(|arn| arn.role_name().is_some());
    asked.filter(is_role).or(node.attributes.issuer_arn.as_ref().filter(is_role)).cloned()
}

fn made_up_arn(nodes: &[&Node<'_>], (account, name): &Name) -> Arc<str> {
    let arns = nodes.iter().filter_map(|node| Arn::parse(&node.arn));
    let partition = arns.map(|arn| arn.partition).next().unwrap_or("aws");
    format!("arn:{partition}:iam::{account}:role/{name}").into()
}
