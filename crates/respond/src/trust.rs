//! Closes the ways that led from one role to the next.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Arn;
use detect::{Onward, RoleExtent, TrustEdge};
use evidence::ArtifactKind;
use serde_json::Value;

use crate::affected::{affected, counted};
use crate::case::{Case, RoleKind, checked, kind_of, place_of};
use crate::closing;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::reference;
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

/// Opens a way again that `step` closed, or ends the revocation of a role outside the chain.
pub(crate) fn lift(case: &Case<'_>, step: &Step) -> Option<Step> {
    if !step.id.starts_with("close_way/") {
        return closing::lift_revocation(case, step);
    }
    let condition = "Only when the trust policy of the role admits none but whom it should, and \
                     the verification, the last section of this plan, came out clean.";
    closing::lift_when(step, condition.into())
}

/// Shows the trust policy of every role that the attacker went to, for somebody to narrow it.
pub(crate) fn narrow(case: &Case<'_>) -> Vec<Step> {
    let callers = |role: &RoleExtent| {
        let edges = case.extent.edges.iter().filter(|edge| *edge.role_arn == *role.arn);
        let callers: BTreeSet<&str> = edges.map(|edge| &*edge.from_arn).collect();
        callers.into_iter().collect::<Vec<&str>>()
    };
    let roles = case.extent.roles.iter().filter(|role| is_narrowed(case, role));
    let roles = roles.map(|role| (role, callers(role)));
    roles
        .filter(|(_, callers)| !callers.is_empty())
        .map(|(role, from)| look_at(role, &from))
        .collect()
}

/// Whether the trust policy of `role` is narrowed, and not deleted with what the attacker made.
fn is_narrowed(case: &Case<'_>, role: &RoleExtent) -> bool {
    let mut made =
        case.extent.left_behind.iter().filter(|left| left.artifact == ArtifactKind::Role);
    kind_of(role) == RoleKind::Ordinary
        && !made.any(|left| left.account_id == role.account_id && left.name == role.name)
}

fn look_at(role: &RoleExtent, callers: &[&str]) -> Step {
    let (place, name) = (place_of(role), &role.name);
    let doing = checked(&place, role).map(|name| {
        let look = Aws::new(&place, "iam", "get-role").opt("role-name", name);
        Doing::look(look.opt("query", "Role.AssumeRolePolicyDocument"))
    });
    let why = format!(
        "The attacker came to it from {}. In the policy that the preview shows, find the statement \
         that admits them, also one with their account as a whole (:root) or with *: take it out \
         where nobody needs this way, or name the one role that does, with a condition such as an \
         external id. The ways that this plan denies are opened again after that alone.",
        callers.join(", ")
    );
    let id = format!("narrow_trust/{}/{name}", role.account_id);
    Step::new(Phase::Recover, &id, &format!("Narrow the trust policy of role {name}"), &why)
        .at(&place)
        .risk(Risk::Disruptive)
        .needs(&["iam:GetRole", "iam:UpdateAssumeRolePolicy"])
        .console(
            place.role_page(name, "trust_relationships"),
            &format!(
                "IAM → Roles → {name} → Trust relationships → Edit trust policy → Update policy"
            ),
        )
        .affects(affected(&role.others, role.others_left_out, "session"))
        .undo_note("Set what the preview showed: keep its output.")
        .references(&[REFERENCE])
        .doing(doing)
}

fn short(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

/// Where a way leads.
struct Target<'e> {
    words: String,
    arn: &'e str,
    is_root: bool,
}

impl<'e> Target<'e> {
    fn of(arn: &'e str) -> Self {
        let account = Arn::parse(arn).map_or("", |arn| arn.account_id);
        let is_root = arn.ends_with(":root");
        let words = if is_root {
            String::from("acting as the root user of member accounts")
        } else {
            format!("assuming role {} of {account}", short(arn))
        };
        Self { words, arn, is_root }
    }

    /// What denies it, under a name that no other way of the same caller has.
    fn policy(&self, case: &Case<'_>) -> Result<(String, Value), Refused> {
        let document = if self.is_root {
            grammar::arn(self.arn)?;
            policy::deny_on("sts:AssumeRoot", &["*"])
        } else {
            policy::deny_on("sts:AssumeRole", &[grammar::principal_arn(self.arn)?])
        };
        let account = Arn::parse(self.arn).map_or("", |arn| arn.account_id);
        let name = format!("{}-{account}-{}", case.name("NoChain"), short(self.arn));
        Ok((name, document))
    }
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
    let is_made = |user: &detect::UserExtent| {
        *user.name == *name && *user.account_id == *from.account_id && user.is_created
    };
    if from_role.is_some_and(|role| kind_of(role) != RoleKind::Ordinary)
        || case.extent.users.iter().any(|user| !is_role && is_made(user))
    {
        return None;
    }
    let target = Target::of(&edge.role_arn);
    let doing = target.policy(case).and_then(|(policy_name, document)| {
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
    let noun = if is_role { "role" } else { "user" };
    let id = format!("close_way/{}/{name}/{}", from.account_id, short(&edge.role_arn));
    let title = format!("Keep {noun} {name} from {}", target.words);
    let step = way(case, edge, (&id, &title)).at(&place).doing(doing);
    let page = if is_role {
        place.role_page(name, "permissions")
    } else {
        place.user_page(name, "permissions")
    };
    let noun = if is_role { "Role" } else { "User" };
    Some(
        step.needs(&[
            &format!("iam:Put{noun}Policy"),
            &format!("iam:Get{noun}Policy"),
            &format!("iam:Delete{noun}Policy"),
            &format!("iam:List{noun}Policies"),
        ])
        .console(
            page,
            &format!(
                "IAM → {noun}s → {name} → Permissions → Add permissions → Create inline policy → \
                 JSON → paste the policy of the command → Next → name it as the command does → \
                 Create policy"
            ),
        ),
    )
}

/// A step that closes the way of `edge`, with everything but where and its commands.
fn way(case: &Case<'_>, edge: &TrustEdge, (id, title): (&str, &str)) -> Step {
    let why = if edge.is_self {
        "The role assumed itself, which renews a session without end: whoever has one never loses it."
    } else if edge.is_mutual {
        "The two roles assume each other, which renews a session without end: whoever has one never loses it."
    } else {
        "The attacker went this way. A deny on the caller's side closes it without touching the \
         trust policy, which these logs may not hold. For good, take the caller out of the trust \
         policy of the role that was assumed."
    };
    let target = case.extent.roles.iter().find(|role| *role.arn == *edge.role_arn);
    let others = target
        .map_or((Vec::new(), 0), |role| affected(&role.others, role.others_left_out, "session"));
    let step = Step::new(Phase::CloseWayBack, id, title, why)
        .risk(Risk::Disruptive)
        .affects(others)
        .undo_note("When the trust policy admits none but whom it should, with a condition or an external id: the recovery of this plan does it then.")
        .references(&[REFERENCE]);
    if edge.is_self || edge.is_mutual {
        return step;
    }
    let narrower = target.filter(|role| is_narrowed(case, role)).map(|role| {
        let id = format!("narrow_trust/{}/{}", role.account_id, role.name);
        format!(" ({})", reference::to(&id))
    });
    step.only_if(&format!(
        "Only if nobody else needs this way; where somebody does, narrow the trust policy instead{}.",
        narrower.unwrap_or_default()
    ))
}

fn put_on_role(
    place: &Place,
    role: &RoleExtent,
    name: &str,
    document: &Value,
) -> Result<Doing, Refused> {
    let doing = role::put(place, role, name, document)?;
    let read = Aws::new(place, "iam", "get-role-policy")
        .opt("role-name", &role.name)
        .opt("policy-name", name);
    Ok(doing.check(read.query("PolicyDocument.Statement[0].Effect"), Expect::Equals("Deny".into())))
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
