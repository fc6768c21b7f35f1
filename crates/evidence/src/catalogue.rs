//! The calls that leave something behind which outlives the session that made them.
//!
//! One row a call. Techniques of ATT&CK belong to the kind of artifact and are written in
//! `detect`.

use ArtifactKind as A;
use Verb::{Created, Modified, Removed};

/// What was left behind.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "each name is AWS's own word for the thing")]
pub enum ArtifactKind {
    AccessKey,
    AccountAssignment,
    BucketPolicy,
    BuildProject,
    EksAccessEntry,
    EventRule,
    FederationToken,
    Group,
    GroupMembership,
    IamUser,
    IdentityCenterUser,
    InlinePolicy,
    Instance,
    InstanceConnectKey,
    InstanceProfile,
    KeyPair,
    KmsKeyPolicy,
    LambdaFunction,
    LambdaPermission,
    LifecycleConfiguration,
    LoginProfile,
    MfaDevice,
    OidcProvider,
    OrganizationAccount,
    OrganizationMembership,
    PermissionSet,
    PermissionsBoundary,
    PodIdentityAssociation,
    PolicyAttachment,
    PolicyVersion,
    ResourcePolicy,
    Role,
    RoleSettings,
    RootSession,
    SamlProvider,
    ServiceSpecificCredential,
    SharedImage,
    SigningCertificate,
    SshPublicKey,
    SsmActivation,
    SsmDocument,
    Stack,
    TaskDefinition,
    TrustAnchor,
    TrustPolicy,
    UserData,
}

/// Whether the call made a thing, changed one or took one away.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Verb {
    /// It made a thing.
    Created,
    /// It changed one.
    Modified,
    /// It took one away that had held somebody back.
    Removed,
}

/// One call of the catalogue.
#[derive(Debug)]
pub struct CatalogueRow {
    /// `eventSource` without `.amazonaws.com`.
    pub service: &'static str,
    /// `eventName` without the version that Lambda appends.
    pub event_name: &'static str,
    /// What it leaves behind.
    pub artifact: ArtifactKind,
    /// Whether it makes, changes or removes it.
    pub verb: Verb,
    /// JSON pointers into `requestParameters`, or into `responseElements` where they begin with
    /// `/response`; the first that leads to a string which AWS does not hide is the artifact's name.
    pub names: &'static [&'static str],
}

const fn row(
    service: &'static str,
    event_name: &'static str,
    artifact: ArtifactKind,
    verb: Verb,
    names: &'static [&'static str],
) -> CatalogueRow {
    CatalogueRow { service, event_name, artifact, verb, names }
}

const USER: &[&str] = &["/userName", "/response/user/userName"];
/// Identity Center hides the names of its users, not their ids.
const DIRECTORY_USER: &[&str] =
    &["/userName", "/response/user/userName", "/response/user/userId", "/response/userId"];
const DIRECTORY_MEMBER: &[&str] = &["/memberId/userId", "/groupId"];
const ROLE: &[&str] = &["/roleName", "/response/role/roleName"];
const GROUP: &[&str] = &["/groupName"];
const POLICY: &[&str] = &["/policyArn", "/policyName"];
const FUNCTION: &[&str] = &["/functionName", "/response/functionName", "/layerName"];
const NAME: &[&str] = &["/name", "/Name"];
const BUCKET: &[&str] = &["/bucketName"];
const INSTANCE: &[&str] = &["/instanceId", "/InstanceId"];
const PERMISSION_SET: &[&str] = &["/permissionSetArn", "/name"];
const MFA: &[&str] = &["/serialNumber", "/virtualMFADeviceName", "/userName"];

/// The catalogue, by service.
#[rustfmt::skip] // One call a line: it is read as a table.
pub static CATALOGUE: [CatalogueRow; 103] = [
    row("iam", "CreateUser", A::IamUser, Created, USER),
    row("iam", "CreateAccessKey", A::AccessKey, Created, &["/response/accessKey/userName", "/userName"]),
    row("iam", "CreateLoginProfile", A::LoginProfile, Created, USER),
    row("iam", "UpdateLoginProfile", A::LoginProfile, Modified, USER),
    row("iam", "CreateServiceSpecificCredential", A::ServiceSpecificCredential, Created, USER),
    row("iam", "ResetServiceSpecificCredential", A::ServiceSpecificCredential, Modified, USER),
    row("iam", "UploadSSHPublicKey", A::SshPublicKey, Created, USER),
    row("iam", "UploadSigningCertificate", A::SigningCertificate, Created, USER),
    row("iam", "AttachUserPolicy", A::PolicyAttachment, Modified, USER),
    row("iam", "AttachRolePolicy", A::PolicyAttachment, Modified, ROLE),
    row("iam", "AttachGroupPolicy", A::PolicyAttachment, Modified, GROUP),
    row("iam", "PutUserPolicy", A::InlinePolicy, Modified, USER),
    row("iam", "PutRolePolicy", A::InlinePolicy, Modified, ROLE),
    row("iam", "PutGroupPolicy", A::InlinePolicy, Modified, GROUP),
    row("iam", "AddUserToGroup", A::GroupMembership, Modified, USER),
    row("iam", "CreateGroup", A::Group, Created, GROUP),
    row("iam", "CreatePolicyVersion", A::PolicyVersion, Modified, POLICY),
    row("iam", "SetDefaultPolicyVersion", A::PolicyVersion, Modified, POLICY),
    row("iam", "UpdateAssumeRolePolicy", A::TrustPolicy, Modified, ROLE),
    row("iam", "CreateRole", A::Role, Created, ROLE),
    row("iam", "UpdateRole", A::RoleSettings, Modified, ROLE),
    row("iam", "DeleteUserPermissionsBoundary", A::PermissionsBoundary, Removed, USER),
    row("iam", "DeleteRolePermissionsBoundary", A::PermissionsBoundary, Removed, ROLE),
    row("iam", "PutUserPermissionsBoundary", A::PermissionsBoundary, Modified, USER),
    row("iam", "PutRolePermissionsBoundary", A::PermissionsBoundary, Modified, ROLE),
    row("iam", "CreateInstanceProfile", A::InstanceProfile, Created, &["/instanceProfileName"]),
    row("iam", "AddRoleToInstanceProfile", A::InstanceProfile, Modified, &["/instanceProfileName"]),
    row("iam", "CreateSAMLProvider", A::SamlProvider, Created, &["/response/sAMLProviderArn", "/name"]),
    row("iam", "UpdateSAMLProvider", A::SamlProvider, Modified, &["/sAMLProviderArn"]),
    row("iam", "CreateOpenIDConnectProvider", A::OidcProvider, Created, &["/response/openIDConnectProviderArn", "/url"]),
    row("iam", "AddClientIDToOpenIDConnectProvider", A::OidcProvider, Modified, &["/openIDConnectProviderArn"]),
    row("iam", "UpdateOpenIDConnectProviderThumbprint", A::OidcProvider, Modified, &["/openIDConnectProviderArn"]),
    row("iam", "CreateVirtualMFADevice", A::MfaDevice, Created, MFA),
    row("iam", "EnableMFADevice", A::MfaDevice, Modified, MFA),
    row("iam", "DeactivateMFADevice", A::MfaDevice, Removed, MFA),
    row("iam", "DeleteVirtualMFADevice", A::MfaDevice, Removed, MFA),
    row("sts", "GetFederationToken", A::FederationToken, Created, NAME),
    row("sts", "AssumeRoot", A::RootSession, Created, &["/targetPrincipal"]),
    row("rolesanywhere", "CreateTrustAnchor", A::TrustAnchor, Created, NAME),
    row("rolesanywhere", "UpdateTrustAnchor", A::TrustAnchor, Modified, &["/trustAnchorId"]),
    row("rolesanywhere", "CreateProfile", A::TrustAnchor, Created, NAME),
    row("rolesanywhere", "ImportCrl", A::TrustAnchor, Modified, NAME),
    row("rolesanywhere", "DisableCrl", A::TrustAnchor, Removed, &["/crlId"]),
    row("sso", "CreateAccountAssignment", A::AccountAssignment, Created, PERMISSION_SET),
    row("sso", "CreatePermissionSet", A::PermissionSet, Created, PERMISSION_SET),
    row("sso", "PutInlinePolicyToPermissionSet", A::PermissionSet, Modified, PERMISSION_SET),
    row("sso", "AttachManagedPolicyToPermissionSet", A::PermissionSet, Modified, PERMISSION_SET),
    row("sso", "ProvisionPermissionSet", A::PermissionSet, Modified, PERMISSION_SET),
    row("identitystore", "CreateUser", A::IdentityCenterUser, Created, DIRECTORY_USER),
    row("identitystore", "CreateGroupMembership", A::IdentityCenterUser, Modified, DIRECTORY_MEMBER),
    row("sso-directory", "CreateUser", A::IdentityCenterUser, Created, DIRECTORY_USER),
    row("sso-directory", "AddMemberToGroup", A::IdentityCenterUser, Modified, DIRECTORY_MEMBER),
    row("sso-directory", "UpdatePassword", A::IdentityCenterUser, Modified, &["/userId"]),
    row("lambda", "CreateFunction", A::LambdaFunction, Created, FUNCTION),
    row("lambda", "UpdateFunctionCode", A::LambdaFunction, Modified, FUNCTION),
    row("lambda", "UpdateFunctionConfiguration", A::LambdaFunction, Modified, FUNCTION),
    row("lambda", "PublishLayerVersion", A::LambdaFunction, Created, FUNCTION),
    row("lambda", "AddPermission", A::LambdaPermission, Modified, FUNCTION),
    row("lambda", "AddLayerVersionPermission", A::LambdaPermission, Modified, FUNCTION),
    row("lambda", "CreateFunctionUrlConfig", A::LambdaPermission, Created, FUNCTION),
    row("lambda", "CreateEventSourceMapping", A::EventRule, Created, FUNCTION),
    row("events", "PutRule", A::EventRule, Created, NAME),
    row("events", "PutTargets", A::EventRule, Modified, &["/rule"]),
    row("scheduler", "CreateSchedule", A::EventRule, Created, NAME),
    row("eks", "CreateAccessEntry", A::EksAccessEntry, Created, &["/principalArn", "/name"]),
    row("eks", "AssociateAccessPolicy", A::EksAccessEntry, Modified, &["/principalArn", "/name"]),
    row("eks", "CreatePodIdentityAssociation", A::PodIdentityAssociation, Created, &["/roleArn", "/name"]),
    row("ecs", "RegisterTaskDefinition", A::TaskDefinition, Created, &["/family"]),
    row("ecs", "UpdateService", A::TaskDefinition, Modified, &["/service"]),
    row("ec2", "RunInstances", A::Instance, Created, &["/response/instancesSet/items/0/instanceId"]),
    row("ec2", "ModifyInstanceAttribute", A::UserData, Modified, INSTANCE),
    row("ec2", "CreateLaunchTemplateVersion", A::UserData, Created, &["/CreateLaunchTemplateVersionRequest/LaunchTemplateId", "/CreateLaunchTemplateVersionRequest/LaunchTemplateName"]),
    row("ec2", "AssociateIamInstanceProfile", A::InstanceProfile, Modified, &["/AssociateIamInstanceProfileRequest/InstanceId", "/instanceId"]),
    row("ec2", "ReplaceIamInstanceProfileAssociation", A::InstanceProfile, Modified, &["/ReplaceIamInstanceProfileAssociationRequest/AssociationId"]),
    row("ec2", "CreateKeyPair", A::KeyPair, Created, &["/keyName"]),
    row("ec2", "ImportKeyPair", A::KeyPair, Created, &["/keyName"]),
    row("ec2", "EnableSerialConsoleAccess", A::InstanceConnectKey, Modified, &[]),
    row("ec2", "ModifySnapshotAttribute", A::SharedImage, Modified, &["/snapshotId"]),
    row("ec2", "ModifyImageAttribute", A::SharedImage, Modified, &["/imageId"]),
    row("ec2-instance-connect", "SendSSHPublicKey", A::InstanceConnectKey, Created, INSTANCE),
    row("ec2-instance-connect", "SendSerialConsoleSSHPublicKey", A::InstanceConnectKey, Created, INSTANCE),
    row("rds", "ModifyDBSnapshotAttribute", A::SharedImage, Modified, &["/dBSnapshotIdentifier"]),
    row("ssm", "CreateActivation", A::SsmActivation, Created, &["/iamRole"]),
    row("ssm", "CreateDocument", A::SsmDocument, Created, NAME),
    row("ssm", "CreateAssociation", A::SsmDocument, Created, NAME),
    row("s3", "PutBucketPolicy", A::BucketPolicy, Modified, BUCKET),
    row("s3", "PutBucketAcl", A::BucketPolicy, Modified, BUCKET),
    row("s3", "PutBucketReplication", A::BucketPolicy, Modified, BUCKET),
    row("kms", "PutKeyPolicy", A::KmsKeyPolicy, Modified, &["/keyId"]),
    row("kms", "CreateGrant", A::KmsKeyPolicy, Created, &["/keyId"]),
    row("secretsmanager", "PutResourcePolicy", A::ResourcePolicy, Modified, &["/secretId"]),
    row("ecr", "SetRepositoryPolicy", A::ResourcePolicy, Modified, &["/repositoryName"]),
    row("sns", "AddPermission", A::ResourcePolicy, Modified, &["/topicArn"]),
    row("sqs", "AddPermission", A::ResourcePolicy, Modified, &["/queueUrl"]),
    row("sagemaker", "CreateNotebookInstanceLifecycleConfig", A::LifecycleConfiguration, Created, &["/notebookInstanceLifecycleConfigName"]),
    row("sagemaker", "UpdateNotebookInstanceLifecycleConfig", A::LifecycleConfiguration, Modified, &["/notebookInstanceLifecycleConfigName"]),
    row("codebuild", "CreateProject", A::BuildProject, Created, NAME),
    row("codebuild", "UpdateProject", A::BuildProject, Modified, NAME),
    row("cloudformation", "CreateStack", A::Stack, Created, &["/stackName"]),
    row("cloudformation", "UpdateStack", A::Stack, Modified, &["/stackName"]),
    row("organizations", "CreateAccount", A::OrganizationAccount, Created, &["/accountName", "/response/createAccountStatus/id"]),
    row("organizations", "InviteAccountToOrganization", A::OrganizationMembership, Modified, &["/target/id"]),
    row("organizations", "LeaveOrganization", A::OrganizationMembership, Removed, &[]),
];

/// The row of a call.
pub(crate) fn row_of(event_source: &str, event_name: &str) -> Option<&'static CatalogueRow> {
    let service = event_source.strip_suffix(".amazonaws.com").unwrap_or(event_source);
    let event_name = without_version(event_name);
    CATALOGUE.iter().find(|row| row.service == service && row.event_name == event_name)
}

/// An event name without the version that Lambda appends, such as `20150331v2`.
fn without_version(event_name: &str) -> &str {
    let Some(start) = event_name.find("20") else {
        return event_name;
    };
    let is_version = |tail: &str| {
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let rest = tail.get(digits..).unwrap_or_default();
        let is_suffix = rest.strip_prefix('v').map_or(rest.is_empty(), |n| n.parse::<u8>().is_ok());
        digits == 8 && is_suffix
    };
    match event_name.split_at_checked(start) {
        Some((name, tail)) if is_version(tail) => name,
        Some(_) | None => event_name,
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::{CATALOGUE, row_of, without_version};

    #[test]
    fn versions_of_lambda_are_not_part_of_the_name() {
        assert_eq!(without_version("UpdateFunctionCode20150331v2"), "UpdateFunctionCode");
        assert_eq!(without_version("CreateFunction20150331"), "CreateFunction");
        assert_eq!(without_version("CreateFunctionUrlConfig"), "CreateFunctionUrlConfig");
        assert!(row_of("lambda.amazonaws.com", "AddPermission20150331v2").is_some());
        assert!(row_of("iam.amazonaws.com", "ListUsers").is_none());
    }

    #[test]
    fn no_call_stands_twice() {
        let calls: BTreeSet<_> =
            CATALOGUE.iter().map(|row| (row.service, row.event_name)).collect();
        assert_eq!(calls.len(), CATALOGUE.len());
    }
}
