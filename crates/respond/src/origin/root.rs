//! The root user: what only its owner can do, and what the organization can do without them.
//!
//! Sources: IAM user guide, "AWS account root user" and "Perform a privileged task on an AWS
//! Organizations member account"; STS API reference, `AssumeRoot`. The task policy
//! `IAMDeleteRootUserCredentials` allows reading and deleting root's password, access keys, signing
//! certificates and MFA devices, and nothing else; a session lives for 15 minutes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::step;
use crate::case::Case;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::step::{Doing, Expect, Risk, Step};

const ROOT: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html";
const TASK: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html";
const GOVCLOUD: &str = "https://repost.aws/knowledge-center/manage-govcloud-root-key";

/// Whose credentials the organization's way takes.
const CONDITION: &str = "Only if the account is a member of an organization with centralized root \
    access, and with credentials of its management account, or of the delegated administrator for \
    IAM, that may call sts:AssumeRoot. The root user of the management account itself is out of its \
    reach.";

/// What root has, how it is listed, and how it is deleted without a user's name.
struct Kind {
    id: &'static str,
    nouns: &'static str,
    list: &'static str,
    names: &'static str,
    remove: &'static str,
    option: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        id: "root_keys",
        nouns: "access keys",
        list: "list-access-keys",
        names: "AccessKeyMetadata[].AccessKeyId",
        remove: "delete-access-key",
        option: "access-key-id",
    },
    Kind {
        id: "root_certificates",
        nouns: "signing certificates",
        list: "list-signing-certificates",
        names: "Certificates[].CertificateId",
        remove: "delete-signing-certificate",
        option: "certificate-id",
    },
    Kind {
        id: "root_mfa_devices",
        nouns: "MFA devices",
        list: "list-mfa-devices",
        names: "MFADevices[].SerialNumber",
        remove: "deactivate-mfa-device",
        option: "serial-number",
    },
];

/// The steps that take root back from whoever has it.
pub(super) fn root(case: &Case<'_>) -> Vec<Step> {
    let account = case.incident.origin.account_id.as_deref().unwrap_or_default();
    let root = Root { case, account, place: case.home_in("") };
    let mut steps: Vec<Step> = [root.profile(), root.password()].into();
    steps.extend(KINDS.iter().map(|kind| root.delete(kind)));
    steps.push(root.by_its_owner());
    steps
}

struct Root<'c> {
    case: &'c Case<'c>,
    account: &'c str,
    /// Of the organization: the profile of these calls is made by its credentials.
    place: Place,
}

impl Root<'_> {
    /// The profile of the CLI by which a session of root is used.
    fn name(&self) -> Result<String, Refused> {
        Ok(format!("rolecall-root-{}", grammar::account_id(self.account)?))
    }

    fn by_organization(&self, id: &str, title: &str, why: &str) -> Step {
        let mut step = step(id, title, why).only_if(CONDITION).risk(Risk::Destructive);
        step.account_id = self.place.account();
        step.references(&[TASK]).console(
            self.case.home.console("iam/home#/root-user-management"),
            &format!(
                "In the management account: IAM → Root access management → {} → Take privileged \
                 action → Delete root user credentials",
                self.account
            ),
        )
    }

    /// Lets the CLI ask for a session of root whenever a command needs one.
    fn profile(&self) -> Step {
        let why = "Makes a profile of the AWS CLI on this computer that asks STS for a session of \
                   the account's root user, for 15 minutes at a time and only for deleting root's \
                   own credentials. The next steps use it. No secret is shown or kept, and nothing \
                   in AWS changes.";
        let doing = self.name().map(|name| {
            let policy = format!(
                "arn:{}:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
                self.place.partition()
            );
            // The CLI reads the answer of such a process as credentials: CLI user guide, "Sourcing
            // credentials with an external process". Only Regional endpoints know the call.
            let process = format!(
                "aws sts assume-root --target-principal {} --task-policy-arn arn={policy} --region \
                 {} --output json --query \"merge({{Version: `1`}}, Credentials)\"",
                self.account,
                self.case.home.regional(),
            );
            let set = |process: &str| {
                Aws::new(&self.place, "configure", "set")
                    .values(["credential_process", process])
                    .opt("profile", &name)
            };
            let who = Aws::new(&self.place, "sts", "get-caller-identity").opt("profile", &name);
            let features = Aws::new(&self.place, "iam", "list-organizations-features");
            Doing::run(set(&process))
                .only_where(
                    "centralized root access is enabled",
                    features.query("EnabledFeatures"),
                    Expect::Contains("RootCredentialsManagement".into()),
                )
                .check(who.query("Account"), Expect::Equals(self.account.into()))
                .undo(set("false"))
        });
        let title = format!("Let the organization act as the root user of {}", self.account);
        self.by_organization("root_profile", &title, why)
            .risk(Risk::Safe)
            .needs(&["iam:ListOrganizationsFeatures", "sts:AssumeRoot"])
            .undo_note(
                "The profile gives no credentials any more; its section in the configuration of \
                 the CLI can be deleted.",
            )
            .doing(doing)
    }

    fn password(&self) -> Step {
        let why = "Without a password nobody signs in as root, and nobody can ask for a new one by \
                   e-mail. Console sessions that are open live on.";
        let doing = self.name().map(|name| {
            let on = |operation| Aws::new(&self.place, "iam", operation).opt("profile", &name);
            Doing::run(on("delete-login-profile"))
                .only_where(
                    "root has a password",
                    on("get-login-profile").query("length(LoginProfile) > `0`"),
                    Expect::Equals("True".into()),
                )
                .check(on("get-login-profile"), Expect::Fails("NoSuchEntity".into()))
        });
        let title = format!("Delete the password of the root user of {}", self.account);
        self.by_organization("root_password", &title, why)
            .needs(&["sts:AssumeRoot"])
            .undo_note(
                "IAM → Root access management → the account → Take privileged action → Allow \
                 password recovery: then the owner of the e-mail address sets a new one.",
            )
            .doing(doing)
    }

    fn delete(&self, kind: &Kind) -> Step {
        let why = "Whoever has one acts as root. IAM has no way of making those of root inactive \
                   from here: they are deleted.";
        let doing = self.name().map(|name| {
            let on = |operation| Aws::new(&self.place, "iam", operation).opt("profile", &name);
            let names = kind.names;
            let list = |query: &str| on(kind.list).query(query);
            let has_one = || list(&format!("length({names}) > `0`"));
            let first = list(&format!("{names} | [0]"));
            Doing::run(on(kind.remove).opt(kind.option, "{{name}}").input("{{name}}", first))
                .preview(list(names))
                .only_where("root has one", has_one(), Expect::Equals("True".into()))
                .check(has_one(), Expect::Equals("False".into()))
                .repeated()
        });
        let title = format!("Delete the {} of the root user of {}", kind.nouns, self.account);
        self.by_organization(kind.id, &title, why)
            .needs(&["sts:AssumeRoot"])
            .undo_note("They do not come back: root makes new ones, if it needs any.")
            .doing(doing)
    }

    /// What AWS has no call for.
    fn by_its_owner(&self) -> Step {
        let account = if self.account.is_empty() { "the account" } else { self.account };
        let is_govcloud = self.case.home.partition() == "aws-us-gov";
        let why = if is_govcloud {
            "The root user of an account of GovCloud has access keys and no sign-in to the console. \
             Delete its keys with one of them (aws iam list-access-keys, then delete-access-key), \
             and take back the root user of the commercial account that it belongs to, in the \
             console of that partition."
        } else {
            "Only in the console, and only as root: change the password, delete every access key, \
             replace the MFA device, check the account's e-mail address, telephone number \
             and alternate contacts. In the management account this is the \
             only way: no policy limits its root user. Sessions that were issued to root cannot be \
             revoked by IAM; in member accounts the organization's policy of this plan denies them. \
             If somebody else controls the e-mail address, AWS Support has to help."
        };
        let summary =
            |query: &str| Aws::new(&self.case.home, "iam", "get-account-summary").query(query);
        let path = "Sign in as root → account menu → Security credentials → Access keys → Actions → Deactivate, then Delete; Multi-factor authentication → Remove and Assign; account menu → Account → Account details, Alternate contacts";
        step("root", &format!("Take the root user of {account} back"), why)
            .at(&self.case.home)
            .risk(Risk::Disruptive)
            .needs(&["the root user's own sign-in"])
            .console(self.case.home.console("iam/home#/security_credentials"), path)
            .undo_note("Keys that were deleted do not come back; a password is set anew.")
            .references(if is_govcloud { &[GOVCLOUD] } else { &[ROOT] })
            .doing(Ok(Doing::look(summary(
                "SummaryMap.[AccountAccessKeysPresent,AccountMFAEnabled]",
            ))
            .check(summary("SummaryMap.AccountAccessKeysPresent"), Expect::Equals("0".into()))))
    }
}
