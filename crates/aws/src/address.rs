//! Addresses of logs in AWS, as they are written on a command line or in a configuration.

use std::fmt;

use crate::error::Error;

/// How an address in S3 begins.
pub const S3_SCHEME: &str = "s3://";
/// How a source of event history begins.
pub const CLOUDTRAIL_SCHEME: &str = "cloudtrail://";

/// A bucket and a prefix of keys, `s3://bucket/prefix`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct S3Address {
    /// Name of the bucket, or ARN of an access point.
    pub bucket: String,
    /// What the keys begin with; empty for the whole bucket.
    pub prefix: String,
}

impl S3Address {
    /// Reads `s3://bucket` or `s3://bucket/prefix`.
    ///
    /// # Errors
    ///
    /// [`Error::Address`] where `text` is neither, or names no bucket.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix(S3_SCHEME);
        let parts = rest.map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        match parts {
            Some((bucket, prefix)) if is_bucket(bucket) => {
                Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
            }
            Some(_) | None => Err(Error::Address {
                address: text.to_owned(),
                expected: "an address in S3: write it like s3://bucket/prefix",
            }),
        }
    }
}

impl fmt::Display for S3Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&s3_url(&self.bucket, &self.prefix))
    }
}

/// How an object is named in messages and in the coverage.
pub fn s3_url(bucket: &str, key: &str) -> String {
    if key.is_empty() {
        format!("{S3_SCHEME}{bucket}")
    } else {
        format!("{S3_SCHEME}{bucket}/{key}")
    }
}

/// The Regions of `cloudtrail://REGION[,REGION…]`; none of them stands for the one that is set.
///
/// # Errors
///
/// [`Error::Address`] where `text` is something else.
pub fn event_history_regions(text: &str) -> Result<Vec<String>, Error> {
    let wrong = || Error::Address {
        address: text.to_owned(),
        expected: "a source of event history: write it like cloudtrail://eu-central-1,us-east-1",
    };
    let rest = text.strip_prefix(CLOUDTRAIL_SCHEME).ok_or_else(wrong)?;
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let regions: Vec<String> = rest.split(',').map(str::to_owned).collect();
    if regions.iter().all(|region| is_region(region)) { Ok(regions) } else { Err(wrong()) }
}

/// A name may have 3 to 63 of these; the rest of AWS's rules are left to AWS. The colon is for
/// ARNs of access points.
fn is_bucket(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    !name.is_empty() && name.chars().all(is_allowed)
}

/// Whether `name` may be that of a Region, which becomes part of a host's name.
pub(crate) fn is_region(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= 32 && name.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::{S3Address, event_history_regions};

    #[test]
    fn an_address_has_a_bucket_and_maybe_a_prefix() {
        let parsed = |text: &str| {
            let address = S3Address::parse(text).unwrap();
            (address.bucket, address.prefix)
        };
        let owned = |bucket: &str, prefix: &str| (bucket.to_owned(), prefix.to_owned());
        assert_eq!(parsed("s3://trail"), owned("trail", ""));
        assert_eq!(parsed("s3://trail/"), owned("trail", ""));
        assert_eq!(parsed("s3://trail/a b/AWSLogs/"), owned("trail", "a b/AWSLogs/"));
        for text in ["", "trail", "s3:/trail", "s3://", "s3:///a", "s3://a b/c"] {
            assert!(S3Address::parse(text).is_err(), "{text}");
        }
        let address = S3Address::parse("s3://trail/AWSLogs").unwrap();
        assert_eq!(address.to_string(), "s3://trail/AWSLogs");
    }

    #[test]
    fn event_history_has_regions() {
        let regions = |text: &str| event_history_regions(text).unwrap();
        assert_eq!(regions("cloudtrail://"), Vec::<String>::new());
        assert_eq!(regions("cloudtrail://eu-central-1,us-east-1"), ["eu-central-1", "us-east-1"]);
        for text in ["cloudtrail:", "cloudtrail://,", "cloudtrail://evil.example/", "s3://a"] {
            assert!(event_history_regions(text).is_err(), "{text}");
        }
    }
}
