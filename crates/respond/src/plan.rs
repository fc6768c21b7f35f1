//! The plan: its steps in order, and what a verification looks for later.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use detect::{Extent, Incident, UserExtent};
use evidence::ArtifactKind;
use serde::{Deserialize, Serialize};

use crate::artifact;
use crate::case::{Case, RoleKind, kind_of};
use crate::closing;
use crate::command::Command;
use crate::organization;
use crate::origin;
use crate::preserve;
use crate::recover;
use crate::reference;
use crate::reserved;
use crate::role;
use crate::step::{Phase, SettingOn, Step};
use crate::trust;
use crate::user;

/// Number of the plan's form.
const SCHEMA: &str = "rolecall.plan/1";

/// An ordered response to an incident.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Plan {
    /// Number of the form.
    pub schema: String,
    /// The incident.
    pub incident_id: String,
    /// What happened, in one line.
    pub title: String,
    /// Time of the last event of the chain, RFC 3339 in UTC.
    pub t0: String,
    /// Credentials that were issued before this time are revoked.
    pub cut_off: String,
    /// When the last credential of the chain that was issued before the cut-off has expired.
    pub watch_until: String,
    /// The accounts of the chain.
    pub accounts: Vec<String>,
    /// What to know before the first step.
    pub warnings: Vec<String>,
    /// The credentials of the chain.
    pub credentials: Vec<Credential>,
    /// Credentials that are not listed.
    #[serde(default)]
    pub credentials_left_out: u64,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// A credential that must not work any more.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Credential {
    /// Hops to it.
    pub hop: u32,
    /// ARN of its principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_arn: Option<String>,
    /// `principalId`.
    pub principal_id: String,
    /// Account.
    pub account_id: String,
    /// Its keys.
    pub access_key_ids: Vec<String>,
    /// Whether it is a long-term key.
    pub is_long_term: bool,
    /// When it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<String>,
}

/// The response to `incident`, which reaches as far as `extent`.
///
/// A pure function: the same incident gives the same plan. Linear in the size of `extent`.
pub fn plan(incident: &Incident, extent: &Extent) -> Plan {
    let case = Case::of(incident, extent);
    Plan {
        schema: SCHEMA.into(),
        incident_id: incident.id.clone(),
        title: incident.title.clone(),
        t0: extent.last_seen.to_string(),
        cut_off: case.cut_off.clone(),
        watch_until: closing::watch_until(&case).to_string(),
        accounts: preserve::accounts(&case),
        warnings: warnings(&case),
        credentials: extent.credentials.iter().map(Credential::of).collect(),
        credentials_left_out: extent.credentials_left_out,
        steps: steps(&case),
    }
}

impl Plan {
    /// The keys of the chain.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.credentials.iter().flat_map(|one| &one.access_key_ids).map(String::as_str)
    }
}

impl Credential {
    fn of(holder: &detect::Holder) -> Self {
        Self {
            hop: holder.hop,
            principal_arn: holder.principal_arn.as_ref().map(ToString::to_string),
            principal_id: holder.principal_id.to_string(),
            account_id: holder.account_id.to_string(),
            access_key_ids: holder.access_key_ids.iter().map(ToString::to_string).collect(),
            is_long_term: holder.is_long_term,
            created: holder.created.map(|time| time.to_string()),
            expires: holder.expires.map(|time| time.to_string()),
            last_used: holder.last_used.map(|time| time.to_string()),
        }
    }
}

/// Evidence, organization, origin, what was left behind, sessions, ways, then back to normal.
fn steps(case: &Case<'_>) -> Vec<Step> {
    let mut left = artifact::steps(case);
    let mut organization = organization::steps(case);
    let mut first = role::first_round(case);
    let mut origin = origin::steps(case);
    let mut ways = trust::steps(case);
    // Those that take them back name them.
    let early = [&mut organization, &mut origin, &mut left.now, &mut first, &mut ways];
    number(early.into_iter().flatten());
    let strongest = role::strongest(case);
    let taken: Vec<&Step> = origin.iter().chain(&left.now).collect();
    let mut lifts: Vec<Step> = lifts(case, &first, &strongest, &taken, &ways);
    lifts.extend(organization.iter().rev().filter_map(|step| closing::lift(case, step)));
    let tokens_again = tokens_again(case, &taken);
    let restores = recover::restores(case, &taken, &left);
    let mut steps = preserve::steps(case);
    steps.extend(organization);
    steps.extend(origin);
    steps.extend(left.now);
    steps.extend(first);
    steps.extend(ways);
    steps.extend(role::second_round(case));
    steps.extend(tokens_again);
    steps.extend(strongest);
    steps.extend(left.later);
    steps.extend(trust::narrow(case));
    let new_key = closing::new_key(case, &lifts);
    steps.extend(lifts);
    steps.extend(restores);
    steps.extend(new_key);
    steps.extend(closing::verify(case));
    let mut steps = named_once(steps);
    let stay = recover::stay(&steps);
    let at = steps.partition_point(|step| step.phase <= Phase::Recover);
    steps.splice(at..at, stay);
    reference::resolve(&mut steps);
    steps
}

/// The second round against the tokens that steps of `taken` denied.
fn tokens_again(case: &Case<'_>, taken: &[&Step]) -> Vec<Step> {
    let again = |user: &UserExtent| {
        let id = format!("revoke_tokens/{}/{}", user.account_id, user.name);
        let first = taken.iter().find(|step| step.id == id)?;
        Some(user::revoke_tokens_again(case, user, first))
    };
    case.extent.users.iter().filter_map(again).collect()
}

/// Takes back every deny that is meant for the emergency, beside those of the organization.
fn lifts(
    case: &Case<'_>,
    first: &[Step],
    strongest: &[Step],
    taken: &[&Step],
    ways: &[Step],
) -> Vec<Step> {
    // What the attacker made is deleted whole, with everything that hangs on it.
    let left_behind = case.extent.left_behind.iter();
    let deleted: BTreeSet<(ArtifactKind, &str, &str)> = left_behind
        .filter(|left| matches!(left.artifact, ArtifactKind::Role | ArtifactKind::IamUser))
        .map(|left| (left.artifact, &*left.account_id, &*left.name))
        .collect();
    let is_kept = |step: &&Step| {
        step.sets.iter().all(|setting| {
            let is_role = setting.on == SettingOn::RolePolicy;
            let kind = if is_role { ArtifactKind::Role } else { ArtifactKind::IamUser };
            !deleted.contains(&(kind, &*setting.account_id, &*setting.name))
        })
    };
    let revocations = first.iter().filter(is_kept);
    let mut lifts: Vec<Step> = revocations.filter_map(|step| reserved::lift(case, step)).collect();
    let is_token = |step: &&Step| step.id.starts_with("revoke_tokens/");
    let denies = strongest.iter().filter(is_kept);
    lifts.extend(denies.filter_map(|step| closing::lift(case, step)));
    let tokens = taken.iter().copied().filter(is_token).filter(is_kept);
    lifts.extend(tokens.filter_map(|step| closing::lift_revocation(case, step)));
    lifts.extend(ways.iter().filter(is_kept).filter_map(|step| trust::lift(case, step)));
    lifts
}

/// Leaves out what a step before does already, and numbers those that share a name.
fn named_once(mut steps: Vec<Step>) -> Vec<Step> {
    number(steps.iter_mut());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    steps.retain(|step| seen.insert(step.id.clone()));
    // Phases come in their order; within one the order is that of the steps.
    steps.sort_by_key(|step| step.phase);
    steps
}

/// Numbers steps that share a name; what does the same keeps the same name.
fn number<'s>(steps: impl Iterator<Item = &'s mut Step>) {
    let mut seen: BTreeMap<String, Vec<(Option<Command>, String)>> = BTreeMap::new();
    for step in steps {
        let same = seen.entry(step.id.clone()).or_default();
        let what = (step.command.clone(), step.title.clone());
        let at = same.iter().position(|known| *known == what).unwrap_or(same.len());
        if at == same.len() {
            same.push(what);
        }
        if at > 0 {
            step.id = format!("{}#{}", step.id, at + 1);
        }
    }
}

/// What to know before the first step.
fn warnings(case: &Case<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    for role in &case.extent.roles {
        let number = role.others.len() as u64 + role.others_left_out;
        match kind_of(role) {
            RoleKind::Ordinary if number > 0 => warnings.push(format!(
                "Role {} of {} was used by {number} other{} in the two weeks before: revoking all of \
                 its sessions interrupts them until they get new credentials.",
                role.name,
                role.account_id,
                if number == 1 { "" } else { "s" }
            )),
            RoleKind::Ordinary => {}
            RoleKind::Reserved => warnings.push(format!(
                "Role {} belongs to Identity Center: commands of IAM on it fail.",
                role.name
            )),
            RoleKind::ServiceLinked => warnings.push(format!(
                "Role {} belongs to a service: commands of IAM on it fail, and policies of the \
                 organization do not reach it.",
                role.name
            )),
        }
    }
    for edge in case.extent.edges.iter().filter(|edge| edge.is_self || edge.is_mutual) {
        warnings.push(format!(
            "{} can be assumed by {}: whoever has a session renews it without end. Revoke and close \
             the way at once.",
            edge.role_arn, edge.from_arn
        ));
    }
    if case.incident.origin.kind == detect::OriginKind::Unknown {
        warnings
            .push("The origin is not in these logs: whoever it is may open new sessions.".into());
    }
    warnings.push(
        "Policies that the roles have already are not in these logs: all inline policies of a role \
         together may have 10,240 characters, those of a user 2,048. Each step lists them first. \
         Where IAM refuses one with LimitExceeded, attach AWSDenyAll to the role or user instead, \
         which denies new sessions, too, and take it off where the plan takes back that step."
            .into(),
    );
    warnings.push(
        "If one of the accounts is the management account, policies of the organization have no \
         effect in it."
            .into(),
    );
    warnings.push(
        "Run nothing with credentials of a principal of the chain: you would cut yourself off."
            .into(),
    );
    warnings
}
