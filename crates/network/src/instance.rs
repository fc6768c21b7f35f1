//! An instance of EC2 through time.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Credential, EventRef, MetadataOptions, Touch};

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
