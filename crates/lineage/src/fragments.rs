//! Makes records that tell only part of a credential part of the one that they are of.
//!
//! Some services write no session, and an event history writes no principal: the key and a user's
//! name are all that such a record tells.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Credential;

use crate::draft::{Entries, Entry};
use crate::node::NodeKey;

/// Moves each fragment to the one fuller node of its key that it fits, if there is just one.
pub(crate) fn fold(entries: &mut Entries<'_>) {
    let lacking: BTreeSet<Arc<str>> =
        entries.keys().filter(|key| is_fragment(key)).filter_map(access_key_of).collect();
    if lacking.is_empty() {
        return;
    }
    let is_of_interest =
        |key: &&NodeKey| access_key_of(key).is_some_and(|key| lacking.contains(&key));
    let mut fuller: BTreeMap<NodeKey, Vec<NodeKey>> = BTreeMap::new();
    for key in entries.keys().filter(is_of_interest) {
        for fragment in fragments_of(key) {
            if entries.contains_key(&fragment) {
                fuller.entry(fragment).or_default().push(key.clone());
            }
        }
    }
    // What lacks less comes later in the order of keys. It finds its place first, so that what
    // lacks most has only whole nodes, and what fits none of them, to choose from.
    for (fragment, fuller) in fuller.into_iter().rev() {
        let only = {
            let part = entries.get(&fragment);
            let agrees = |key: &&NodeKey| {
                part.zip(entries.get(*key)).is_some_and(|(part, whole)| agrees(part, whole))
            };
            let mut fitting = fuller.iter().filter(agrees);
            fitting.next().filter(|_| fitting.next().is_none())
        };
        let Some(only) = only else {
            continue;
        };
        if let Some(part) = entries.swap_remove(&fragment)
            && let Some(whole) = entries.get_mut(only)
        {
            whole.credentials.extend(part.credentials);
            whole.attributes.merge(part.attributes);
        }
    }
}

fn access_key_of(key: &NodeKey) -> Option<Arc<str>> {
    match key {
        NodeKey::LongTerm { access_key_id, .. } | NodeKey::Temporary { access_key_id, .. } => {
            Some(access_key_id).filter(|key| !key.is_empty()).cloned()
        }
        NodeKey::Foreign { .. } | NodeKey::Principal { .. } => None,
    }
}

fn is_fragment(key: &NodeKey) -> bool {
    match key {
        NodeKey::LongTerm { principal_id, .. } => principal_id.is_empty(),
        NodeKey::Temporary { principal_id, creation_date, .. } => {
            principal_id.is_empty() || creation_date.is_none()
        }
        NodeKey::Foreign { .. } | NodeKey::Principal { .. } => false,
    }
}

/// What `key` would be without its principal, without its date, and without both.
fn fragments_of(key: &NodeKey) -> Vec<NodeKey> {
    let nobody: Arc<str> = Arc::from("");
    let mut fragments = match key.clone() {
        NodeKey::LongTerm { access_key_id, .. } => {
            alloc::vec![NodeKey::LongTerm { access_key_id, principal_id: nobody }]
        }
        NodeKey::Temporary { principal_id, creation_date, access_key_id } => {
            let by = |principal_id: &Arc<str>, creation_date: Option<Timestamp>| {
                let (principal_id, access_key_id) =
                    (Arc::clone(principal_id), Arc::clone(&access_key_id));
                NodeKey::Temporary { principal_id, creation_date, access_key_id }
            };
            let fragments =
                [by(&principal_id, None), by(&nobody, creation_date), by(&nobody, None)];
            fragments.into()
        }
        NodeKey::Foreign { .. } | NodeKey::Principal { .. } => Vec::new(),
    };
    // A key that lacks one of the two is a fragment itself, and has only one more.
    fragments.retain(|fragment| fragment != key);
    fragments.dedup();
    fragments
}

/// Whether what both tell of account, principal and user is the same.
fn agrees(part: &Entry<'_>, whole: &Entry<'_>) -> bool {
    fn known<'a>(entry: &'a Entry<'_>, of: fn(&Credential) -> &Arc<str>) -> Option<&'a Arc<str>> {
        entry.credentials.iter().map(|(_, credential)| of(credential)).find(|text| !text.is_empty())
    }
    let is_same = |left: Option<&Arc<str>>, right: Option<&Arc<str>>| {
        left.is_none_or(|left| right.is_none_or(|right| left == right))
    };
    let is_same_member =
        |of: fn(&Credential) -> &Arc<str>| is_same(known(part, of), known(whole, of));
    is_same_member(|credential| &credential.arn)
        && is_same_member(|credential| &credential.account_id)
        && is_same(part.attributes.user_name.as_ref(), whole.attributes.user_name.as_ref())
}
