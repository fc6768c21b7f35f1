//! What was left behind, in words, and how much access it gives.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Arn;
use evidence::{ArtifactKind, Change, Remark};

use crate::attack::technique_of;
use crate::finding::LeftBehind;

/// How much access an artifact gives to whoever made it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Grade {
    /// It helps.
    Weak,
    /// It widens access that there is.
    Medium,
    /// It is access by itself.
    Strong,
}

/// The words and the grade of `artifact`.
pub(crate) const fn words(artifact: ArtifactKind) -> (&'static str, Grade) {
    use ArtifactKind as A;
    match artifact {
        A::AccessKey => ("access key", Grade::Strong),
        A::AccountAssignment => ("account assignment", Grade::Strong),
        A::BucketPolicy => ("bucket policy", Grade::Weak),
        A::BuildProject => ("build project", Grade::Weak),
        A::EksAccessEntry => ("EKS access entry", Grade::Medium),
        A::EventRule => ("event rule", Grade::Weak),
        A::FederationToken => ("federation token", Grade::Medium),
        A::Group => ("IAM group", Grade::Weak),
        A::GroupMembership => ("group membership", Grade::Medium),
        A::IamUser => ("IAM user", Grade::Strong),
        A::IdentityCenterUser => ("Identity Center user", Grade::Strong),
        A::InlinePolicy => ("inline policy", Grade::Medium),
        A::Instance => ("instance with a role", Grade::Weak),
        A::InstanceConnectKey => ("SSH access to an instance", Grade::Weak),
        A::InstanceProfile => ("instance profile", Grade::Medium),
        A::KeyPair => ("EC2 key pair", Grade::Weak),
        A::KmsKeyPolicy => ("KMS key policy", Grade::Weak),
        A::LambdaFunction => ("Lambda function", Grade::Weak),
        A::LambdaPermission => ("Lambda permission", Grade::Medium),
        A::LifecycleConfiguration => ("notebook lifecycle configuration", Grade::Weak),
        A::LoginProfile => ("console password", Grade::Strong),
        A::MfaDevice => ("MFA device", Grade::Medium),
        A::OidcProvider => ("OIDC provider", Grade::Strong),
        A::OrganizationAccount => ("organization account", Grade::Medium),
        A::PermissionSet => ("permission set", Grade::Medium),
        A::PermissionsBoundary => ("permissions boundary", Grade::Medium),
        A::PodIdentityAssociation => ("Pod Identity association", Grade::Medium),
        A::PolicyAttachment => ("attached policy", Grade::Medium),
        A::PolicyVersion => ("policy version", Grade::Medium),
        A::ResourcePolicy => ("resource policy", Grade::Weak),
        A::Role => ("IAM role", Grade::Medium),
        A::RoleSettings => ("role settings", Grade::Weak),
        A::RootSession => ("root session", Grade::Medium),
        A::SamlProvider => ("SAML provider", Grade::Strong),
        A::ServiceSpecificCredential => ("service-specific credential", Grade::Strong),
        A::SharedImage => ("shared image or snapshot", Grade::Weak),
        A::SigningCertificate => ("signing certificate", Grade::Strong),
        A::SshPublicKey => ("SSH public key", Grade::Strong),
        A::SsmActivation => ("SSM activation", Grade::Medium),
        A::SsmDocument => ("SSM document or association", Grade::Weak),
        A::Stack => ("CloudFormation stack", Grade::Weak),
        A::TaskDefinition => ("ECS task definition", Grade::Weak),
        A::TrustAnchor => ("Roles Anywhere trust", Grade::Strong),
        A::TrustPolicy => ("trust policy", Grade::Medium),
        A::UserData => ("instance user data", Grade::Weak),
    }
}

/// Whether `change` opens something to anybody or to accounts beside `own`, or grants an
/// administrator's rights.
pub(crate) fn is_dangerous(change: &Change, own: &BTreeSet<Arc<str>>) -> bool {
    change.remarks.iter().any(|remark| match remark {
        Remark::GrantsAdministrator | Remark::GrantsIam | Remark::TrustsAnyone => true,
        Remark::TrustsAccount(account) => !own.contains(&**account),
        Remark::TrustsProvider(_) => change.artifact == ArtifactKind::TrustPolicy,
    })
}

/// Whether `change` gives a credential to another user than the caller.
pub(crate) fn is_for_other_user(change: &Change) -> bool {
    let is_credential =
        matches!(change.artifact, ArtifactKind::AccessKey | ArtifactKind::LoginProfile);
    let own = Arn::parse(&change.caller.arn).and_then(|arn| arn.user_name());
    is_credential && !change.name.is_empty() && own != Some(&*change.name)
}

/// Account that the artifact lies in.
pub(crate) fn account_of(change: &Change) -> &Arc<str> {
    let account = &change.event.recipient_account_id;
    if account.is_empty() { &change.caller.account_id } else { account }
}

/// `change` as findings list it.
pub(crate) fn left_behind(change: &Change, hop: u32, own: &BTreeSet<Arc<str>>) -> LeftBehind {
    let name = if change.name.is_empty() { &change.detail } else { &change.name };
    LeftBehind {
        event_name: Arc::clone(&change.event.event_name),
        event_source: Arc::clone(&change.event.event_source),
        kind: words(change.artifact).0,
        name: Arc::clone(name),
        access_key_id: Some(&change.access_key_id).filter(|key| !key.is_empty()).cloned(),
        is_access: words(change.artifact).1 == Grade::Strong || is_dangerous(change, own),
        remarks: remarks(change, own),
        account_id: Arc::clone(account_of(change)),
        hop,
        event_id: change.event.event_id_text(),
        event_time: change.event.event_time,
        source_ip_address: Arc::clone(&change.event.source_ip_address),
        technique: technique_of(change.artifact),
    }
}

fn remarks(change: &Change, own: &BTreeSet<Arc<str>>) -> Vec<String> {
    let mut remarks: Vec<String> = change
        .remarks
        .iter()
        .map(|remark| match remark {
            Remark::GrantsAdministrator => "grants administrator access".into(),
            Remark::GrantsIam => "grants every action of IAM".into(),
            Remark::TrustsAnyone => "admits anybody".into(),
            Remark::TrustsAccount(account) if own.contains(&**account) => {
                format!("admits account {account}")
            }
            Remark::TrustsAccount(account) => format!("admits foreign account {account}"),
            Remark::TrustsProvider(provider) => format!("admits provider {provider}"),
        })
        .collect();
    if !change.detail.is_empty() && !change.name.is_empty() {
        remarks.push(format!("{}", change.detail));
    }
    if is_for_other_user(change) {
        remarks.push("for another user than the caller".into());
    }
    remarks
}
