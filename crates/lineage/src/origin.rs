//! Names the origin of every lineage.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::{Evidence, IdentityKind, IssuanceKind};
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::cores::Cores;
use crate::identity::{ROLES_ANYWHERE, habit, identity, is_name_only, is_run_by_machine};
use crate::issued::Issued;
use crate::node::{IDENTITY_CENTER_ROLE, Join, Node, NodeKey, Origin, OriginKind};

/// Begin of the names of Identity Center's SAML providers.
const IDENTITY_CENTER_PROVIDER: &str = "AWSSSO_";

/// Seconds between the two halves of a sign-in through Identity Center.
const PAIR_SECS: i64 = 2;

/// Fills in the origin of every node that has no parent.
pub(crate) fn name(cores: Cores, nodes: &mut [Node<'_>], evidence: &Evidence) {
    let pairs = pairs(evidence);
    let (left, right) = nodes.split_at_mut(nodes.len() / 2);
    cores.both(|| name_each(left, &pairs), || name_each(right, &pairs));
    for (index, habit) in joined_runs(nodes) {
        if let Some(origin) = nodes.get_mut(index).and_then(|node| node.origin.as_mut()) {
            origin.habit = habit;
        }
    }
}

fn name_each(nodes: &mut [Node<'_>], pairs: &Pairs<'_>) {
    for node in nodes.iter_mut().filter(|node| node.parent.is_none()) {
        let mut origin = match &node.issued {
            Some(issued) => of_issuance(node, issued),
            None => of_identity(node),
        };
        if origin.kind == OriginKind::IdentityCenter {
            origin.subject = person(node, pairs).or(origin.subject);
        }
        (origin.identity, origin.habit) = (identity(node, &origin), habit(node, &origin));
        if is_name_only(&origin) {
            node.join = Join::Weak;
        }
        node.origin = Some(origin);
    }
}

/// The habits of sessions whose hand-out is not in the logs, by their nodes: those of the same
/// role that one workload has whenever it is, as far as machines named them.
fn joined_runs(nodes: &[Node<'_>]) -> Vec<(usize, String)> {
    let is_unknown = |origin: &&Origin| origin.kind == OriginKind::Unknown;
    let unknown = |node: &&Node<'_>| node.origin.as_ref().is_some_and(|o| is_unknown(&o));
    if !nodes.iter().any(|node| unknown(&node)) {
        return Vec::new();
    }
    // The one habit of each role, or none where it has several.
    let mut by_role: HashMap<(&str, &str), Option<&str>, RandomState> = HashMap::default();
    for node in nodes {
        let known = node.origin.as_ref().filter(|origin| !is_unknown(origin));
        if let Some((origin, role)) = known.and_then(|origin| Some((origin, node.role()?))) {
            let habit = Some(origin.habit.as_str());
            let only = by_role.entry(role).or_insert(habit);
            *only = only.filter(|only| Some(*only) == habit);
        }
    }
    let habit = |node: &Node<'_>| by_role.get(&node.role()?).copied().flatten().map(String::from);
    let machines = nodes.iter().enumerate().filter(|(_, node)| unknown(node));
    let machines = machines.filter(|(_, node)| is_run_by_machine(node));
    machines.filter_map(|(index, node)| Some((index, habit(node)?))).collect()
}

/// First halves of sign-ins through Identity Center, by account and permission set.
type Pairs<'a> = BTreeMap<(&'a str, &'a str), Vec<(Timestamp, &'a Arc<str>)>>;

fn pairs(evidence: &Evidence) -> Pairs<'_> {
    let mut pairs = Pairs::new();
    let halves = evidence.issuances().filter(|i| i.kind == IssuanceKind::GetRoleCredentials);
    for half in halves {
        let name = (&*half.principal_id, &*half.role_arn);
        pairs.entry(name).or_default().push((half.event.event_time, &half.subject));
    }
    pairs
}

/// The person that signed in, by the first half of the pair: its session name, and its id in the
/// identity store.
fn person(node: &Node<'_>, pairs: &Pairs<'_>) -> Option<Arc<str>> {
    let (account, role) = node.role()?;
    let (set, _) = role.strip_prefix(IDENTITY_CENTER_ROLE)?.rsplit_once('_')?;
    let name = node.role_session_name()?;
    let created = node.created()?;
    let halves = pairs.get(&(account, set))?;
    // Issuances come by time, and so do the halves.
    let begin = halves.partition_point(|(time, _)| time.seconds_since(created) < -PAIR_SECS);
    let is_near = |(time, _): &&(Timestamp, _)| time.seconds_since(created) <= PAIR_SECS;
    let mut near = halves.iter().skip(begin).take_while(is_near).map(|(_, subject)| *subject);
    let person = near.next().filter(|person| !person.is_empty())?;
    // Of two people that sign in at once neither half tells whose session this is.
    near.all(|other| other == person).then(|| Arc::from(format!("{name} ({person})")))
}

fn of_issuance(node: &Node<'_>, issued: &Issued<'_>) -> Origin {
    let issuance = issued.issuance;
    if let Some(service) = issued.service() {
        return of_service(node, service);
    }
    let subject = Some(&issuance.subject).filter(|subject| !subject.is_empty()).cloned();
    let is_identity_center =
        issuance.provider.contains(IDENTITY_CENTER_PROVIDER) || node.is_of_identity_center();
    let kind = match issuance.kind {
        IssuanceKind::AssumeRoleWithSaml if is_identity_center => OriginKind::IdentityCenter,
        IssuanceKind::AssumeRoleWithSaml => OriginKind::Saml,
        IssuanceKind::AssumeRoleWithWebIdentity | IssuanceKind::GetCredentialsForIdentity => {
            OriginKind::Oidc
        }
        IssuanceKind::ConsoleLogin if node.kind == IdentityKind::Root => OriginKind::Root,
        IssuanceKind::ConsoleLogin | IssuanceKind::GetSigninToken | IssuanceKind::SwitchRole => {
            OriginKind::Console
        }
        IssuanceKind::CreateSession => return of_service(node, ROLES_ANYWHERE),
        // Their callers are nodes, unless a caller bears no name at all.
        IssuanceKind::AssumeRole
        | IssuanceKind::AssumeRoot
        | IssuanceKind::CreateAccessKey
        | IssuanceKind::GetFederationToken
        | IssuanceKind::GetRoleCredentials
        | IssuanceKind::GetSessionToken => return of_identity(node),
    };
    Origin { kind, subject, ..Origin::default() }
}

fn of_service(node: &Node<'_>, service: &str) -> Origin {
    let name = node.role_session_name().map(Arc::from);
    // Services in China have the suffix of its endpoints.
    let kind = match service.strip_suffix(".cn").unwrap_or(service) {
        "ec2.amazonaws.com" => OriginKind::Ec2Instance,
        "ecs-tasks.amazonaws.com" => OriginKind::EcsTask,
        "lambda.amazonaws.com" => OriginKind::LambdaFunction,
        _ => OriginKind::AwsService,
    };
    let is_instance = kind == OriginKind::Ec2Instance;
    let is_named = matches!(kind, OriginKind::EcsTask | OriginKind::LambdaFunction);
    let subject = if is_named { name.clone() } else { Some(Arc::from(service)) };
    Origin {
        kind,
        instance_id: name.filter(|_| is_instance),
        subject: subject.filter(|_| !is_instance),
        is_workload: true,
        ..Origin::default()
    }
}

/// What an identity tells about its origin when no event of its issuance is in the logs.
fn of_identity(node: &Node<'_>) -> Origin {
    if let NodeKey::Foreign { account_id, .. } = &node.key {
        let subject = Some(Arc::clone(account_id));
        // Its own account alone knows who assumed the role.
        let at_least = node.is_of_role();
        return Origin {
            kind: OriginKind::ExternalAccount,
            subject,
            at_least,
            ..Origin::default()
        };
    }
    let plain = |kind| Origin { kind, ..Origin::default() };
    match node.kind {
        // Somebody assumed root, and the hops before are in the logs of another account.
        IdentityKind::Root if node.attributes.is_assumed_root => {
            Origin { at_least: true, ..Origin::default() }
        }
        IdentityKind::Root => plain(OriginKind::Root),
        IdentityKind::FederatedUser => plain(OriginKind::FederationToken),
        IdentityKind::IamUser | IdentityKind::Unknown if node.is_long_term() => {
            plain(OriginKind::IamUserAccessKey)
        }
        IdentityKind::IamUser if node.attributes.is_from_console => plain(OriginKind::Console),
        IdentityKind::AssumedRole | IdentityKind::Role => of_role_session(node),
        // A user's session is no hop, whatever handed it out.
        IdentityKind::IamUser => plain(OriginKind::Unknown),
        IdentityKind::AwsAccount
        | IdentityKind::AwsService
        | IdentityKind::Directory
        | IdentityKind::IdentityCenterUser
        | IdentityKind::SamlUser
        | IdentityKind::Unknown
        | IdentityKind::WebIdentityUser => Origin { at_least: true, ..Origin::default() },
    }
}

fn of_role_session(node: &Node<'_>) -> Origin {
    let attributes = &node.attributes;
    let name: Option<Arc<str>> = node.role_session_name().map(Arc::from);
    let issuer = attributes.issuer_arn.as_deref().unwrap_or_default();
    let provider = attributes.federated_provider.as_deref().unwrap_or_default();
    let workload = |kind| Origin { kind, is_workload: true, ..Origin::default() };
    if node.is_of_identity_center() {
        return Origin { kind: OriginKind::IdentityCenter, subject: name, ..Origin::default() };
    }
    if attributes.ec2_role_delivery.is_some() {
        return Origin { instance_id: name, ..workload(OriginKind::Ec2Instance) };
    }
    if attributes.issuer_type.as_deref() == Some("AWS::Lambda::Function") {
        let function = attributes.issued_to.clone().or(name);
        return Origin { subject: function, ..workload(OriginKind::LambdaFunction) };
    }
    if let Some(service) = service_of_role(issuer) {
        return Origin { subject: Some(Arc::from(service)), ..workload(OriginKind::AwsService) };
    }
    if provider.contains(":saml-provider/") {
        return Origin { kind: OriginKind::Saml, subject: name, ..Origin::default() };
    }
    if !provider.is_empty() {
        return Origin { kind: OriginKind::Oidc, subject: name, ..Origin::default() };
    }
    // Anybody who may assume the role can call the session like an instance: the hop count stays
    // a lower bound.
    if name.as_deref().is_some_and(is_instance_id) {
        let origin = workload(OriginKind::Ec2Instance);
        return Origin { instance_id: name, at_least: true, ..origin };
    }
    Origin { at_least: true, ..Origin::default() }
}

/// The service of a service-linked role, from the role's path.
fn service_of_role(role_arn: &str) -> Option<&str> {
    Arn::parse(role_arn)?.resource.strip_prefix("role/aws-service-role/")?.split('/').next()
}

/// Whether `name` has the form of an instance id: `i-` and 8 or 17 hexadecimal digits.
pub fn is_instance_id(name: &str) -> bool {
    let digits = name.strip_prefix("i-").unwrap_or_default();
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    matches!(digits.len(), 8 | 17) && digits.bytes().all(is_hex)
}
