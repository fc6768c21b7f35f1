//! Where a step takes place: partition, account, Region, and their consoles.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use cloudtrail::Arn;

use crate::grammar::{self, Refused};

/// A partition of AWS.
struct Partition {
    name: &'static str,
    console: &'static str,
    /// The Region whose endpoints serve what has none.
    first_region: &'static str,
    /// Whether the CLI has to be told so.
    is_told: bool,
}

/// Partitions, with the hosts of their consoles (AWS General Reference, user guides of `GovCloud`
/// and of AWS in China).
const PARTITIONS: [Partition; 3] = [
    Partition {
        name: "aws",
        console: "console.aws.amazon.com",
        first_region: "us-east-1",
        is_told: false,
    },
    Partition {
        name: "aws-cn",
        console: "console.amazonaws.cn",
        first_region: "cn-north-1",
        is_told: true,
    },
    Partition {
        name: "aws-us-gov",
        console: "console.amazonaws-us-gov.com",
        first_region: "us-gov-west-1",
        is_told: true,
    },
];

/// Services without a Region of their own.
const GLOBAL: [&str; 3] = ["iam", "organizations", "sts"];

/// Partition, account and Region.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    partition: String,
    pub(crate) account_id: String,
    region: String,
}

impl Place {
    /// The place of `account_id` and `region` in the partition of `arn`.
    pub(crate) fn of(arn: &str, account_id: &str, region: &str) -> Self {
        let partition = Arn::parse(arn).map_or("aws", |arn| arn.partition);
        Self { partition: partition.into(), account_id: account_id.into(), region: region.into() }
    }

    /// The partition's name, as in ARNs.
    pub(crate) fn partition(&self) -> &str {
        &self.partition
    }

    /// The place itself, if its account is one and its partition is known.
    pub(crate) fn checked(&self) -> Result<&Self, Refused> {
        grammar::account_id(&self.account_id)?;
        if self.known().is_none() {
            return Err(Refused { what: "partition", value: self.partition.clone() });
        }
        Ok(self)
    }

    /// The place itself, if its Region is one, too.
    pub(crate) fn checked_region(&self) -> Result<&Self, Refused> {
        self.checked()?;
        grammar::region(&self.region)?;
        Ok(self)
    }

    /// The account, where it is known.
    pub(crate) fn account(&self) -> Option<String> {
        Some(self.account_id.clone()).filter(|account| !account.is_empty())
    }

    /// The Region, where it is known.
    pub(crate) fn region(&self) -> Option<String> {
        Some(self.region.clone()).filter(|region| !region.is_empty())
    }

    /// The Region that a command of `service` names.
    pub(crate) fn region_of(&self, service: &str) -> Option<String> {
        if GLOBAL.contains(&service) {
            let told = self.known().filter(|partition| partition.is_told);
            return told.map(|partition| partition.first_region.into());
        }
        grammar::region(&self.region).ok().map(String::from)
    }

    /// The Region, or the first one of the partition where it is not known.
    pub(crate) fn regional(&self) -> &str {
        let first = self.known().map_or("us-east-1", |partition| partition.first_region);
        grammar::region(&self.region).unwrap_or(first)
    }

    fn known(&self) -> Option<&'static Partition> {
        PARTITIONS.iter().find(|partition| partition.name == self.partition)
    }

    /// The page `path` of the console.
    pub(crate) fn console(&self, path: &str) -> Option<String> {
        Some(format!("https://{}/{path}", self.known()?.console))
    }

    /// The page of a role, if its name is one.
    pub(crate) fn role_page(&self, role: &str, section: &str) -> Option<String> {
        let role = escaped(grammar::entity_name(role).ok()?);
        self.console(&format!("iam/home#/roles/details/{role}?section={section}"))
    }

    /// The page of a user, if its name is one.
    pub(crate) fn user_page(&self, user: &str, section: &str) -> Option<String> {
        let user = escaped(grammar::entity_name(user).ok()?);
        self.console(&format!("iam/home#/users/details/{user}?section={section}"))
    }

    /// The page of `service` in the Region, at `fragment`.
    pub(crate) fn service_page(&self, service: &str, fragment: &str) -> Option<String> {
        let region = grammar::region(&self.region).ok()?;
        self.console(&format!("{service}/home?region={region}{fragment}"))
    }
}

/// A name of IAM in a URL.
pub(crate) fn escaped(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn every_partition_has_its_own_console_and_endpoint() {
        for (partition, host, region) in [
            ("aws", "console.aws.amazon.com", None),
            ("aws-cn", "console.amazonaws.cn", Some("cn-north-1")),
            ("aws-us-gov", "console.amazonaws-us-gov.com", Some("us-gov-west-1")),
        ] {
            let arn = alloc::format!("arn:{partition}:iam::111122223333:role/R");
            let place = Place::of(&arn, "111122223333", "");
            let page = place.role_page("a+b", "trust").unwrap();
            let wanted = "/iam/home#/roles/details/a%2Bb?section=trust";
            assert_eq!(page, alloc::format!("https://{host}{wanted}"));
            assert_eq!(place.region_of("iam").as_deref(), region);
            assert!(place.checked().is_ok());
        }
        let place = Place::of("arn:aws-iso:iam::111122223333:role/R", "111122223333", "");
        assert!(place.checked().is_err() && place.role_page("R", "x").is_none());
    }
}
