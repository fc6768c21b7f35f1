//! Users, their keys and passwords, groups and roles.

use alloc::format;
use alloc::string::String;

use super::{Steps, Thing, hanging};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::policy::{self, GROUP_INLINE_MAX, ROLE_INLINE_MAX, TRUST_MAX};
use crate::step::{Doing, Expect, Phase, Risk, SettingOn};
use crate::user;

const USERS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_remove.html";
const ROLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html";

pub(super) fn user(thing: &Thing<'_>) -> Steps {
    let left = thing.left;
    let why = "Stops the user whole, whatever it holds: keys that these logs do not show, the \
               console password, session and federation tokens. The user itself stays as evidence.";
    let deny =
        user::deny_all(thing.case, &left.account_id, &left.name, Phase::RemovePersistence, why);
    let doing = thing.name(grammar::entity_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("user-name", name);
        Doing::run(on("delete-user"))
            .preview(on("get-user"))
            .only_where(
                "the user is there and no policy is attached to it",
                on("list-attached-user-policies").query("length(AttachedPolicies) == `0`"),
                Expect::Equals("True".into()),
            )
            .check(on("get-user"), Expect::Fails("NoSuchEntity".into()))
            .undo(on("create-user"))
    });
    let why = "The attacker made the user, and nobody needs it. IAM refuses with DeleteConflict \
               until everything that hangs on it is gone, which the steps before this one see to.";
    let delete = thing
        .later("delete_user", &format!("Delete user {}", left.name), why)
        .needs(&["iam:DeleteUser", "iam:GetUser", "iam:ListAttachedUserPolicies"])
        .console(thing.place.user_page(&left.name, "permissions"), &format!("IAM → Users → {} → Delete (it takes away what hangs on the user as well)", left.name))
        .undo_note("A user of the same name can be made, which has another unique id and none of its keys.")
        .references(&[USERS])
        .doing(doing);
    let why = "A user with an attached policy cannot be deleted. Do it when every key and password \
               of the user is gone, directly before the user is deleted.";
    let detach = thing
        .later("detach_deny", &format!("Take the deny off user {}", left.name), why)
        .risk(Risk::Disruptive)
        .needs(&["iam:DetachUserPolicy", "iam:ListAttachedUserPolicies"])
        .console(
            thing.place.user_page(&left.name, "permissions"),
            &format!("IAM → Users → {} → Permissions → AWSDenyAll → Remove", left.name),
        )
        .references(&[USERS])
        .doing(detachment(thing));
    let mut steps = Steps::now(deny.references(&[USERS]));
    steps.later.extend(hanging::of_user(thing));
    steps.and_later(detach).and_later(delete)
}

/// Takes the deny off a user, which is in the way of its deletion.
fn detachment(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.name(grammar::entity_name)?;
    let arn = policy::deny_all_arn(thing.place.partition());
    let on = |operation| Aws::new(&thing.place, "iam", operation).opt("user-name", name);
    let query = format!("AttachedPolicies[?PolicyArn=='{arn}'].PolicyName");
    let list = || on("list-attached-user-policies").query(&query);
    Ok(Doing::run(on("detach-user-policy").opt("policy-arn", &arn))
        .only_where("the deny is attached", list(), Expect::Equals("AWSDenyAll".into()))
        .check(list(), Expect::Equals(String::new()))
        .undo(on("attach-user-policy").opt("policy-arn", &arn)))
}

pub(super) fn access_key(thing: &Thing<'_>) -> Steps {
    let left = thing.left;
    let key = left.access_key_id.as_deref().unwrap_or_default();
    let why = "The key works from anywhere for as long as it is active. It is made inactive and not \
               deleted: a deleted key is lost as evidence.";
    let page = || thing.place.user_page(&left.name, "security_credentials");
    let path = format!(
        "IAM → Users → {} → Security credentials → Access keys → {key} → Actions →",
        left.name
    );
    let deactivate = thing
        .now("deactivate_key", &format!("Deactivate key {key} of user {}", left.name), why)
        .needs(&["iam:UpdateAccessKey", "iam:ListAccessKeys"])
        .console(page(), &format!("{path} Deactivate"))
        .references(&[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        ])
        .doing(user::deactivation(&thing.place, &left.name, key));
    let deactivate = user::unless_inactive(thing.case, deactivate, key);
    let doing = thing.name(grammar::entity_name).and_then(|name| {
        let key = grammar::access_key_id(key)?;
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("user-name", name);
        let query = format!("AccessKeyMetadata[?AccessKeyId=='{key}'].Status");
        let status = || on("list-access-keys").query(&query);
        Ok(Doing::run(on("delete-access-key").opt("access-key-id", key))
            .preview(on("list-access-keys"))
            .only_where("the key is inactive", status(), Expect::Equals("Inactive".into()))
            .check(status(), Expect::Equals(String::new())))
    });
    let why = "The attacker made the key, and nobody else has its secret.";
    let delete = thing
        .later("delete_key", &format!("Delete key {key} of user {}", left.name), why)
        .needs(&["iam:DeleteAccessKey", "iam:ListAccessKeys"])
        .console(page(), &format!("{path} Delete"))
        .undo_note("A deleted key does not come back.")
        .doing(doing);
    Steps::now(deactivate).and_later(delete)
}

pub(super) fn login_profile(thing: &Thing<'_>) -> Steps {
    let left = thing.left;
    let step =
        user::remove_password(thing.case, &left.account_id, &left.name, Phase::RemovePersistence);
    let is_new = thing.is("CreateLoginProfile");
    Steps::now(if is_new { step.risk(Risk::Safe) } else { step })
}

pub(super) fn group(thing: &Thing<'_>) -> Steps {
    let left = thing.left;
    let name = thing.case.name("DenyAll");
    let doing = thing.name(grammar::policy_name).and_then(|group| {
        let document = policy::within(&policy::deny_all(), GROUP_INLINE_MAX)?;
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("group-name", group);
        let put =
            on("put-group-policy").opt("policy-name", &name).opt("policy-document", &document);
        Ok(Doing::run(put)
            .preview(on("get-group").query("Users[].UserName"))
            .check(
                on("get-group-policy").opt("policy-name", &name).query("PolicyName"),
                Expect::Equals(name.clone()),
            )
            .undo(on("delete-group-policy").opt("policy-name", &name)))
    });
    let why =
        "Whoever is in the group has what it grants; this denies all of its members everything.";
    let console = thing.place.console("iam/home#/groups");
    let deny = thing
        .now("deny_group", &format!("Deny everything to group {}", left.name), why)
        .needs(&[
            "iam:PutGroupPolicy",
            "iam:GetGroupPolicy",
            "iam:DeleteGroupPolicy",
            "iam:GetGroup",
        ])
        .console(
            console.clone(),
            &format!(
                "IAM → User groups → {} → Permissions → Add permissions → Create inline policy",
                left.name
            ),
        )
        .doing(doing);
    let doing = thing.name(grammar::policy_name).map(|group| {
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("group-name", group);
        Doing::run(on("delete-group"))
            .preview(on("get-group"))
            .only_where(
                "the group is still there",
                on("get-group").query("Group.GroupName"),
                Expect::Equals(group.into()),
            )
            .check(on("get-group"), Expect::Fails("NoSuchEntity".into()))
            .undo(on("create-group"))
    });
    let why = "The attacker made the group. IAM refuses until its members and policies are gone.";
    let delete = thing
        .later("delete_group", &format!("Delete group {}", left.name), why)
        .needs(&["iam:DeleteGroup", "iam:GetGroup"])
        .console(console, &format!("IAM → User groups → {} → Delete", left.name))
        .undo_note("A group of the same name can be made, without members and policies.")
        .doing(doing);
    let hanging = hanging::of_group(thing).into_iter();
    Steps { now: [deny].into(), later: hanging.chain([delete]).collect(), ..Steps::default() }
}

pub(super) fn group_membership(thing: &Thing<'_>) -> Steps {
    let (user, group) = (&*thing.left.name, &*thing.left.detail);
    let doing = thing.name(grammar::entity_name).and_then(|user| {
        let group = grammar::policy_name(group)?;
        let change = |operation| {
            Aws::new(&thing.place, "iam", operation).opt("group-name", group).opt("user-name", user)
        };
        let list = || Aws::new(&thing.place, "iam", "list-groups-for-user").opt("user-name", user);
        let query = format!("Groups[?GroupName=='{group}'].GroupName");
        Ok(Doing::run(change("remove-user-from-group"))
            .preview(list())
            .check(list().query(&query), Expect::Equals(String::new()))
            .undo(change("add-user-to-group")))
    });
    let why = "Takes away what the group grants to the user.";
    let step = thing
        .now("leave_group", &format!("Take user {user} out of group {group}"), why)
        .needs(&["iam:RemoveUserFromGroup", "iam:ListGroupsForUser", "iam:AddUserToGroup"])
        .console(
            thing.place.user_page(user, "groups"),
            &format!("IAM → Users → {user} → Groups → {group} → Remove"),
        )
        .doing(doing);
    Steps::now(step)
}

pub(super) fn role(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let deny = thing.case.name("DenyAll");
    let on_role = |role: &str, operation: &str| {
        Aws::new(&thing.place, "iam", operation).opt("role-name", role)
    };
    let doing = thing.name(grammar::entity_name).and_then(|role| {
        let document = policy::within(&policy::deny_all(), ROLE_INLINE_MAX)?;
        let on = |operation: &str| on_role(role, operation).opt("policy-name", &deny);
        Ok(Doing::run(on("put-role-policy").opt("policy-document", &document))
            .preview(on_role(role, "list-role-policies"))
            .check(on("get-role-policy").query("PolicyName"), Expect::Equals(deny.clone()))
            .undo(on("delete-role-policy"))
            .sets(SettingOn::RolePolicy, &thing.place, role, &deny))
    });
    let why = "The attacker made the role; nobody else needs it. Everything is denied to all of its \
               sessions, open and new ones.";
    let freeze = thing
        .now("deny_made_role", &format!("Deny everything to role {name}"), why)
        .needs(&[
            "iam:PutRolePolicy",
            "iam:GetRolePolicy",
            "iam:ListRolePolicies",
            "iam:DeleteRolePolicy",
        ])
        .console(
            thing.place.role_page(name, "permissions"),
            &format!("IAM → Roles → {name} → Permissions → Add permissions → Create inline policy"),
        )
        .references(&[ROLES])
        .doing(doing);
    let shut = thing.name(grammar::entity_name).and_then(|role| shut(thing, role));
    let why = "Nobody can open new sessions of the role.";
    let shut = thing
        .now("shut_made_role", &format!("Let nobody assume role {name}"), why)
        .needs(&["iam:UpdateAssumeRolePolicy", "iam:GetRole"])
        .console(
            thing.place.role_page(name, "trust_relationships"),
            &format!("IAM → Roles → {name} → Trust relationships → Edit trust policy"),
        )
        .doing(shut);
    let doing = thing.name(grammar::entity_name).map(|role| {
        Doing::run(on_role(role, "delete-role"))
            .preview(on_role(role, "get-role"))
            .only_where(
                "the role is still there",
                on_role(role, "get-role").query("Role.RoleName"),
                Expect::Equals(role.into()),
            )
            .check(on_role(role, "get-role"), Expect::Fails("NoSuchEntity".into()))
    });
    let why = "IAM refuses until its policies and instance profiles are gone.";
    let delete = thing
        .later("delete_role", &format!("Delete role {name}"), why)
        .needs(&["iam:DeleteRole", "iam:GetRole"])
        .console(
            thing.place.role_page(name, "permissions"),
            &format!("IAM → Roles → {name} → Delete"),
        )
        .undo_note(
            "The preview is what it takes to make a role like it anew; its unique id is another.",
        )
        .references(&[ROLES])
        .doing(doing);
    let hanging = hanging::of_role(thing).into_iter();
    Steps {
        now: [freeze, shut].into(),
        later: hanging.chain([delete]).collect(),
        ..Steps::default()
    }
}

fn shut(thing: &Thing<'_>, role: &str) -> Result<Doing, Refused> {
    let nobody = policy::within(&policy::trust_nobody(), TRUST_MAX)?;
    let on = |operation| Aws::new(&thing.place, "iam", operation).opt("role-name", role);
    let look = || on("get-role").opt("query", "Role.AssumeRolePolicyDocument");
    let set = |document: &str| on("update-assume-role-policy").opt("policy-document", document);
    let doing =
        Doing::run(set(&nobody)).preview(look()).check(look(), Expect::Lacks("Allow".into()));
    let doing = doing.sets(SettingOn::TrustPolicy, &thing.place, role, "");
    Ok(match policy::of_logs(&thing.left.document, TRUST_MAX) {
        Ok(made) => doing.undo(set(&made)),
        Err(_) => doing.undo(set("{{trust_policy}}").asked(
            "{{trust_policy}}",
            "TRUST_POLICY",
            "the policy before, from the preview",
        )),
    })
}
