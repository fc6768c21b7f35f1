//! Techniques of MITRE ATT&CK: the only place where their ids are written.
//!
//! Version 19 (2026) moved several techniques out of Defense Evasion; rules elsewhere still bear
//! the older ids, so both are kept.

use evidence::ArtifactKind;

/// Version of ATT&CK that the ids follow.
pub const ATTACK_VERSION: &str = "19";

/// One technique or sub-technique.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Technique {
    /// Its id in [`ATTACK_VERSION`].
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its ids in older versions.
    pub aliases: &'static [&'static str],
}

macro_rules! techniques {
    ($($name:ident = $id:literal $title:literal $(was $alias:literal)*;)*) => {
        $(
            #[doc = $title]
            pub static $name: Technique =
                Technique { id: $id, name: $title, aliases: &[$($alias),*] };
        )*
        /// Every technique that a finding can name.
        pub static TECHNIQUES: &[&Technique] = &[$(&$name),*];
    };
}

techniques! {
    ACCOUNT_MANIPULATION = "T1098" "Account Manipulation";
    ADDITIONAL_CLOUD_CREDENTIALS = "T1098.001" "Additional Cloud Credentials";
    ADDITIONAL_CLOUD_ROLES = "T1098.003" "Additional Cloud Roles";
    ADDITIONAL_CONTAINER_CLUSTER_ROLES = "T1098.006" "Additional Container Cluster Roles";
    APPLICATION_ACCESS_TOKEN = "T1550.001" "Application Access Token";
    CLOUD_ACCOUNT = "T1136.003" "Create Account: Cloud Account";
    CLOUD_ACCOUNTS = "T1078.004" "Valid Accounts: Cloud Accounts";
    CLOUD_ADMINISTRATION_COMMAND = "T1651" "Cloud Administration Command";
    CLOUD_INSTANCE_METADATA_API = "T1552.005" "Unsecured Credentials: Cloud Instance Metadata API";
    CREATE_CLOUD_INSTANCE = "T1578.002" "Create Cloud Instance";
    DEVICE_REGISTRATION = "T1098.005" "Device Registration";
    DISABLE_OR_MODIFY_CLOUD_LOG = "T1685.002" "Disable or Modify Cloud Log" was "T1562.008";
    EVENT_TRIGGERED_EXECUTION = "T1546" "Event Triggered Execution";
    IMPLANT_INTERNAL_IMAGE = "T1525" "Implant Internal Image";
    MASQUERADE_ACCOUNT_NAME = "T1036.010" "Masquerading: Masquerade Account Name";
    MODIFY_CLOUD_RESOURCE_HIERARCHY = "T1666" "Modify Cloud Resource Hierarchy";
    SERVERLESS_EXECUTION = "T1648" "Serverless Execution";
    SSH_AUTHORIZED_KEYS = "T1098.004" "SSH Authorized Keys";
    TEMPORARY_ELEVATED_CLOUD_ACCESS = "T1548.005" "Temporary Elevated Cloud Access";
    TRANSFER_TO_CLOUD_ACCOUNT = "T1537" "Transfer Data to Cloud Account";
    TRUST_MODIFICATION = "T1484.002" "Trust Modification";
}

/// The technique that leaving `artifact` behind serves.
pub const fn technique_of(artifact: ArtifactKind) -> &'static Technique {
    use ArtifactKind as A;
    match artifact {
        A::IamUser | A::IdentityCenterUser | A::Group | A::OrganizationAccount => &CLOUD_ACCOUNT,
        A::AccessKey
        | A::FederationToken
        | A::LoginProfile
        | A::ServiceSpecificCredential
        | A::SigningCertificate => &ADDITIONAL_CLOUD_CREDENTIALS,
        A::AccountAssignment
        | A::GroupMembership
        | A::InlinePolicy
        | A::PermissionSet
        | A::PolicyAttachment
        | A::PolicyVersion
        | A::Role
        | A::TrustAnchor
        | A::TrustPolicy => &ADDITIONAL_CLOUD_ROLES,
        A::BucketPolicy
        | A::KmsKeyPolicy
        | A::PermissionsBoundary
        | A::ResourcePolicy
        | A::RoleSettings => &ACCOUNT_MANIPULATION,
        A::EksAccessEntry | A::PodIdentityAssociation => &ADDITIONAL_CONTAINER_CLUSTER_ROLES,
        A::InstanceProfile | A::RootSession => &TEMPORARY_ELEVATED_CLOUD_ACCESS,
        A::InstanceConnectKey | A::KeyPair | A::SshPublicKey => &SSH_AUTHORIZED_KEYS,
        A::MfaDevice => &DEVICE_REGISTRATION,
        A::OidcProvider | A::SamlProvider => &TRUST_MODIFICATION,
        A::EventRule | A::LambdaPermission | A::LifecycleConfiguration => {
            &EVENT_TRIGGERED_EXECUTION
        }
        A::LambdaFunction | A::Stack => &SERVERLESS_EXECUTION,
        A::BuildProject | A::TaskDefinition => &IMPLANT_INTERNAL_IMAGE,
        A::Instance | A::UserData => &CREATE_CLOUD_INSTANCE,
        A::SharedImage => &TRANSFER_TO_CLOUD_ACCOUNT,
        A::SsmActivation | A::SsmDocument => &CLOUD_ADMINISTRATION_COMMAND,
        A::OrganizationMembership => &MODIFY_CLOUD_RESOURCE_HIERARCHY,
    }
}
