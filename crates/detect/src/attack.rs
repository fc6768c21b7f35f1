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

/// A tactic: what a technique is for.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Tactic {
    /// Its id in [`ATTACK_VERSION`].
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

const CREDENTIAL_ACCESS: Tactic = Tactic { id: "TA0006", name: "Credential Access" };
const DEFENSE_IMPAIRMENT: Tactic = Tactic { id: "TA0112", name: "Defense Impairment" };
const EXECUTION: Tactic = Tactic { id: "TA0002", name: "Execution" };
const EXFILTRATION: Tactic = Tactic { id: "TA0010", name: "Exfiltration" };
const INITIAL_ACCESS: Tactic = Tactic { id: "TA0001", name: "Initial Access" };
const LATERAL_MOVEMENT: Tactic = Tactic { id: "TA0008", name: "Lateral Movement" };
const PERSISTENCE: Tactic = Tactic { id: "TA0003", name: "Persistence" };
const PRIVILEGE_ESCALATION: Tactic = Tactic { id: "TA0004", name: "Privilege Escalation" };
const STEALTH: Tactic = Tactic { id: "TA0005", name: "Stealth" };

/// A technique without its sub-techniques, with the tactics that ATT&CK lists it under.
#[derive(Debug, Eq, PartialEq)]
pub struct Family {
    /// Its id in [`ATTACK_VERSION`].
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its tactics, in the order of the matrix.
    pub tactics: &'static [Tactic],
}

/// The families of [`TECHNIQUES`], by id, as in Enterprise ATT&CK 19.
static FAMILIES: &[Family] = &[
    family("T1036", "Masquerading", &[STEALTH]),
    family(
        "T1078",
        "Valid Accounts",
        &[INITIAL_ACCESS, PERSISTENCE, PRIVILEGE_ESCALATION, STEALTH],
    ),
    family("T1098", "Account Manipulation", &[PERSISTENCE, PRIVILEGE_ESCALATION]),
    family("T1136", "Create Account", &[PERSISTENCE]),
    family(
        "T1484",
        "Domain or Tenant Policy Modification",
        &[PRIVILEGE_ESCALATION, DEFENSE_IMPAIRMENT],
    ),
    family("T1525", "Implant Internal Image", &[PERSISTENCE]),
    family("T1537", "Transfer Data to Cloud Account", &[EXFILTRATION]),
    family("T1546", "Event Triggered Execution", &[PERSISTENCE, PRIVILEGE_ESCALATION]),
    family("T1548", "Abuse Elevation Control Mechanism", &[PRIVILEGE_ESCALATION]),
    family("T1550", "Use Alternate Authentication Material", &[LATERAL_MOVEMENT]),
    family("T1552", "Unsecured Credentials", &[CREDENTIAL_ACCESS]),
    family("T1578", "Modify Cloud Compute Infrastructure", &[DEFENSE_IMPAIRMENT]),
    family("T1648", "Serverless Execution", &[EXECUTION]),
    family("T1651", "Cloud Administration Command", &[EXECUTION]),
    family("T1666", "Modify Cloud Resource Hierarchy", &[DEFENSE_IMPAIRMENT]),
    family("T1685", "Disable or Modify Tools", &[DEFENSE_IMPAIRMENT]),
];

const fn family(id: &'static str, name: &'static str, tactics: &'static [Tactic]) -> Family {
    Family { id, name, tactics }
}

impl Technique {
    /// The technique itself, or the one that it is a sub-technique of.
    pub fn family(&self) -> Option<&'static Family> {
        let id = self.id.split_once('.').map_or(self.id, |(id, _)| id);
        FAMILIES.iter().find(|family| family.id == id)
    }

    /// Whether it is a sub-technique.
    pub fn is_sub_technique(&self) -> bool {
        self.id.contains('.')
    }

    /// Its name without that of the technique it belongs to.
    pub fn own_name(&self) -> &'static str {
        self.name.split_once(": ").map_or(self.name, |(_, name)| name)
    }
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

#[cfg(test)]
mod tests {
    use super::{FAMILIES, TECHNIQUES};

    #[test]
    fn every_technique_has_a_family_with_a_tactic() {
        for technique in TECHNIQUES {
            let family = technique.family().unwrap_or_else(|| panic!("{}", technique.id));
            assert!(technique.id.starts_with(family.id) && !family.tactics.is_empty());
            assert_eq!(technique.is_sub_technique(), technique.id != family.id);
            if !technique.is_sub_technique() {
                assert_eq!(technique.name, family.name);
            }
        }
    }

    #[test]
    fn every_family_has_a_technique() {
        assert!(FAMILIES.is_sorted_by_key(|family| family.id));
        for family in FAMILIES {
            let mut techniques = TECHNIQUES.iter().filter_map(|technique| technique.family());
            assert!(techniques.any(|known| known == family), "{}", family.id);
        }
    }
}
