//! What hangs on a user, a role or a group, and is in the way of its deletion.
//!
//! The lists are those of the API reference of IAM, under `DeleteUser`, `DeleteRole` and
//! `DeleteGroup`: a call that deletes something on which anything hangs fails.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Thing;
use crate::command::Aws;
use crate::grammar;
use crate::policy;
use crate::step::{Doing, Expect, Step};

const USERS: &str = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html";
const ROLES: &str = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html";
const GROUPS: &str = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html";

/// The kind whose documents are gone with it, and not only their names.
const INLINE: &str = "inline_policies";

/// The call that shows inline policies with their documents, whatever they are called.
const DETAILS: &str = "get-account-authorization-details";

/// One kind of things that hang on an owner.
struct Kind {
    /// The begin of the step's id.
    id: &'static str,
    /// What they are, in words.
    nouns: &'static str,
    list: &'static str,
    /// Their names or ids in the answer of `list`; `DENY` stands for the policy that denies all.
    names: &'static str,
    remove: &'static str,
    /// The option of `remove` that takes a name.
    option: &'static str,
}

const fn kind(
    id: &'static str,
    nouns: &'static str,
    [list, names]: [&'static str; 2],
    [remove, option]: [&'static str; 2],
) -> Kind {
    Kind { id, nouns, list, names, remove, option }
}

/// The policy that the plan itself attached is taken off last.
const ATTACHED: &str = "AttachedPolicies[?PolicyArn!='DENY'].PolicyArn";

const OF_USERS: [Kind; 8] = [
    kind(
        "keys",
        "access keys",
        ["list-access-keys", "AccessKeyMetadata[].AccessKeyId"],
        ["delete-access-key", "access-key-id"],
    ),
    kind(
        "mfa_devices",
        "MFA devices",
        ["list-mfa-devices", "MFADevices[].SerialNumber"],
        ["deactivate-mfa-device", "serial-number"],
    ),
    kind(
        "ssh_keys",
        "SSH public keys",
        ["list-ssh-public-keys", "SSHPublicKeys[].SSHPublicKeyId"],
        ["delete-ssh-public-key", "ssh-public-key-id"],
    ),
    kind(
        "certificates",
        "signing certificates",
        ["list-signing-certificates", "Certificates[].CertificateId"],
        ["delete-signing-certificate", "certificate-id"],
    ),
    kind(
        "service_credentials",
        "service-specific credentials",
        [
            "list-service-specific-credentials",
            "ServiceSpecificCredentials[].ServiceSpecificCredentialId",
        ],
        ["delete-service-specific-credential", "service-specific-credential-id"],
    ),
    kind(
        "groups",
        "memberships of groups",
        ["list-groups-for-user", "Groups[].GroupName"],
        ["remove-user-from-group", "group-name"],
    ),
    kind(
        "attached_policies",
        "attached policies, the deny of this plan aside",
        ["list-attached-user-policies", ATTACHED],
        ["detach-user-policy", "policy-arn"],
    ),
    kind(
        INLINE,
        "inline policies, those of this plan among them",
        ["list-user-policies", "PolicyNames"],
        ["delete-user-policy", "policy-name"],
    ),
];

const OF_ROLES: [Kind; 3] = [
    kind(
        "attached_policies",
        "attached policies",
        ["list-attached-role-policies", ATTACHED],
        ["detach-role-policy", "policy-arn"],
    ),
    kind(
        "instance_profiles",
        "instance profiles that hold it",
        ["list-instance-profiles-for-role", "InstanceProfiles[].InstanceProfileName"],
        ["remove-role-from-instance-profile", "instance-profile-name"],
    ),
    kind(
        INLINE,
        "inline policies, those of this plan among them",
        ["list-role-policies", "PolicyNames"],
        ["delete-role-policy", "policy-name"],
    ),
];

const OF_GROUPS: [Kind; 3] = [
    kind(
        "members",
        "members",
        ["get-group", "Users[].UserName"],
        ["remove-user-from-group", "user-name"],
    ),
    kind(
        "attached_policies",
        "attached policies",
        ["list-attached-group-policies", ATTACHED],
        ["detach-group-policy", "policy-arn"],
    ),
    kind(
        INLINE,
        "inline policies, those of this plan among them",
        ["list-group-policies", "PolicyNames"],
        ["delete-group-policy", "policy-name"],
    ),
];

/// The steps that take away what hangs on a user, its password first.
pub(super) fn of_user(thing: &Thing<'_>) -> Vec<Step> {
    let name = &*thing.left.name;
    let doing = thing.name(grammar::entity_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("user-name", name);
        Doing::run(on("delete-login-profile"))
            .only_where(
                "the user has a console password",
                on("get-login-profile").query("LoginProfile.UserName"),
                Expect::Equals(name.into()),
            )
            .preview(on("get-login-profile"))
            .check(on("get-login-profile"), Expect::Fails("NoSuchEntity".into()))
    });
    let password = step(thing, "user", "password", "console password")
        .console(
            thing.place.user_page(name, "security_credentials"),
            &format!("IAM → Users → {name} → Security credentials → Manage console access"),
        )
        .undo_note("It does not come back.")
        .references(&[USERS])
        .doing(doing);
    let rest = OF_USERS.iter().map(|kind| {
        let page = thing.place.user_page(name, tab(kind).0);
        of_kind(thing, kind, ("user", "user-name", USERS), page)
    });
    core::iter::once(password).chain(rest).collect()
}

/// The steps that take away what hangs on a role.
pub(super) fn of_role(thing: &Thing<'_>) -> Vec<Step> {
    let of = |kind: &Kind| {
        let page = thing.place.role_page(&thing.left.name, "permissions");
        of_kind(thing, kind, ("role", "role-name", ROLES), page)
    };
    OF_ROLES.iter().map(of).collect()
}

/// The steps that take away what hangs on a group.
pub(super) fn of_group(thing: &Thing<'_>) -> Vec<Step> {
    let of = |kind: &Kind| {
        let page = thing.place.console("iam/home#/groups");
        of_kind(thing, kind, ("group", "group-name", GROUPS), page)
    };
    OF_GROUPS.iter().map(of).collect()
}

/// Takes the things of `kind` off their owner, one after the other.
fn of_kind(
    thing: &Thing<'_>,
    kind: &Kind,
    (noun, owner, reference): (&str, &str, &str),
    page: Option<String>,
) -> Step {
    let name = &*thing.left.name;
    let grammar = if noun == "group" { grammar::policy_name } else { grammar::entity_name };
    let doing = thing.name(grammar).map(|name| removal(thing, kind, (owner, name)));
    let step = step(thing, noun, kind.id, kind.nouns);
    let mut step = step.undo_note(note(kind));
    if kind.id == INLINE {
        step.why.push_str(
            " Keep what the preview shows: the documents are evidence, and gone afterwards.",
        );
    }
    step.console(page, &path(kind, noun, name)).references(&[reference]).doing(doing)
}

/// The tab of a page of the console on which things of `kind` are, in its address and in words.
fn tab(kind: &Kind) -> (&'static str, &'static str) {
    match kind.id {
        "members" => ("users", "Users"),
        "groups" => ("groups", "Groups"),
        "attached_policies" | INLINE => ("permissions", "Permissions"),
        _ => ("security_credentials", "Security credentials"),
    }
}

/// Where in the console things of `kind` are taken off the `noun` called `name`.
fn path(kind: &Kind, noun: &str, name: &str) -> String {
    let list = match noun {
        "user" => "Users",
        "role" => "Roles",
        _ => "User groups",
    };
    if kind.id == "instance_profiles" {
        return String::from("The console has no page for it: use the command.");
    }
    format!("IAM → {list} → {name} → {} → {} → Remove or Delete", tab(kind).1, kind.nouns)
}

/// What there is to know about going back from the removal of things of `kind`.
fn note(kind: &Kind) -> &'static str {
    match kind.id {
        "groups" | "members" => "Put it back by hand, as the preview names it.",
        "attached_policies" => "Attach it again by hand, as the preview names it.",
        "instance_profiles" => "Add the role again by hand, as the preview names it.",
        INLINE => "A policy is put again by hand, with its document of the preview.",
        _ => "It does not come back.",
    }
}

fn removal(thing: &Thing<'_>, kind: &Kind, (owner, name): (&str, &str)) -> Doing {
    let on = |operation| Aws::new(&thing.place, "iam", operation).opt(owner, name);
    let names = kind.names.replace("DENY", &policy::deny_all_arn(thing.place.partition()));
    let list = |query: String| on(kind.list).query(&query);
    let first = list(format!("{names} | [0]"));
    let has_one = || list(format!("length({names}) > `0`"));
    let look = if kind.id == INLINE { documents(thing, owner, name) } else { list(names.clone()) };
    Doing::run(on(kind.remove).opt(kind.option, "{{name}}").input("{{name}}", first))
        .preview(look)
        .only_where("the preview lists one", has_one(), Expect::Equals("True".into()))
        .check(has_one(), Expect::Equals("False".into()))
        .repeated()
}

/// Shows the inline policies of the owner `name` with their documents.
fn documents(thing: &Thing<'_>, owner: &str, name: &str) -> Aws {
    let kind = match owner {
        "user-name" => "User",
        "role-name" => "Role",
        _ => "Group",
    };
    let query = format!("{kind}DetailList[?{kind}Name=='{name}'].{kind}PolicyList[]");
    Aws::new(&thing.place, "iam", DETAILS)
        .opt("filter", kind)
        .opt("query", &query)
        .opt("output", "json")
}

fn step(thing: &Thing<'_>, noun: &str, id: &str, nouns: &str) -> Step {
    let name = &*thing.left.name;
    let title = format!("Take away what hangs on {noun} {name}: {nouns}");
    let why = format!(
        "IAM deletes no {noun} on which anything hangs, and others may have added to what these logs show."
    );
    thing.later(&format!("empty_{noun}/{id}"), &title, &why)
}
