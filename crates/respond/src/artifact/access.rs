//! Credentials beside access keys, and whoever vouches for people.

use alloc::format;
use alloc::string::ToString;

use cloudtrail::Arn;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::origin;
use crate::step::{Doing, Expect, Phase, Risk, Step};
use crate::user;

/// A credential of a user that has an id which the logs do not hold: the newest one of its kind.
struct Newest {
    list: &'static str,
    update: &'static str,
    option: &'static str,
    id: &'static str,
    members: &'static str,
    date: &'static str,
}

impl Newest {
    fn doing(&self, thing: &Thing<'_>) -> Result<Doing, Refused> {
        let name = thing.name(grammar::entity_name)?;
        let list = || Aws::new(&thing.place, "iam", self.list).opt("user-name", name);
        let newest =
            |member: &str| format!("sort_by({}, &{})[-1].{member}", self.members, self.date);
        let update = |status| {
            Aws::new(&thing.place, "iam", self.update)
                .opt("user-name", name)
                .opt(self.option, "{{id}}")
                .opt("status", status)
                .input("{{id}}", list().query(&newest(self.id)))
        };
        Ok(Doing::run(update("Inactive"))
            .preview(list())
            .check(list().query(&newest("Status")), Expect::Equals("Inactive".into()))
            .undo(update("Active")))
    }

    fn steps(&self, thing: &Thing<'_>, kind: &str, noun: &str) -> Steps {
        let name = &*thing.left.name;
        let why = "The event does not name it: the command takes the newest one of the user; look \
                   at the preview first, and repeat it where the attacker made several.";
        let step = thing
            .now(kind, &format!("Deactivate the {noun} of user {name}"), why)
            .needs(&["iam:List* and iam:Update* of it"])
            .console(
                thing.place.user_page(name, "security_credentials"),
                &format!(
                    "IAM → Users → {name} → Security credentials → the {noun} → Make inactive"
                ),
            )
            .doing(self.doing(thing));
        Steps::now(step)
    }
}

pub(super) fn service_specific_credential(thing: &Thing<'_>) -> Steps {
    let newest = Newest {
        list: "list-service-specific-credentials",
        update: "update-service-specific-credential",
        option: "service-specific-credential-id",
        id: "ServiceSpecificCredentialId",
        members: "ServiceSpecificCredentials",
        date: "CreateDate",
    };
    newest.steps(thing, "service_specific_credential", "service-specific credential")
}

pub(super) fn ssh_public_key(thing: &Thing<'_>) -> Steps {
    let newest = Newest {
        list: "list-ssh-public-keys",
        update: "update-ssh-public-key",
        option: "ssh-public-key-id",
        id: "SSHPublicKeyId",
        members: "SSHPublicKeys",
        date: "UploadDate",
    };
    newest.steps(thing, "ssh_public_key", "SSH public key")
}

pub(super) fn signing_certificate(thing: &Thing<'_>) -> Steps {
    let newest = Newest {
        list: "list-signing-certificates",
        update: "update-signing-certificate",
        option: "certificate-id",
        id: "CertificateId",
        members: "Certificates",
        date: "UploadDate",
    };
    newest.steps(thing, "signing_certificate", "signing certificate")
}

pub(super) fn mfa_device(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let console = || thing.place.console("iam/home#/users");
    if thing.is("DeactivateMFADevice") || thing.is("DeleteVirtualMFADevice") {
        let why = "Without its second factor a password or a key is enough. Nobody but the person \
                   can enroll a device: reach them another way than by e-mail.";
        let path = "IAM → Users → the user → Security credentials → Multi-factor authentication → Assign MFA device";
        return Steps::now(thing.by_hand(
            "mfa_device",
            &format!("Have MFA device {name} enrolled again"),
            why,
            (console(), path),
        ));
    }
    let doing = thing.name(grammar::arn).map(|serial| {
        let query =
            |member: &str| format!("VirtualMFADevices[?SerialNumber=='{serial}'].{member} | [0]");
        let list = |member: &str| {
            Aws::new(&thing.place, "iam", "list-virtual-mfa-devices").query(&query(member))
        };
        Doing::run(
            Aws::new(&thing.place, "iam", "deactivate-mfa-device")
                .opt("user-name", "{{user_name}}")
                .opt("serial-number", serial)
                .input("{{user_name}}", list("User.UserName")),
        )
        .preview(list("[SerialNumber,User.UserName,EnableDate]"))
        .check(list("User.UserName"), Expect::Equals("None".into()))
    });
    let why = "Whoever has this device passes as the user, with the password or a key.";
    let step = thing
        .now("mfa_device", &format!("Deactivate MFA device {name}"), why)
        .risk(Risk::Destructive)
        .needs(&["iam:ListVirtualMFADevices", "iam:DeactivateMFADevice"])
        .console(console(), "IAM → Users → the user → Security credentials → Multi-factor authentication → the device → Remove")
        .undo_note("The device is enrolled again with two codes that it shows.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn provider(thing: &Thing<'_>, kind: &str) -> Steps {
    let name = &*thing.left.name;
    let console = (
        thing.place.console("iam/home#/identity_providers"),
        "IAM → Identity providers → the provider",
    );
    if !thing.is("Create") {
        let why = "The attacker changed who the provider vouches for: its metadata, audience or \
                   thumbprint. Set back what your templates say, or ask the provider's owner for it.";
        return Steps::now(thing.by_hand(
            "provider",
            &format!("Set identity provider {name} back"),
            why,
            console,
        ));
    }
    let why = "The attacker's own provider opens every role that trusts it, for anybody whom it \
               vouches for. There is no way to disable one.";
    let step = thing
        .now("provider", &format!("Delete identity provider {name}"), why)
        .risk(Risk::Destructive)
        .console(console.0, "IAM → Identity providers → the provider → Delete")
        .undo_note("The preview is evidence, and what it takes to make it anew: keep its output.")
        .doing(origin::delete_provider(&thing.place, name, kind));
    Steps::now(step)
}

pub(super) fn trust_anchor(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let (noun, members) = match &*thing.left.event_name {
        "CreateProfile" => ("profile", "profiles"),
        "ImportCrl" | "DisableCrl" => ("crl", "crls"),
        _ => ("trust-anchor", "trustAnchors"),
    };
    let is_back = thing.is("DisableCrl");
    let member = if noun == "trust-anchor" { "trustAnchor" } else { noun };
    let doing = thing.regional(grammar::plain_name).map(|name| {
        let option = format!("{noun}-id");
        let id = format!("{members}[?name=='{name}' || {member}Id=='{name}'].{member}Id | [0]");
        let list = || Aws::new(&thing.place, "rolesanywhere", &format!("list-{noun}s"));
        let on = |verb: &str| {
            Aws::new(&thing.place, "rolesanywhere", &format!("{verb}-{noun}"))
                .opt(&option, "{{id}}")
                .input("{{id}}", list().query(&id))
        };
        let (run, undo, is_enabled) =
            if is_back { ("enable", "disable", "True") } else { ("disable", "enable", "False") };
        Doing::run(on(run))
            .preview(list())
            .check(on("get").query(&format!("{member}.enabled")), Expect::Equals(is_enabled.into()))
            .undo(on(undo))
    });
    let words = noun.replace('-', " ");
    let (verb, why) = if is_back {
        ("Enable", "Certificates on the list were good again while it was disabled.")
    } else {
        (
            "Disable",
            "Whoever has a certificate below an anchor gets credentials of the profile's roles, for years.",
        )
    };
    let step = thing
        .now("roles_anywhere", &format!("{verb} {words} {name} of Roles Anywhere"), why)
        .risk(Risk::Disruptive)
        .needs(&["rolesanywhere:List*, Get*, Enable* and Disable* of it"])
        .console(
            thing.page("rolesanywhere", ""),
            &format!("IAM → Roles → Roles Anywhere → Manage → {name} → {verb}"),
        )
        .references(&[
            "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/introduction.html",
        ])
        .doing(doing);
    Steps::now(step)
}

pub(super) fn federation_token(thing: &Thing<'_>) -> Steps {
    let arn = Arn::parse(&thing.left.caller_arn);
    let user = arn.and_then(|arn| arn.user_name()).unwrap_or_default();
    let known =
        thing.case.extent.users.iter().find(|known| *known.name == *user && !user.is_empty());
    let Some(known) = known else {
        let why = "The token has the permissions of whoever made it, for up to 36 hours. The \
                   organization's policy of this plan denies it; IAM can do so on its maker alone.";
        let console = (
            thing.place.console("iam/home#/users"),
            "IAM → Users → the user that made it → Permissions → Add permissions → Create inline policy that denies everything",
        );
        return Steps::now(thing.by_hand(
            "federation_token",
            &format!("Deny federation token {}", thing.left.name),
            why,
            console,
        ));
    };
    let mut step = user::revoke_tokens(thing.case, known);
    step.phase = Phase::RemovePersistence;
    Steps::now(step)
}

pub(super) fn root_session(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let why = "A session of root of a member account lives for 15 minutes and cannot be revoked. \
               Look at what it did: root credentials that it made, bucket and queue policies that \
               it removed. Then take the permission sts:AssumeRoot from the caller.";
    let console = (
        thing.place.console("iam/home#/root-user-management"),
        "In the management account: IAM → Root access management",
    );
    Steps::now(thing.by_hand(
        "root_session",
        &format!("Look at what the root session of {name} did"),
        why,
        console,
    ))
}

fn instance(member: &str, thing: &Thing<'_>) -> Aws {
    Aws::new(&thing.place, "sso-admin", "list-instances").query(&format!("Instances[0].{member}"))
}

pub(super) fn identity_center_user(thing: &Thing<'_>) -> Steps {
    let id = &*thing.left.name;
    let page = thing.place.console("singlesignon/home");
    let why = "There is no command that disables a user of Identity Center.";
    let path = format!(
        "In the management account: IAM Identity Center → Users → {id} → Disable user access; Groups → remove from what was added; Active sessions → Delete"
    );
    let disable = thing.by_hand(
        "identity_center_user",
        &format!("Disable Identity Center user {id}, or take it out of the group"),
        why,
        (page.clone(), &path),
    );
    if !thing.is("CreateUser") {
        return Steps::now(disable);
    }
    let doing = thing.regional(grammar::identity_store_user_id).map(|id| {
        let on = |operation| {
            Aws::new(&thing.place, "identitystore", operation)
                .opt("identity-store-id", "{{identity_store_id}}")
                .opt("user-id", id)
                .input("{{identity_store_id}}", instance("IdentityStoreId", thing))
        };
        Doing::run(on("delete-user"))
            .preview(on("describe-user"))
            .check(on("describe-user"), Expect::Fails("ResourceNotFoundException".into()))
    });
    let delete = thing
        .later(
            "delete_identity_center_user",
            &format!("Delete Identity Center user {id}"),
            "The attacker made the user.",
        )
        .needs(&["identitystore:DeleteUser", "identitystore:DescribeUser", "sso:ListInstances"])
        .console(page, &format!("IAM Identity Center → Users → {id} → Delete"))
        .undo_note("A deleted user does not come back; the preview shows what one like it needs.")
        .doing(doing);
    Steps::now(disable).and_later(delete)
}

pub(super) fn account_assignment(thing: &Thing<'_>) -> Steps {
    let (set, principal) = (&*thing.left.name, &*thing.left.detail);
    let doing = thing.regional(grammar::arn).and_then(|set| {
        let principal = grammar::identity_store_user_id(principal)?;
        let call = |operation| {
            Aws::new(&thing.place, "sso-admin", operation)
                .opt("instance-arn", "{{instance_arn}}")
                .opt("permission-set-arn", set)
                .opt("principal-id", principal)
                .opt("principal-type", "{{principal_type}}")
                .opt("target-type", "AWS_ACCOUNT")
                .opt("target-id", "{{target_id}}")
                .input("{{instance_arn}}", instance("InstanceArn", thing))
                .asked("{{principal_type}}", "PRINCIPAL_TYPE", "USER or GROUP, from the event")
                .asked(
                    "{{target_id}}",
                    "TARGET_ID",
                    "the account that was assigned, from the event",
                )
        };
        let list = || {
            Aws::new(&thing.place, "sso-admin", "list-account-assignments-for-principal")
                .opt("instance-arn", "{{instance_arn}}")
                .opt("principal-id", principal)
                .opt("principal-type", "{{principal_type}}")
                .input("{{instance_arn}}", instance("InstanceArn", thing))
                .asked("{{principal_type}}", "PRINCIPAL_TYPE", "USER or GROUP, from the event")
        };
        Ok(Doing::run(call("delete-account-assignment"))
            .preview(list())
            .check(list(), Expect::Lacks(set.to_string()))
            .undo(call("create-account-assignment")))
    });
    let why =
        "Takes the account away from whom the attacker gave it to. Sessions that are open live on.";
    let step = thing
        .now("account_assignment", &format!("Take permission set {set} away from {principal}"), why)
        .risk(Risk::Disruptive)
        .needs(&[
            "sso:DeleteAccountAssignment",
            "sso:ListAccountAssignmentsForPrincipal",
            "sso:CreateAccountAssignment",
        ])
        .console(
            thing.place.console("singlesignon/home"),
            "IAM Identity Center → AWS accounts → the account → Users and groups → Remove access",
        )
        .doing(doing);
    Steps::now(step)
}

pub(super) fn permission_set(thing: &Thing<'_>) -> Steps {
    let (set, policy) = (&*thing.left.name, &*thing.left.detail);
    let doing = thing.regional(grammar::arn).map(|set| {
        let on = |operation: &str| {
            Aws::new(&thing.place, "sso-admin", operation)
                .opt("instance-arn", "{{instance_arn}}")
                .opt("permission-set-arn", set)
                .input("{{instance_arn}}", instance("InstanceArn", thing))
        };
        let managed = grammar::arn(policy).ok().filter(|_| thing.is("AttachManagedPolicy"));
        match managed {
            Some(policy) => Doing::run(
                on("detach-managed-policy-from-permission-set").opt("managed-policy-arn", policy),
            )
            .preview(on("list-managed-policies-in-permission-set"))
            .check(on("list-managed-policies-in-permission-set"), Expect::Lacks(policy.into()))
            .undo(on("attach-managed-policy-to-permission-set").opt("managed-policy-arn", policy)),
            None => Doing::look(on("get-inline-policy-for-permission-set")),
        }
    });
    let why = "Everybody with the permission set has what was put into it, in every account to \
               which it is provisioned. Provision the set again afterwards, or nothing changes.";
    let step: Step = thing
        .now("permission_set", &format!("Set permission set {set} back"), why)
        .risk(Risk::Disruptive)
        .needs(&["sso:DetachManagedPolicyFromPermissionSet", "sso:GetInlinePolicyForPermissionSet", "sso:ProvisionPermissionSet"])
        .console(thing.place.console("singlesignon/home"), "IAM Identity Center → Permission sets → the set → Managed policies, Inline policy → Remove; then Reprovision")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn organization(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let why = "An account of the attacker's inside the organization, or one of yours outside it, is \
               out of reach of your policies and logs. Find out who asked for it; move an account \
               that nobody asked for into a unit with a policy that denies everything, and close it \
               later.";
    let console = (
        thing.place.console("organizations/v2/home/accounts"),
        "AWS Organizations → AWS accounts, and Invitations",
    );
    Steps::now(thing.by_hand(
        "organization",
        &format!("Look at account {name} of the organization"),
        why,
        console,
    ))
}
