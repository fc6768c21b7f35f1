//! How far back the logs of each account reach.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{Credential, Evidence, IdentityKind};
use lineage::Lineage;

/// The first event of each account whose trail delivered events, and the accounts that are known
/// to be one's own.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    first: BTreeMap<Arc<str>, Timestamp>,
    own: BTreeSet<Arc<str>>,
    earliest: Timestamp,
}

impl Reach {
    /// How far back `evidence` reaches; `earliest` is its first event.
    pub(crate) fn of(evidence: &Evidence, earliest: Timestamp) -> Self {
        let mut reach = Self { earliest, own: evidence.accounts(), ..Self::default() };
        for view in evidence.uses() {
            let first = reach.first.entry(Arc::clone(view.account_id)).or_insert(view.events.first);
            *first = view.events.first.min(*first);
        }
        for (credential, _) in evidence.credentials() {
            if is_own(credential) && !reach.own.contains(&credential.account_id) {
                reach.own.insert(Arc::clone(&credential.account_id));
            }
        }
        reach
    }

    /// Accounts whose trails delivered events, and those of callers that they name in full.
    pub(crate) fn own_accounts(&self) -> BTreeSet<Arc<str>> {
        self.own.clone()
    }

    /// Since when the logs of all accounts on the way to each node are known.
    pub(crate) fn of_nodes(&self, lineage: &Lineage<'_>) -> Vec<Timestamp> {
        let mut since = alloc::vec![self.earliest; lineage.nodes().len()];
        let origins = lineage.nodes().iter().enumerate().filter(|(_, node)| node.parent.is_none());
        for (origin, _) in origins {
            for index in lineage.descendants(origin) {
                let Some(node) = lineage.node(index) else {
                    continue;
                };
                let parent = node.parent.and_then(|parent| since.get(parent)).copied();
                let own = self.first.get(&node.account_id).copied();
                let latest = parent.into_iter().chain(own).max();
                if let (Some(slot), Some(latest)) = (since.get_mut(index), latest) {
                    *slot = latest;
                }
            }
        }
        since
    }
}

/// Whether the account of `credential` is one's own: a foreign caller is named as an account only.
fn is_own(credential: &Credential) -> bool {
    let is_named = matches!(
        credential.kind,
        IdentityKind::AssumedRole
            | IdentityKind::FederatedUser
            | IdentityKind::IamUser
            | IdentityKind::Role
            | IdentityKind::Root
    );
    is_named && !credential.account_id.is_empty()
}
