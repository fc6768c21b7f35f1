//! Where credentials come from: origins, issuances, sessions and hops, read out of evidence.
//!
//! A lineage is made anew from evidence each time and depends on nothing else.
#![no_std]

extern crate alloc;

mod cores;
mod draft;
mod fragments;
mod identity;
mod issued;
mod join;
mod known;
mod node;
mod origin;
mod parent;
mod walk;

use alloc::vec::Vec;

use evidence::{Credential, Evidence};

pub use cores::{Cores, Work};
pub use issued::Issued;
pub use known::{Keys, Known};
pub use node::{Join, Node, NodeKey, Origin, OriginKind, Step};
pub use origin::is_instance_id;

/// Every credential and session of the evidence, and which one handed out which.
#[derive(Debug)]
pub struct Lineage<'e> {
    evidence: &'e Evidence,
    nodes: Vec<Node<'e>>,
    /// Node of each credential, by the credential's number in the evidence.
    by_credential: Vec<Option<usize>>,
}

impl<'e> Lineage<'e> {
    /// Reads the lineage out of `evidence`.
    ///
    /// Takes time in the order of `n log n` for `n` credentials and issuances, however they are
    /// chained.
    pub fn of(evidence: &'e Evidence) -> Self {
        Self::on(Cores::ONE, evidence)
    }

    /// As [`of`](Self::of), on `cores`.
    pub fn on(cores: Cores, evidence: &'e Evidence) -> Self {
        let (issued, used) =
            cores.both(|| issued::merge_copies(evidence), || draft::used(evidence));
        let drafts = draft::drafts(used, evidence.credentials().len(), &issued);
        let (mut nodes, by_credential) = join::join(drafts, &issued).into_nodes();
        nodes.iter_mut().for_each(Node::find_role);
        let mut lineage = Self { evidence, nodes, by_credential };
        parent::attach(&mut lineage, evidence);
        walk::number(&mut lineage.nodes);
        origin::name(cores, &mut lineage.nodes, evidence);
        lineage
    }

    /// Every node, in an order that depends on the credentials alone.
    pub fn nodes(&self) -> &[Node<'e>] {
        &self.nodes
    }

    /// The node of number `index`.
    pub fn node(&self, index: usize) -> Option<&Node<'e>> {
        self.nodes.get(index)
    }

    /// The node of the credential with number `credential` in the evidence.
    pub fn of_credential(&self, credential: u32) -> Option<usize> {
        self.by_credential.get(credential as usize).copied().flatten()
    }

    /// The node of `credential`.
    pub fn of_identity(&self, credential: &Credential) -> Option<usize> {
        self.of_credential(self.evidence.number_of(credential)?)
    }

    /// The way from the origin to `index`, both included.
    pub fn ancestry(&self, index: usize) -> Vec<usize> {
        let mut way = Vec::new();
        let mut next = Some(index);
        while let Some(at) = next {
            way.push(at);
            next = self.node(at).and_then(|node| node.parent);
        }
        way.reverse();
        way
    }

    /// `index` and everything below it, depth first, children by time.
    pub fn descendants(&self, index: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut waiting = alloc::vec![index];
        while let Some(at) = waiting.pop() {
            found.push(at);
            let children = self.node(at).map(|node| node.children.as_slice()).unwrap_or_default();
            waiting.extend(children.iter().rev());
        }
        found
    }
}
