//! Inventories: what AWS's own tools say that an organization has.

mod config;
mod described;
mod error;
mod kinds;

use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use serde_json::{Deserializer, Value};

use crate::fold::Evidence;
use crate::network::{FactProof, InventorySource, NetworkFact, Out};

pub use error::InventoryError;

/// Largest inventory that is read, in bytes. `describe-instances` writes about six thousand for an
/// instance, so that this is forty thousand instances; more come in several files.
pub const INVENTORY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What an inventory held.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct InventoryCount {
    /// Accounts of the organization.
    pub accounts: u64,
    /// Elastic addresses.
    pub addresses: u64,
    /// VPC endpoints.
    pub endpoints: u64,
    /// Instances.
    pub instances: u64,
    /// NAT gateways.
    pub nat_gateways: u64,
    /// Network interfaces.
    pub network_interfaces: u64,
    /// Things that tell nothing about networks, such as the other resources of AWS Config.
    pub other: u64,
    /// Route tables.
    pub route_tables: u64,
}

impl Evidence {
    /// Adds what the inventory `bytes`, which the user gave under `name`, states: the JSON that
    /// the AWS CLI writes for `describe-instances`, `describe-addresses`, `describe-nat-gateways`,
    /// `describe-network-interfaces`, `describe-vpc-endpoints`, `describe-route-tables` and
    /// `organizations list-accounts`, or a snapshot of AWS Config; several documents may follow
    /// each other. An empty list of anything is an inventory as well.
    ///
    /// Statements begin when the inventory says that they began, and are unbounded in the past
    /// where it does not; none has an end. They merge as events do: in any order.
    ///
    /// # Errors
    ///
    /// Where any of the documents cannot be read nothing is added: see [`InventoryError`].
    pub fn inventory(
        &mut self,
        name: &str,
        bytes: &[u8],
    ) -> Result<InventoryCount, InventoryError> {
        if bytes.len() > INVENTORY_BYTES_MAX {
            return Err(InventoryError::TooLarge { bytes: bytes.len() });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let documents = Deserializer::from_slice(bytes).into_iter::<Value>();
        let documents: Vec<Value> = documents.collect::<Result<_, _>>()?;
        if documents.is_empty() {
            return Err(InventoryError::Empty);
        }
        let mut shared = |text: &str| self.texts.shared(text);
        let mut reading = Reading::new(name, &mut shared);
        for document in &documents {
            reading.document(document)?;
        }
        let Reading { facts, count, .. } = reading;
        self.network.extend(facts);
        Ok(count)
    }
}

/// Where what is described lies, and when it was captured.
#[derive(Default)]
struct Place<'v> {
    account_id: &'v str,
    region: &'v str,
    at: Option<Timestamp>,
}

/// An inventory as it is read.
struct Reading<'s> {
    name: Arc<str>,
    shared: &'s mut dyn FnMut(&str) -> Arc<str>,
    facts: Vec<NetworkFact>,
    count: InventoryCount,
}

impl<'s> Reading<'s> {
    fn new(name: &str, shared: &'s mut dyn FnMut(&str) -> Arc<str>) -> Self {
        let name = shared(name);
        Self { name, shared, facts: Vec::new(), count: InventoryCount::default() }
    }

    /// Reads one document. It is told by its members; several may stand in one.
    fn document(&mut self, document: &Value) -> Result<(), InventoryError> {
        let is_described = described::read(document, self);
        let is_config = config::read(document, self);
        (is_described || is_config).then_some(()).ok_or(InventoryError::Unknown)
    }

    /// Keeps what `read` states about what lies in `place`.
    fn keep(&mut self, place: &Place<'_>, read: impl FnOnce(&mut Out<'_>)) {
        let source = InventorySource {
            name: Arc::clone(&self.name),
            account_id: (self.shared)(place.account_id),
            region: (self.shared)(place.region),
        };
        let proof = FactProof::Inventory(Arc::new(source));
        let mut out = Out::inventory(place.at, &mut *self.shared);
        read(&mut out);
        let facts = out.facts(&proof);
        self.facts.extend(facts);
    }
}
