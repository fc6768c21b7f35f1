//! People, pipelines and accounts that somebody else vouches for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Arn;
use detect::RoleExtent;

use super::step;
use crate::affected::affected;
use crate::case::{Case, RoleKind, checked, kind_of, place_of};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::policy::{self, TRUST_MAX};
use crate::step::{Doing, Expect, Risk, SettingOn, Step};

pub(super) fn saml(case: &Case<'_>) -> Vec<Step> {
    let subject = case.incident.origin.subject.as_deref().unwrap_or("the person");
    let provider = case.extent.provider.as_deref().unwrap_or_default();
    let why = "Disable the person at the provider and end their sessions there: every assertion of \
               theirs opens a new role session otherwise. AWS cannot tell one person of a provider \
               from another before they come in.";
    let disable = step("saml", &format!("Disable {subject} at the SAML provider"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["an administrator of the identity provider"])
        .console(
            case.home.console("iam/home#/identity_providers"),
            "IAM → Identity providers shows where its metadata come from",
        )
        .undo_note("The provider enables the person again.");
    let mut steps: Vec<Step> = [disable].into();
    steps.extend(provider_trusts(case));
    steps.push(provider_step(case, provider, "saml-provider"));
    steps
}

pub(super) fn oidc(case: &Case<'_>) -> Vec<Step> {
    let subject = case.incident.origin.subject.as_deref().unwrap_or("the workload");
    let provider = case.extent.provider.as_deref().unwrap_or_default();
    let why = "Stop the pipeline or workload that the token was made for, change the secrets that \
               it could read, and look at who changed its definition. For as long as the trust \
               policy of the role admits this subject, each run gets new credentials.";
    let disable = step("oidc", &format!("Stop {subject} where it runs"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["an administrator of the repository or cluster"])
        .console(
            case.home.console("iam/home#/identity_providers"),
            "IAM → Identity providers shows who vouches for it; it is stopped there, in the settings of the repository or pipeline",
        )
        .undo_note("Whoever runs it starts it again.")
        .references(&["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"]);
    let mut steps: Vec<Step> = [disable].into();
    steps.extend(provider_trusts(case));
    steps.push(provider_step(case, provider, "oidc-provider"));
    steps
}

/// Takes the provider out of the trust policies of the roles that it opened.
pub(super) fn provider_trusts(case: &Case<'_>) -> Vec<Step> {
    let provider = case.extent.provider.as_deref().unwrap_or_default();
    let name = provider.rsplit_once("provider/").map_or(provider, |(_, name)| name);
    let is_entry = |role: &&RoleExtent| role.hop == 0 && kind_of(role) == RoleKind::Ordinary;
    let entry = |role: &RoleExtent| {
        let why = "Nobody whom the provider vouches for opens new sessions of this role; open ones \
                   live on until they are revoked. Better, where it is known whom to admit: narrow \
                   the condition on the subject instead.";
        let outsider = Outsider {
            words: format!("identity provider {name}"),
            checked: grammar::arn(provider).map(|_| name),
            accounts: &[],
            providers: &[provider],
        };
        outsider.shut_out(role, why).only_if(
            "Only if it cannot be stopped where it runs or signs in, or you cannot tell whose \
             sign-ins are the attacker's: everybody who comes by the provider is kept out.",
        )
    };
    case.extent.roles.iter().filter(is_entry).map(entry).collect()
}

/// Deletes the provider itself, for when nobody whom it vouches for can be trusted.
fn provider_step(case: &Case<'_>, provider: &str, kind: &str) -> Step {
    let place = case.home.clone();
    let why = "Nobody whom the provider vouches for gets in any more: neither the attacker nor \
               anybody else.";
    Step::new(crate::step::Phase::CutOrigin, &format!("delete_provider/{provider}"), &format!("Delete the identity provider {provider}"), why)
        .at(&place)
        .risk(Risk::Destructive)
        .only_if("Only if the provider itself is not to be trusted any more; everybody who signs in through it is cut off.")
        .console(place.console("iam/home#/identity_providers"), "IAM → Identity providers → the provider → Delete")
        .undo_note("The preview is what it takes to make it anew: keep its output.")
        .doing(delete_provider(&place, provider, kind))
}

/// Deletes a provider; what the preview shows is what it takes to make it anew.
pub(crate) fn delete_provider(
    place: &crate::place::Place,
    provider: &str,
    kind: &str,
) -> Result<Doing, Refused> {
    place.checked()?;
    let arn = grammar::arn(provider)?;
    let name =
        Arn::parse(arn).and_then(|parts| parts.resource.strip_prefix(kind)?.strip_prefix('/'));
    let Some(name) = name else {
        return Err(Refused { what: "ARN of an identity provider", value: provider.into() });
    };
    if kind == "saml-provider" {
        let on = |operation| Aws::new(place, "iam", operation).opt("saml-provider-arn", arn);
        return Ok(Doing::run(on("delete-saml-provider"))
            .preview(on("get-saml-provider").query("SAMLMetadataDocument"))
            .check(on("get-saml-provider"), Expect::Fails("NoSuchEntity".into()))
            .undo(
                Aws::new(place, "iam", "create-saml-provider")
                    .opt("name", name)
                    .opt("saml-metadata-document", "{{metadata}}")
                    .asked("{{metadata}}", "SAML_METADATA", "the metadata, from the preview"),
            ));
    }
    let on = |operation| Aws::new(place, "iam", operation).opt("open-id-connect-provider-arn", arn);
    Ok(Doing::run(on("delete-open-id-connect-provider"))
        .preview(on("get-open-id-connect-provider"))
        .check(on("get-open-id-connect-provider"), Expect::Fails("NoSuchEntity".into()))
        .undo(
            Aws::new(place, "iam", "create-open-id-connect-provider")
                .opt("url", &format!("https://{name}"))
                .opt("client-id-list", "{{client_id}}")
                .opt("thumbprint-list", "{{thumbprint}}")
                .asked("{{client_id}}", "CLIENT_ID", "the audience, from the preview")
                .asked("{{thumbprint}}", "THUMBPRINT", "the thumbprint, from the preview"),
        ))
}

pub(super) fn roles_anywhere(case: &Case<'_>) -> Vec<Step> {
    let doing = case.home.checked_region().map(|place| {
        let on = |operation| {
            Aws::new(place, "rolesanywhere", operation)
                .opt("trust-anchor-id", "{{trust_anchor_id}}")
                .asked(
                    "{{trust_anchor_id}}",
                    "TRUST_ANCHOR_ID",
                    "the trust anchor's id, from the preview",
                )
        };
        let list = Aws::new(place, "rolesanywhere", "list-trust-anchors");
        Doing::run(on("disable-trust-anchor"))
            .preview(list.query("trustAnchors[].[trustAnchorId,name,enabled]"))
            .check(
                on("get-trust-anchor").query("trustAnchor.enabled"),
                Expect::Equals("False".into()),
            )
            .undo(on("enable-trust-anchor"))
    });
    let why = "No certificate below this anchor gets credentials any more. To cut off one \
               certificate alone, put its serial number, which is the session's name, on a \
               revocation list and import that.";
    [step("roles_anywhere", "Disable the trust anchor of Roles Anywhere", why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&[
            "rolesanywhere:ListTrustAnchors",
            "rolesanywhere:DisableTrustAnchor",
            "rolesanywhere:EnableTrustAnchor",
        ])
        .console(
            case.home.service_page("rolesanywhere", ""),
            "IAM → Roles → Roles Anywhere → Manage → Trust anchors → the anchor → Disable",
        )
        .references(&[
            "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/introduction.html",
        ])
        .doing(doing)]
    .into()
}

/// Takes the foreign account out of the trust policies of the roles that it assumed.
pub(super) fn foreign_account(case: &Case<'_>) -> Vec<Step> {
    let account: String = case.incident.origin.subject.as_deref().unwrap_or_default().into();
    let is_entry = |role: &&RoleExtent| role.hop <= 1 && kind_of(role) == RoleKind::Ordinary;
    let entries = case.extent.roles.iter().filter(is_entry);
    let entry = |role: &RoleExtent| {
        let why = "Whoever holds credentials of that account cannot open new sessions of this role; \
                   open ones live on until they are revoked. Tell the account's owner: the \
                   credential itself can only be stopped there.";
        let outsider = Outsider {
            words: format!("account {account}"),
            checked: grammar::account_id(&account),
            accounts: &[&account],
            providers: &[],
        };
        outsider.shut_out(role, why)
    };
    entries.map(entry).collect()
}

/// Somebody outside whom a trust policy admits.
struct Outsider<'o> {
    words: String,
    /// What is in a trust policy that admits them.
    checked: Result<&'o str, Refused>,
    accounts: &'o [&'o str],
    providers: &'o [&'o str],
}

impl Outsider<'_> {
    fn shut_out(&self, role: &RoleExtent, why: &str) -> Step {
        let (place, words) = (place_of(role), &self.words);
        let title = format!("Take {words} out of the trust policy of role {}", role.name);
        step(&format!("trust/{}/{}", role.account_id, role.name), &title, why)
            .at(&place)
            .risk(Risk::Disruptive)
            .needs(&["iam:UpdateAssumeRolePolicy", "iam:GetRole"])
            .console(
                place.role_page(&role.name, "trust_relationships"),
                &format!("IAM → Roles → {} → Trust relationships → Edit trust policy → delete the statement with {words} → Update policy", role.name),
            )
            .affects(affected(&role.others, role.others_left_out, "session"))
            .undo_note("The preview shows the policy as it is: keep its output, the undo is to set it again.")
            .references(&["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"])
            .doing(self.doing(role, &place))
    }

    /// Sets the policy without them: the one of the logs, or the one of the preview.
    fn doing(&self, role: &RoleExtent, place: &Place) -> Result<Doing, Refused> {
        let name = checked(place, role)?;
        let outsider = self.checked.clone()?;
        let on = |operation| Aws::new(place, "iam", operation).opt("role-name", name);
        let look = || on("get-role").opt("query", "Role.AssumeRolePolicyDocument");
        let set = |document: &str| on("update-assume-role-policy").opt("policy-document", document);
        let asked = |marker: &str, variable: &str, what: &str| {
            let what = format!("{what}, in one line or as file://NAME of a file with it");
            set(marker).asked(marker, variable, &what)
        };
        let without = format!("the policy of the preview without the statement about {outsider}");
        let (run, undo) = if role.trust_policy.is_empty() {
            (
                asked("{{new_trust_policy}}", "NEW_TRUST_POLICY", &without),
                asked("{{trust_policy}}", "TRUST_POLICY", "the policy of the preview"),
            )
        } else {
            let before = policy::of_logs(&role.trust_policy, TRUST_MAX)?;
            let after = policy::trust_without(&before, self.accounts, self.providers, false);
            (set(&policy::within(&after, TRUST_MAX)?), set(&before))
        };
        Ok(Doing::run(run)
            .preview(look())
            .only_where("the trust policy admits them", look(), Expect::Contains(outsider.into()))
            .check(look(), Expect::Lacks(outsider.into()))
            .undo(undo)
            .sets(SettingOn::TrustPolicy, place, name, ""))
    }
}
