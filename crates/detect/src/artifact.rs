//! What was left behind, in words, and how much access it gives.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Arn;
use evidence::{ArtifactKind, Change, Remark, Verb};

use crate::attack::technique_of;
use crate::finding::{Caller, LeftBehind};

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
        A::OrganizationMembership => ("organization membership", Grade::Medium),
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

/// What `change` made, changed or removed, in words.
pub(crate) const fn kind_of(change: &Change) -> &'static str {
    use ArtifactKind as A;
    match (change.verb, change.artifact) {
        (Verb::Removed, A::MfaDevice) => "MFA device removed",
        (Verb::Removed, A::OrganizationMembership) => "organization membership removed",
        (Verb::Removed, A::PermissionsBoundary) => "permissions boundary removed",
        (Verb::Removed, A::TrustAnchor) => "revocation list removed",
        (_, artifact) => words(artifact).0,
    }
}

/// Name of what `change` left: its own, a second one, or the account where it is the account's.
pub(crate) fn name_of(change: &Change) -> &Arc<str> {
    let names = [&change.name, &change.detail];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| account_of(change))
}

/// Whether `change` opens something to anybody or to accounts beside `own`, or grants an
/// administrator's rights.
pub(crate) fn is_dangerous(change: &Change, own: &BTreeSet<Arc<str>>) -> bool {
    change.remarks.iter().any(|remark| match remark {
        Remark::GrantsAdministrator
        | Remark::GrantsIam
        | Remark::TrustsAnyone
        | Remark::TrustsProviderFreely(_) => true,
        // Data is often opened to one network or one external id; a role hardly ever is.
        Remark::TrustsAnyoneOnCondition => {
            matches!(change.artifact, ArtifactKind::Role | ArtifactKind::TrustPolicy)
        }
        Remark::TrustsAccount(account) => !own.contains(&**account),
        // Workloads and pipelines are let in like this every day.
        Remark::TrustsProvider(_) => false,
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
    LeftBehind {
        event_name: Arc::clone(&change.event.event_name),
        event_source: Arc::clone(&change.event.event_source),
        kind: kind_of(change),
        name: Arc::clone(name_of(change)),
        access_key_id: Some(&change.access_key_id).filter(|key| !key.is_empty()).cloned(),
        is_access: words(change.artifact).1 == Grade::Strong || is_dangerous(change, own),
        remarks: remarks(change, own),
        account_id: Arc::clone(account_of(change)),
        hop,
        event_id: change.event.event_id_text(),
        event_time: change.event.event_time,
        source_ip_address: Arc::clone(&change.event.source_ip_address),
        technique: technique_of(change.artifact),
        aws_region: Arc::clone(&change.event.aws_region),
        caller: Caller::of(&change.caller),
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
            Remark::TrustsAnyoneOnCondition => "admits anybody who meets a condition".into(),
            Remark::TrustsAccount(account) if own.contains(&**account) => {
                format!("admits account {account}")
            }
            Remark::TrustsAccount(account) => format!("admits foreign account {account}"),
            Remark::TrustsProvider(provider) => format!("admits provider {provider}"),
            Remark::TrustsProviderFreely(provider) => {
                format!("admits provider {provider} without a condition")
            }
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

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::sync::Arc;

    use evidence::{Change, Evidence};

    use super::{is_dangerous, left_behind};

    fn change(call: &str, request: &str) -> Change {
        let (service, event_name) = call.split_once(':').unwrap();
        let record = format!(
            r#"{{"eventID":"1","eventTime":"2026-03-02T10:00:00Z",
            "eventSource":"{service}.amazonaws.com","eventName":"{event_name}",
            "recipientAccountId":"111122223333","requestParameters":{request},
            "userIdentity":{{"type":"AssumedRole","accountId":"111122223333",
            "arn":"arn:aws:sts::111122223333:assumed-role/R/s",
            "accessKeyId":"ASIAIOSFODNN7EXAMPLE"}}}}"#
        );
        let mut evidence = Evidence::default();
        cloudtrail::read(record.as_bytes(), &mut |record| {
            evidence.record(record);
        });
        evidence.changes().next().cloned().unwrap()
    }

    fn own() -> BTreeSet<Arc<str>> {
        BTreeSet::from(["111122223333".into()])
    }

    fn policy(principal: &str, condition: &str) -> String {
        format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"*",
            "Principal":{principal},"Condition":{condition}}}}}"#
        )
    }

    fn is_dangerous_with(call: &str, parameter: &str, value: &str) -> bool {
        is_dangerous(&change(call, &format!(r#"{{"{parameter}":{value}}}"#)), &own())
    }

    #[test]
    fn whatever_is_open_to_anybody_is_dangerous_however_weak() {
        let anybody = policy(r#"{"AWS":"*"}"#, "{}");
        for (call, parameter, value) in [
            ("s3:PutBucketPolicy", "bucketPolicy", &*anybody),
            ("s3:PutBucketAcl", "x-amz-acl", r#"["public-read"]"#),
            ("kms:PutKeyPolicy", "policy", &anybody),
            ("secretsmanager:PutResourcePolicy", "resourcePolicy", &anybody),
            (
                "ec2:ModifySnapshotAttribute",
                "createVolumePermission",
                r#"{"add":{"items":[{"group":"all"}]}}"#,
            ),
            (
                "ec2:ModifyImageAttribute",
                "launchPermission",
                r#"{"add":{"items":[{"userId":"999988887777"}]}}"#,
            ),
            ("rds:ModifyDBSnapshotAttribute", "valuesToAdd", r#"["all"]"#),
            ("iam:UpdateAssumeRolePolicy", "policyDocument", &anybody),
        ] {
            assert!(is_dangerous_with(call, parameter, value), "{call}");
        }
        let shared = r#"{"add":{"items":[{"userId":"111122223333"}]}}"#;
        assert!(!is_dangerous_with("ec2:ModifyImageAttribute", "launchPermission", shared));
    }

    #[test]
    fn a_role_for_anybody_on_a_condition_is_dangerous_and_a_bucket_is_not() {
        let anybody = policy(r#""*""#, r#"{"StringEquals":{"sts:ExternalId":"x"}}"#);
        for (call, parameter, expected) in [
            ("iam:CreateRole", "assumeRolePolicyDocument", true),
            ("iam:UpdateAssumeRolePolicy", "policyDocument", true),
            ("s3:PutBucketPolicy", "bucketPolicy", false),
        ] {
            assert_eq!(is_dangerous_with(call, parameter, &anybody), expected, "{call}");
        }
    }

    #[test]
    fn a_provider_is_dangerous_without_a_condition() {
        let provider = r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks"}"#;
        let bound = policy(provider, r#"{"StringEquals":{"oidc.eks:sub":"system:a"}}"#);
        for (call, parameter) in [
            ("iam:CreateRole", "assumeRolePolicyDocument"),
            ("iam:UpdateAssumeRolePolicy", "policyDocument"),
        ] {
            assert!(is_dangerous_with(call, parameter, &policy(provider, "{}")), "{call}");
            assert!(!is_dangerous_with(call, parameter, &bound), "{call}");
        }
    }

    #[test]
    fn what_has_no_name_bears_that_of_its_account() {
        for call in ["ec2:EnableSerialConsoleAccess", "organizations:LeaveOrganization"] {
            let left = left_behind(&change(call, "null"), 1, &own());
            assert_eq!(&*left.name, "111122223333", "{call}");
        }
        let hidden = r#"{"userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
        let left = left_behind(&change("identitystore:CreateUser", hidden), 1, &own());
        assert_eq!(&*left.name, "111122223333");
    }

    #[test]
    fn what_is_taken_away_is_said_to_be_removed() {
        for (call, kind) in [
            ("iam:DeactivateMFADevice", "MFA device removed"),
            ("iam:DeleteVirtualMFADevice", "MFA device removed"),
            ("iam:DeleteRolePermissionsBoundary", "permissions boundary removed"),
            ("iam:DeleteUserPermissionsBoundary", "permissions boundary removed"),
            ("iam:EnableMFADevice", "MFA device"),
            ("organizations:LeaveOrganization", "organization membership removed"),
            ("rolesanywhere:DisableCrl", "revocation list removed"),
        ] {
            let left = left_behind(&change(call, r#"{"userName":"bob"}"#), 1, &own());
            assert_eq!(left.kind, kind, "{call}");
        }
    }

    #[test]
    fn accounts_and_memberships_serve_different_techniques() {
        for (call, id) in [
            ("organizations:CreateAccount", "T1136.003"),
            ("organizations:InviteAccountToOrganization", "T1666"),
            ("organizations:LeaveOrganization", "T1666"),
        ] {
            let left = left_behind(&change(call, "{}"), 1, &own());
            assert_eq!(left.technique.id, id, "{call}");
        }
    }
}
