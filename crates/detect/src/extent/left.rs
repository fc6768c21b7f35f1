//! What was left behind, and what was there before.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{ArtifactKind, Change};

use super::gather::Index;
use super::{Earlier, Left};
use crate::artifact;
use crate::context::Context;
use crate::limits::EXTENT_LEFT_MAX;

/// What names a thing that policies are written to: account, kind, name and second name.
pub(super) type Slot<'e> = (&'e str, ArtifactKind, &'e str, &'e str);

/// The slot of `change`, where earlier values of it can be restored.
pub(super) fn slot<'e>(change: &'e Change) -> Option<Slot<'e>> {
    let account: &'e str = artifact::account_of(change);
    let slot = |kind, detail| Some((account, kind, &*change.name, detail));
    let is_trust = matches!(change.artifact, ArtifactKind::Role | ArtifactKind::TrustPolicy);
    let is_boundary = change.artifact == ArtifactKind::PermissionsBoundary;
    // A role is made with the first value of its trust policy.
    if is_trust {
        return slot(ArtifactKind::TrustPolicy, "");
    }
    (is_boundary || !change.document.is_empty()).then_some(())?;
    let is_inline = change.artifact == ArtifactKind::InlinePolicy;
    slot(change.artifact, if is_inline { &change.detail } else { "" })
}

/// What the nodes `members` left behind, oldest first, and how many things more there are.
pub(super) fn left_behind<'e>(
    context: &Context<'e>,
    index: &Index<'e>,
    members: &[usize],
) -> (Vec<Left>, u64) {
    let mut changes: Vec<&'e Change> =
        members.iter().flat_map(|node| context.changes_of(*node)).copied().collect();
    changes.sort();
    let left_out = changes.len().saturating_sub(EXTENT_LEFT_MAX) as u64;
    let mut firsts: BTreeMap<Slot<'_>, Timestamp> = BTreeMap::new();
    for change in &changes {
        if let Some(slot) = slot(change) {
            firsts.entry(slot).or_insert(change.event.event_time);
        }
    }
    let left = |change: &&'e Change| Left {
        artifact: change.artifact,
        verb: change.verb,
        kind: artifact::kind_of(change),
        event_name: Arc::clone(&change.event.event_name),
        event_source: Arc::clone(&change.event.event_source),
        name: Arc::clone(&change.name),
        detail: Arc::clone(&change.detail),
        access_key_id: Some(&change.access_key_id).filter(|key| !key.is_empty()).cloned(),
        remarks: change.remarks.iter().cloned().collect(),
        document: Arc::clone(&change.document),
        account_id: Arc::clone(artifact::account_of(change)),
        region: Arc::clone(&change.event.aws_region),
        caller_arn: Arc::clone(&change.caller.arn),
        event_id: change.event.event_id_text(),
        event_time: change.event.event_time,
        earlier: earlier(index, change, &firsts),
    };
    (changes.iter().take(EXTENT_LEFT_MAX).map(left).collect(), left_out)
}

/// What the thing that `change` wrote was before the lineage first wrote it.
fn earlier<'e>(
    index: &Index<'e>,
    change: &'e Change,
    firsts: &BTreeMap<Slot<'e>, Timestamp>,
) -> Option<Earlier> {
    let slot = slot(change)?;
    let first = firsts.get(&slot)?;
    let writes = index.writes.get(&slot)?;
    let end = writes.partition_point(|write| write.event.event_time < *first);
    let write = end.checked_sub(1).and_then(|last| writes.get(last))?;
    Some(Earlier {
        event_name: Arc::clone(&write.event.event_name),
        event_id: write.event.event_id_text(),
        event_time: write.event.event_time,
        document: Arc::clone(&write.document),
    })
}
