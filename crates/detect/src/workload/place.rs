//! Where a direct call came from.

use alloc::sync::Arc;
use core::net::{IpAddr, Ipv6Addr};

use evidence::Source;

/// Bits of an IPv6 address that name a subnet: an interface may have many addresses in one.
const SUBNET_BITS: u32 = 64;

/// Where a direct call came from, as far as places are told apart.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    /// A VPC endpoint. The address of the caller lies in the endpoint's VPC and is anybody's to
    /// choose who owns that VPC.
    Endpoint {
        /// `vpce-…`.
        id: Arc<str>,
        /// Its account; empty in events before version 1.09.
        account_id: Arc<str>,
    },
    /// A private address without an endpoint.
    Private(IpAddr),
    /// A public address; of IPv6 the subnet.
    Public(IpAddr),
}

impl Place {
    /// The place and the address of a direct call; nothing for what a service forwards.
    pub(crate) fn of(source: Source<'_>) -> Option<(Self, Option<IpAddr>)> {
        if !source.invoked_by.is_empty() {
            return None;
        }
        let address: Option<IpAddr> = source.address.parse().ok();
        if source.vpc_endpoint_id.starts_with("vpce-") {
            let id = Arc::clone(source.vpc_endpoint_id);
            let account_id = Arc::clone(source.vpc_endpoint_account_id);
            return Some((Self::Endpoint { id, account_id }, address));
        }
        // A host name is a service's, and so is `AWS Internal`.
        let address = address?;
        let place = if network::is_private(address) {
            Self::Private(address)
        } else {
            Self::Public(subnet(address))
        };
        Some((place, Some(address)))
    }
}

/// The address itself, or the subnet of an IPv6 address.
pub(super) fn subnet(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let bits = u128::from(address) >> SUBNET_BITS << SUBNET_BITS;
            IpAddr::V6(Ipv6Addr::from(bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use core::net::IpAddr;

    use evidence::Source;

    use super::Place;

    /// The place and address of a call.
    fn of(address: &str, endpoint: &str, invoked_by: &str) -> Option<(Place, Option<IpAddr>)> {
        let [address, endpoint, account, invoked_by] =
            [address, endpoint, "", invoked_by].map(Arc::from);
        Place::of(Source {
            address: &address,
            vpc_endpoint_id: &endpoint,
            vpc_endpoint_account_id: &account,
            invoked_by: &invoked_by,
        })
    }

    #[test]
    fn what_a_service_forwards_comes_from_nowhere() {
        assert_eq!(of("198.51.100.1", "", "cloudformation.amazonaws.com"), None);
        assert_eq!(of("AWS Internal", "", ""), None);
        assert_eq!(of("ec2.amazonaws.com", "", ""), None);
    }

    #[test]
    fn an_endpoint_is_a_place_whatever_the_address() {
        let place = |address, endpoint| of(address, endpoint, "").map(|(place, _)| place);
        assert_eq!(place("10.0.0.1", "vpce-1"), place("10.0.0.2", "vpce-1"));
        assert_ne!(place("10.0.0.1", "vpce-1"), place("10.0.0.1", "vpce-2"));
    }

    #[test]
    fn addresses_of_one_subnet_are_one_place() {
        let place = |address| of(address, "", "").map(|(place, _)| place);
        assert_eq!(place("2600:1f18:1:2::3"), place("2600:1f18:1:2:ffff::1"));
        assert_ne!(place("2600:1f18:1:2::3"), place("2600:1f18:1:3::3"));
        assert_ne!(place("198.51.100.1"), place("198.51.100.2"));
    }
}
