//! An instance of EC2 through time.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Credential, EventRef};

use crate::interval::{Held, Proof};

/// An instance, with what the logs and inventories tell about it.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// `i-…`.
    pub id: Arc<str>,
    /// Account that it runs in.
    pub account_id: Option<Arc<str>>,
    /// Region that it runs in.
    pub region: Option<Arc<str>>,
    /// `vpc-…`.
    pub vpc_id: Option<Arc<str>>,
    /// `subnet-…`.
    pub subnet_id: Option<Arc<str>>,
    /// Its tag `Name`, chosen by somebody.
    pub name: Option<Arc<str>>,
    /// `ami-…`.
    pub image_id: Option<Arc<str>>,
    /// The launch, where it is in the logs.
    pub launch: Option<Launch>,
    /// When it was launched, from the launch or from an inventory.
    pub launched_at: Option<Timestamp>,
    /// The first successful call to terminate it.
    pub terminated: Option<(Timestamp, Proof)>,
    /// Its addresses, private and public, IPv4 and IPv6, by begin.
    pub addresses: Vec<Held<IpAddr>>,
    /// Its security groups at launch or by inventory.
    pub security_group_ids: Vec<Arc<str>>,
    /// ARNs or names of its instance profiles, by begin.
    pub profiles: Vec<Held<Arc<str>>>,
    /// Its metadata options, by begin.
    pub metadata_options: Vec<Held<MetadataOptions>>,
    /// Calls that changed it or ran something on it, by time.
    pub changes: Vec<InstanceChange>,
}

/// The launch of an instance.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launch {
    /// The `RunInstances` call.
    pub event: EventRef,
    /// Who called.
    pub caller: Credential,
}

/// Options of the instance metadata service; nothing where the logs do not tell.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct MetadataOptions {
    /// `httpTokens`: `required` admits version 2 alone, `optional` version 1 as well.
    pub http_tokens: Option<Arc<str>>,
    /// `httpEndpoint`: `enabled` or `disabled`.
    pub http_endpoint: Option<Arc<str>>,
    /// `httpPutResponseHopLimit`.
    pub hop_limit: Option<u32>,
}

/// A call that changed an instance or ran something on it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InstanceChange {
    /// What it did.
    pub touch: Touch,
    /// The document of Systems Manager, the profile, the group: what tells it from others.
    pub detail: Arc<str>,
    /// The call.
    pub event: EventRef,
    /// Who called.
    pub caller: Credential,
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
    /// Its groups changed, or a rule of one of its groups (`AuthorizeSecurityGroupIngress`).
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
