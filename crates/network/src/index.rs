//! What has to be known of all facts before they are walked by time.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{
    AddressStatement, Association, AssociationTarget, GatewayStatement, InstanceStatement,
    InterfaceStatement, NetworkFact, RouteStatement, Statement,
};

/// Ids of AWS are never used again, so that what they lead to holds for all times. Of two answers
/// the smaller one counts, so that order cannot matter.
#[derive(Default)]
pub(crate) struct Index<'e> {
    address_of_allocation: BTreeMap<&'e str, IpAddr>,
    address_of_association: BTreeMap<&'e str, IpAddr>,
    interface_of_attachment: BTreeMap<&'e str, &'e Arc<str>>,
    nat_of_interface: BTreeMap<&'e str, &'e str>,
    subnet_of: BTreeMap<&'e str, &'e str>,
    vpc_of: BTreeMap<&'e str, &'e str>,
    /// When an event first tells that something exists.
    born: BTreeMap<&'e str, Timestamp>,
    /// What events begin.
    begun: BTreeSet<Beginning<'e>>,
}

/// Where an elastic address leads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place<'e> {
    /// `i-…`.
    Instance(&'e str),
    /// `eni-…`.
    Interface(&'e str),
    /// `nat-…`.
    NatGateway(&'e str),
}

/// What an event and an inventory may both tell the begin of.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Beginning<'e> {
    Allocated(&'e str),
    Assigned(&'e str, IpAddr),
    Associated(IpAddr, Place<'e>),
    AssociationId(&'e str),
    Attached(&'e str, &'e str),
    Endpoint(&'e str),
    MetadataOptions(&'e str),
    Profile(&'e str),
    Route(&'e str, &'e str, &'e str),
}

impl<'e> Index<'e> {
    pub(crate) fn of(facts: &[&'e NetworkFact]) -> Self {
        let mut index = Self::default();
        for fact in facts {
            index.relations(&fact.statement);
        }
        for fact in facts {
            index.associations(&fact.statement);
            if let (Some(at), Some(_)) = (fact.at, fact.call()) {
                index.birth(&fact.statement, at);
            }
        }
        for fact in facts.iter().filter(|fact| fact.call().is_some()) {
            let beginnings = index.beginnings(&fact.statement);
            index.begun.extend(beginnings.into_iter().flatten());
        }
        index
    }

    /// The elastic address of an association.
    pub(crate) fn address(&self, association: &Association) -> Option<IpAddr> {
        let allocated = self.address_of_allocation.get(&*association.allocation_id).copied();
        association.address.or(allocated)
    }

    /// The elastic address with this allocation or association.
    pub(crate) fn address_named(
        &self,
        allocation_id: &str,
        association_id: &str,
    ) -> Option<IpAddr> {
        let allocated = self.address_of_allocation.get(allocation_id);
        allocated.or_else(|| self.address_of_association.get(association_id)).copied()
    }

    /// Where an association leads; the interface of a NAT gateway is the gateway.
    pub(crate) fn place(&self, target: &'e AssociationTarget) -> Place<'e> {
        match target {
            AssociationTarget::Instance(id) => Place::Instance(id),
            AssociationTarget::Interface(id) => {
                self.nat_gateway(id).map_or(Place::Interface(id), Place::NatGateway)
            }
            AssociationTarget::NatGateway(id) => Place::NatGateway(id),
        }
    }

    /// The interface of an attachment.
    pub(crate) fn attached(&self, attachment_id: &str) -> Option<&'e Arc<str>> {
        self.interface_of_attachment.get(attachment_id).copied()
    }

    /// The NAT gateway of an interface.
    pub(crate) fn nat_gateway(&self, interface: &str) -> Option<&'e str> {
        self.nat_of_interface.get(interface).copied()
    }

    /// The VPC of an instance, interface, subnet, NAT gateway or route table.
    pub(crate) fn vpc(&self, id: &str) -> Option<&'e str> {
        let known = self.vpc_of.get(id);
        let subnet = self.subnet_of.get(id);
        known.or_else(|| self.vpc_of.get(subnet?)).copied()
    }

    /// Whether an inventory states without a time what an event tells the begin of.
    pub(crate) fn is_told_by_an_event(&self, fact: &'e NetworkFact) -> bool {
        let beginnings = self.beginnings(&fact.statement);
        fact.at.is_none() && beginnings.iter().flatten().any(|key| self.begun.contains(key))
    }

    /// When `fact` begins.
    ///
    /// An inventory without a time cannot speak of a time before its subjects were created.
    pub(crate) fn begin(&self, fact: &'e NetworkFact) -> Option<Timestamp> {
        let subjects = subjects(&fact.statement);
        let born = || subjects.iter().filter_map(|subject| self.born.get(subject)).max();
        fact.at.or_else(|| born().copied())
    }

    fn relations(&mut self, statement: &'e Statement) {
        if let Statement::Address(AddressStatement::Allocated { allocation_id, address }) =
            statement
        {
            keep_smaller(&mut self.address_of_allocation, allocation_id, *address);
        } else if let Statement::Instance(InstanceStatement::Described(state)) = statement {
            self.lies_in(&state.instance_id, &state.vpc_id, &state.subnet_id);
        } else if let Statement::Interface(InterfaceStatement::Described {
            network_interface_id: id,
            vpc_id,
            subnet_id,
            nat_gateway_id: gateway,
        }) = statement
        {
            self.lies_in(id, vpc_id, subnet_id);
            if !gateway.is_empty() {
                keep_smaller(&mut self.nat_of_interface, id, &**gateway);
            }
        } else if let Statement::Interface(InterfaceStatement::Attached {
            network_interface_id,
            attachment_id,
            ..
        }) = statement
        {
            keep_smaller(&mut self.interface_of_attachment, attachment_id, network_interface_id);
        } else if let Statement::Gateway(GatewayStatement::NatGateway {
            nat_gateway_id: id,
            vpc_id,
            subnet_id,
        })
        | Statement::Route(RouteStatement::Table {
            route_table_id: id,
            vpc_id,
            subnet_id,
        }) = statement
        {
            self.lies_in(id, vpc_id, subnet_id);
        } else if let Statement::Route(RouteStatement::Subnet { subnet_id, vpc_id }) = statement {
            self.lies_in(subnet_id, vpc_id, "");
        }
    }

    fn lies_in(&mut self, id: &'e str, vpc_id: &'e str, subnet_id: &'e str) {
        if !vpc_id.is_empty() {
            keep_smaller(&mut self.vpc_of, id, vpc_id);
        }
        if !subnet_id.is_empty() {
            keep_smaller(&mut self.subnet_of, id, subnet_id);
            if !vpc_id.is_empty() {
                keep_smaller(&mut self.vpc_of, subnet_id, vpc_id);
            }
        }
    }

    fn associations(&mut self, statement: &'e Statement) {
        if let Statement::Address(AddressStatement::Associated(association)) = statement
            && let Some(address) = self.address(association)
        {
            keep_smaller(&mut self.address_of_association, &association.association_id, address);
        }
    }

    fn birth(&mut self, statement: &'e Statement, at: Timestamp) {
        if let Some(id) = created(statement) {
            keep_smaller(&mut self.born, id, at);
        }
    }

    fn beginnings(&self, statement: &'e Statement) -> [Option<Beginning<'e>>; 2] {
        if let Statement::Address(AddressStatement::Associated(association)) = statement {
            let place = self.place(&association.target);
            let address = self.address(association);
            let id = Some(&*association.association_id).filter(|id| !id.is_empty());
            let associated = address.map(|address| Beginning::Associated(address, place));
            return [associated, id.map(Beginning::AssociationId)];
        }
        [beginning(statement), None]
    }
}

/// What a statement tells the begin of, associations aside.
fn beginning(statement: &Statement) -> Option<Beginning<'_>> {
    if let Statement::Address(AddressStatement::Allocated { allocation_id, .. }) = statement {
        Some(Beginning::Allocated(allocation_id)).filter(|_| !allocation_id.is_empty())
    } else if let Statement::Address(AddressStatement::Assigned { network_interface_id, address }) =
        statement
    {
        Some(Beginning::Assigned(network_interface_id, *address))
    } else if let Statement::Interface(InterfaceStatement::Attached {
        network_interface_id,
        instance_id,
        ..
    }) = statement
    {
        Some(Beginning::Attached(network_interface_id, instance_id))
    } else if let Statement::Gateway(GatewayStatement::Endpoint { vpc_endpoint_id, .. }) = statement
    {
        Some(Beginning::Endpoint(vpc_endpoint_id))
    } else if let Statement::Instance(InstanceStatement::MetadataOptionsSet {
        instance_id, ..
    }) = statement
    {
        Some(Beginning::MetadataOptions(instance_id))
    } else if let Statement::Instance(InstanceStatement::ProfileAssociated {
        instance_id, ..
    }) = statement
    {
        Some(Beginning::Profile(instance_id))
    } else if let Statement::Route(RouteStatement::Set { route_table_id, destination, target_id }) =
        statement
    {
        Some(Beginning::Route(route_table_id, destination, target_id))
    } else {
        None
    }
}

/// The id of what a statement first tells the existence of.
fn created(statement: &Statement) -> Option<&str> {
    if let Statement::Instance(InstanceStatement::Described(state)) = statement {
        return Some(&state.instance_id);
    }
    if let Statement::Address(AddressStatement::Allocated { allocation_id: id, .. })
    | Statement::Interface(InterfaceStatement::Described {
        network_interface_id: id, ..
    })
    | Statement::Gateway(GatewayStatement::NatGateway { nat_gateway_id: id, .. }) = statement
    {
        return Some(id);
    }
    None
}

/// The ids of what a statement is about, of which none can be before all exist.
fn subjects(statement: &Statement) -> [&str; 2] {
    if let Statement::Address(AddressStatement::Associated(association)) = statement {
        return match &association.target {
            AssociationTarget::Instance(id)
            | AssociationTarget::Interface(id)
            | AssociationTarget::NatGateway(id) => [&*association.allocation_id, id],
        };
    }
    if let Statement::Interface(InterfaceStatement::Attached {
        network_interface_id,
        instance_id,
        ..
    }) = statement
    {
        return [network_interface_id, instance_id];
    }
    if let Statement::Address(
        AddressStatement::Assigned { network_interface_id: id, .. }
        | AddressStatement::Lent { network_interface_id: id, .. },
    )
    | Statement::Instance(
        InstanceStatement::Named { instance_id: id, .. }
        | InstanceStatement::MetadataOptionsSet { instance_id: id, .. }
        | InstanceStatement::ProfileAssociated { instance_id: id, .. },
    ) = statement
    {
        return [id, ""];
    }
    [created(statement).unwrap_or_default(), ""]
}

fn keep_smaller<'e, V: Ord>(map: &mut BTreeMap<&'e str, V>, id: &'e str, value: V) {
    if id.is_empty() {
        return;
    }
    match map.entry(id) {
        Entry::Vacant(place) => _ = place.insert(value),
        Entry::Occupied(mut known) if value < *known.get() => _ = known.insert(value),
        Entry::Occupied(_) => {}
    }
}
