//! What a fact about a network states.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use core::net::IpAddr;

use cloudtrail::Timestamp;

/// What a fact states.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Statement {
    /// An account is a member of the organization.
    AccountOwned {
        /// Twelve digits.
        account_id: Arc<str>,
    },
    /// About an address.
    Address(AddressStatement),
    /// About a NAT gateway or a VPC endpoint.
    Gateway(GatewayStatement),
    /// About an instance.
    Instance(InstanceStatement),
    /// About an interface.
    Interface(InterfaceStatement),
    /// About subnets and routes.
    Route(RouteStatement),
}

/// What a fact states about an address. Ids that the source lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum AddressStatement {
    /// An elastic address is one's own.
    Allocated {
        /// `eipalloc-…`.
        allocation_id: Arc<str>,
        /// The address.
        address: IpAddr,
    },
    /// An interface has an address of its subnet.
    Assigned {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// The address.
        address: IpAddr,
    },
    /// An elastic address leads to something.
    Associated(Association),
    /// An elastic address leads nowhere from here on.
    Disassociated {
        /// `eipassoc-…`.
        association_id: Arc<str>,
        /// `eipalloc-…`.
        allocation_id: Arc<str>,
        /// The address.
        address: Option<IpAddr>,
    },
    /// An interface has a public address out of Amazon's pool, which it loses with a stop.
    Lent {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// The address.
        address: IpAddr,
    },
    /// An elastic address was given back.
    Released {
        /// `eipalloc-…`.
        allocation_id: Arc<str>,
        /// The address.
        address: Option<IpAddr>,
    },
    /// An interface lost an address of its subnet.
    Unassigned {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// The address.
        address: IpAddr,
    },
}

/// What a fact states about a NAT gateway or a VPC endpoint. Ids that the source lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum GatewayStatement {
    /// There is a VPC endpoint.
    Endpoint {
        /// `vpce-…`.
        vpc_endpoint_id: Arc<str>,
        /// `vpc-…`.
        vpc_id: Arc<str>,
        /// The service, such as `com.amazonaws.us-east-1.s3`.
        service_name: Arc<str>,
    },
    /// A VPC endpoint was deleted.
    EndpointDeleted {
        /// `vpce-…`.
        vpc_endpoint_id: Arc<str>,
    },
    /// There is a NAT gateway.
    NatGateway {
        /// `nat-…`.
        nat_gateway_id: Arc<str>,
        /// `vpc-…`.
        vpc_id: Arc<str>,
        /// `subnet-…`.
        subnet_id: Arc<str>,
    },
    /// A NAT gateway was deleted.
    NatGatewayDeleted {
        /// `nat-…`.
        nat_gateway_id: Arc<str>,
    },
}

/// What a fact states about an instance. Ids that the source lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum InstanceStatement {
    /// There is an instance.
    Described(Box<InstanceState>),
    /// A security group admits more than before.
    GroupOpened {
        /// `sg-…`.
        group_id: Arc<str>,
    },
    /// The metadata options of an instance.
    MetadataOptionsSet {
        /// `i-…`.
        instance_id: Arc<str>,
        /// Those that are told.
        options: MetadataOptions,
    },
    /// The tag `Name` of an instance was set.
    Named {
        /// `i-…`.
        instance_id: Arc<str>,
        /// Chosen by the caller.
        name: Arc<str>,
    },
    /// An instance has an instance profile.
    ProfileAssociated {
        /// `i-…`.
        instance_id: Arc<str>,
        /// ARN or name.
        profile: Arc<str>,
        /// `iip-assoc-…`.
        association_id: Arc<str>,
    },
    /// An instance lost its instance profile.
    ProfileDisassociated {
        /// `i-…`.
        instance_id: Arc<str>,
        /// `iip-assoc-…`.
        association_id: Arc<str>,
    },
    /// A snapshot of a volume was taken.
    SnapshotTaken {
        /// `vol-…`.
        volume_id: Arc<str>,
    },
    /// An instance was stopped.
    Stopped {
        /// `i-…`.
        instance_id: Arc<str>,
    },
    /// An instance was terminated.
    Terminated {
        /// `i-…`.
        instance_id: Arc<str>,
    },
    /// A call changed an instance, or ran something on it.
    Touched {
        /// `i-…`.
        instance_id: Arc<str>,
        /// What it did.
        touch: Touch,
        /// What tells it from others: the document, the profile, the group, the event's name.
        detail: Arc<str>,
    },
    /// A volume is attached to an instance.
    VolumeAttached {
        /// `vol-…`.
        volume_id: Arc<str>,
        /// `i-…`.
        instance_id: Arc<str>,
    },
}

/// What a fact states about an interface. Ids that the source lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum InterfaceStatement {
    /// An interface is attached to an instance.
    Attached {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// `i-…`.
        instance_id: Arc<str>,
        /// `eni-attach-…`.
        attachment_id: Arc<str>,
        /// Whether the interface outlives the instance.
        is_kept: bool,
    },
    /// An interface was deleted.
    Deleted {
        /// `eni-…`.
        network_interface_id: Arc<str>,
    },
    /// There is an interface.
    Described {
        /// `eni-…`.
        network_interface_id: Arc<str>,
        /// `vpc-…`.
        vpc_id: Arc<str>,
        /// `subnet-…`.
        subnet_id: Arc<str>,
        /// `nat-…`, where it is the interface of a NAT gateway.
        nat_gateway_id: Arc<str>,
    },
    /// An interface was detached.
    Detached {
        /// `eni-attach-…`.
        attachment_id: Arc<str>,
    },
}

/// What a fact states about routes. Ids that the source lacks are empty.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum RouteStatement {
    /// A route was deleted.
    Deleted {
        /// `rtb-…`.
        route_table_id: Arc<str>,
        /// Where it led.
        destination: Arc<str>,
    },
    /// There is a route.
    Set {
        /// `rtb-…`.
        route_table_id: Arc<str>,
        /// Where it leads, such as `0.0.0.0/0`.
        destination: Arc<str>,
        /// Id of what it leads through.
        target_id: Arc<str>,
    },
    /// A subnet lies in a VPC.
    Subnet {
        /// `subnet-…`.
        subnet_id: Arc<str>,
        /// `vpc-…`.
        vpc_id: Arc<str>,
    },
    /// A route table serves a VPC, or a subnet of it.
    Table {
        /// `rtb-…`.
        route_table_id: Arc<str>,
        /// `vpc-…`.
        vpc_id: Arc<str>,
        /// `subnet-…`.
        subnet_id: Arc<str>,
    },
}

/// Where an elastic address leads.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Association {
    /// `eipalloc-…`.
    pub allocation_id: Arc<str>,
    /// The address, where the source names it.
    pub address: Option<IpAddr>,
    /// `eipassoc-…`.
    pub association_id: Arc<str>,
    /// What it leads to.
    pub target: AssociationTarget,
    /// The private address that it leads to; nothing for the primary one.
    pub private_address: Option<IpAddr>,
}

/// What an elastic address leads to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum AssociationTarget {
    /// `i-…`.
    Instance(Arc<str>),
    /// `eni-…`.
    Interface(Arc<str>),
    /// `nat-…`.
    NatGateway(Arc<str>),
}

/// An instance as its launch or an inventory describes it.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct InstanceState {
    /// `i-…`.
    pub instance_id: Arc<str>,
    /// `vpc-…`.
    pub vpc_id: Arc<str>,
    /// `subnet-…`.
    pub subnet_id: Arc<str>,
    /// `ami-…`.
    pub image_id: Arc<str>,
    /// The tag `Name`, chosen by somebody.
    pub name: Arc<str>,
    /// When it was first launched, where that is told.
    pub launched_at: Option<Timestamp>,
    /// Whether this is the launch itself.
    pub is_launch: bool,
    /// `sg-…`.
    pub security_group_ids: BTreeSet<Arc<str>>,
}

/// Options of the instance metadata service; nothing where the source does not tell.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct MetadataOptions {
    /// `httpTokens`: `required` admits version 2 alone, `optional` version 1 as well.
    pub http_tokens: Option<Arc<str>>,
    /// `httpEndpoint`: `enabled` or `disabled`.
    pub http_endpoint: Option<Arc<str>>,
    /// `httpPutResponseHopLimit`.
    pub hop_limit: Option<u32>,
}

/// What a call did to an instance.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Touch {
    /// An address was attached or taken away.
    Address,
    /// A command was sent by Systems Manager (`SendCommand`).
    Command,
    /// It was connected to (`StartSession`, EC2 Instance Connect, serial console).
    Connection,
    /// An interface was attached or taken away.
    Interface,
    /// The metadata options changed.
    MetadataOptions,
    /// The instance profile changed.
    Profile,
    /// Its groups changed.
    SecurityGroup,
    /// It was started, stopped or rebooted.
    State,
    /// It was terminated.
    Termination,
    /// The user data changed.
    UserData,
    /// A volume was attached, or a snapshot of one taken.
    Volume,
}
