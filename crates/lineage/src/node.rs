//! A credential or session of a lineage.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::IdentityKind;

use crate::issued::Issued;
use crate::known::{Keys, Known};

/// Begin of the unique ids of roles.
const ROLE_ID: &str = "AROA";

/// Begin of the names of roles that Identity Center makes.
pub(crate) const IDENTITY_CENTER_ROLE: &str = "AWSReservedSSO_";

/// What tells one node from another.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NodeKey {
    /// A principal of an account without logs here.
    Foreign {
        /// `principalId`.
        principal_id: Arc<str>,
        /// Its account.
        account_id: Arc<str>,
    },
    /// A long-term key.
    LongTerm {
        /// The key.
        access_key_id: Arc<str>,
        /// `principalId` of its user.
        principal_id: Arc<str>,
    },
    /// A principal whose calls bear neither key nor session, such as a sign-in.
    Principal {
        /// `principalId`.
        principal_id: Arc<str>,
        /// ARN.
        arn: Arc<str>,
    },
    /// A temporary credential, or a session whose keys share one creation date.
    Temporary {
        /// `principalId`.
        principal_id: Arc<str>,
        /// When it was issued.
        creation_date: Option<Timestamp>,
        /// Its key, or the smallest of its keys.
        access_key_id: Arc<str>,
    },
}

impl NodeKey {
    /// When it was issued, for a temporary credential.
    pub(crate) const fn creation_date(&self) -> Option<Timestamp> {
        match self {
            Self::Temporary { creation_date, .. } => *creation_date,
            Self::Foreign { .. } | Self::LongTerm { .. } | Self::Principal { .. } => None,
        }
    }
}

/// How sure a join is (`reference` order of evidence: key, session and date, weaker ones).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Join {
    /// One of several candidates, or matched by names and times alone.
    Weak,
    /// Same principal at the right time.
    Strong,
    /// The key itself.
    Exact,
}

/// What leads from a node's parent to the node.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Step {
    /// The same principal goes on, or a key that it made: no hop.
    Continues,
    /// A role was assumed.
    Hop,
    /// Nothing: the node is an origin.
    Origin,
}

/// What kind of thing handed out the first credential of a lineage, in the words of the scan
/// document.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum OriginKind {
    /// A service of AWS that is none of the workloads below.
    AwsService,
    /// A console sign-in.
    Console,
    /// An instance of EC2.
    Ec2Instance,
    /// A task of ECS.
    EcsTask,
    /// A principal of an account without logs here.
    ExternalAccount,
    /// A federation token whose maker is not in the logs.
    FederationToken,
    /// A long-term key of an IAM user.
    IamUserAccessKey,
    /// IAM Identity Center.
    IdentityCenter,
    /// A function of Lambda.
    LambdaFunction,
    /// Web identity, such as a CI system.
    Oidc,
    /// The root user.
    Root,
    /// A SAML provider.
    Saml,
    /// The issuance is not in the logs.
    #[default]
    Unknown,
}

/// Where a lineage begins.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// What handed the first credential out.
    pub kind: OriginKind,
    /// The instance, for an instance.
    pub instance_id: Option<Arc<str>>,
    /// The service, function or task, the person or the repository behind it.
    pub subject: Option<Arc<str>>,
    /// What an incident is about: a key, an instance, a person with a role, a repository at one
    /// of its branches; the service and its role, whichever of its executions.
    pub identity: String,
    /// What stays the same from one run of this origin to the next, and so has habits: without
    /// the instance of a group, the tag of a release, the name of one session.
    pub habit: String,
    /// Whether all sessions of this origin are one origin, as for instances and functions.
    pub is_workload: bool,
    /// Whether roles may have been assumed before the first credential that the logs show.
    pub at_least: bool,
}

/// A credential or session.
#[derive(Clone, Debug)]
pub struct Node<'e> {
    /// What tells it from others.
    pub key: NodeKey,
    /// Type of identity.
    pub kind: IdentityKind,
    /// ARN of its principal; empty where no event tells.
    pub arn: Arc<str>,
    /// Account of its principal; empty where no event tells.
    pub account_id: Arc<str>,
    /// All its keys.
    pub access_key_ids: Keys,
    /// The one of its keys that was handed out and never used.
    pub(crate) unused_key_id: Option<Arc<str>>,
    /// What its uses tell about it.
    pub attributes: Known<'e>,
    /// The event that handed it out.
    pub issued: Option<Issued<'e>>,
    /// How sure it is that this event handed it out.
    pub join: Join,
    /// The node that handed it out.
    pub parent: Option<usize>,
    /// What leads from the parent to it.
    pub step: Step,
    /// The nodes that it handed out, by time.
    pub children: Vec<usize>,
    /// The first node of its lineage.
    pub root: usize,
    /// Number of the hop that led here: distinct roles assumed since the origin.
    pub hop: u32,
    /// Roles assumed since the origin, repetitions included.
    pub calls: u32,
    /// Roles assumed by role sessions since the origin: what AWS calls role chaining.
    pub chained_calls: u32,
    /// Whether this role, or itself, was assumed before on the way here.
    pub is_refresh: bool,
    /// Whether a session of root lies on the way here.
    pub is_root_session: bool,
    /// Whether it, or anything on the way here, is other than a long-term key.
    pub is_from_temporary: bool,
    /// Where its lineage begins; filled in for origins only.
    pub origin: Option<Origin>,
    /// What [`Node::role`] gives: everybody asks for it, and finding it takes a while.
    pub(crate) role: Option<RoleInArn>,
}

/// Account and name of a role, by their places in an ARN.
#[derive(Clone, Debug)]
pub(crate) struct RoleInArn {
    arn: Arc<str>,
    account_id: (u32, u32),
    name: (u32, u32),
}

impl RoleInArn {
    /// `account_id` and `name`, which are parts of `arn`.
    fn of(arn: &Arc<str>, (account_id, name): (&str, &str)) -> Self {
        let place = |part: &str| {
            let begin = part.as_ptr().addr().wrapping_sub(arn.as_ptr().addr());
            (begin as u32, begin.wrapping_add(part.len()) as u32)
        };
        Self { arn: Arc::clone(arn), account_id: place(account_id), name: place(name) }
    }

    fn part(&self, (begin, end): (u32, u32)) -> Option<&str> {
        self.arn.get(begin as usize..end as usize)
    }
}

impl Node<'_> {
    /// `principalId`.
    pub fn principal_id(&self) -> &Arc<str> {
        match &self.key {
            NodeKey::Foreign { principal_id, .. }
            | NodeKey::LongTerm { principal_id, .. }
            | NodeKey::Principal { principal_id, .. }
            | NodeKey::Temporary { principal_id, .. } => principal_id,
        }
    }

    /// When it was issued, as far as known.
    pub fn created(&self) -> Option<Timestamp> {
        let issued = self.issued.as_ref().map(|issued| issued.issuance.event.event_time);
        issued.or(self.creation_date())
    }

    /// Whether it is a long-term key.
    pub const fn is_long_term(&self) -> bool {
        matches!(self.key, NodeKey::LongTerm { .. })
    }

    /// Those of its keys that were used: a key may be handed out in vain, as the one that
    /// Identity Center's events name always is.
    pub fn used_key_ids(&self) -> impl Iterator<Item = &Arc<str>> {
        self.access_key_ids.iter().filter(|key| self.unused_key_id.as_ref() != Some(*key))
    }

    /// The creation date that its uses tell, or the time of its issuance where it was never used.
    ///
    /// Unlike `created`, it stays the same when the issuance of a known session arrives.
    pub const fn creation_date(&self) -> Option<Timestamp> {
        self.key.creation_date()
    }

    /// Whether its key tells it from every other node, now and when more is learned about it.
    ///
    /// A session that has many keys, or is of a kind that gets them, is told by principal and
    /// creation date alone: its smallest key may yet arrive.
    pub fn is_named_by_key(&self) -> bool {
        let NodeKey::Temporary { principal_id, creation_date, .. } = &self.key else {
            return self.is_long_term();
        };
        if principal_id.is_empty() || creation_date.is_none() {
            return !self.access_key_ids.is_empty();
        }
        let names_key = |issued: &Issued<'_>| {
            issued.has_key() && self.access_key_ids.contains(&issued.issuance.access_key_id)
        };
        self.access_key_ids.len() == 1
            && self.issued.as_ref().is_none_or(names_key)
            && !self.attributes.is_from_console
            && !self.is_of_identity_center()
    }

    /// Whether its role is one that Identity Center made.
    pub(crate) fn is_of_identity_center(&self) -> bool {
        self.role().is_some_and(|(_, role)| role.starts_with(IDENTITY_CENTER_ROLE))
    }

    /// Whether a role acts: what it assumes is what AWS calls role chaining.
    pub(crate) fn is_of_role(&self) -> bool {
        let is_foreign_role = matches!(&self.key, NodeKey::Foreign { principal_id, .. }
            if principal_id.starts_with(ROLE_ID));
        is_foreign_role || self.kind == IdentityKind::AssumedRole || self.step == Step::Hop
    }

    /// Account and name of the role, for a role session.
    pub fn role(&self) -> Option<(&str, &str)> {
        let role = self.role.as_ref()?;
        Some((role.part(role.account_id)?, role.part(role.name)?))
    }

    /// Finds out which role it is a session of, once the event that handed it out is known.
    pub(crate) fn find_role(&mut self) {
        let from_issuance = self.issued.as_ref().and_then(|issued| {
            let text = &issued.issuance.role_arn;
            let arn = Arn::parse(text)?;
            Some(RoleInArn::of(text, (arn.account_id, arn.role_name()?)))
        });
        self.role = from_issuance.or_else(|| {
            let arn = Arn::parse(&self.arn)?;
            Some(RoleInArn::of(&self.arn, (arn.account_id, arn.role_session()?.role_name)))
        });
    }

    /// Name of the role session.
    pub fn role_session_name(&self) -> Option<&str> {
        let from_issuance = self.issued.as_ref().map(|issued| &*issued.issuance.role_session_name);
        from_issuance
            .filter(|name| !name.is_empty())
            .or_else(|| Some(Arn::parse(&self.arn)?.role_session()?.role_session_name))
    }
}
