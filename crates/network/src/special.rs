//! Addresses that are nobody's on the internet.
//!
//! The lists follow IANA's registries of special-purpose addresses (RFC 6890 and its updates),
//! and leave out what is reachable from everywhere.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses of networks of one's own: many networks use them at a time.
const PRIVATE_V4: [(Ipv4Addr, u32); 6] = [
    // RFC 1918.
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Shared address space, RFC 6598, which pods and carriers use.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback, RFC 1122.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, RFC 3927; the instance metadata service answers here.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];
const PRIVATE_V6: [(Ipv6Addr, u32); 3] = [
    // Unique-local, RFC 4193.
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    // Link-local, RFC 4291.
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    // Loopback, RFC 4291.
    (Ipv6Addr::LOCALHOST, 128),
];

/// Addresses that nothing has.
const RESERVED_V4: [(Ipv4Addr, u32); 9] = [
    // This network, RFC 791.
    (Ipv4Addr::UNSPECIFIED, 8),
    // IETF protocol assignments, RFC 6890.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation, RFC 5737.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Benchmarking, RFC 2544.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Multicast, RFC 5771.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Future use, RFC 1112, and broadcast, RFC 8190.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::BROADCAST, 32),
];
const RESERVED_V6: [(Ipv6Addr, u32); 9] = [
    // Unspecified, RFC 4291.
    (Ipv6Addr::UNSPECIFIED, 128),
    // Local translation, RFC 8215.
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    // Discard-only, RFC 6666, and dummy, RFC 9780.
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x100, 0, 0, 1, 0, 0, 0, 0), 64),
    // IETF protocol assignments, RFC 2928.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation, RFC 3849 and RFC 9637.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // Segment routing, RFC 9602.
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16),
    // Multicast, RFC 4291.
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Parts of the protocol assignments that are reachable from everywhere: anycast addresses (RFC
/// 7723, RFC 8155), Teredo (RFC 4380), AMT (RFC 7450), AS112 (RFC 7535), ORCHID version 2 (RFC
/// 7343) and drone identification (RFC 9374).
const REACHABLE_V4: [(Ipv4Addr, u32); 2] =
    [(Ipv4Addr::new(192, 0, 0, 9), 32), (Ipv4Addr::new(192, 0, 0, 10), 32)];
const REACHABLE_V6: [(Ipv6Addr, u32); 8] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 1), 128),
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 2), 128),
    (Ipv6Addr::new(0x2001, 1, 0, 0, 0, 0, 0, 3), 128),
    (Ipv6Addr::new(0x2001, 3, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2001, 4, 0x112, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x2001, 0x20, 0, 0, 0, 0, 0, 0), 28),
    (Ipv6Addr::new(0x2001, 0x30, 0, 0, 0, 0, 0, 0), 28),
];

/// Whether `address` belongs to a network of somebody's own: RFC 1918, shared (100.64.0.0/10),
/// unique-local, link-local or loopback. It says nothing about whose network that is.
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_v4_in(address, &PRIVATE_V4),
        IpAddr::V6(address) => is_v6_in(address, &PRIVATE_V6),
    }
}

/// Whether `address` cannot be anybody's: for documentation, benchmarks, multicast, or not given
/// out. Private addresses are not among them.
pub fn is_reserved(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_v4_in(address, &RESERVED_V4) && !is_v4_in(address, &REACHABLE_V4),
        IpAddr::V6(address) => is_v6_in(address, &RESERVED_V6) && !is_v6_in(address, &REACHABLE_V6),
    }
}

fn is_v4_in(address: Ipv4Addr, ranges: &[(Ipv4Addr, u32)]) -> bool {
    let differs = |first: &Ipv4Addr| address.to_bits() ^ first.to_bits();
    ranges.iter().any(|(first, length)| differs(first).leading_zeros() >= *length)
}

fn is_v6_in(address: Ipv6Addr, ranges: &[(Ipv6Addr, u32)]) -> bool {
    let differs = |first: &Ipv6Addr| address.to_bits() ^ first.to_bits();
    ranges.iter().any(|(first, length)| differs(first).leading_zeros() >= *length)
}

#[cfg(test)]
mod tests {
    use super::{is_private, is_reserved};

    /// The addresses of `list` for which `holds` says no.
    fn exceptions<'a>(
        list: &[&'a str],
        holds: fn(core::net::IpAddr) -> bool,
    ) -> alloc::vec::Vec<&'a str> {
        list.iter().copied().filter(|text| !holds(text.parse().unwrap())).collect()
    }

    #[test]
    fn private_addresses_are_told_to_the_last_one() {
        let private = [
            "10.0.0.0",
            "10.255.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "fc00::1",
            "fdff:ffff::",
            "fe80::1",
            "febf::",
            "::1",
            "::ffff:10.1.2.3",
        ];
        assert!(exceptions(&private, is_private).is_empty());
        assert!(exceptions(&private, |address| !is_reserved(address)).is_empty());
        let others = [
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "192.0.2.1",
            "fe00::",
            "fec0::",
            "::2",
            "::ffff:8.8.8.8",
        ];
        assert!(exceptions(&others, |address| !is_private(address)).is_empty());
    }

    #[test]
    fn reserved_addresses_are_nobodys() {
        let reserved = [
            "0.1.2.3",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "100:0:0:1::",
            "64:ff9b:1::",
            "2001:2::1",
            "5f00::1",
            "ff02::1",
        ];
        assert!(exceptions(&reserved, is_reserved).is_empty());
        let others = [
            "8.8.8.8",
            "192.0.0.9",
            "192.0.0.10",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.0",
            "3.225.16.109",
            "2600:1f18::1",
            "2001:4860:4860::8888",
            "2001:20::1",
            "64:ff9b::1",
        ];
        assert!(exceptions(&others, |address| !is_reserved(address)).is_empty());
    }
}
