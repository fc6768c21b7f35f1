//! Names and places of digests and log files in a bucket.
//!
//! `[prefix/]AWSLogs/[o-ORG/]ACCOUNT/CloudTrail-Digest/REGION/YYYY/MM/DD/NAME`, and the same with
//! `CloudTrail` for log files (user guide, "Finding your `CloudTrail` log files").

use alloc::string::String;
use core::fmt;

use cloudtrail::Timestamp;

/// Where an object lies in S3.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Location {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
}

/// Digests that follow each other: those of one trail in one account and Region. Backfill digests
/// are a chain of their own.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ChainName {
    /// The account whose events the logs hold.
    pub account_id: String,
    /// The Region of the events, whose key signs the digests.
    pub region: String,
    /// Name of the trail.
    pub trail: String,
    /// The Region in which the trail was created.
    pub home_region: String,
    /// Whether these digests name log files that were delivered too late for the usual ones.
    pub is_backfill: bool,
}

/// What the name of a digest tells.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DigestName {
    /// The chain that it belongs to.
    pub chain: ChainName,
    /// When its hour ended.
    pub end: Timestamp,
}

/// What the name of a log file tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogName {
    /// The account whose events it holds.
    pub account_id: String,
    /// The kind of its events: `CloudTrail`, or `CloudTrail-Insight` and its like.
    pub service: String,
    /// The Region of its events.
    pub region: String,
    /// When it was delivered, to the minute.
    pub delivered: Timestamp,
}

const SUFFIX: &str = ".json.gz";
const BACKFILL: &str = "_backfill";
const DIGEST: &str = "_CloudTrail-Digest_";

impl Location {
    /// The last part of the key.
    pub fn name(&self) -> &str {
        last_part(&self.key)
    }
}

impl fmt::Display for Location {
    /// The URL, without any escape.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.key)
    }
}

impl DigestName {
    /// Reads the last part of a key or path.
    pub fn parse(name: &str) -> Option<Self> {
        let stem = last_part(name).strip_suffix(SUFFIX)?;
        let usual = stem.strip_suffix(BACKFILL);
        let (stem, is_backfill) = (usual.unwrap_or(stem), usual.is_some());
        let (account_id, rest) = stem.split_once(DIGEST)?;
        let (region, rest) = rest.split_once('_')?;
        let (rest, end) = rest.rsplit_once('_')?;
        let (trail, home_region) = rest.rsplit_once('_')?;
        let is_complete = is_account_id(account_id)
            && is_region(region)
            && !trail.is_empty()
            && is_region(home_region);
        let chain = ChainName {
            account_id: account_id.into(),
            region: region.into(),
            trail: trail.into(),
            home_region: home_region.into(),
            is_backfill,
        };
        is_complete.then_some(Self { chain, end: basic_time(end)? })
    }
}

impl fmt::Display for DigestName {
    /// The last part of the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChainName { account_id, region, trail, home_region, is_backfill } = &self.chain;
        let backfill = if *is_backfill { BACKFILL } else { "" };
        let extended = alloc::format!("{}", self.end);
        let end: String = extended.chars().filter(|it| !matches!(it, '-' | ':')).collect();
        write!(
            formatter,
            "{account_id}{DIGEST}{region}_{trail}_{home_region}_{end}{backfill}{SUFFIX}"
        )
    }
}

impl LogName {
    /// Reads the last part of a key or path. `None` for a digest.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = last_part(name).strip_suffix(SUFFIX)?.split('_');
        let parts = [parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        let [account_id, service, region, minute, unique] = parts;
        let minute = minute.strip_suffix('Z')?;
        let delivered = basic_time(&alloc::format!("{minute}00Z"))?;
        let is_log = is_account_id(account_id)
            && service.starts_with("CloudTrail")
            && service != "CloudTrail-Digest"
            && is_region(region)
            && !unique.is_empty();
        is_log.then(|| Self {
            account_id: account_id.into(),
            service: service.into(),
            region: region.into(),
            delivered,
        })
    }

    /// Whether digests name log files of this kind: those of management, data and network
    /// activity events are; of others it is not documented.
    pub fn is_of_records(&self) -> bool {
        self.service == "CloudTrail"
    }
}

pub(crate) fn last_part(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case letters, digits and hyphens, such as `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}

/// `YYYYMMDDTHHMMSSZ`, and no other notation.
fn basic_time(text: &str) -> Option<Timestamp> {
    let is_basic = text.len() == 16
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    is_basic.then(|| Timestamp::parse(text)).flatten()
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{DigestName, LogName};

    const DIGEST: &str =
        "111122223333_CloudTrail-Digest_us-east-2_my_trail_eu-west-1_20150817T150131Z";

    #[test]
    fn a_digest_is_told_by_its_name() {
        let key = alloc::format!("p/AWSLogs/{DIGEST}.json.gz");
        let name = DigestName::parse(&key).unwrap();
        assert_eq!(name.end, Timestamp::parse("2015-08-17T15:01:31Z").unwrap());
        let chain = &name.chain;
        assert_eq!((&*chain.account_id, &*chain.region), ("111122223333", "us-east-2"));
        assert_eq!((&*chain.trail, &*chain.home_region), ("my_trail", "eu-west-1"));
        assert!(!chain.is_backfill);
        let backfill = DigestName::parse(&alloc::format!("{DIGEST}_backfill.json.gz")).unwrap();
        assert!(backfill.chain.is_backfill && backfill.end == name.end);
        assert_eq!(alloc::format!("p/AWSLogs/{name}"), key);
        assert!(alloc::format!("{backfill}").ends_with("Z_backfill.json.gz"));
    }

    #[test]
    fn a_log_file_is_told_by_its_name() {
        let name = "111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz";
        let log = LogName::parse(name).unwrap();
        assert_eq!(log.delivered, Timestamp::parse("2015-08-01T02:10:00Z").unwrap());
        assert!(log.is_of_records());
        assert_eq!(DigestName::parse(name), None);
        assert_eq!(LogName::parse(&alloc::format!("{DIGEST}.json.gz")), None);
    }

    #[test]
    fn other_names_are_neither() {
        for name in [
            "",
            "a.json.gz",
            "11112222333_CloudTrail-Digest_us-east-2_t_us-east-2_20150817T150131Z.json.gz",
            "111122223333_CloudTrail-Digest_us-east-2_t_20150817T150131Z.json.gz",
            "111122223333_CloudTrail-Digest_us-east-2_t_us-east-2_2015-08-17.json.gz",
            "111122223333_CloudTrail-Digest_us-east-2_t_us-east-2_20150817T150131Z.json",
            "111122223333_CloudTrail_us-east-2_20150801T02106Z_Mu0KsOhtH1ar15ZZ.json.gz",
            "111122223333_CloudTrail_us-east-2_20151301T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
            "111122223333_Config_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
        ] {
            assert_eq!(DigestName::parse(name), None, "{name}");
            assert_eq!(LogName::parse(name), None, "{name}");
        }
    }
}
