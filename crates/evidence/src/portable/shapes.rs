//! How each part of evidence is written: member by member, in the order given here.
//!
//! A change of what is listed here is a change of the form: raise its version in `whole.rs`.

use super::PortableError;
use super::codec::{Portable, Reader, Writer};
use crate::catalogue::{ArtifactKind, Verb};
use crate::change::{Change, Remark};
use crate::credential::{Attributes, Credential, IdentityKind};
use crate::issuance::{EventRef, Issuance, IssuanceKind};
use crate::key_status::KeyStatus;
use crate::network::{
    AddressStatement, Association, AssociationTarget, FactProof, GatewayStatement, InstanceState,
    InstanceStatement, InterfaceStatement, InventorySource, MetadataOptions, NetworkCall,
    NetworkFact, RouteStatement, Statement, Touch,
};

/// Members one after the other. A member that is left out does not compile.
macro_rules! members {
    ($shape:ident { $($member:ident),* $(,)? }) => {
        impl Portable for $shape {
            fn write(&self, out: &mut Writer) {
                let Self { $($member),* } = self;
                $($member.write(out);)*
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
                $(let $member = Portable::read(from)?;)*
                Ok(Self { $($member),* })
            }
        }
    };
}

/// A byte that says which, then what belongs to it. A variant that is left out does not compile.
macro_rules! variants {
    ($shape:ident { $(
        $tag:literal => $variant:ident $(($inner:ident))? $({ $($member:ident),* })?
    ),* $(,)? }) => {
        impl Portable for $shape {
            fn write(&self, out: &mut Writer) {
                match self {
                    $(Self::$variant $(($inner))? $({ $($member),* })? => {
                        out.byte($tag);
                        $($inner.write(out);)?
                        $($($member.write(out);)*)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
                match from.byte()? {
                    $($tag => {
                        $(let $inner = Portable::read(from)?;)?
                        $($(let $member = Portable::read(from)?;)*)?
                        Ok(Self::$variant $(($inner))? $({ $($member),* })?)
                    })*
                    _ => Err(PortableError::Damaged),
                }
            }
        }
    };
}

members!(Credential { principal_id, creation_date, access_key_id, kind, arn, account_id, service });

members!(Attributes {
    issuer_arn,
    user_name,
    identity_provider,
    source_identity,
    ec2_role_delivery,
    federated_provider,
    issuer_type,
    issued_to,
    on_behalf_of,
    delegate,
    is_assumed_root,
    is_from_console,
    is_mfa,
});

members!(EventRef {
    event_time,
    event_id,
    event_source,
    event_name,
    aws_region,
    recipient_account_id,
    source_ip_address,
    user_agent,
    request_id,
    shared_event_id,
});

members!(Issuance {
    event,
    kind,
    caller,
    access_key_id,
    principal_id,
    principal_arn,
    role_arn,
    role_session_name,
    user_name,
    subject,
    provider,
    source_identity,
    switch_from,
    expiration,
    is_policy_wide,
});

members!(Change { event, artifact, verb, caller, name, detail, access_key_id, remarks, document });

members!(KeyStatus { event, caller, access_key_id, is_active });
members!(NetworkFact { at, statement, proof });
members!(NetworkCall { event, caller });
members!(InventorySource { name, account_id, region });
members!(Association { allocation_id, address, association_id, target, private_address });
members!(MetadataOptions { http_tokens, http_endpoint, hop_limit });

members!(InstanceState {
    instance_id,
    vpc_id,
    subnet_id,
    image_id,
    name,
    launched_at,
    is_launch,
    security_group_ids,
});

variants!(IdentityKind {
    0 => Unknown,
    1 => AssumedRole,
    2 => AwsAccount,
    3 => AwsService,
    4 => Directory,
    5 => FederatedUser,
    6 => IamUser,
    7 => IdentityCenterUser,
    8 => Role,
    9 => Root,
    10 => SamlUser,
    11 => WebIdentityUser,
});

variants!(IssuanceKind {
    0 => AssumeRole,
    1 => AssumeRoleWithSaml,
    2 => AssumeRoleWithWebIdentity,
    3 => AssumeRoot,
    4 => ConsoleLogin,
    5 => CreateAccessKey,
    6 => CreateSession,
    7 => GetCredentialsForIdentity,
    8 => GetFederationToken,
    9 => GetRoleCredentials,
    10 => GetSessionToken,
    11 => GetSigninToken,
    12 => SwitchRole,
});

variants!(Verb { 0 => Created, 1 => Modified, 2 => Removed });

variants!(Remark {
    0 => GrantsAdministrator,
    1 => GrantsIam,
    2 => TrustsAnyone,
    3 => TrustsAnyoneOnCondition,
    4 => TrustsAccount(account_id),
    5 => TrustsProvider(provider),
    6 => TrustsProviderFreely(provider),
});

variants!(ArtifactKind {
    0 => AccessKey,
    1 => AccountAssignment,
    2 => BucketPolicy,
    3 => BuildProject,
    4 => EksAccessEntry,
    5 => EventRule,
    6 => FederationToken,
    7 => Group,
    8 => GroupMembership,
    9 => IamUser,
    10 => IdentityCenterUser,
    11 => InlinePolicy,
    12 => Instance,
    13 => InstanceConnectKey,
    14 => InstanceProfile,
    15 => KeyPair,
    16 => KmsKeyPolicy,
    17 => LambdaFunction,
    18 => LambdaPermission,
    19 => LifecycleConfiguration,
    20 => LoginProfile,
    21 => MfaDevice,
    22 => OidcProvider,
    23 => OrganizationAccount,
    24 => OrganizationMembership,
    25 => PermissionSet,
    26 => PermissionsBoundary,
    27 => PodIdentityAssociation,
    28 => PolicyAttachment,
    29 => PolicyVersion,
    30 => ResourcePolicy,
    31 => Role,
    32 => RoleSettings,
    33 => RootSession,
    34 => SamlProvider,
    35 => ServiceSpecificCredential,
    36 => SharedImage,
    37 => SigningCertificate,
    38 => SshPublicKey,
    39 => SsmActivation,
    40 => SsmDocument,
    41 => Stack,
    42 => TaskDefinition,
    43 => TrustAnchor,
    44 => TrustPolicy,
    45 => UserData,
});

variants!(FactProof { 0 => Event(call), 1 => Inventory(source) });

variants!(Statement {
    0 => AccountOwned { account_id },
    1 => Address(statement),
    2 => Gateway(statement),
    3 => Instance(statement),
    4 => Interface(statement),
    5 => Route(statement),
});

variants!(AddressStatement {
    0 => Allocated { allocation_id, address },
    1 => Assigned { network_interface_id, address },
    2 => Associated(association),
    3 => Disassociated { association_id, allocation_id, address },
    4 => Lent { network_interface_id, address },
    5 => Released { allocation_id, address },
    6 => Unassigned { network_interface_id, address },
});

variants!(GatewayStatement {
    0 => Endpoint { vpc_endpoint_id, vpc_id, service_name },
    1 => EndpointDeleted { vpc_endpoint_id },
    2 => NatGateway { nat_gateway_id, vpc_id, subnet_id },
    3 => NatGatewayDeleted { nat_gateway_id },
});

variants!(InstanceStatement {
    0 => Described(state),
    1 => GroupOpened { group_id },
    2 => MetadataOptionsSet { instance_id, options },
    3 => Named { instance_id, name },
    4 => ProfileAssociated { instance_id, profile, association_id },
    5 => ProfileDisassociated { instance_id, association_id },
    6 => SnapshotTaken { volume_id },
    7 => Stopped { instance_id },
    8 => Terminated { instance_id },
    9 => Touched { instance_id, touch, detail },
    10 => VolumeAttached { volume_id, instance_id },
});

variants!(InterfaceStatement {
    0 => Attached { network_interface_id, instance_id, attachment_id, is_kept },
    1 => Deleted { network_interface_id },
    2 => Described { network_interface_id, vpc_id, subnet_id, nat_gateway_id },
    3 => Detached { attachment_id },
});

variants!(RouteStatement {
    0 => Deleted { route_table_id, destination },
    1 => Set { route_table_id, destination, target_id },
    2 => Subnet { subnet_id, vpc_id },
    3 => Table { route_table_id, vpc_id, subnet_id },
});

variants!(AssociationTarget { 0 => Instance(id), 1 => Interface(id), 2 => NatGateway(id) });

variants!(Touch {
    0 => Address,
    1 => Command,
    2 => Connection,
    3 => Interface,
    4 => MetadataOptions,
    5 => Profile,
    6 => SecurityGroup,
    7 => State,
    8 => Termination,
    9 => UserData,
    10 => Volume,
});
