//! Addresses that stand for AWS, drawn from ranges that Amazon publishes for EC2.
//!
//! What stands for anything outside of AWS comes from the documentation ranges of RFC 5737.

use alloc::format;
use alloc::string::String;

use crate::chance::Chance;
use crate::organization::EU_WEST_1;

/// A Region in which the organization has nothing.
pub(crate) const EU_WEST_2: &str = "eu-west-2";

/// Region, first two bytes and the number of `/16` of some EC2 prefixes.
///
/// Source: <https://ip-ranges.amazonaws.com/ip-ranges.json>, `createDate` 2026-08-22-15-17-05.
const PREFIXES: [(&str, u8, u8, u64); 8] = [
    ("us-east-1", 3, 208, 16),
    ("us-east-1", 34, 224, 16),
    ("us-east-1", 52, 200, 8),
    (EU_WEST_1, 3, 248, 8),
    (EU_WEST_1, 34, 240, 8),
    (EU_WEST_1, 52, 208, 8),
    (EU_WEST_2, 3, 8, 4),
    (EU_WEST_2, 35, 176, 2),
];

/// A public address of EC2 in `region`.
pub(crate) fn elastic(region: &str, chance: &mut Chance) -> String {
    let n_ranges = PREFIXES.iter().filter(|prefix| prefix.0 == region).count();
    let position = chance.below(n_ranges as u64) as usize;
    let range = PREFIXES.iter().filter(|prefix| prefix.0 == region).nth(position);
    let (_, first, second, n_blocks) = range.copied().unwrap_or(("", 3, 208, 16));
    let second = u64::from(second) + chance.below(n_blocks);
    format!("{first}.{second}.{}.{}", chance.below(256), chance.between(1, 254))
}

/// The first 64 bits of a subnet's IPv6 addresses, from the prefixes that EC2 gives to VPCs.
pub(crate) fn ipv6_subnet(region: &str, chance: &mut Chance) -> String {
    // 2600:1f18::/33 is of us-east-1, 2a05:d018::/35 of eu-west-1.
    let prefix = if region == EU_WEST_1 { "2a05:d018" } else { "2600:1f18" };
    format!("{prefix}:{:x}:{:x}", chance.between(0x100, 0x1fff), chance.between(0x1000, 0xffff))
}

/// An address of the subnet that begins with `subnet`.
pub(crate) fn ipv6(subnet: &str, chance: &mut Chance) -> String {
    let mut group = || chance.between(0x1000, 0xffff);
    format!("{subnet}:{:x}:{:x}:{:x}:{:x}", group(), group(), group(), group())
}

/// Whether the address is one of the prefixes above: what the tests call Amazon's.
#[cfg(test)]
pub(crate) fn is_amazon(address: &str) -> bool {
    let bytes: alloc::vec::Vec<u8> =
        address.split('.').filter_map(|byte| byte.parse().ok()).collect();
    let [first, second, _, _] = bytes[..] else {
        return address.starts_with("2600:1f18:") || address.starts_with("2a05:d018:");
    };
    PREFIXES.iter().any(|prefix| {
        let blocks = u64::from(prefix.2)..u64::from(prefix.2) + prefix.3;
        prefix.1 == first && blocks.contains(&u64::from(second))
    })
}

#[cfg(test)]
mod tests {
    use super::{EU_WEST_2, elastic, ipv6, ipv6_subnet, is_amazon};
    use crate::chance::Chance;

    #[test]
    fn every_region_has_addresses_of_its_own() {
        let mut chance = Chance::of(1, "addresses", 0);
        for region in ["us-east-1", "eu-west-1", EU_WEST_2] {
            for _ in 0..200 {
                assert!(is_amazon(&elastic(region, &mut chance)));
            }
        }
        assert!(!is_amazon("203.0.113.10") && !is_amazon("3.255.300.1"));
    }

    #[test]
    fn addresses_of_version_six_have_eight_groups() {
        let mut chance = Chance::of(1, "addresses", 1);
        let subnet = ipv6_subnet("us-east-1", &mut chance);
        let address = ipv6(&subnet, &mut chance);
        assert!(address.parse::<core::net::Ipv6Addr>().is_ok() && is_amazon(&address));
    }
}
