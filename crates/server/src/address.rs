//! Addresses that nothing is ever sent to: a metadata service would answer with credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether nothing may be sent to `address`.
///
/// Refused are link-local addresses (169.254.0.0/16 with the metadata service 169.254.169.254 and
/// the credentials of tasks 169.254.170.2; `fe80::/10`), the services of an instance in `fd00:ec2::/32`
/// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>),
/// and addresses that no one machine has. Addresses of IPv4 within IPv6 count as what they hold.
pub fn is_refused(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_refused_v4(address),
        IpAddr::V6(address) => {
            embedded(address).map_or_else(|| is_refused_v6(address), is_refused_v4)
        }
    }
}

const fn is_refused_v4(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    address.is_link_local() || address.is_multicast() || address.is_broadcast() || first == 0
}

const fn is_refused_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_link_local = first & 0xffc0 == 0xfe80;
    let is_of_an_instance = first == 0xfd00 && second == 0x0ec2;
    is_link_local || is_of_an_instance || address.is_multicast() || address.is_unspecified()
}

/// The address of IPv4 that `address` holds: mapped, compatible, translated (RFC 6052) or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(v4(high, low))
        }
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_refused;

    fn refused(address: &str) -> bool {
        is_refused(address.parse().unwrap())
    }

    #[test]
    fn metadata_services_are_refused_in_every_spelling() {
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "169.254.0.1",
            "169.254.255.255",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fe80::1",
            "febf::1",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "255.255.255.255",
            "224.0.0.1",
            "ff02::1",
        ] {
            assert!(refused(address), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_not() {
        for address in [
            "192.0.2.1",
            "169.253.255.255",
            "169.255.0.0",
            "10.0.0.1",
            "127.0.0.1",
            "::1",
            "2001:db8::1",
            "fd00:ec3::254",
            "fec0::1",
            "::ffff:192.0.2.1",
            "64:ff9b::192.0.2.1",
        ] {
            assert!(!refused(address), "{address}");
        }
    }
}
