//! Ends the sessions of a role.

use alloc::format;
use alloc::vec::Vec;

use detect::RoleExtent;
use serde_json::Value;

use crate::affected::{affected, counted};
use crate::case::{Case, RoleKind, checked, kind_of, place_of};
use crate::command::{Aws, Command, NOW};
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::reserved;
use crate::step::{Doing, Expect, Phase, Risk, SettingOn, Step};

/// The name that the console gives the policy of its button.
const REVOKE: &str = "AWSRevokeOlderSessions";

/// Where AWS describes it.
const REFERENCES: [&str; 2] = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
];

/// What there is to say about whoever uses an instance's role.
const INSTANCES: &str = "Functions and tasks get new credentials by themselves; an instance keeps \
    handing out its old, denied ones until its next refresh, up to hours later.";

/// What there is to say about a role that only the chain uses.
const NOBODY: &str = "Nobody else was seen to use it in the two weeks before the end of the chain, \
    as far as these logs go.";

/// The steps that end the sessions of every role, in the first round.
pub(crate) fn first_round(case: &Case<'_>) -> Vec<Step> {
    let roles = case.extent.roles.iter();
    roles
        .flat_map(|role| match kind_of(role) {
            RoleKind::Ordinary => ordinary(case, role),
            RoleKind::Reserved => reserved::steps(case, role),
            RoleKind::ServiceLinked => [service_linked(role)].into(),
        })
        .collect()
}

/// The steps that end what was issued while the first round spread.
pub(crate) fn second_round(case: &Case<'_>) -> Vec<Step> {
    let ordinary = case.extent.roles.iter().filter(|role| kind_of(role) == RoleKind::Ordinary);
    let again = |role: &RoleExtent| {
        let title = format!("Revoke the sessions of role {} again, two minutes later", role.name);
        let why = "A change in IAM takes time to reach every Region. Whatever was issued in that \
                   time is newer than the first cut-off; the same policy with the present time \
                   ends it, too. Wait two minutes after the last revocation.";
        let revoke = if is_narrow(role) { narrow(case, role, NOW) } else { wide(case, role, NOW) };
        let risk = if is_used(role) { Risk::Disruptive } else { Risk::Safe };
        step(role, "revoke_again", &title, why)
            .risk(risk)
            .undo_note(
                "It puts the policy of the first round back, with its cut-off; going back to no \
                 policy at all is what the lift of this plan is for.",
            )
            .doing(revoke.and_then(|doing| Ok(Doing { undo: first_cut_off(case, role)?, ..doing })))
    };
    ordinary.map(again).collect()
}

/// Puts the policy of the first round in the place of that of the second.
fn first_cut_off(case: &Case<'_>, role: &RoleExtent) -> Result<Vec<Command>, Refused> {
    let cut_off = &case.cut_off;
    let first =
        if is_narrow(role) { narrow(case, role, cut_off) } else { wide(case, role, cut_off) };
    Ok(first?.command.into_iter().collect())
}

/// The strongest variant: everything denied to everybody, for as long as it stands.
pub(crate) fn strongest(case: &Case<'_>) -> Vec<Step> {
    let ordinary = case.extent.roles.iter().filter(|role| kind_of(role) == RoleKind::Ordinary);
    let deny = |role: &RoleExtent| {
        let title = format!("Deny everything to role {}", role.name);
        let why = format!(
            "The strongest variant: all actions are denied to all sessions of the role, new ones \
             included, until it is undone. It breaks everything that uses the role: {} in the two \
             weeks before.",
            others_words(role)
        );
        let name = case.name("DenyAll");
        let place = place_of(role);
        step(role, "deny_role", &title, &why)
            .risk(Risk::Disruptive)
            .only_if("Only if the role is still used by the attacker after both rounds, or nothing else uses it.")
            .doing(put(&place, role, &name, &policy::deny_all()).map(|doing| {
                doing.check(
                    read(&place, role, &name).query("PolicyDocument.Statement[0].Action[0]"),
                    Expect::Equals("*".into()),
                )
            }))
    };
    ordinary.map(deny).collect()
}

/// Whether the attacker's sessions of `role` can be told from those of others by their names.
pub(crate) fn is_narrow(role: &RoleExtent) -> bool {
    is_used(role) && !role.is_assumed && !role.sessions.is_empty()
}

/// Whether others than the chain use `role`.
fn is_used(role: &RoleExtent) -> bool {
    !role.others.is_empty() || role.others_left_out > 0
}

fn others_words(role: &RoleExtent) -> alloc::string::String {
    let number = role.others.len() as u64 + role.others_left_out;
    if number == 0 {
        "nobody else was seen to use it".into()
    } else {
        counted(number, "other user")
    }
}

fn ordinary(case: &Case<'_>, role: &RoleExtent) -> Vec<Step> {
    let title = format!("Revoke the sessions of role {}", role.name);
    let why = format!(
        "Denies every action to all credentials of this role that were issued before {}, whoever \
         holds them; later ones work. The other policies of the role stay as they are. {}",
        case.cut_off,
        if is_used(role) { INSTANCES } else { NOBODY }
    );
    let whole = step(role, "revoke", &title, &why)
        .risk(if is_used(role) { Risk::Disruptive } else { Risk::Safe })
        .doing(wide(case, role, &case.cut_off));
    if !is_narrow(role) {
        return [whole].into();
    }
    let title = format!("Revoke the attacker's sessions of role {} alone", role.name);
    let why = format!(
        "Denies every action to {} of this role that belong to the incident, issued before {}. \
         Nobody assumed the role by a call, so that these names cannot be chosen anew, and the \
         others keep working.",
        counted(role.sessions.len() as u64, "named session"),
        case.cut_off
    );
    let narrow = step(role, "revoke_narrow", &title, &why).affects((Vec::new(), 0)).doing(narrow(
        case,
        role,
        &case.cut_off,
    ));
    let condition = "Only if the narrow step before is refused, or the role is used by the attacker under another name.";
    [narrow, whole.only_if(condition)].into()
}

/// A step about `role` with everything but its commands.
fn step(role: &RoleExtent, kind: &str, title: &str, why: &str) -> Step {
    let place = place_of(role);
    let id = format!("{kind}/{}/{}", role.account_id, role.name);
    Step::new(Phase::CloseWayBack, &id, title, why)
        .at(&place)
        .needs(&[
            "iam:PutRolePolicy",
            "iam:GetRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:ListRolePolicies",
        ])
        .console(
            place.role_page(&role.name, "permissions"),
            &format!(
                "IAM → Roles → {} → Permissions → Add permissions → Create inline policy → JSON → \
                 paste the policy of the command → Next → name it as the command does → Create \
                 policy. For all sessions up to now: Revoke sessions → Revoke active sessions.",
                role.name
            ),
        )
        .affects(affected(&role.others, role.others_left_out, "session"))
        .undo_note(
            "Before the last session of the chain has expired it gives the attacker's credentials \
             back: the recovery of this plan does it later. If the preview lists the policy \
             already, somebody revoked before: this one covers that, and is best left.",
        )
        .references(&REFERENCES)
}

/// Revokes all sessions that were issued before `cut_off`.
fn wide(case: &Case<'_>, role: &RoleExtent, cut_off: &str) -> Result<Doing, Refused> {
    let place = place_of(role);
    let doing = put(&place, role, REVOKE, &policy::revoke(cut_off))?;
    Ok(dated(doing, (role, REVOKE), (cut_off, &case.cut_off), &place))
}

/// Revokes the sessions that belong to the incident.
fn narrow(case: &Case<'_>, role: &RoleExtent, cut_off: &str) -> Result<Doing, Refused> {
    let (place, name) = (place_of(role), case.name("RevokeSessions"));
    let ids: Result<Vec<&str>, Refused> =
        role.sessions.iter().map(|id| grammar::user_id(id)).collect();
    let doing = put(&place, role, &name, &policy::revoke_sessions(&ids?, cut_off))?;
    Ok(dated(doing, (role, &name), (cut_off, &case.cut_off), &place))
}

/// Adds the check that `policy` revokes what was issued before `cut_off`.
fn dated(
    doing: Doing,
    (role, policy): (&RoleExtent, &str),
    (cut_off, first_cut_off): (&str, &str),
    place: &Place,
) -> Doing {
    let time = r#"PolicyDocument.Statement[0].Condition.DateLessThan."aws:TokenIssueTime""#;
    // The time of the second round is not known before it is run; it differs from the first.
    let expect = match cut_off {
        NOW => Expect::Lacks(first_cut_off.into()),
        _ => Expect::Equals(cut_off.into()),
    };
    doing.check(read(place, role, policy).query(time), expect)
}

/// Puts `document` on `role` as the inline policy `name`.
pub(crate) fn put(
    place: &Place,
    role: &RoleExtent,
    name: &str,
    document: &Value,
) -> Result<Doing, Refused> {
    let role_name = checked(place, role)?;
    let document = policy::within(document, ROLE_INLINE_MAX)?;
    let on_role = |operation| Aws::new(place, "iam", operation).opt("role-name", role_name);
    let put = on_role("put-role-policy").opt("policy-name", name).opt("policy-document", &document);
    Ok(Doing::run(put)
        .preview(on_role("list-role-policies"))
        .check(read(place, role, name), Expect::Contains(name.into()))
        .undo(on_role("delete-role-policy").opt("policy-name", name))
        .sets(SettingOn::RolePolicy, place, role_name, name))
}

fn read(place: &Place, role: &RoleExtent, name: &str) -> Aws {
    Aws::new(place, "iam", "get-role-policy").opt("role-name", &role.name).opt("policy-name", name)
}

/// A role that belongs to a service.
fn service_linked(role: &RoleExtent) -> Step {
    let place = place_of(role);
    let title = format!("Stop the service behind role {}", role.name);
    let why = "This role belongs to a service of AWS: nobody can change its policies, and policies \
               of the organization do not reach it. Take away what makes the service act, or \
               delete the role through the service.";
    let id = format!("revoke_service_linked/{}/{}", role.account_id, role.name);
    Step::new(Phase::CloseWayBack, &id, &title, why)
        .at(&place)
        .console(
            place.role_page(&role.name, "permissions"),
            &format!("IAM → Roles → {} shows which service it belongs to.", role.name),
        )
        .references(&REFERENCES[..1])
}
