//! AWS's own list of its address ranges, `ip-ranges.json`.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use serde::Deserialize;

/// Most prefixes that a list may have. The list of August 2026 has 16,828.
const PREFIXES_MAX: usize = 1 << 20;

/// The Region of services that have none.
const GLOBAL: &str = "GLOBAL";

/// AWS's address ranges, as AWS publishes them (Amazon VPC user guide, "AWS IP address ranges").
#[derive(Clone, Debug, Default)]
pub struct AwsRanges {
    created: Option<Timestamp>,
    v4: Segments,
    v6: Segments,
    areas: Vec<Area>,
}

/// What AWS says of an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AwsRange<'r> {
    /// Region of the most specific range around the address; `GLOBAL` where it has none.
    pub region: &'r str,
    /// Services of all ranges around the address, in order. `AMAZON` is all that AWS has, and
    /// `EC2` what customers may hold.
    pub services: &'r [Arc<str>],
}

/// Why a list was not read.
#[derive(Debug)]
pub enum RangesError {
    /// It has no prefix.
    Empty,
    /// It is not JSON in the form of `ip-ranges.json`.
    Json(serde_json::Error),
    /// One of its prefixes is not a range of addresses.
    Prefix {
        /// Which one, counted from zero over those of IPv4 and then those of IPv6.
        index: usize,
    },
    /// It has more than 1,048,576 prefixes.
    TooMany {
        /// How many it has.
        prefixes: usize,
    },
}

/// Addresses in order. From each first address to the next it is the same area, or none.
#[derive(Clone, Debug, Default)]
struct Segments {
    firsts: Vec<u128>,
    areas: Vec<Option<u32>>,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Area {
    region: Arc<str>,
    services: Vec<Arc<str>>,
}

/// A range, by its first and last address; the wider one of two that begin together is first.
type Range = (u128, Reverse<u128>);

/// Region and services of each range.
type Listed<'a> = BTreeMap<Range, (&'a str, BTreeSet<&'a str>)>;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, rename = "createDate", default)]
    create_date: Cow<'a, str>,
    #[serde(borrow)]
    prefixes: Vec<Prefix<'a>>,
    #[serde(borrow, default)]
    ipv6_prefixes: Vec<Prefix<'a>>,
}

#[derive(Deserialize)]
struct Prefix<'a> {
    #[serde(borrow, rename = "ip_prefix", alias = "ipv6_prefix")]
    range: Cow<'a, str>,
    #[serde(borrow)]
    region: Cow<'a, str>,
    #[serde(borrow)]
    service: Cow<'a, str>,
}

impl AwsRanges {
    /// Reads `ip-ranges.json`.
    ///
    /// # Errors
    ///
    /// Where it is not such a list, or one of its prefixes is not a range: see [`RangesError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RangesError> {
        let file: File<'_> = serde_json::from_slice(bytes).map_err(RangesError::Json)?;
        let prefixes = file.prefixes.len() + file.ipv6_prefixes.len();
        if prefixes == 0 {
            return Err(RangesError::Empty);
        }
        if prefixes > PREFIXES_MAX {
            return Err(RangesError::TooMany { prefixes });
        }
        let (mut v4, mut v6) = (Listed::new(), Listed::new());
        for (index, prefix) in file.prefixes.iter().chain(&file.ipv6_prefixes).enumerate() {
            let parsed = range(&prefix.range).ok_or(RangesError::Prefix { index })?;
            let listed = if parsed.is_v4 { &mut v4 } else { &mut v6 };
            list(listed, (parsed.first, Reverse(parsed.last)), prefix);
        }
        let mut areas = BTreeMap::new();
        let (v4, v6) = (segments(&v4, &mut areas), segments(&v6, &mut areas));
        let mut numbered: Vec<(u32, Area)> =
            areas.into_iter().map(|(area, number)| (number, area)).collect();
        numbered.sort_by_key(|(number, _)| *number);
        let areas = numbered.into_iter().map(|(_, area)| area).collect();
        Ok(Self { created: created(&file.create_date), v4, v6, areas })
    }

    /// What AWS says of `address`, unless it is not one of AWS's.
    pub fn lookup(&self, address: IpAddr) -> Option<AwsRange<'_>> {
        let (segments, number) = match address {
            IpAddr::V4(address) => (&self.v4, u128::from(address.to_bits())),
            IpAddr::V6(address) => (&self.v6, address.to_bits()),
        };
        let behind = segments.firsts.partition_point(|first| *first <= number);
        let area = (*segments.areas.get(behind.checked_sub(1)?)?)?;
        let area = self.areas.get(area as usize)?;
        Some(AwsRange { region: &area.region, services: &area.services })
    }

    /// When AWS made the list, where it says so.
    pub const fn created(&self) -> Option<Timestamp> {
        self.created
    }
}

/// `createDate`, which is written `2026-08-22-15-17-05`, in UTC.
fn created(text: &str) -> Option<Timestamp> {
    let mut parts = text.splitn(4, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let time = parts.next()?.replace('-', ":");
    Timestamp::parse(&alloc::format!("{year}-{month}-{day}T{time}Z"))
}

struct Parsed {
    first: u128,
    last: u128,
    is_v4: bool,
}

/// The range of a prefix such as `192.0.2.0/24`.
fn range(prefix: &str) -> Option<Parsed> {
    let (address, length) = prefix.split_once('/')?;
    let (number, bits, is_v4) = match address.parse().ok()? {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32, true),
        IpAddr::V6(address) => (address.to_bits(), 128, false),
    };
    let length: u32 = length.parse().ok().filter(|length| *length <= bits)?;
    let free = u128::MAX.checked_shr(128 - bits + length).unwrap_or_default();
    Some(Parsed { first: number & !free, last: number | free, is_v4 })
}

fn list<'a>(listed: &mut Listed<'a>, range: Range, prefix: &'a Prefix<'_>) {
    let entry = listed.entry(range).or_insert_with(|| (&*prefix.region, BTreeSet::new()));
    entry.1.insert(&prefix.service);
    // Of two Regions the smaller one counts, and `GLOBAL` least.
    let is_better = (&*prefix.region == GLOBAL, &*prefix.region) < (entry.0 == GLOBAL, entry.0);
    if is_better {
        entry.0 = &prefix.region;
    }
}

/// Cuts nested ranges into segments. Ranges are nested or apart, because they are prefixes.
fn segments(listed: &Listed<'_>, areas: &mut BTreeMap<Area, u32>) -> Segments {
    let mut segments = Segments::default();
    let mut around: Vec<(u128, u32)> = Vec::new();
    let mut texts = BTreeMap::new();
    let mut opened: Vec<(&str, &BTreeSet<&str>)> = Vec::new();
    for ((first, last), (region, services)) in listed {
        while let Some((end, _)) = around.last().copied().filter(|(end, _)| end < first) {
            around.pop();
            opened.pop();
            segments.end(end, around.last().map(|(_, area)| *area));
        }
        opened.push((region, services));
        let all: BTreeSet<&str> = opened.iter().flat_map(|(_, of)| of.iter().copied()).collect();
        let area = Area {
            region: shared(&mut texts, region),
            services: all.into_iter().map(|service| shared(&mut texts, service)).collect(),
        };
        let next = areas.len() as u32;
        let number = *areas.entry(area).or_insert(next);
        around.push((last.0, number));
        segments.begin(*first, Some(number));
    }
    while let Some((end, _)) = around.pop() {
        segments.end(end, around.last().map(|(_, area)| *area));
    }
    segments
}

fn shared<'a>(texts: &mut BTreeMap<&'a str, Arc<str>>, text: &'a str) -> Arc<str> {
    Arc::clone(texts.entry(text).or_insert_with(|| Arc::from(text)))
}

impl Segments {
    /// Begins an area behind `last`.
    fn end(&mut self, last: u128, area: Option<u32>) {
        if let Some(first) = last.checked_add(1) {
            self.begin(first, area);
        }
    }

    fn begin(&mut self, first: u128, area: Option<u32>) {
        if self.firsts.last() == Some(&first) {
            self.firsts.pop();
            self.areas.pop();
        }
        if self.areas.last().copied().flatten() != area || self.areas.is_empty() {
            self.firsts.push(first);
            self.areas.push(area);
        }
    }
}

impl fmt::Display for RangesError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(formatter, "the list of address ranges is empty"),
            Self::Json(_) => write!(formatter, "expected AWS's `ip-ranges.json`"),
            Self::Prefix { index } => write!(formatter, "prefix {index} is not a range"),
            Self::TooMany { prefixes } => {
                write!(formatter, "{prefixes} prefixes are more than {PREFIXES_MAX}")
            }
        }
    }
}

impl core::error::Error for RangesError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Empty | Self::Prefix { .. } | Self::TooMany { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{AwsRanges, RangesError};

    const LIST: &[u8] = br#"{"syncToken": "1", "createDate": "2026-08-22-15-17-05",
        "prefixes": [
            {"ip_prefix": "198.51.100.0/24", "region": "GLOBAL", "service": "AMAZON"},
            {"ip_prefix": "198.51.100.64/26", "region": "eu-west-1", "service": "AMAZON"},
            {"ip_prefix": "198.51.100.64/26", "region": "eu-west-1", "service": "EC2"},
            {"ip_prefix": "198.51.100.127/32", "region": "eu-west-1", "service": "S3"},
            {"ip_prefix": "203.0.113.0/24", "region": "us-east-1", "service": "AMAZON"}],
        "ipv6_prefixes": [
            {"ipv6_prefix": "2001:db8::/32", "region": "us-east-1", "service": "AMAZON"}]}"#;

    /// Region and services of `address`.
    fn found(address: &str) -> Option<(&'static str, Vec<&'static str>)> {
        let ranges = alloc::boxed::Box::leak(AwsRanges::parse(LIST).unwrap().into());
        let range = ranges.lookup(address.parse().unwrap())?;
        Some((range.region, range.services.iter().map(|service| &**service).collect()))
    }

    #[test]
    fn the_most_specific_range_tells_the_region() {
        let around = || Some(("GLOBAL", Vec::from(["AMAZON"])));
        let inside = || Some(("eu-west-1", Vec::from(["AMAZON", "EC2"])));
        assert_eq!(found("198.51.99.255"), None);
        assert_eq!(found("198.51.100.0"), around());
        assert_eq!(found("198.51.100.63"), around());
        assert_eq!(found("198.51.100.64"), inside());
        assert_eq!(found("198.51.100.126"), inside());
        let last = Some(("eu-west-1", Vec::from(["AMAZON", "EC2", "S3"])));
        assert_eq!(found("198.51.100.127"), last);
        assert_eq!(found("198.51.100.128"), around());
        assert_eq!(found("198.51.101.0"), None);
        assert_eq!(found("203.0.113.9"), Some(("us-east-1", Vec::from(["AMAZON"]))));
        assert_eq!(found("2001:db8::1"), Some(("us-east-1", Vec::from(["AMAZON"]))));
        assert_eq!(found("2001:db9::"), None);
        assert_eq!(found("::"), None);
    }

    #[test]
    fn the_time_of_the_list_is_read() {
        let created = AwsRanges::parse(LIST).unwrap().created();
        assert_eq!(created, cloudtrail::Timestamp::parse("2026-08-22T15:17:05Z"));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let parse = |text: &str| AwsRanges::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(parse("{}"), RangesError::Json(_)));
        assert!(matches!(parse(r#"{"prefixes": []}"#), RangesError::Empty));
        for prefix in ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0.0/-1"] {
            let list = alloc::format!(
                r#"{{"prefixes": [{{"ip_prefix": "{prefix}", "region": "", "service": ""}}]}}"#
            );
            assert!(matches!(parse(&list), RangesError::Prefix { index: 0 }), "{prefix}");
        }
    }

    #[test]
    fn the_widest_and_the_narrowest_range_have_ends() {
        let list = br#"{"prefixes": [
            {"ip_prefix": "0.0.0.0/0", "region": "a", "service": "X"},
            {"ip_prefix": "255.255.255.255/32", "region": "b", "service": "Y"}],
            "ipv6_prefixes": [{"ipv6_prefix": "::/0", "region": "c", "service": "Z"}]}"#;
        let ranges = AwsRanges::parse(list).unwrap();
        let region = |address: &str| ranges.lookup(address.parse().unwrap()).unwrap().region;
        assert_eq!(region("0.0.0.0"), "a");
        assert_eq!(region("255.255.255.254"), "a");
        assert_eq!(region("255.255.255.255"), "b");
        assert_eq!(region("::"), "c");
        assert_eq!(region("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "c");
    }
}
