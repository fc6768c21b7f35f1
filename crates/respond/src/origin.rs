//! Takes away what the chain began with, by its kind.

pub(crate) mod directory;
mod instance;
mod root;
mod vouched;
mod workload;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::OriginKind;

use crate::case::Case;
use crate::command::Aws;
use crate::grammar;
use crate::step::{Doing, Phase, Step};
use crate::user;

pub(crate) use instance::{disassociate, preserve as preserve_instance, snapshot};
pub(crate) use vouched::delete_provider;
pub(crate) use workload::stop_function;

/// The service that hands credentials out for certificates.
const ROLES_ANYWHERE: &str = "rolesanywhere.amazonaws.com";

/// The steps that cut the origin.
pub(crate) fn steps(case: &Case<'_>) -> Vec<Step> {
    let origin = &case.incident.origin;
    match origin.kind {
        OriginKind::IamUserAccessKey => access_key(case),
        OriginKind::Console => console(case),
        OriginKind::IdentityCenter => directory::identity_center(case),
        OriginKind::Oidc if is_pod(origin.subject.as_deref()) => workload::pod(case),
        OriginKind::Oidc => vouched::oidc(case),
        OriginKind::Saml => vouched::saml(case),
        OriginKind::Ec2Instance => instance::isolate(case),
        OriginKind::LambdaFunction => workload::function(case),
        OriginKind::EcsTask => workload::task(case),
        OriginKind::AwsService => match origin.subject.as_deref() {
            Some(ROLES_ANYWHERE) => vouched::roles_anywhere(case),
            Some(service) if service.starts_with("pods.eks.") => workload::pod(case),
            Some(_) | None => workload::service(case),
        },
        OriginKind::FederationToken => federation_token(case),
        OriginKind::ExternalAccount => vouched::foreign_account(case),
        OriginKind::Root => root::root(case),
        OriginKind::Unknown => unknown(case),
    }
}

/// Whether a provider vouched for a pod: the subject of a service account of Kubernetes.
fn is_pod(subject: Option<&str>) -> bool {
    subject.is_some_and(|subject| subject.starts_with("system:serviceaccount:"))
}

/// A step of this phase about the origin.
fn step(kind: &str, title: &str, why: &str) -> Step {
    Step::new(Phase::CutOrigin, &format!("origin/{kind}"), title, why)
}

fn access_key(case: &Case<'_>) -> Vec<Step> {
    let Some(user) = case.user_of_origin() else {
        return unknown(case);
    };
    let mut steps: Vec<Step> = user
        .access_key_ids
        .iter()
        .map(|key| user::deactivate(case, user, key, Phase::CutOrigin))
        .collect();
    if user.has_tokens {
        steps.push(user::revoke_tokens(case, user));
    }
    if !user.other_access_key_ids.is_empty() {
        let keys: Vec<&str> = user.other_access_key_ids.iter().map(|key| &**key).collect();
        let title = format!("Look at the other keys of user {}", user.name);
        let why = format!(
            "The user has other keys that were used and are not part of the chain: {}. Whoever had \
             one may have had both.",
            keys.join(", ")
        );
        let place = case.place_of_user(user);
        let doing = place.checked().and_then(|place| {
            let name = grammar::entity_name(&user.name)?;
            Ok(Doing::look(Aws::new(place, "iam", "list-access-keys").opt("user-name", name)))
        });
        let look = step("other_keys", &title, &why).at(&place).needs(&["iam:ListAccessKeys"]);
        steps.push(look.doing(doing));
    }
    steps
}

fn console(case: &Case<'_>) -> Vec<Step> {
    let Some(user) = case.user_of_origin() else {
        let why = "The console session was opened with the credentials of a role: revoking the \
                   role, below, ends it. Sign-ins through a provider are stopped at the provider.";
        return [step("console", "Stop the sign-in that opened the console session", why)
            .at(&case.home)
            .console(case.home.console("iam/home#/roles"), "IAM → Roles → the role of the session → Trust relationships shows who may open it.")]
        .into();
    };
    let keys = user.access_key_ids.iter();
    let mut steps: Vec<Step> = [
        user::remove_password(case, &user.account_id, &user.name, Phase::CutOrigin),
        user::revoke_tokens(case, user),
    ]
    .into();
    steps.extend(keys.map(|key| user::deactivate(case, user, key, Phase::CutOrigin)));
    steps
}

fn federation_token(case: &Case<'_>) -> Vec<Step> {
    if let Some(user) = case.user_of_origin().or(case.extent.users.first()) {
        let mut steps: Vec<Step> = [user::revoke_tokens(case, user)].into();
        let keys = user.access_key_ids.iter();
        steps.extend(keys.map(|key| user::deactivate(case, user, key, Phase::CutOrigin)));
        return steps;
    }
    let why = "A federation token has the permissions of the user that made it and lives for up to \
               36 hours, also after that user's key is gone. The call that made it is not in these \
               logs: find GetFederationToken with the token's name in the logs of the two days \
               before, deactivate the key that made the call, and deny the user's tokens. The \
               organization's policy of this plan denies the token itself.";
    let name = case.incident.origin.principal_arn.as_deref().unwrap_or_default();
    let title = format!("Find the user that made the federation token {name}");
    let find = Aws::new(&case.home, "cloudtrail", "lookup-events")
        .opt("lookup-attributes", "AttributeKey=EventName,AttributeValue=GetFederationToken")
        .query("Events[].[EventTime,Username,EventId]");
    [step("federation_token", &title, why)
        .at(&case.home)
        .needs(&["cloudtrail:LookupEvents"])
        .console(
            case.home.console("cloudtrailv2/home#/events"),
            "CloudTrail → Event history → Event name = GetFederationToken",
        )
        .references(&[
            "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
        ])
        .doing(Ok(Doing::look(find)))]
    .into()
}

fn unknown(case: &Case<'_>) -> Vec<Step> {
    let origin = &case.incident.origin;
    let name = origin.access_key_id.as_deref().or(origin.principal_arn.as_deref());
    let name = name.unwrap_or("the first credential");
    let why = "Who handed out the first credential that these logs show is not in them, so that \
               whoever holds it may get another. Read the logs of the days and accounts before; \
               the revocations below hold only until then.";
    let key = origin.access_key_id.as_deref();
    let doing = key.map_or(Ok(Doing::default()), |key| {
        let key = grammar::access_key_id(key)?;
        let attribute = format!("AttributeKey=AccessKeyId,AttributeValue={key}");
        let find = Aws::new(&case.home, "cloudtrail", "lookup-events");
        Ok(Doing::look(
            find.opt("lookup-attributes", &attribute)
                .query("Events[].[EventTime,EventName,EventId]"),
        ))
    });
    let title: String = format!("Find out who handed out {name}");
    [step("unknown", &title, why)
        .at(&case.home)
        .needs(&["cloudtrail:LookupEvents"])
        .console(
            case.home.console("cloudtrailv2/home#/events"),
            "CloudTrail → Event history → AWS access key = the key",
        )
        .doing(doing)]
    .into()
}
