//! Names origins: what an incident is about, and what has habits.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use crate::node::{Node, NodeKey, Origin, OriginKind};

/// The service that hands credentials out for certificates.
pub(crate) const ROLES_ANYWHERE: &str = "rolesanywhere.amazonaws.com";

/// What comes after the repository, project or workspace in the subjects that CI systems vouch
/// for: a branch or tag, an environment, a workflow or a phase.
const RUN_MARKS: [&str; 8] = [
    ":ref:",
    ":ref_type:",
    ":pull_request",
    ":environment:",
    ":job_workflow_ref:",
    ":project_path:",
    ":run_phase:",
    ":run_type:",
];

/// Hexadecimal digits in a row, one of them decimal, from which on a name is a machine's.
const MADE_LENGTH: usize = 8;

/// Whether nothing but its name tells that a session is of an instance.
///
/// Anybody who may assume the role can choose that name.
pub(crate) fn is_name_only(origin: &Origin) -> bool {
    origin.kind == OriginKind::Ec2Instance && origin.at_least
}

/// What an incident of this origin is about.
pub(crate) fn identity(node: &Node<'_>, origin: &Origin) -> String {
    let (role, name) = (role(node), node.role_session_name().unwrap_or_default());
    let session = || {
        let principal = || node.principal_id().to_string();
        if role.0.is_some() { format!("{role}/{name}") } else { principal() }
    };
    let service = origin.subject.as_deref().unwrap_or_default();
    match origin.kind {
        OriginKind::IamUserAccessKey => {
            node.access_key_ids.iter().map(ToString::to_string).collect()
        }
        OriginKind::Oidc | OriginKind::Saml => {
            format!("{role}:{}", subject(node))
        }
        // A certificate is a machine and not one execution of many.
        OriginKind::AwsService if service != ROLES_ANYWHERE => execution(node, origin),
        OriginKind::EcsTask => execution(node, origin),
        OriginKind::Ec2Instance if is_name_only(origin) => format!("name-only {}", session()),
        OriginKind::AwsService
        | OriginKind::Console
        | OriginKind::Ec2Instance
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IdentityCenter
        | OriginKind::LambdaFunction
        | OriginKind::Root
        | OriginKind::Unknown => session(),
    }
}

/// What stays the same from one run of this origin to the next.
pub(crate) fn habit(node: &Node<'_>, origin: &Origin) -> String {
    let role = role(node);
    match origin.kind {
        OriginKind::Ec2Instance if is_name_only(origin) => format!("name-only {role}"),
        OriginKind::AwsService
        | OriginKind::Ec2Instance
        | OriginKind::EcsTask
        | OriginKind::LambdaFunction => execution(node, origin),
        OriginKind::Oidc => format!("{role}:{}", without_run(subject(node))),
        OriginKind::IdentityCenter | OriginKind::Saml => {
            format!("{role}/{}", node.role_session_name().unwrap_or_default())
        }
        OriginKind::ExternalAccount => foreign_role(node).unwrap_or_else(|| identity(node, origin)),
        OriginKind::Unknown if is_run_by_machine(node) => format!("{role} of a machine"),
        OriginKind::Console
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::Root
        | OriginKind::Unknown => identity(node, origin),
    }
}

/// Whether the name of a role's session is another one in each run, as machines make them.
pub(crate) fn is_run_by_machine(node: &Node<'_>) -> bool {
    let is_made = |part: &str| {
        let is_hex = part.chars().all(|c| c.is_ascii_hexdigit());
        part.len() >= MADE_LENGTH && is_hex && part.contains(|c: char| c.is_ascii_digit())
    };
    let name = node.role().and_then(|_| node.role_session_name()).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_made)
}

/// Account and name of the role of a session; written as nothing where there is none.
struct Role<'a>(Option<(&'a str, &'a str)>);

impl fmt::Display for Role<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |(account, role)| write!(f, "{account}/{role}"))
    }
}

fn role<'a>(node: &'a Node<'_>) -> Role<'a> {
    Role(node.role())
}

/// The role and the service that runs something with it, whatever it calls this run.
fn execution(node: &Node<'_>, origin: &Origin) -> String {
    let service = match origin.kind {
        OriginKind::Ec2Instance => "ec2.amazonaws.com",
        OriginKind::EcsTask => "ecs-tasks.amazonaws.com",
        OriginKind::LambdaFunction => "lambda.amazonaws.com",
        OriginKind::AwsService
        | OriginKind::Console
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::IdentityCenter
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Saml
        | OriginKind::Unknown => origin.subject.as_deref().unwrap_or_default(),
    };
    format!("{} {service}", role(node))
}

/// What the provider vouched for.
fn subject<'a>(node: &'a Node<'_>) -> &'a str {
    node.issued.as_ref().map_or("", |issued| &*issued.issuance.subject)
}

/// `subject` up to what is new in each run of a repository.
fn without_run(subject: &str) -> &str {
    let ends = RUN_MARKS.iter().filter_map(|mark| subject.find(mark));
    // Bitbucket writes `{repository}:{environment}:{step}`, CircleCI `org/O/project/P/user/U`.
    let braces = subject.find("}:").filter(|_| subject.starts_with('{')).map(|at| at + 1);
    let user = subject.find("/user/").filter(|_| subject.starts_with("org/"));
    let end = ends.chain(braces).chain(user).min().unwrap_or(subject.len());
    subject.get(..end).unwrap_or(subject)
}

/// Account and id of a role of a foreign account: its session may have another name each time.
fn foreign_role(node: &Node<'_>) -> Option<String> {
    let NodeKey::Foreign { principal_id, account_id } = &node.key else {
        return None;
    };
    let (role, _) = principal_id.split_once(':').filter(|_| node.is_of_role())?;
    Some(format!("{account_id}/{role}"))
}
