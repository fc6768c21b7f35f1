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
        let mut by_place: Vec<Option<Timestamp>> = Vec::new();
        for row in evidence.rows() {
            let place = row.place as usize;
            if by_place.len() <= place {
                by_place.resize(place + 1, None);
            }
            if let Some(slot) = by_place.get_mut(place) {
                let known = row.first.max(earliest);
                *slot = Some(slot.map_or(known, |first| first.min(known)));
            }
        }
        for (place, first) in (0..).zip(by_place) {
            if let (Some([account, _]), Some(time)) = (evidence.place_of(place), first) {
                let first = reach.first.entry(Arc::clone(account)).or_insert(time);
                *first = time.min(*first);
            }
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
