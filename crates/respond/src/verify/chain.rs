//! The credentials of a chain, and what they did since a response.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::{Count, Evidence};
use lineage::{Lineage, Node};

use super::{CredentialVerdict, SPREAD_SECS, Standing};
use crate::plan::{Credential, Plan};
use crate::step::{Setting, SettingOn};

/// Kinds of calls of one credential that a verdict lists.
const CALLS_MAX: usize = 10;

/// The one call that succeeds whatever is denied (STS API reference).
const ALWAYS: &str = "GetCallerIdentity";

/// The credentials of a chain in newer logs.
pub(super) struct Chain<'v> {
    plan: &'v Plan,
    lineage: &'v Lineage<'v>,
    /// Whether each is newer than the plan, by its number in the lineage.
    members: BTreeMap<usize, bool>,
}

impl<'v> Chain<'v> {
    pub(super) fn of(plan: &'v Plan, lineage: &'v Lineage<'v>) -> Self {
        Self { plan, lineage, members: members(plan, lineage) }
    }

    /// All its keys, those included that it handed out after the plan was made.
    pub(super) fn keys(&self) -> BTreeSet<&'v str> {
        let nodes = self.members.keys().filter_map(|number| self.lineage.node(*number));
        let newer = nodes.flat_map(|node| node.access_key_ids.iter()).map(|key| &**key);
        newer.chain(self.plan.keys()).collect()
    }

    /// What each credential did since, those that still work first.
    pub(super) fn credentials(
        &self,
        evidence: &Evidence,
        since: Timestamp,
        stopped: &dyn Fn(&Node<'_>) -> Option<Timestamp>,
    ) -> Vec<CredentialVerdict> {
        let mut uses: BTreeMap<usize, Used> = BTreeMap::new();
        for view in evidence.uses().filter(|view| view.events.last > since) {
            let node = self.lineage.of_credential(view.credential);
            if let Some(node) = node.filter(|node| self.members.contains_key(node)) {
                uses.entry(node).or_default().add(&view);
            }
        }
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        let mut credentials: Vec<CredentialVerdict> = Vec::new();
        for (number, is_new) in &self.members {
            let Some(node) = self.lineage.node(*number) else {
                continue;
            };
            keys.extend(node.access_key_ids.iter().map(|key| &**key));
            let deeds = uses.remove(number).unwrap_or_default();
            credentials.push(deeds.judged(node, *is_new, stopped(node)));
        }
        let is_unseen = |known: &&Credential| {
            let mut own = known.access_key_ids.iter();
            !known.access_key_ids.is_empty() && !own.any(|key| keys.contains(key.as_str()))
        };
        credentials.extend(self.plan.credentials.iter().filter(is_unseen).map(silent));
        credentials.sort_by(|left, right| {
            let rest = |one: &CredentialVerdict| (one.who.clone(), one.access_key_ids.clone());
            right.standing.cmp(&left.standing).then_with(|| rest(left).cmp(&rest(right)))
        });
        credentials
    }
}

/// A credential that newer logs do not know.
fn silent(known: &Credential) -> CredentialVerdict {
    CredentialVerdict {
        who: known.principal_arn.clone().unwrap_or_else(|| known.principal_id.clone()),
        access_key_ids: known.access_key_ids.clone(),
        standing: Standing::Silent,
        is_new: false,
        stopped: None,
        last_success: None,
        last_denied: None,
        succeeded: Vec::new(),
    }
}

/// The credentials of the chain in `lineage`, and whether each is newer than the plan.
fn members(plan: &Plan, lineage: &Lineage<'_>) -> BTreeMap<usize, bool> {
    let keys: BTreeSet<&str> = plan.keys().collect();
    let sessions: BTreeSet<(&str, &str)> = plan
        .credentials
        .iter()
        .filter_map(|one| Some((one.principal_id.as_str(), one.created.as_deref()?)))
        .collect();
    let is_known = |node: &Node<'_>| {
        let has_key = node.access_key_ids.iter().any(|key| keys.contains(&**key));
        let date = node.creation_date().map(|date| date.to_string());
        has_key || date.is_some_and(|date| sessions.contains(&(&**node.principal_id(), &*date)))
    };
    let mut members: BTreeMap<usize, bool> = BTreeMap::new();
    for (number, node) in lineage.nodes().iter().enumerate() {
        if is_known(node) {
            members.insert(number, false);
        }
    }
    let known: Vec<usize> = members.keys().copied().collect();
    for root in known {
        // What lies below a credential that was walked already was walked with it.
        let is_below = lineage
            .node(root)
            .and_then(|node| node.parent)
            .is_some_and(|parent| members.contains_key(&parent));
        if is_below {
            continue;
        }
        for below in lineage.descendants(root) {
            members.entry(below).or_insert(true);
        }
    }
    members
}

/// Whether `setting` stops the credential `node`.
pub(super) fn stops(setting: &Setting, node: &Node<'_>) -> bool {
    let user = Arn::parse(&node.arn).and_then(|arn| arn.user_name());
    let is_there = setting.account_id == *node.account_id;
    match setting.on {
        SettingOn::RolePolicy => {
            let is_revocation = !setting.detail.starts_with("RolecallNoChain");
            is_revocation && node.role() == Some((&setting.account_id, &setting.name))
        }
        SettingOn::AccessKey => node.access_key_ids.contains(setting.detail.as_str()),
        SettingOn::AttachedUserPolicy => is_there && user == Some(&setting.name),
        SettingOn::UserPolicy => {
            is_there
                && user == Some(&setting.name)
                && !node.is_long_term()
                && !setting.detail.starts_with("RolecallNoChain")
        }
        SettingOn::InstanceProfile
        | SettingOn::LoginProfile
        | SettingOn::OrganizationPolicy
        | SettingOn::TrustPolicy => false,
    }
}

/// What one credential did.
#[derive(Default)]
struct Used {
    succeeded: Vec<(Timestamp, Count, String, Arc<str>)>,
    last_denied: Option<Timestamp>,
}

impl Used {
    fn add(&mut self, view: &evidence::UseView<'_>) {
        let last = view.events.last;
        if !view.error_code.is_empty() {
            self.last_denied = self.last_denied.max(Some(last));
        } else if &**view.event_name != ALWAYS {
            let call = format!("{}:{}", view.event_source, view.event_name);
            self.succeeded.push((last, view.events.count(), call, Arc::clone(view.source.address)));
        }
    }

    fn judged(
        mut self,
        node: &Node<'_>,
        is_new: bool,
        stopped: Option<Timestamp>,
    ) -> CredentialVerdict {
        self.succeeded.sort_by(|left, right| right.cmp(left));
        let last = self.succeeded.first().map(|(last, ..)| *last);
        let standing = match (last, stopped) {
            (Some(last), Some(stopped)) if last.seconds_since(stopped) <= 0 => {
                if self.last_denied.is_some() { Standing::Denied } else { Standing::Silent }
            }
            (Some(last), Some(stopped)) if last.seconds_since(stopped) <= SPREAD_SECS => {
                Standing::Spreading
            }
            (Some(_), _) => Standing::StillSucceeding,
            (None, _) if self.last_denied.is_some() => Standing::Denied,
            (None, _) => Standing::Silent,
        };
        let who = if node.arn.is_empty() { node.principal_id() } else { &node.arn };
        CredentialVerdict {
            who: who.to_string(),
            access_key_ids: node.access_key_ids.iter().map(ToString::to_string).collect(),
            standing,
            is_new,
            stopped: stopped.map(|time| time.to_string()),
            last_success: last.map(|time| time.to_string()),
            last_denied: self.last_denied.map(|time| time.to_string()),
            succeeded: self
                .succeeded
                .iter()
                .take(CALLS_MAX)
                .map(|(last, count, call, address)| {
                    format!("{call}, {count} times until {last}, from {address}")
                })
                .collect(),
        }
    }
}
