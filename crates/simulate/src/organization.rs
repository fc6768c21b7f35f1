//! The invented organization: its accounts, regions, addresses, roles and users.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;

use crate::chance::Chance;
use crate::identifiers::{access_key_id, principal_id};

pub(crate) const ORGANIZATION: &str = "o-exampleorg";

pub(crate) const MANAGEMENT: &str = "111122223333";
pub(crate) const SECURITY: &str = "222233334444";
pub(crate) const SHARED: &str = "333344445555";
pub(crate) const DEV: &str = "444455556666";
pub(crate) const STAGING: &str = "555566667777";
pub(crate) const PROD: &str = "666677778888";
/// Owns the ways out and the endpoints that several accounts share.
pub(crate) const NETWORK: &str = "888899990000";
pub(crate) const ACCOUNTS: [&str; 7] = [MANAGEMENT, SECURITY, SHARED, DEV, STAGING, PROD, NETWORK];

/// A vendor that customers let in on purpose.
pub(crate) const VENDOR: &str = "777788889999";
/// The attacker's own account.
pub(crate) const FOREIGN: &str = "999900001111";

pub(crate) const US_EAST_1: &str = "us-east-1";
pub(crate) const EU_WEST_1: &str = "eu-west-1";

pub(crate) const OFFICE: &str = "203.0.113.10";

/// A role, with the id that AWS gave it when it was created.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) account: &'static str,
    pub(crate) path: &'static str,
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Role {
    pub(crate) fn new(account: &'static str, name: &str) -> Self {
        Self::at_path(account, "/", name)
    }

    pub(crate) fn at_path(account: &'static str, path: &'static str, name: &str) -> Self {
        Self { account, path, name: name.to_owned(), id: principal_id("AROA", account, name) }
    }

    /// The role that Identity Center made in `account` for a permission set.
    pub(crate) fn of_permission_set(account: &'static str, permission_set: &str) -> Self {
        let hash = Chance::of(0, permission_set, account.parse().unwrap_or_default()).hex(16);
        let name = format!("AWSReservedSSO_{permission_set}_{hash}");
        Self::at_path(account, "/aws-reserved/sso.amazonaws.com/", &name)
    }

    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:iam::{}:role{}{}", self.account, self.path, self.name)
    }

    /// The ARN of a session of this role, which drops the path.
    pub(crate) fn session_arn(&self, session_name: &str) -> String {
        format!("arn:aws:sts::{}:assumed-role/{}/{session_name}", self.account, self.name)
    }
}

/// An IAM user and its long-term key.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) account: &'static str,
    pub(crate) name: &'static str,
    pub(crate) id: String,
    pub(crate) access_key_id: String,
}

impl User {
    /// The user `name` as the organization of `seed` knows it.
    pub(crate) fn new(seed: u64, account: &'static str, name: &'static str) -> Self {
        let mut chance = Chance::of(seed, name, account.len() as u64);
        Self {
            account,
            name,
            id: principal_id("AIDA", account, name),
            access_key_id: access_key_id("AKIA", account, &mut chance),
        }
    }

    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:iam::{}:user/{}", self.account, self.name)
    }
}
