//! What records and inventories tell about networks: instances, addresses, gateways, endpoints.
//!
//! A fact says what one event or one inventory states. Which address belonged to what, and when,
//! follows from all of them together, and is worked out elsewhere.

mod addresses;
mod fact;
mod gateways;
mod instances;
mod interfaces;
mod read;
mod routes;
mod shape;
mod statement;

pub use fact::{FactProof, InventorySource, NetworkCall, NetworkFact};
pub use statement::{
    AddressStatement, Association, AssociationTarget, GatewayStatement, InstanceState,
    InstanceStatement, InterfaceStatement, MetadataOptions, RouteStatement, Statement, Touch,
};

pub(crate) use addresses::address;
pub(crate) use gateways::{endpoint, nat_gateway};
pub(crate) use instances::instance;
pub(crate) use interfaces::interface;
pub(crate) use read::{Out, Reader, read, reader_of};
pub(crate) use routes::route_table;
pub(crate) use shape::{items, member, region_of_zone, text, time};
