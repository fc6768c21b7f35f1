//! Policies that were attached, written, widened or taken away.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use evidence::Remark;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::policy::{self, GROUP_INLINE_MAX, ROLE_INLINE_MAX, TRUST_MAX, USER_INLINE_MAX};
use crate::step::{Doing, Expect, Risk, SettingOn, Step};

/// What a policy hangs on.
struct Owner {
    noun: &'static str,
    option: &'static str,
    quota: usize,
}

impl Thing<'_> {
    /// What the policy hangs on, by the name of the call.
    fn owner(&self) -> Owner {
        let call = &self.left.event_name;
        if call.contains("Role") {
            Owner { noun: "role", option: "role-name", quota: ROLE_INLINE_MAX }
        } else if call.contains("Group") {
            Owner { noun: "group", option: "group-name", quota: GROUP_INLINE_MAX }
        } else {
            Owner { noun: "user", option: "user-name", quota: USER_INLINE_MAX }
        }
    }

    fn owner_name(&self, owner: &Owner) -> Result<&str, Refused> {
        match owner.noun {
            "group" => self.name(grammar::policy_name),
            _ => self.name(grammar::entity_name),
        }
    }

    fn owner_page(&self, owner: &Owner) -> Option<String> {
        match owner.noun {
            "role" => self.place.role_page(&self.left.name, "permissions"),
            "user" => self.place.user_page(&self.left.name, "permissions"),
            _ => self.place.console("iam/home#/groups"),
        }
    }
}

pub(super) fn attachment(thing: &Thing<'_>) -> Steps {
    let owner = thing.owner();
    let (name, arn) = (&*thing.left.name, &*thing.left.detail);
    let noun = owner.noun;
    let doing = thing.owner_name(&owner).and_then(|name| {
        let arn = grammar::arn(arn)?;
        let on = |operation: &str| Aws::new(&thing.place, "iam", operation).opt(owner.option, name);
        let list = || on(&format!("list-attached-{noun}-policies"));
        let query = format!("AttachedPolicies[?PolicyArn=='{arn}'].PolicyArn");
        Ok(Doing::run(on(&format!("detach-{noun}-policy")).opt("policy-arn", arn))
            .preview(list())
            .only_where("the policy is attached", list().query(&query), Expect::Equals(arn.into()))
            .check(list().query(&query), Expect::Equals(String::new()))
            .undo(on(&format!("attach-{noun}-policy")).opt("policy-arn", arn)))
    });
    let policy = arn.rsplit('/').next().unwrap_or(arn);
    let why = "Takes away what the policy grants.";
    let needs: Vec<String> = {
        let noun = capital(noun);
        let needs = ["Detach", "Attach"].map(|verb| format!("iam:{verb}{noun}Policy"));
        needs.into_iter().chain([format!("iam:ListAttached{noun}Policies")]).collect()
    };
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    let step = thing
        .now("detach_policy", &format!("Detach policy {policy} from {noun} {name}"), why)
        .risk(Risk::Disruptive)
        .needs(&needs)
        .console(
            thing.owner_page(&owner),
            &format!("IAM → {}s → {name} → Permissions → {policy} → Remove", capital(noun)),
        )
        .doing(doing);
    Steps::now(step)
}

fn capital(noun: &str) -> String {
    let mut letters = noun.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

pub(super) fn inline(thing: &Thing<'_>) -> Steps {
    let owner = thing.owner();
    let (name, policy_name, noun) = (&*thing.left.name, &*thing.left.detail, owner.noun);
    let earlier = thing.left.earlier.as_ref().map(|earlier| &*earlier.document);
    let earlier = earlier.and_then(|document| policy::of_logs(document, owner.quota).ok());
    let doing = thing.owner_name(&owner).and_then(|name| {
        let policy_name = grammar::policy_name(policy_name)?;
        let on = |verb: &str| {
            let call = Aws::new(&thing.place, "iam", &format!("{verb}-{noun}-policy"));
            call.opt(owner.option, name).opt("policy-name", policy_name)
        };
        let doing = match &earlier {
            Some(before) => Doing::run(on("put").opt("policy-document", before))
                .check(on("get").query("PolicyName"), Expect::Equals(policy_name.into())),
            None => Doing::run(on("delete")).check(on("get"), Expect::Fails("NoSuchEntity".into())),
        };
        let doing = doing.preview(on("get"));
        Ok(match policy::of_logs(&thing.left.document, owner.quota) {
            Ok(made) => doing.undo(on("put").opt("policy-document", &made)),
            Err(_) => doing.undo(on("put").opt("policy-document", "{{policy}}").asked(
                "{{policy}}",
                "POLICY",
                "the policy before, from the preview",
            )),
        })
    });
    let (title, what) = match earlier {
        Some(_) => (
            format!("Set inline policy {policy_name} of {noun} {name} back"),
            "Restores the policy that stood there before.",
        ),
        None => (
            format!("Delete inline policy {policy_name} of {noun} {name}"),
            "Takes away what the policy grants.",
        ),
    };
    let step = thing
        .now("inline_policy", &title, &format!("{what} {}", thing.before_words()))
        .risk(Risk::Disruptive)
        .needs(&[
            "iam:GetUserPolicy",
            "iam:PutUserPolicy",
            "iam:DeleteUserPolicy",
            "or the same of roles and groups",
        ])
        .console(
            thing.owner_page(&owner),
            &format!(
                "IAM → {}s → {name} → Permissions → {policy_name} → Edit, or Remove",
                capital(noun)
            ),
        )
        .doing(doing);
    Steps::now(step)
}

pub(super) fn version(thing: &Thing<'_>) -> Steps {
    let arn = &*thing.left.name;
    let doing = thing.name(grammar::arn).map(|arn| {
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("policy-arn", arn);
        let current = || on("get-policy").query("Policy.DefaultVersionId");
        let set = |marker: &str| on("set-default-policy-version").opt("version-id", marker);
        let versions = on("list-policy-versions");
        Doing::run(set("{{version_id}}").asked(
            "{{version_id}}",
            "VERSION_ID",
            "the version before, from the preview",
        ))
        .preview(versions.query("Versions[].[VersionId,IsDefaultVersion,CreateDate]"))
        .check(current(), Expect::Contains("v".into()))
        .undo(set("{{bad_version_id}}").asked(
            "{{bad_version_id}}",
            "BAD_VERSION_ID",
            "the version that was the default, from the preview",
        ))
    });
    let why = "Everybody who has this policy has what the attacker wrote into it. Make the version \
               before the default again; the attacker's stays as evidence until it is deleted.";
    let step = thing
        .now("policy_version", &format!("Make an earlier version of policy {arn} the default"), why)
        .risk(Risk::Disruptive)
        .needs(&["iam:ListPolicyVersions", "iam:SetDefaultPolicyVersion", "iam:GetPolicy"])
        .console(thing.place.console("iam/home#/policies"), "IAM → Policies → the policy → Policy versions → the one before → Set as default")
        .references(&["https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html"])
        .doing(doing);
    Steps::now(step)
}

pub(super) fn trust(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let before = thing.left.earlier.as_ref().map(|earlier| &*earlier.document);
    let before = before.and_then(|document| policy::of_logs(document, TRUST_MAX).ok());
    let is_known = before.is_some();
    let doing = thing.name(grammar::entity_name).and_then(|role| set_trust(thing, role, before));
    let what = if is_known {
        "Restores the trust policy that stood there before, so that only those may assume the role who could before."
    } else {
        "Takes the statements that let strangers in out of the policy that the attacker wrote; where nothing is left, nobody may assume the role. The policy before is not in these logs: compare with the role's definition in your templates."
    };
    let title = if is_known {
        format!("Set the trust policy of role {name} back")
    } else {
        format!("Take strangers out of the trust policy of role {name}")
    };
    let step: Step = thing
        .now("trust_policy", &title, &format!("{what} Sessions that were opened through it live on until the role is revoked. {}", thing.before_words()))
        .risk(Risk::Disruptive)
        .needs(&["iam:GetRole", "iam:UpdateAssumeRolePolicy"])
        .console(thing.place.role_page(name, "trust_relationships"), &format!("IAM → Roles → {name} → Trust relationships → Edit trust policy → paste the policy of the command → Update policy"))
        .references(&["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"])
        .doing(doing);
    let is_as_before = is_known.then(|| step.id.clone()).into_iter().collect();
    Steps { is_as_before, ..Steps::now(step) }
}

fn set_trust(thing: &Thing<'_>, role: &str, before: Option<String>) -> Result<Doing, Refused> {
    let made = policy::of_logs(&thing.left.document, TRUST_MAX).ok();
    let on = |operation| Aws::new(&thing.place, "iam", operation).opt("role-name", role);
    let look = || on("get-role").opt("query", "Role.AssumeRolePolicyDocument");
    let set = |document: &str| on("update-assume-role-policy").opt("policy-document", document);
    let unwanted = Strangers::of(thing);
    let after = match (before, &made) {
        (Some(before), _) => before,
        (None, Some(made)) => policy::within(&unwanted.out_of(made), TRUST_MAX)?,
        (None, None) => policy::within(&policy::trust_nobody(), TRUST_MAX)?,
    };
    let mut doing = Doing::run(set(&after)).preview(look());
    let stranger =
        unwanted.accounts.iter().chain(&unwanted.providers).find(|name| !after.contains(**name));
    doing = match stranger {
        Some(stranger) => doing.check(look(), Expect::Lacks(stranger.to_string())),
        None => doing.check(look(), Expect::Contains("Statement".into())),
    };
    doing = doing.sets(SettingOn::TrustPolicy, &thing.place, role, "");
    Ok(match made {
        Some(made) => doing.undo(set(&made)),
        None => doing.undo(set("{{trust_policy}}").asked(
            "{{trust_policy}}",
            "TRUST_POLICY",
            "the policy before, from the preview",
        )),
    })
}

/// Whom the attacker's trust policy lets in.
struct Strangers<'t> {
    accounts: Vec<&'t str>,
    providers: Vec<&'t str>,
    anybody: bool,
}

impl<'t> Strangers<'t> {
    fn of(thing: &Thing<'t>) -> Self {
        let mut strangers = Self { accounts: Vec::new(), providers: Vec::new(), anybody: false };
        for remark in &thing.left.remarks {
            match remark {
                Remark::TrustsAccount(account) if **account != *thing.left.account_id => {
                    strangers.accounts.push(account);
                }
                Remark::TrustsProvider(provider) | Remark::TrustsProviderFreely(provider) => {
                    strangers.providers.push(provider);
                }
                Remark::TrustsAnyone | Remark::TrustsAnyoneOnCondition => strangers.anybody = true,
                Remark::GrantsAdministrator | Remark::GrantsIam | Remark::TrustsAccount(_) => {}
            }
        }
        strangers
    }

    fn out_of(&self, document: &str) -> serde_json::Value {
        policy::trust_without(document, &self.accounts, &self.providers, self.anybody)
    }
}

pub(super) fn boundary(thing: &Thing<'_>) -> Steps {
    let owner = thing.owner();
    let (name, noun) = (&*thing.left.name, owner.noun);
    let doing = thing.owner_name(&owner).map(|name| {
        let on = |operation: &str| Aws::new(&thing.place, "iam", operation).opt(owner.option, name);
        let get = || on(&format!("get-{noun}"));
        let arn = format!("{}.PermissionsBoundary.PermissionsBoundaryArn", capital(noun));
        Doing::run(
            on(&format!("put-{noun}-permissions-boundary"))
                .opt("permissions-boundary", "{{boundary_arn}}")
                .asked("{{boundary_arn}}", "BOUNDARY_ARN", "the ARN of the boundary before"),
        )
        .preview(get().query(&arn))
        .check(get().query(&arn), Expect::Contains(":policy/".into()))
        .undo(on(&format!("delete-{noun}-permissions-boundary")))
    });
    let why = format!("The boundary held back what {noun} {name} may do. {}", thing.before_words());
    let step = thing
        .now(
            "permissions_boundary",
            &format!("Set the permissions boundary of {noun} {name} back"),
            &why,
        )
        .risk(Risk::Disruptive)
        .needs(&["iam:PutUserPermissionsBoundary or iam:PutRolePermissionsBoundary"])
        .console(
            thing.owner_page(&owner),
            &format!(
                "IAM → {}s → {name} → Permissions → Permissions boundary → Set",
                capital(noun)
            ),
        )
        .undo_note("If the preview shows a boundary, the undo is to set that one again.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn role_settings(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let doing = thing.name(grammar::entity_name).map(|name| {
        let on = |operation| Aws::new(&thing.place, "iam", operation).opt("role-name", name);
        let seconds = || on("get-role").query("Role.MaxSessionDuration");
        let set = |seconds: &str| on("update-role").opt("max-session-duration", seconds);
        Doing::run(set("3600"))
            .preview(seconds())
            .check(seconds(), Expect::Equals("3600".into()))
            .undo(set("{{seconds}}").asked(
                "{{seconds}}",
                "SECONDS",
                "the number before, from the preview",
            ))
    });
    let why = "A longer session gives stolen credentials a longer life. One hour is what roles have \
               unless told otherwise.";
    let step = thing
        .now(
            "role_settings",
            &format!("Set the longest session of role {name} back to one hour"),
            why,
        )
        .risk(Risk::Disruptive)
        .only_if("Only if the preview shows more than 3600 and your templates do not ask for it.")
        .needs(&["iam:UpdateRole", "iam:GetRole"])
        .console(
            thing.place.role_page(name, "permissions"),
            &format!(
                "IAM → Roles → {name} → Edit → Maximum session duration → 1 hour → Save changes"
            ),
        )
        .doing(doing);
    Steps::now(step)
}
