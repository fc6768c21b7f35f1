//! Closes the ways that led from one role to the next.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Arn;
use detect::{Onward, RoleExtent, TrustEdge};

use crate::affected::{affected, counted};
use crate::case::{Case, RoleKind, kind_of};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::role;
use crate::step::{Doing, Expect, Phase, Risk, Step};
use crate::user;

const REFERENCE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html";

/// The steps that close the ways of the chain, and look at those that lead on.
pub(crate) fn steps(case: &Case<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> =
        case.extent.edges.iter().filter_map(|edge| close(case, edge)).collect();
    steps.extend(case.extent.onward.iter().filter_map(|onward| look_on(case, onward)));
    steps
}

fn short(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

/// Denies the assuming role or user the way to the assumed role.
fn close(case: &Case<'_>, edge: &TrustEdge) -> Option<Step> {
    let from = Arn::parse(&edge.from_arn)?;
    let (name, is_role) = match (from.role_name(), from.user_name()) {
        (Some(role), _) => (role, true),
        (None, Some(user)) => (user, false),
        (None, None) => return None,
    };
    let place = Place::of(&edge.from_arn, from.account_id, "");
    let from_role = case.extent.roles.iter().find(|role| is_role && *role.arn == *edge.from_arn);
    // Who creates a user has it denied whole already.
    let is_made = |user: &&detect::UserExtent| *user.name == *name && user.is_created;
    if from_role.is_some_and(|role| kind_of(role) != RoleKind::Ordinary)
        || case.extent.users.iter().any(|user| !is_role && is_made(&user))
    {
        return None;
    }
    let policy_name = format!("{}-{}", case.name("NoChain"), edge.hop);
    let doing = grammar::principal_arn(&edge.role_arn).and_then(|arn| {
        let document = policy::deny_assuming(&[arn]);
        if is_role {
            let known = from_role.cloned().unwrap_or_else(|| RoleExtent {
                name: name.into(),
                account_id: from.account_id.into(),
                ..RoleExtent::default()
            });
            return put_on_role(&place, &known, &policy_name, &document);
        }
        user::put(&place, name, &policy_name, &document)
    });
    let target = case.extent.roles.iter().find(|role| *role.arn == *edge.role_arn);
    let (others, left_out) = target
        .map_or((Vec::new(), 0), |role| affected(&role.others, role.others_left_out, "session"));
    let noun = if is_role { "role" } else { "user" };
    let why = if edge.is_self {
        "The role assumed itself, which renews a session without end: whoever has one never loses it."
    } else if edge.is_mutual {
        "The two roles assume each other, which renews a session without end: whoever has one never loses it."
    } else {
        "The attacker went this way. A deny on the caller's side closes it without touching the trust policy, which these logs may not hold."
    };
    let id = format!("close_way/{}/{name}/{}", from.account_id, short(&edge.role_arn));
    let mut step = Step::new(Phase::CloseWayBack, &id, &format!("Keep {noun} {name} from assuming role {}", short(&edge.role_arn)), why)
        .at(&place)
        .risk(Risk::Disruptive)
        .needs(if is_role { &["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"] } else { &["iam:PutUserPolicy", "iam:GetUserPolicy", "iam:DeleteUserPolicy"] })
        .console(
            case_page(&place, &edge.role_arn),
            &format!("IAM → Roles → {} → Trust relationships → Edit trust policy → take {} out; it affects new sessions only", short(&edge.role_arn), edge.from_arn),
        )
        .affects((others, left_out))
        .undo_note("Undo it when the trust policy admits only whom it should, with a condition or an external id.")
        .references(&[REFERENCE])
        .doing(doing);
    if !edge.is_self && !edge.is_mutual {
        step = step
            .only_if("Only if nobody else needs this way, or until the trust policy is narrowed.");
    }
    Some(step)
}

fn put_on_role(
    place: &Place,
    role: &RoleExtent,
    name: &str,
    document: &serde_json::Value,
) -> Result<Doing, Refused> {
    let doing = role::put(place, role, name, document)?;
    let read = Aws::new(place, "iam", "get-role-policy")
        .opt("role-name", &role.name)
        .opt("policy-name", name);
    Ok(doing.check(read.query("PolicyDocument.Statement[0].Effect"), Expect::Equals("Deny".into())))
}

fn case_page(place: &Place, role_arn: &str) -> Option<String> {
    let arn = Arn::parse(role_arn)?;
    place.in_account(arn.account_id).role_page(arn.role_name()?, "trust_relationships")
}

/// A role outside the chain that it leads to.
fn look_on(case: &Case<'_>, onward: &Onward) -> Option<Step> {
    let arn = Arn::parse(&onward.role_arn)?;
    let name = arn.role_name()?;
    let place = Place::of(&onward.role_arn, arn.account_id, "");
    let role = RoleExtent {
        arn: onward.role_arn.clone(),
        account_id: arn.account_id.into(),
        name: name.into(),
        ..RoleExtent::default()
    };
    (kind_of(&role) == RoleKind::Ordinary).then_some(())?;
    let doing = policy::within(&policy::revoke(&case.cut_off), ROLE_INLINE_MAX).and_then(|_| {
        role::put(&place, &role, "AWSRevokeOlderSessions", &policy::revoke(&case.cut_off))
    });
    let (who, condition) = if onward.is_by_lineage {
        (
            "A credential of this chain",
            "Only if you cannot say who did it and why: the call was made with a credential of the chain.",
        )
    } else {
        (
            "Another session of a role of this chain",
            "Only if its sessions show in the verification, or its logs show the attacker's addresses.",
        )
    };
    let why = format!(
        "{who} assumed this role {}, last at {}: {} can assume it. It is not known to be part of \
         the attack. If it is, end its sessions, too.",
        counted(onward.times, "time"),
        onward.last,
        short(&onward.from_arn),
    );
    let id = format!("onward/{}/{name}/{}", arn.account_id, short(&onward.from_arn));
    Some(
        Step::new(
            Phase::CloseWayBack,
            &id,
            &format!("Look at role {name}, which {} can assume", short(&onward.from_arn)),
            &why,
        )
        .at(&place)
        .risk(Risk::Disruptive)
        .only_if(condition)
        .needs(&[
            "iam:PutRolePolicy",
            "iam:GetRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:ListRolePolicies",
        ])
        .console(
            place.role_page(name, "revoke_sessions"),
            &format!("IAM → Roles → {name} → Revoke sessions → Revoke active sessions"),
        )
        .references(&[REFERENCE])
        .doing(doing),
    )
}
