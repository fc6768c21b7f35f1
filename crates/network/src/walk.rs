//! Walks the facts by time.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{
    AddressStatement, Association, GatewayStatement, InstanceStatement, InterfaceStatement,
    NetworkFact, RouteStatement, Statement, Touch,
};

use crate::endpoint::Endpoint;
use crate::index::{Index, Place};
use crate::interval::Proof;
use crate::machines::Machines;
use crate::places::{Destination, Moment, Places};
use crate::routes::Routes;

/// What the walk gathers.
pub(crate) struct Walk<'i, 'e> {
    index: &'i Index<'e>,
    pub(crate) places: Places<'e>,
    pub(crate) machines: Machines<'e>,
    pub(crate) routes: Routes<'e>,
    pub(crate) endpoints: BTreeMap<&'e str, Endpoint>,
    /// VPCs with their accounts.
    pub(crate) vpcs: BTreeMap<&'e str, Option<Arc<str>>>,
    pub(crate) own_accounts: BTreeSet<Arc<str>>,
}

/// The facts in the order of the walk, with the time at which each begins.
///
/// What ends in a second ends before anything begins in it, and things are made before they are
/// related to each other.
pub(crate) fn steps<'e>(
    facts: &[&'e NetworkFact],
    index: &Index<'e>,
) -> Vec<(Option<Timestamp>, &'e NetworkFact)> {
    let facts = facts.iter().filter(|fact| !index.is_told_by_an_event(fact));
    let mut steps: Vec<_> = facts.map(|fact| (index.begin(fact), *fact)).collect();
    // The sort is stable: within a rank, facts keep their own order.
    steps.sort_by_key(|(at, fact)| (*at, rank(&fact.statement)));
    steps
}

const ENDS: u8 = 0;
const IS: u8 = 1;
const BEGINS: u8 = 2;

const fn rank(statement: &Statement) -> u8 {
    match statement {
        Statement::AccountOwned { .. } => IS,
        Statement::Address(of) => match of {
            AddressStatement::Allocated { .. } => IS,
            AddressStatement::Assigned { .. }
            | AddressStatement::Associated(_)
            | AddressStatement::Lent { .. } => BEGINS,
            AddressStatement::Disassociated { .. }
            | AddressStatement::Released { .. }
            | AddressStatement::Unassigned { .. } => ENDS,
        },
        Statement::Gateway(of) => match of {
            GatewayStatement::Endpoint { .. } | GatewayStatement::NatGateway { .. } => IS,
            GatewayStatement::EndpointDeleted { .. }
            | GatewayStatement::NatGatewayDeleted { .. } => ENDS,
        },
        Statement::Instance(of) => match of {
            InstanceStatement::Described(_) => IS,
            InstanceStatement::ProfileDisassociated { .. }
            | InstanceStatement::Stopped { .. }
            | InstanceStatement::Terminated { .. } => ENDS,
            InstanceStatement::GroupOpened { .. }
            | InstanceStatement::MetadataOptionsSet { .. }
            | InstanceStatement::Named { .. }
            | InstanceStatement::ProfileAssociated { .. }
            | InstanceStatement::SnapshotTaken { .. }
            | InstanceStatement::Touched { .. }
            | InstanceStatement::VolumeAttached { .. } => BEGINS,
        },
        Statement::Interface(of) => match of {
            InterfaceStatement::Described { .. } => IS,
            InterfaceStatement::Attached { .. } => BEGINS,
            InterfaceStatement::Deleted { .. } | InterfaceStatement::Detached { .. } => ENDS,
        },
        Statement::Route(of) => match of {
            RouteStatement::Deleted { .. } => ENDS,
            RouteStatement::Set { .. } => BEGINS,
            RouteStatement::Subnet { .. } | RouteStatement::Table { .. } => IS,
        },
    }
}

impl<'i, 'e> Walk<'i, 'e> {
    pub(crate) fn new(index: &'i Index<'e>) -> Self {
        Self {
            index,
            places: Places::default(),
            machines: Machines::default(),
            routes: Routes::default(),
            endpoints: BTreeMap::new(),
            vpcs: BTreeMap::new(),
            own_accounts: BTreeSet::new(),
        }
    }

    /// Takes one fact.
    pub(crate) fn step(&mut self, at: Option<Timestamp>, fact: &'e NetworkFact) {
        let now = Moment { at, proof: &fact.proof };
        match &fact.statement {
            Statement::AccountOwned { account_id } => {
                self.own_accounts.insert(Arc::clone(account_id));
            }
            Statement::Address(statement) => self.address(statement, fact, now),
            Statement::Gateway(statement) => self.gateway(statement, fact, now),
            Statement::Instance(statement) => {
                self.machines.step(statement, fact, now);
                if let InstanceStatement::Stopped { instance_id } = statement {
                    self.places.stop(instance_id, now);
                } else if let InstanceStatement::Terminated { instance_id } = statement {
                    self.places.terminate(instance_id, now);
                } else if let InstanceStatement::Described(state) = statement {
                    self.vpc(&state.vpc_id, fact);
                }
            }
            Statement::Interface(statement) => self.interface(statement, fact, now),
            Statement::Route(statement) => {
                if let RouteStatement::Subnet { vpc_id, .. }
                | RouteStatement::Table { vpc_id, .. } = statement
                {
                    self.vpc(vpc_id, fact);
                }
                self.routes.step(statement, now);
            }
        }
    }

    fn address(&mut self, statement: &'e AddressStatement, fact: &'e NetworkFact, now: Moment<'e>) {
        match statement {
            AddressStatement::Allocated { allocation_id, address } => {
                self.places.allocate(*address, allocation_id, now);
            }
            AddressStatement::Assigned { network_interface_id, address } => {
                self.places.assign(network_interface_id, *address, now);
            }
            AddressStatement::Associated(association) => self.associate(association, fact, now),
            AddressStatement::Disassociated { association_id, allocation_id, address } => {
                let named = self.index.address_named(allocation_id, association_id);
                if let Some(address) = address.or(named) {
                    let instance = self.places.disassociate(address, association_id, now);
                    self.machines.touched(instance, Touch::Address, association_id, fact);
                }
            }
            AddressStatement::Lent { network_interface_id, address } => {
                self.places.lend(network_interface_id, *address, now);
            }
            AddressStatement::Released { allocation_id, address } => {
                let named = self.index.address_named(allocation_id, "");
                if let Some(address) = address.or(named) {
                    self.places.release(address, allocation_id, now);
                }
            }
            AddressStatement::Unassigned { network_interface_id, address } => {
                self.places.unassign(network_interface_id, *address, now);
            }
        }
    }

    fn associate(&mut self, association: &'e Association, fact: &'e NetworkFact, now: Moment<'e>) {
        let place = self.index.place(&association.target);
        let instance = self.places.instance_at(place);
        self.machines.touched(instance, Touch::Address, &association.association_id, fact);
        let destination = Destination {
            place,
            allocation_id: &association.allocation_id,
            association_id: &association.association_id,
            private_address: association.private_address,
        };
        if let Some(address) = self.index.address(association) {
            self.places.associate(address, &destination, now);
        }
    }

    fn interface(
        &mut self,
        statement: &'e InterfaceStatement,
        fact: &'e NetworkFact,
        now: Moment<'e>,
    ) {
        match statement {
            InterfaceStatement::Attached { network_interface_id, instance_id, is_kept, .. } => {
                self.places.attach(network_interface_id, instance_id, *is_kept, now);
            }
            InterfaceStatement::Deleted { network_interface_id } => {
                self.places.delete(network_interface_id, now);
            }
            InterfaceStatement::Described { vpc_id, .. } => self.vpc(vpc_id, fact),
            InterfaceStatement::Detached { attachment_id } => {
                if let Some(interface) = self.index.attached(attachment_id) {
                    let instance = self.places.detach(interface, now);
                    self.machines.touched(instance, Touch::Interface, interface, fact);
                }
            }
        }
    }

    fn gateway(&mut self, statement: &'e GatewayStatement, fact: &'e NetworkFact, now: Moment<'e>) {
        match statement {
            GatewayStatement::Endpoint { vpc_endpoint_id, vpc_id, service_name } => {
                self.vpc(vpc_id, fact);
                let endpoint = self.endpoints.entry(vpc_endpoint_id).or_insert_with(|| Endpoint {
                    id: Arc::clone(vpc_endpoint_id),
                    account_id: None,
                    vpc_id: None,
                    service_name: None,
                    since: now.at,
                    until: None,
                    proof: Proof::of(now.proof),
                });
                fill(&mut endpoint.account_id, fact.account_id());
                fill(&mut endpoint.vpc_id, vpc_id);
                fill(&mut endpoint.service_name, service_name);
            }
            GatewayStatement::EndpointDeleted { vpc_endpoint_id } => {
                if let Some(endpoint) = self.endpoints.get_mut(&**vpc_endpoint_id) {
                    endpoint.until = endpoint.until.or(now.at);
                }
            }
            GatewayStatement::NatGateway { vpc_id, .. } => self.vpc(vpc_id, fact),
            GatewayStatement::NatGatewayDeleted { nat_gateway_id } => {
                self.places.vacate(Place::NatGateway(nat_gateway_id), now);
            }
        }
    }

    fn vpc(&mut self, vpc_id: &'e str, fact: &NetworkFact) {
        if !vpc_id.is_empty() {
            fill(self.vpcs.entry(vpc_id).or_default(), fact.account_id());
        }
    }
}

/// Keeps the first value that is told.
pub(crate) fn fill(known: &mut Option<Arc<str>>, told: &Arc<str>) {
    if known.is_none() && !told.is_empty() {
        *known = Some(Arc::clone(told));
    }
}
