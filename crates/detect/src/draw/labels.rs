//! What the nodes of a picture are called.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lineage::{Node as Credential, OriginKind};

use crate::chain::{arn_of, color_of, key_of};
use crate::graph::{Node, NodeKind};
use crate::identity;
use crate::words;

/// The card of a credential.
pub(super) fn card_of(node: &Credential<'_>, kind: NodeKind) -> Node {
    let key = key_of(node);
    let mut details: Vec<(&'static str, String)> = Vec::new();
    details.extend(arn_of(node).map(|arn| ("ARN", arn.to_string())));
    details.extend(node.access_key_ids.iter().take(10).map(|key| ("key", key.to_string())));
    details.extend(node.created().map(|time| ("issued", time.to_string())));
    let session = node.role_session_name().map(ToString::to_string);
    let is_key = kind == NodeKind::AccessKey;
    let owner = words::name_of(node);
    let label = match &key {
        Some(key) if is_key => key.to_string(),
        Some(_) | None => owner.clone(),
    };
    let parts = [
        if is_key { Some(owner) } else { session },
        key.filter(|_| !is_key).map(|key| key.to_string()),
        Some(node.account_id.to_string()).filter(|account| !account.is_empty()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Node {
        id: identity::id(&["credential", &identity::of_node(node)]),
        kind,
        label,
        subtitle: parts.join(" · "),
        details,
        color: color_of(node),
        hop: node.hop,
        badge: None,
        rank: 0,
        first_seen: node.created(),
    }
}

pub(super) const fn kind_of_root(kind: OriginKind) -> NodeKind {
    match kind {
        OriginKind::AwsService | OriginKind::EcsTask | OriginKind::LambdaFunction => {
            NodeKind::AwsService
        }
        OriginKind::Console | OriginKind::FederationToken | OriginKind::Root => NodeKind::IamUser,
        OriginKind::Ec2Instance => NodeKind::Ec2Instance,
        OriginKind::ExternalAccount => NodeKind::ExternalAccount,
        OriginKind::IamUserAccessKey => NodeKind::AccessKey,
        OriginKind::IdentityCenter | OriginKind::Oidc | OriginKind::Saml => {
            NodeKind::IdentityProvider
        }
        OriginKind::Unknown => NodeKind::Unknown,
    }
}

pub(super) fn label_of_origin(origin: &lineage::Origin, root: &Credential<'_>) -> String {
    let named = origin.instance_id.as_deref().or(origin.subject.as_deref());
    match origin.kind {
        OriginKind::Unknown => "Origin not in the logs".into(),
        OriginKind::Console => words::name_of(root),
        OriginKind::AwsService
        | OriginKind::Ec2Instance
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::IdentityCenter
        | OriginKind::LambdaFunction
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Saml => named.map_or_else(|| words::name_of(root), ToString::to_string),
    }
}

pub(super) fn subtitle_of_origin(kind: OriginKind, root: &Credential<'_>) -> String {
    let what = match kind {
        OriginKind::AwsService => "AWS service",
        OriginKind::Console => "console sign-in",
        OriginKind::Ec2Instance => "EC2 instance",
        OriginKind::EcsTask => "ECS task",
        OriginKind::ExternalAccount => "not in these logs",
        OriginKind::FederationToken => "federated user",
        OriginKind::IamUserAccessKey => "long-term key",
        OriginKind::IdentityCenter => "Identity Center",
        OriginKind::LambdaFunction => "Lambda function",
        OriginKind::Oidc => "web identity",
        OriginKind::Root => "root user",
        OriginKind::Saml => "SAML",
        OriginKind::Unknown => "its issuance was not delivered",
    };
    format!("{what} · {}", root.account_id)
}

pub(super) const fn label_of_issue(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::Ec2Instance => "instance profile",
        OriginKind::IdentityCenter | OriginKind::Oidc | OriginKind::Saml => "federates",
        OriginKind::Unknown => "not logged",
        OriginKind::Console => "signs in",
        OriginKind::AwsService
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::LambdaFunction
        | OriginKind::Root => "issues",
    }
}
