//! An incident with what a response to it must reach.

use alloc::format;
use alloc::string::{String, ToString};

use cloudtrail::Timestamp;
use detect::{Extent, Incident, RoleExtent, UserExtent};

use crate::grammar::{self, Refused};
use crate::place::Place;

/// Begin of the names of roles that Identity Center makes.
const RESERVED: &str = "AWSReservedSSO_";

/// What every step looks at.
pub(crate) struct Case<'a> {
    pub(crate) incident: &'a Incident,
    pub(crate) extent: &'a Extent,
    /// The first characters of the incident's id, which end the names of what a plan makes.
    pub(crate) tag: String,
    /// Credentials that were issued before this time are revoked.
    pub(crate) cut_off: String,
    /// The partition, with the account of the origin and its Region.
    pub(crate) home: Place,
}

impl<'a> Case<'a> {
    pub(crate) fn of(incident: &'a Incident, extent: &'a Extent) -> Self {
        let tag: String = incident.id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let arns = extent.roles.iter().map(|role| &role.arn);
        let users = extent.users.iter().filter_map(|user| user.arn.as_ref());
        let holders = extent.credentials.iter().filter_map(|holder| holder.principal_arn.as_ref());
        let arn = arns.chain(users).chain(holders).next().map_or("", |arn| &**arn);
        let account = incident.origin.account_id.as_deref().unwrap_or_default();
        let background = incident.background.as_ref().and_then(|known| known.region.as_deref());
        let region = background.or(extent.region.as_deref()).unwrap_or_default();
        Self {
            incident,
            extent,
            tag,
            // The condition asks for earlier times, in whole seconds.
            cut_off: Timestamp(extent.last_seen.0.saturating_add(1)).to_string(),
            home: Place::of(arn, account, region),
        }
    }

    /// The name of something that the plan makes.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("Rolecall{what}-{}", self.tag)
    }

    /// Where `user` is.
    pub(crate) fn place_of_user(&self, user: &UserExtent) -> Place {
        self.home_in(&user.account_id)
    }

    /// The partition of the case, in `account_id`.
    pub(crate) fn home_in(&self, account_id: &str) -> Place {
        Place::of(&format!("arn:{}:x:::x", self.home.partition()), account_id, "")
    }

    /// The user that holds the origin.
    pub(crate) fn user_of_origin(&self) -> Option<&'a UserExtent> {
        let key = self.incident.origin.access_key_id.as_ref();
        let holds = |user: &&UserExtent| key.is_some_and(|key| user.access_key_ids.contains(key));
        let name = self.incident.origin.principal_arn.as_deref().and_then(cloudtrail::Arn::parse);
        let name = name.and_then(|arn| arn.user_name());
        let is_named = |user: &&UserExtent| name == Some(&*user.name);
        self.extent.users.iter().find(holds).or_else(|| self.extent.users.iter().find(is_named))
    }
}

/// Where `role` is.
pub(crate) fn place_of(role: &RoleExtent) -> Place {
    Place::of(&role.arn, &role.account_id, "")
}

/// How a role can be changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RoleKind {
    /// As any other.
    Ordinary,
    /// By Identity Center alone.
    Reserved,
    /// By its service alone.
    ServiceLinked,
}

/// How `role` can be changed.
pub(crate) fn kind_of(role: &RoleExtent) -> RoleKind {
    if role.name.starts_with(RESERVED) {
        RoleKind::Reserved
    } else if role.arn.contains(":role/aws-service-role/")
        || role.name.starts_with("AWSServiceRoleFor")
    {
        RoleKind::ServiceLinked
    } else {
        RoleKind::Ordinary
    }
}

/// Account and name of `role`, if both may enter a command.
pub(crate) fn checked<'r>(place: &Place, role: &'r RoleExtent) -> Result<&'r str, Refused> {
    place.checked()?;
    grammar::entity_name(&role.name)
}
