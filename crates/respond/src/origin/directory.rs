//! People of IAM Identity Center: their assignments, their groups and their sessions.
//!
//! The order is that of the user guide, "Revoke active IAM role sessions created by permission
//! sets": deny first (the organization's policy of the plan), then take assignments and groups
//! away, end the sessions of the access portal, and disable. Whoever is disabled and has a session
//! of the portal goes on opening role sessions for as long as the assignments stand.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::json;

use super::step;
use crate::case::Case;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::step::{Doing, Expect, Risk, Step};

const REVOKE: &str =
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/revoke-user-permissions.html";
const SESSIONS: &str =
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/end-active-sessions.html";
const DISABLE: &str = "https://docs.aws.amazon.com/singlesignon/latest/userguide/disableuser.html";

/// Whose credentials every call takes, and where.
pub(crate) const CONDITION: &str = "With credentials of the organization's management account, or \
    of the delegated administrator of Identity Center, and the Region in which it was enabled as \
    the profile's.";

/// A person of the identity store: the id, or how to look it up by the name.
struct Person {
    user_id: String,
    lookup: Option<Aws>,
}

/// Calls of Identity Center name neither account nor Region: its own are those of the profile.
pub(crate) fn place(case: &Case<'_>) -> Place {
    case.home_in("")
}

/// The ARN of the instance of Identity Center, as an input of `command`.
pub(crate) fn with_instance(place: &Place, command: Aws) -> Aws {
    let list = Aws::new(place, "sso-admin", "list-instances");
    command
        .opt("instance-arn", "{{instance_arn}}")
        .input("{{instance_arn}}", list.query("Instances[0].InstanceArn"))
}

/// The id of the identity store, as an input of `command`.
fn with_store(place: &Place, command: Aws) -> Aws {
    let list = Aws::new(place, "sso-admin", "list-instances");
    command
        .opt("identity-store-id", "{{identity_store_id}}")
        .input("{{identity_store_id}}", list.query("Instances[0].IdentityStoreId"))
}

impl Person {
    fn of(case: &Case<'_>) -> Result<Self, Refused> {
        if let Some(id) = case.extent.identity_store_user_id.as_deref() {
            let user_id = grammar::identity_store_user_id(id)?.into();
            return Ok(Self { user_id, lookup: None });
        }
        let mut sessions = case.extent.credentials.iter().map(|holder| &*holder.principal_id);
        let name = sessions.find_map(|id| id.split_once(':')).map(|(_, name)| name);
        let refused = Refused { what: "name of a person", value: String::new() };
        // Sessions of Identity Center bear the name of the person.
        let name = name.map_or(Err(refused), grammar::entity_name)?;
        let by_name =
            json!({"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": name}});
        let place = place(case);
        let lookup = with_store(&place, Aws::new(&place, "identitystore", "get-user-id"))
            .opt("alternate-identifier", &format!("{by_name}"))
            .query("UserId");
        Ok(Self { user_id: "{{user_id}}".into(), lookup: Some(lookup) })
    }

    /// Adds the person to `command` as the value of `option`, behind `begin`.
    fn with(case: &Case<'_>, command: Aws, option: &str, begin: &str) -> Result<Aws, Refused> {
        let person = Self::of(case)?;
        let command = command.opt(option, &format!("{begin}{}", person.user_id));
        Ok(match person.lookup {
            Some(lookup) => command.input(&person.user_id, lookup),
            None => command,
        })
    }
}

/// The steps that cut off the person whom the incident began with.
pub(super) fn identity_center(case: &Case<'_>) -> Vec<Step> {
    let who = case.incident.origin.subject.as_deref().unwrap_or("the person");
    [assignments(case, who), groups(case, who), sessions(case, who), disable(case, who)].into()
}

/// A step in the account of Identity Center.
fn here(case: &Case<'_>, kind: &str, title: &str, why: &str) -> Step {
    let mut step = step(kind, title, why).only_if(CONDITION).risk(Risk::Disruptive);
    step.account_id = place(case).account();
    step
}

fn assignments(case: &Case<'_>, who: &str) -> Step {
    let why = "For as long as the assignments stand, an open session of the access portal gets new \
               role sessions, also when the person is disabled. This takes the direct ones away, \
               one after the other; AWS does it in the background, so look again after a minute.";
    here(case, "assignments", &format!("Take the account assignments of {who} away"), why)
        .needs(&[
            "sso:ListInstances",
            "sso:ListAccountAssignmentsForPrincipal",
            "sso:DeleteAccountAssignment",
            "sso:CreateAccountAssignment",
            "identitystore:GetUserId",
        ])
        .console(
            case.home.console("singlesignon/home"),
            &format!(
                "IAM Identity Center → Users → {who} → AWS accounts → select all → Remove access"
            ),
        )
        .undo_note("Once for each line of the preview: keep its output.")
        .references(&[REVOKE])
        .doing(assignments_doing(case))
}

fn assignments_doing(case: &Case<'_>) -> Result<Doing, Refused> {
    let place = place(case);
    let on = |operation| {
        let call = with_instance(&place, Aws::new(&place, "sso-admin", operation));
        Ok(Person::with(case, call, "principal-id", "")?.opt("principal-type", "USER"))
    };
    let own = "AccountAssignments[?PrincipalType=='USER']";
    let list = |query: String| {
        on("list-account-assignments-for-principal").map(|call: Aws| call.query(&query))
    };
    let number = || list(format!("length({own}) > `0`"));
    let run = on("delete-account-assignment")?
        .opt("target-type", "AWS_ACCOUNT")
        .opt("target-id", "{{target_id}}")
        .opt("permission-set-arn", "{{permission_set_arn}}")
        .input("{{target_id}}", list(format!("{own} | [0].AccountId"))?)
        .input("{{permission_set_arn}}", list(format!("{own} | [0].PermissionSetArn"))?);
    let undo = on("create-account-assignment")?
        .opt("target-type", "AWS_ACCOUNT")
        .opt("target-id", "{{target_id}}")
        .opt("permission-set-arn", "{{permission_set_arn}}")
        .asked("{{target_id}}", "TARGET_ID", "the account, from the preview")
        .asked(
            "{{permission_set_arn}}",
            "PERMISSION_SET_ARN",
            "the ARN of the permission set, from the preview",
        );
    Ok(Doing::run(run)
        .preview(list(format!("{own}.[AccountId,PermissionSetArn]"))?)
        .only_where("the person has a direct assignment", number()?, Expect::Equals("True".into()))
        .check(number()?, Expect::Equals("False".into()))
        .undo(undo)
        .repeated())
}

fn groups(case: &Case<'_>, who: &str) -> Step {
    let place = place(case);
    let doing = (|| {
        let store = |operation| with_store(&place, Aws::new(&place, "identitystore", operation));
        let member = |operation| Person::with(case, store(operation), "member-id", "UserId=");
        let list = || member("list-group-memberships-for-member");
        let number = || list().map(|list| list.query("length(GroupMemberships) > `0`"));
        let first = list()?.query("GroupMemberships[0].MembershipId");
        let run = store("delete-group-membership")
            .opt("membership-id", "{{membership_id}}")
            .input("{{membership_id}}", first);
        Ok(Doing::run(run)
            .preview(list()?)
            .only_where("the person is in a group", number()?, Expect::Equals("True".into()))
            .check(number()?, Expect::Equals("False".into()))
            .undo(member("create-group-membership")?.opt("group-id", "{{group_id}}").asked(
                "{{group_id}}",
                "GROUP_ID",
                "the group's id, from the preview",
            ))
            .repeated())
    })();
    let why = "Groups give assignments, too. An identity provider outside AWS or a directory puts \
               the person back: take the person out of the groups there.";
    here(case, "groups", &format!("Take {who} out of the groups of Identity Center"), why)
        .needs(&[
            "sso:ListInstances",
            "identitystore:GetUserId",
            "identitystore:ListGroupMembershipsForMember",
            "identitystore:DeleteGroupMembership",
            "identitystore:CreateGroupMembership",
        ])
        .console(
            case.home.console("singlesignon/home"),
            &format!("IAM Identity Center → Users → {who} → Groups → select all → Remove user from groups"),
        )
        .undo_note("Once for each group of the preview: keep its output.")
        .references(&[REVOKE])
        .doing(doing)
}

fn sessions(case: &Case<'_>, who: &str) -> Step {
    let why = "Ends the sessions of the access portal, so that the browser of whoever has one signs \
               in anew. Only the console can do it: AWS has no call for it. Role sessions that are \
               open live on; the steps below deny them.";
    here(case, "portal_sessions", &format!("End the access portal sessions of {who}"), why)
        .needs(&["an administrator of Identity Center"])
        .console(
            case.home.console("singlesignon/home"),
            &format!(
                "IAM Identity Center → Users → {who} → Active sessions → select all → Delete session"
            ),
        )
        .undo_note("Sessions do not come back: the person signs in again.")
        .references(&[SESSIONS])
}

fn disable(case: &Case<'_>, who: &str) -> Step {
    let place = place(case);
    let describe = || {
        let call = with_store(&place, Aws::new(&place, "identitystore", "describe-user"));
        Person::with(case, call, "user-id", "")
    };
    let doing = (|| {
        let look = describe()?.query("[UserId,UserName,UserStatus]");
        let status = describe()?.query("UserStatus");
        Ok(Doing::look(look).check(status, Expect::Equals("DISABLED".into())))
    })();
    let why = "No new sessions of the access portal. AWS documents the console alone for it. With \
               an identity provider outside AWS or a directory, disable the person there instead, \
               and end their sessions there.";
    here(case, "identity_center", &format!("Disable Identity Center user {who}"), why)
        .needs(&[
            "sso:ListInstances",
            "identitystore:GetUserId",
            "identitystore:DescribeUser",
            "an administrator of Identity Center",
        ])
        .console(
            case.home.console("singlesignon/home"),
            &format!("IAM Identity Center → Users → {who} → General information → Disable user access → Disable user access"),
        )
        .undo_note("IAM Identity Center → Users → the user → Enable user access.")
        .references(&[DISABLE])
        .doing(doing)
}
