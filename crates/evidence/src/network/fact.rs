//! A fact about a network, and what it rests on.

use alloc::sync::Arc;

use cloudtrail::Timestamp;

use crate::credential::Credential;
use crate::issuance::EventRef;
use crate::network::statement::Statement;

/// One thing that an event or an inventory states about a network.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct NetworkFact {
    /// When it begins to be so: the time of the event, or the time that the inventory gives.
    /// Nothing where an inventory gives none: it was so before anything is known.
    pub at: Option<Timestamp>,
    /// What it states.
    pub statement: Statement,
    /// What it rests on.
    pub proof: FactProof,
}

/// What a fact rests on. It is shared by the facts of one event or one inventory.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum FactProof {
    /// A successful call.
    Event(Arc<NetworkCall>),
    /// An inventory that the user gave.
    Inventory(Arc<InventorySource>),
}

/// A successful call that a fact was read from.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct NetworkCall {
    /// The event.
    pub event: EventRef,
    /// Who called.
    pub caller: Credential,
}

/// The part of an inventory that a fact was read from. Members that it lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct InventorySource {
    /// The name that the inventory was given under.
    pub name: Arc<str>,
    /// Account that owns what is described.
    pub account_id: Arc<str>,
    /// Region that it lies in.
    pub region: Arc<str>,
}

impl NetworkFact {
    /// Account that the fact is about; empty where nothing tells.
    pub fn account_id(&self) -> &Arc<str> {
        match &self.proof {
            FactProof::Event(call) => &call.event.recipient_account_id,
            FactProof::Inventory(source) => &source.account_id,
        }
    }

    /// Region that the fact is about; empty where nothing tells.
    pub fn region(&self) -> &Arc<str> {
        match &self.proof {
            FactProof::Event(call) => &call.event.aws_region,
            FactProof::Inventory(source) => &source.region,
        }
    }

    /// The call that the fact was read from, unless it comes from an inventory.
    pub fn call(&self) -> Option<&NetworkCall> {
        match &self.proof {
            FactProof::Event(call) => Some(call),
            FactProof::Inventory(_) => None,
        }
    }
}
