//! What detectors look at: evidence, its lineage, and what is habit in it.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{Change, Evidence, IdentityKind, KeyStatus, UseRow, UseView};
use lineage::{Lineage, Node, Origin};
use network::Network;
use once_cell::race::OnceBox;

use crate::finding::Unusual;
use crate::habits::Habits;
use crate::reach::Reach;
use crate::settings::Settings;
use crate::unusual::Material;
use crate::workload::{self, Workloads};

/// Evidence with everything that detectors ask of it, worked out once.
pub struct Context<'e> {
    /// Who handed out what to whom.
    pub lineage: Lineage<'e>,
    /// Accounts that are one's own: their trails delivered events, they name callers in full, or
    /// an inventory lists them.
    pub accounts: BTreeSet<Arc<str>>,
    /// Which instance, address and endpoint belonged to what, and when.
    pub network: Network,
    /// What the user knows beyond the logs.
    pub settings: Settings<'e>,
    /// Times of the first and the last event.
    pub span: (Timestamp, Timestamp),
    /// Lasting changes of each node, by time.
    pub(crate) changes: BTreeMap<usize, Vec<&'e Change>>,
    /// Long-term keys that were made active or inactive, by time.
    pub(crate) key_statuses: Vec<&'e KeyStatus>,
    uses: Uses<'e>,
    pub(crate) habits: Habits,
    anchors: Vec<usize>,
    pub(crate) workloads: Workloads<'e>,
    delivering: BTreeSet<Arc<str>>,
    changes_by_role: OnceBox<BTreeMap<(String, String), Vec<&'e Change>>>,
    /// Nodes whose sessions somebody has reason to doubt, once that was found out.
    pub(crate) untrained: OnceBox<BTreeSet<usize>>,
    trained: OnceBox<Habits>,
    material: OnceBox<Material<'e>>,
    /// What was judged for `unusual_use`, once it was.
    pub(crate) unusual: OnceBox<Unusual>,
}

impl<'e> Context<'e> {
    /// Works out what detectors ask of `evidence`, or nothing if it holds no event.
    pub fn of(evidence: &'e Evidence, settings: Settings<'e>) -> Option<Self> {
        let span = evidence.span()?;
        let cores = settings.cores;
        let lineage = Lineage::on(cores, evidence);
        let reach = Reach::of(evidence, span.0);
        let (habits, others) = cores.both(
            || {
                let changes = changes(evidence, &lineage);
                Some((Habits::of(&lineage, &changes, &reach), changes))
            },
            || {
                let workloads = Workloads::of(evidence, &lineage);
                let network = Network::of(evidence);
                Some((workloads, network, Uses::of(evidence, &lineage), anchors(&lineage)))
            },
        );
        let ((habits, changes), (workloads, network, uses, anchors)) = habits.zip(others)?;
        let mut accounts = reach.own_accounts();
        accounts.extend(network.own_accounts().iter().cloned());
        Some(Self {
            lineage,
            accounts,
            network,
            settings,
            span,
            changes,
            key_statuses: evidence.key_statuses().collect(),
            uses,
            habits,
            anchors,
            workloads,
            delivering: evidence.accounts(),
            changes_by_role: OnceBox::new(),
            untrained: OnceBox::new(),
            trained: OnceBox::new(),
            material: OnceBox::new(),
            unusual: OnceBox::new(),
        })
    }

    /// What is done day by day, without what somebody has reason to doubt: an attacker who comes
    /// back does not make a habit.
    pub(crate) fn trained_habits(&self) -> &Habits {
        match self.untrained.get() {
            Some(untrained) if !untrained.is_empty() => {
                self.trained.get_or_init(|| Box::new(self.habits.without(&self.lineage, untrained)))
            }
            Some(_) | None => &self.habits,
        }
    }

    /// What sessions are judged by.
    pub(crate) fn material(&self) -> &Material<'e> {
        self.material.get_or_init(|| Box::new(Material::of(self)))
    }

    /// What was learned from the logs.
    pub(crate) const fn evidence(&self) -> &'e Evidence {
        self.uses.evidence
    }

    /// Kinds of use of the node of number `index`, in no order that may be relied on.
    pub(crate) fn numbered_rows_of(&self, index: usize) -> impl Iterator<Item = (u32, UseRow)> {
        let numbers = self.uses.numbers_of(index).iter();
        numbers.filter_map(|number| Some((*number, self.uses.evidence.row(*number)?)))
    }

    /// Whether the trail of `account_id` delivers events, or an inventory lists it: more than a
    /// caller who is named in full, whom anybody's record may name.
    pub(crate) fn is_delivering(&self, account_id: &str) -> bool {
        self.delivering.contains(account_id) || self.network.own_accounts().contains(account_id)
    }

    /// Lasting changes of the role `name` of account `account_id`, by time.
    pub(crate) fn changes_on(&self, account_id: &str, name: &str) -> &[&'e Change] {
        let by_role = self.changes_by_role.get_or_init(|| {
            let mut by_role: BTreeMap<(String, String), Vec<&'e Change>> = BTreeMap::new();
            for change in self.changes.values().flatten() {
                if let Some(role) = workload::role_changed(change) {
                    let account = change.event.recipient_account_id.to_string();
                    by_role.entry((account, role.into())).or_default().push(change);
                }
            }
            for changes in by_role.values_mut() {
                changes.sort();
            }
            Box::new(by_role)
        });
        by_role.get(&(account_id.into(), name.into())).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the node of number `index` left behind, by time.
    pub(crate) fn changes_of(&self, index: usize) -> &[&'e Change] {
        self.changes.get(&index).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the node of number `index` did, by first time.
    pub(crate) fn uses_of(&self, index: usize) -> &[UseView<'e>] {
        self.uses.of_node(index)
    }

    /// The origin of the lineage that the node of number `index` belongs to.
    pub(crate) fn origin_of(&self, index: usize) -> Option<(&Node<'e>, &Origin)> {
        let root = self.lineage.node(self.lineage.node(index)?.root)?;
        Some((root, root.origin.as_ref()?))
    }

    /// The first credential on the way to `index` that a hop led to, or the origin where none did.
    pub(crate) fn anchor_of(&self, index: usize) -> usize {
        self.anchors.get(index).copied().unwrap_or(index)
    }
}

/// Lasting changes of each node, by time.
fn changes<'e>(evidence: &'e Evidence, lineage: &Lineage<'_>) -> BTreeMap<usize, Vec<&'e Change>> {
    let mut changes: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
    for change in whole_copies(evidence) {
        if let Some(node) = lineage.of_identity(&change.caller) {
            changes.entry(node).or_default().push(change);
        }
    }
    changes
}

/// The changes of `evidence`, each event once: of the copies that several accounts received the
/// one that knows the caller.
fn whole_copies(evidence: &Evidence) -> impl Iterator<Item = &Change> {
    let names_caller = |change: &Change| change.caller.kind != IdentityKind::AwsAccount;
    let shared = |change: &'_ Change| !change.event.shared_event_id.is_empty();
    let whole: BTreeSet<(&str, &str)> = evidence
        .changes()
        .filter(|change| names_caller(change) && shared(change))
        .map(|change| (&*change.event.shared_event_id, &*change.event.event_name))
        .collect();
    evidence.changes().filter(move |change| {
        let name = (&*change.event.shared_event_id, &*change.event.event_name);
        names_caller(change) || !whole.contains(&name)
    })
}

/// Uses by node, taken out of the evidence for the few nodes that somebody asks for.
struct Uses<'e> {
    evidence: &'e Evidence,
    /// Numbers of uses, node by node.
    numbers: Vec<u32>,
    /// Where the numbers of each node begin.
    starts: Vec<usize>,
    /// Uses of each node by first time, once they were asked for.
    sorted: Vec<OnceBox<Vec<UseView<'e>>>>,
}

impl<'e> Uses<'e> {
    fn of(evidence: &'e Evidence, lineage: &Lineage<'e>) -> Self {
        let n_nodes = lineage.nodes().len();
        let node_of = |credential: u32| lineage.of_credential(credential).unwrap_or(n_nodes);
        // Of each node first how many there are, then where the next one goes.
        let mut starts = alloc::vec![0; n_nodes + 2];
        let mut n_uses = 0;
        for row in evidence.rows() {
            n_uses += 1;
            if let Some(count) = starts.get_mut(node_of(row.credential) + 1) {
                *count += 1;
            }
        }
        let mut before = 0;
        for start in &mut starts {
            before += *start;
            *start = before;
        }
        let mut next = starts.clone();
        let mut numbers = alloc::vec![0; n_uses];
        for (row, number) in evidence.rows().zip(0..) {
            let Some(position) = next.get_mut(node_of(row.credential)) else {
                continue;
            };
            if let Some(slot) = numbers.get_mut(*position) {
                *slot = number;
            }
            *position += 1;
        }
        let mut sorted = Vec::new();
        sorted.resize_with(n_nodes, OnceBox::new);
        Self { evidence, numbers, starts, sorted }
    }

    fn of_node(&self, index: usize) -> &[UseView<'e>] {
        let sorted = self.sorted.get(index);
        sorted
            .map(|cell| cell.get_or_init(|| Box::new(self.sort(index))).as_slice())
            .unwrap_or_default()
    }

    fn numbers_of(&self, index: usize) -> &[u32] {
        let start = self.starts.get(index).copied().unwrap_or_default();
        let end = self.starts.get(index + 1).copied().unwrap_or_default();
        self.numbers.get(start..end).unwrap_or_default()
    }

    /// Uses come in the order of their arrival, which must not show.
    fn sort(&self, index: usize) -> Vec<UseView<'e>> {
        let mut uses: Vec<UseView<'e>> = self
            .numbers_of(index)
            .iter()
            .filter_map(|number| self.evidence.usage(*number))
            .collect();
        uses.sort_by(|left, right| order(left).cmp(&order(right)));
        uses
    }
}

/// The anchor of every node.
fn anchors(lineage: &Lineage<'_>) -> Vec<usize> {
    let mut anchors: Vec<usize> = (0..lineage.nodes().len()).collect();
    let origins = lineage.nodes().iter().enumerate().filter(|(_, node)| node.parent.is_none());
    for (origin, _) in origins {
        for index in lineage.descendants(origin) {
            let Some(parent) = lineage.node(index).and_then(|node| node.parent) else {
                continue;
            };
            let calls = |index: usize| lineage.node(index).map_or(0, |node| node.calls);
            let begins_here = calls(index) > 0 && calls(parent) == 0;
            let inherited = anchors.get(parent).copied().unwrap_or(parent);
            if let Some(anchor) = anchors.get_mut(index).filter(|_| !begins_here) {
                *anchor = inherited;
            }
        }
    }
    anchors
}

/// Sort key of a use: everything that tells it from others.
pub(crate) fn order<'a>(view: &'a UseView<'_>) -> impl Ord + use<'a> {
    (
        view.events.first,
        (view.event_source, view.event_name, view.error_code),
        (view.source, view.user_agent, view.account_id, view.region),
        view.of,
    )
}
