//! What the user knows beyond the logs.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use ipnet::IpNet;
use lineage::Cores;
use network::AwsRanges;

use crate::unusual;

/// A range of addresses that one's own traffic leaves from, such as a VPN's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Egress {
    /// The range.
    pub range: IpNet,
    /// What the user calls it.
    pub name: String,
}

/// Where an address is and whose network it is in.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Locality {
    /// ISO 3166-1 code of the country.
    pub country: Option<String>,
    /// Number of the autonomous system.
    pub asn: Option<u32>,
    /// Name of its operator.
    pub network_owner: Option<String>,
}

/// Looks up where addresses are.
///
/// It must give the same answer for the same address: an analysis is a pure function.
pub trait Localities: Sync {
    /// What is known about `address`; never asked for private and reserved addresses.
    fn locality(&self, address: IpAddr) -> Option<Locality>;
}

/// Autonomous systems that AWS's addresses are announced from (ARIN: AMAZON-AES, AMAZON-02,
/// AMAZON-01), which stand in for AWS's own list where that is not given.
const AWS_NETWORKS: [u32; 3] = [14_618, 16_509, 8_987];

/// What a person has decided: what this origin does is known and wanted.
///
/// A decision is kept apart from what was merely seen: it teaches nothing, and what it covers is
/// still shown, as informational. After `expires` it covers nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Accepted {
    /// The origin: its key, ARN, instance or subject.
    pub origin: String,
    /// Names or ARNs of every role that it may take; of any role where there are none.
    pub path: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Until when: sessions that begin then or later are not covered.
    pub expires: Timestamp,
}

impl Accepted {
    /// What is said of what it covers.
    pub(crate) fn words(&self) -> String {
        let Self { reason, owner, expires, .. } = self;
        format!(" Accepted until {expires} by {owner}: {reason}.")
    }
}

/// What the user knows beyond the logs; nothing by default.
#[derive(Clone, Copy, Default)]
pub struct Settings<'s> {
    /// Ranges that one's own traffic leaves from.
    pub egress: &'s [Egress],
    /// AWS's own ranges.
    pub aws_ranges: Option<&'s AwsRanges>,
    /// Where addresses are.
    pub localities: Option<&'s dyn Localities>,
    /// Whether incidents whose graph is only a part come with their whole graph, which takes its
    /// time: see [`Analysis::graphs`](crate::Analysis::graphs).
    pub whole_graphs: bool,
    /// What the work may be done on; the result is the same.
    pub cores: Cores,
    /// What people have decided.
    pub accepted: &'s [Accepted],
    /// Surprise altogether, in sixteenths of a bit, from which on `unusual_use` is medium; 192
    /// unless given. `rolecall tune` finds it out from one's own history.
    pub unusual_threshold: Option<u32>,
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("egress", &self.egress)
            .field("aws_ranges", &self.aws_ranges.is_some())
            .field("localities", &self.localities.is_some())
            .field("whole_graphs", &self.whole_graphs)
            .field("accepted", &self.accepted)
            .field("unusual_threshold", &self.unusual_threshold)
            .finish()
    }
}

impl Settings<'_> {
    /// Surprise altogether from which on what is unusual is medium.
    pub(crate) fn unusual_threshold(&self) -> u32 {
        self.unusual_threshold.unwrap_or(unusual::MEDIUM)
    }

    /// What the user calls the range of their own that `address` lies in.
    pub(crate) fn declared(&self, address: IpAddr) -> Option<&str> {
        let ranges = self.egress.iter().filter(|egress| egress.range.contains(&address));
        ranges.max_by_key(|egress| egress.range.prefix_len()).map(|egress| &*egress.name)
    }

    /// Whether `address` is AWS's, where that can be told.
    pub(crate) fn is_of_aws(&self, address: IpAddr) -> Option<bool> {
        if let Some(ranges) = self.aws_ranges {
            return Some(ranges.lookup(address).is_some());
        }
        let asn = self.locality(address)?.asn?;
        Some(AWS_NETWORKS.contains(&asn))
    }

    /// Where `address` is, unless it is private or reserved.
    pub(crate) fn locality(&self, address: IpAddr) -> Option<Locality> {
        if network::is_private(address) || network::is_reserved(address) {
            return None;
        }
        self.localities?.locality(address)
    }
}
