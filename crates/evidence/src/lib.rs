//! What CloudTrail records teach about credentials, and how it merges.
//!
//! [`Evidence`] is where delivery stops mattering: it is the same for the same events, whatever
//! their order, their files and their repetition.
#![no_std]

extern crate alloc;

mod catalogue;
mod change;
mod count;
mod credential;
mod fingerprints;
mod fold;
mod inventory;
mod issuance;
mod issuance_read;
mod key_status;
pub mod limits;
mod memo;
mod network;
mod policy;
mod portable;
mod rest;
mod retention;
mod table;
mod usage;
mod uses;
mod weight;

pub use catalogue::{ArtifactKind, CATALOGUE, CatalogueRow, Verb};
pub use change::{Change, Remark};
pub use count::Count;
pub use credential::{Attributes, Credential, IdentityKind};
pub use fold::{Evidence, UseRow};
pub use inventory::{INVENTORY_BYTES_MAX, InventoryCount, InventoryError};
pub use issuance::{EventRef, Issuance, IssuanceKind};
pub use key_status::KeyStatus;
pub use network::{
    AddressStatement, Association, AssociationTarget, FactProof, GatewayStatement, InstanceState,
    InstanceStatement, InterfaceStatement, InventorySource, MetadataOptions, NetworkCall,
    NetworkFact, RouteStatement, Statement, Touch,
};
pub use policy::{Admission, Policy, is_administrator_policy};
pub use portable::PortableError;
pub use rest::Parted;
pub use retention::CutOffs;
pub use usage::{Source, Use, UseView};
