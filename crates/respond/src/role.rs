//! Ends the sessions of a role.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{OriginKind, RoleExtent};
use serde_json::Value;

use crate::affected::{affected, counted};
use crate::case::{Case, RoleKind, checked, kind_of, place_of};
use crate::command::{Aws, NOW};
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, ROLE_INLINE_MAX};
use crate::reference;
use crate::reserved;
use crate::step::{Doing, Expect, Phase, Precondition, Risk, SettingOn, Step};

/// The name that the console gives the policy of its button.
const REVOKE: &str = "AWSRevokeOlderSessions";

/// Where AWS describes it.
const REFERENCES: [&str; 2] = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
];

/// What there is to say about whoever uses an instance's role.
const INSTANCES: &str = "Functions and tasks get new credentials by themselves, people when they \
    sign in again, pipelines with their next run; an instance keeps handing out its old, denied \
    ones until its next refresh, up to hours later.";

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
    let roles = case.extent.roles.iter();
    roles
        .flat_map(|role| match kind_of(role) {
            RoleKind::Ordinary => again(case, role),
            RoleKind::Reserved => reserved::steps_again(case, role),
            RoleKind::ServiceLinked => Vec::new(),
        })
        .collect()
}

/// What the first round did to `role`, with the present time.
fn again(case: &Case<'_>, role: &RoleExtent) -> Vec<Step> {
    let risk = if is_used(role) { Risk::Disruptive } else { Risk::Safe };
    let name = &role.name;
    let title = format!("Revoke the sessions of role {name} again, two minutes later");
    let whole = again_with(case, role, ("revoke_again", &title), wide).risk(risk);
    if !is_narrow(case, role) {
        return [whole].into();
    }
    let title =
        format!("Revoke the attacker's sessions of role {name} alone again, two minutes later");
    let narrow = again_with(case, role, ("revoke_again_narrow", &title), narrow);
    let narrow = of_names(role, narrow);
    [
        only_after(role, narrow, ("revoke_narrow", &case.name("RevokeSessions"))),
        only_after(role, whole, ("revoke", REVOKE)),
    ]
    .into()
}

/// One step of the second round; `revoke` says what it does, for a cut-off.
fn again_with(
    case: &Case<'_>,
    role: &RoleExtent,
    (kind, title): (&str, &str),
    revoke: impl Fn(&Case<'_>, &RoleExtent, &str) -> Result<Doing, Refused>,
) -> Step {
    let why = format!(
        "A change in IAM takes time to reach every Region. Whatever was issued in that time is newer \
         than the first cut-off, {}; the same policy with the present time ends it, too. Wait two \
         minutes after the last revocation. Write down the time that the check prints: taking it \
         back counts from there.",
        case.cut_off
    );
    let doing = revoke(case, role, NOW).and_then(|doing| {
        let first = revoke(case, role, &case.cut_off)?.command;
        Ok(Doing { undo: first.into_iter().collect(), ..doing })
    });
    step(role, kind, title, &why)
        .undo_note(&format!(
            "It puts the policy of the first round back, with its cut-off; Recover goes back to no \
             policy at all ({}).",
            reference::to_all("lift/revoke")
        ))
        .doing(doing)
}

/// `step` of the second round, for when the step `kind` of the first one put `policy`.
fn only_after(role: &RoleExtent, mut step: Step, (kind, policy): (&str, &str)) -> Step {
    let first = reference::to(&format!("{kind}/{}/{}", role.account_id, role.name));
    step.condition = Some(format!("Only if you ran {first}."));
    let is_put = || Precondition::was_put(read(&place_of(role), role, policy), policy);
    step.precondition = step.command.is_some().then(is_put);
    step
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
            .only_if(&format!(
                "Skip it now. Come back when the verification ({}) says STILL SUCCEEDING of this \
                 role.",
                reference::to("verify")
            ))
            .console(
                place.role_page(&role.name, "permissions"),
                &format!("{} → Create policy.", inline_path(role)),
            )
            .undo_note("Whoever has a session of the role can use it again.")
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
pub(crate) fn is_narrow(case: &Case<'_>, role: &RoleExtent) -> bool {
    let is_given = match case.incident.origin.kind {
        // The platform or the identity provider names the session.
        OriginKind::AwsService
        | OriginKind::Ec2Instance
        | OriginKind::EcsTask
        | OriginKind::IdentityCenter
        | OriginKind::LambdaFunction
        | OriginKind::Saml => true,
        // Whoever opens the session does, or it is not known who.
        OriginKind::Console
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Unknown => false,
    };
    is_given && is_used(role) && !role.is_assumed && !role.sessions.is_empty()
}

/// Whether others than the chain use `role`.
fn is_used(role: &RoleExtent) -> bool {
    !role.others.is_empty() || role.others_left_out > 0
}

fn others_words(role: &RoleExtent) -> String {
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
    if !is_narrow(case, role) {
        return [whole].into();
    }
    [
        first_narrow(case, role),
        whole.only_if(&format!(
            "Only if {} is refused, or the role is used by the attacker under another name.",
            reference::to(&format!("revoke_narrow/{}/{}", role.account_id, role.name))
        )),
    ]
    .into()
}

/// Revokes the named sessions of the incident alone.
fn first_narrow(case: &Case<'_>, role: &RoleExtent) -> Step {
    let title = format!("Revoke the attacker's sessions of role {} alone", role.name);
    let rest = match shared_names(role).next() {
        Some(name) => format!(
            "{name} is the name of every session of that workload, and not of the attacker's \
             alone: it is cut off until it gets new credentials. {INSTANCES} Others keep working."
        ),
        None => "Nobody assumed the role by a call, so that these names cannot be chosen anew, \
                 and the others keep working."
            .into(),
    };
    let why = format!(
        "Denies every action to {} of the incident in this role, issued before {}. {rest}",
        counted(role.sessions.len() as u64, "named session"),
        case.cut_off
    );
    let narrow = step(role, "revoke_narrow", &title, &why).doing(narrow(case, role, &case.cut_off));
    of_names(role, narrow)
}

/// `step`, which cuts off nobody but the named sessions of the incident, and others of these names.
fn of_names(role: &RoleExtent, mut step: Step) -> Step {
    let names: Vec<&str> = shared_names(role).collect();
    step.risk = if names.is_empty() { Risk::Safe } else { Risk::Disruptive };
    step.affects.retain(|other| names.iter().any(|name| is_named(&other.who, name)));
    step.affects_left_out = 0;
    step
}

/// Names of sessions of the incident that others of the role bear, too: a function's sessions all
/// have its name, and an instance's its id.
fn shared_names(role: &RoleExtent) -> impl Iterator<Item = &str> {
    let names = role.sessions.iter().filter_map(|id| Some(id.split_once(':')?.1));
    names.filter(|name| role.others.iter().any(|other| is_named(&other.who, name)))
}

/// Whether `who` speaks of the session `name`.
fn is_named(who: &str, name: &str) -> bool {
    who.split([' ', ',']).any(|word| word == name)
}

/// How to put an inline policy in the console.
fn inline_path(role: &RoleExtent) -> String {
    format!(
        "IAM → Roles → {} → Permissions → Add permissions → Create inline policy → JSON → paste \
         the policy of the command → Next → name it as the command does",
        role.name
    )
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
                "{} → Create policy. For all sessions up to now: Revoke sessions → Revoke active \
                 sessions.",
                inline_path(role)
            ),
        )
        .affects(affected(&role.others, role.others_left_out, "session"))
        .undo_note(&format!(
            "Before the last session of the chain has expired it gives the attacker's credentials \
             back; Recover does it later ({}). If the preview lists the policy already, somebody revoked \
             before: this one covers that, and is best left.",
            reference::to_all("lift/revoke")
        ))
        .references(&REFERENCES)
}

/// Revokes all sessions that were issued before `cut_off`.
fn wide(case: &Case<'_>, role: &RoleExtent, cut_off: &str) -> Result<Doing, Refused> {
    let place = place_of(role);
    let doing = put(&place, role, REVOKE, &policy::revoke(cut_off))?;
    Ok(doing.dated(read(&place, role, REVOKE), cut_off, &case.cut_off))
}

/// Revokes the sessions that belong to the incident.
fn narrow(case: &Case<'_>, role: &RoleExtent, cut_off: &str) -> Result<Doing, Refused> {
    let (place, name) = (place_of(role), case.name("RevokeSessions"));
    let ids: Result<Vec<&str>, Refused> =
        role.sessions.iter().map(|id| grammar::user_id(id)).collect();
    let doing = put(&place, role, &name, &policy::revoke_sessions(&ids?, cut_off))?;
    Ok(doing.dated(read(&place, role, &name), cut_off, &case.cut_off))
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
