//! Policies of the organization against the whole chain.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::affected::affected;
use crate::case::{Case, RoleKind, kind_of};
use crate::command::Aws;
use crate::grammar;
use crate::place::Place;
use crate::policy::{self, Denied, ORGANIZATION_MAX};
use crate::reference;
use crate::step::{Affected, Doing, Expect, Phase, Risk, SettingOn, Step};
use crate::user;

const REFERENCE: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html";

/// What whoever runs these has to be.
const CONDITION: &str = "Only if the accounts are members of an organization with service control \
    policies (`aws organizations describe-organization` in any of them says FeatureSet ALL), and \
    with credentials of its management account or delegated administrator. It has no effect on the \
    management account itself. Where it is skipped, the attacker can race the steps below: do those \
    until the second round quickly. No other step depends on it.";

/// Whose credentials take back what these set.
pub(crate) const CREDENTIALS: &str =
    "With credentials of the organization's management account or delegated administrator.";

/// Denies everything to every principal of the chain, in all of its accounts.
pub(crate) fn steps(case: &Case<'_>) -> Vec<Step> {
    let accounts = accounts(case);
    let parts = parts(case);
    let mut steps = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let name = match number {
            0 => case.name("Contain"),
            _ => format!("{}-{}", case.name("Contain"), number + 1),
        };
        steps.push(create(case, &name, part));
        steps.extend(accounts.iter().map(|account| attach(case, &name, account)));
    }
    steps
}

/// Accounts of the roles and users of the chain that may enter a command.
fn accounts(case: &Case<'_>) -> BTreeSet<String> {
    let roles = case.extent.roles.iter().map(|role| &role.account_id);
    let users = case.extent.users.iter().map(|user| &user.account_id);
    let known = roles.chain(users).filter(|account| grammar::account_id(account).is_ok());
    known.map(ToString::to_string).collect()
}

/// Whom the policies deny, in as many parts as the quota asks for.
fn parts(case: &Case<'_>) -> Vec<Denied> {
    let mut arns: Vec<String> = Vec::new();
    let mut user_ids: Vec<String> = Vec::new();
    for role in &case.extent.roles {
        match kind_of(role) {
            RoleKind::Ordinary => {
                let known = grammar::principal_arn(&role.arn).map(String::from).ok();
                // Without its path the role may be any of this name.
                let deep = known.clone().filter(|_| !role.is_arn_known);
                arns.extend(deep.map(|arn| arn.replace(":role/", ":role/*/")));
                arns.extend(known);
            }
            RoleKind::Reserved => {
                let ids = role.sessions.iter().filter_map(|id| grammar::user_id(id).ok());
                user_ids.extend(ids.map(String::from));
            }
            RoleKind::ServiceLinked => {}
        }
    }
    for user in &case.extent.users {
        let made_up =
            format!("arn:{}:iam::{}:user/{}", case.home.partition(), user.account_id, user.name);
        let arn = user.arn.as_deref().unwrap_or(&made_up);
        arns.extend(grammar::principal_arn(arn).map(String::from).ok());
    }
    for holder in &case.extent.credentials {
        let arn = holder.principal_arn.as_deref().unwrap_or_default();
        if arn.contains(":federated-user/") {
            user_ids.extend(grammar::user_id(&holder.principal_id).map(String::from).ok());
        }
        let is_root = arn.ends_with(":root") && grammar::arn(arn).is_ok();
        arns.extend(is_root.then(|| String::from(arn)));
    }
    let has_reserved = case.extent.roles.iter().any(|role| kind_of(role) == RoleKind::Reserved);
    let person = case.extent.identity_store_user_id.as_deref().filter(|_| has_reserved);
    let person = person.and_then(|id| grammar::identity_store_user_id(id).ok());
    split(
        case,
        Denied {
            principal_arns: distinct(arns),
            user_ids: distinct(user_ids),
            people: person.map(String::from).into_iter().collect(),
        },
    )
}

fn distinct(mut values: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}

fn split(case: &Case<'_>, denied: Denied) -> Vec<Denied> {
    let is_empty = [&denied.principal_arns, &denied.user_ids, &denied.people]
        .iter()
        .all(|names| names.is_empty());
    if is_empty {
        return Vec::new();
    }
    if policy::within(&policy::contain(&denied, &case.cut_off), ORGANIZATION_MAX).is_ok() {
        return [denied].into();
    }
    // Twenty of the longest ARNs, and of the longest ids, keep within the quota.
    let by_arn = denied
        .principal_arns
        .chunks(20)
        .map(|arns| Denied { principal_arns: arns.to_vec(), ..Denied::default() });
    let by_id = denied
        .user_ids
        .chunks(20)
        .map(|ids| Denied { user_ids: ids.to_vec(), ..Denied::default() });
    let person = Denied { people: denied.people.clone(), ..Denied::default() };
    let person = (!person.people.is_empty()).then_some(person);
    by_arn.chain(by_id).chain(person).collect()
}

fn organization(case: &Case<'_>) -> Place {
    case.home_in("")
}

fn policy_id(place: &Place, name: &str) -> Aws {
    let query = format!("Policies[?Name=='{name}'].Id | [0]");
    Aws::new(place, "organizations", "list-policies")
        .opt("filter", "SERVICE_CONTROL_POLICY")
        .query(&query)
}

fn create(case: &Case<'_>, name: &str, denied: &Denied) -> Step {
    let place = organization(case);
    let document = policy::contain(denied, &case.cut_off);
    let doing = policy::within(&document, ORGANIZATION_MAX).map(|document| {
        let create = Aws::new(&place, "organizations", "create-policy")
            .opt("type", "SERVICE_CONTROL_POLICY")
            .opt("name", name)
            .opt("description", "Emergency deny; lift it when the incident is over")
            .opt("content", &document);
        let query = format!("Policies[?Name=='{name}'].Name");
        let list = || {
            Aws::new(&place, "organizations", "list-policies")
                .opt("filter", "SERVICE_CONTROL_POLICY")
        };
        Doing::run(create)
            .preview(list())
            .only_where(
                "there is no such policy yet",
                list().query(&query),
                Expect::Equals(String::new()),
            )
            .check(list().query(&query), Expect::Equals(name.into()))
            .undo(
                Aws::new(&place, "organizations", "delete-policy")
                    .opt("policy-id", "{{policy_id}}")
                    .input("{{policy_id}}", policy_id(&place, name)),
            )
            .sets(SettingOn::OrganizationPolicy, &place, name, "")
    });
    let why = format!(
        "One policy of the organization denies everything to all principals of the chain: to their \
         sessions that were issued before {}, and to the long-term keys of its users. Nobody in a \
         member account can take it away, so that the attacker cannot race the steps below.",
        case.cut_off
    );
    Step::new(Phase::Contain, &format!("create_policy/{name}"), &format!("Create the policy {name} in the organization"), &why)
        .only_if(CONDITION)
        .needs(&["organizations:CreatePolicy", "organizations:ListPolicies", "organizations:DeletePolicy"])
        .console(
            place.console("organizations/v2/home/policies/service-control-policy"),
            &format!("AWS Organizations → Policies → Service control policies → Create policy → name it {name} → paste the policy of the command → Create policy"),
        )
        .undo_note(&format!(
            "A policy that is attached is not deleted: go back from {} first.",
            reference::to_all(&format!("attach_policy/{name}/"))
        ))
        .references(&[REFERENCE])
        .doing(doing)
}

/// Who else uses the roles and the long-term keys that the policy denies in `account`.
fn others(case: &Case<'_>, account: &str) -> (Vec<Affected>, u64) {
    let (mut others, mut left_out) = (Vec::new(), 0);
    let mut add = |(affected, more): (Vec<Affected>, u64), with: &str| {
        left_out += more;
        let named = |one: Affected| Affected { who: format!("{} with {with}", one.who), ..one };
        others.extend(affected.into_iter().map(named));
    };
    for role in case.extent.roles.iter().filter(|role| &*role.account_id == account) {
        let affected = affected(&role.others, role.others_left_out, "session");
        add(affected, &format!("role {}", role.name));
    }
    for user in case.extent.users.iter().filter(|user| &*user.account_id == account) {
        add(user::others(user), &format!("the keys of user {}", user.name));
    }
    (others, left_out)
}

fn attach(case: &Case<'_>, name: &str, account: &str) -> Step {
    let place = organization(case);
    let call = |operation: &str| {
        Aws::new(&place, "organizations", operation)
            .opt("policy-id", "{{policy_id}}")
            .opt("target-id", account)
            .input("{{policy_id}}", policy_id(&place, name))
    };
    let query = format!("Policies[?Name=='{name}'].Name");
    let list = || {
        Aws::new(&place, "organizations", "list-policies-for-target")
            .opt("target-id", account)
            .opt("filter", "SERVICE_CONTROL_POLICY")
    };
    let known = Aws::new(&place, "organizations", "list-policies")
        .opt("filter", "SERVICE_CONTROL_POLICY")
        .query(&query);
    let doing = Doing::run(call("attach-policy"))
        .preview(list())
        .only_where("the policy was made", known, Expect::Equals(name.into()))
        .check(list().query(&query), Expect::Equals(name.into()))
        .undo(call("detach-policy"))
        .sets(SettingOn::OrganizationPolicy, &case.home_in(account), name, account);
    let (others, left_out) = others(case, account);
    let risk = if others.is_empty() && left_out == 0 { Risk::Safe } else { Risk::Disruptive };
    let why = "Puts the policy into effect for this account. It reaches sessions that are open. An \
               account takes 5 policies, or 10 since May 2026: where the preview lists as many, \
               attach it to the organizational unit above instead, which hits nobody but the chain \
               either, and detach it there in the end.";
    Step::new(Phase::Contain, &format!("attach_policy/{name}/{account}"), &format!("Attach the policy {name} to account {account}"), why)
        .risk(risk)
        .only_if(CONDITION)
        .needs(&["organizations:AttachPolicy", "organizations:ListPoliciesForTarget", "organizations:DetachPolicy"])
        .console(
            place.console(&format!("organizations/v2/home/accounts/{account}")),
            &format!("AWS Organizations → AWS accounts → {account} → Policies → Service control policies → Attach → {name}"),
        )
        .affects((others, left_out))
        .references(&[REFERENCE])
        .doing(Ok(doing))
}
