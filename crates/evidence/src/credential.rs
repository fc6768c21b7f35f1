//! A credential as its uses show it.

use alloc::sync::Arc;

use cloudtrail::{Timestamp, UserIdentity};

/// The type of `userIdentity`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum IdentityKind {
    /// A role session.
    AssumedRole,
    /// A principal of another account.
    AwsAccount,
    /// A service of AWS.
    AwsService,
    /// A directory.
    Directory,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// An IAM user.
    IamUser,
    /// A user of Identity Center.
    IdentityCenterUser,
    /// A request made as a role.
    Role,
    /// The root user.
    Root,
    /// A SAML subject.
    SamlUser,
    /// Anything else, or nothing.
    #[default]
    Unknown,
    /// A web identity subject.
    WebIdentityUser,
}

impl IdentityKind {
    fn of(text: &str) -> Self {
        match text {
            "AssumedRole" => Self::AssumedRole,
            "AWSAccount" => Self::AwsAccount,
            "AWSService" => Self::AwsService,
            "Directory" => Self::Directory,
            "FederatedUser" => Self::FederatedUser,
            "IAMUser" => Self::IamUser,
            "IdentityCenterUser" => Self::IdentityCenterUser,
            "Role" => Self::Role,
            "Root" => Self::Root,
            "SAMLUser" => Self::SamlUser,
            "WebIdentityUser" => Self::WebIdentityUser,
            _ => Self::Unknown,
        }
    }

    /// Whether a lineage follows it: services, and subjects of providers, who hold no credential of
    /// AWS, are in none.
    pub const fn is_followed(self) -> bool {
        match self {
            Self::AwsService
            | Self::IdentityCenterUser
            | Self::SamlUser
            | Self::WebIdentityUser => false,
            Self::AssumedRole
            | Self::AwsAccount
            | Self::Directory
            | Self::FederatedUser
            | Self::IamUser
            | Self::Role
            | Self::Root
            | Self::Unknown => true,
        }
    }
}

/// What tells one credential from another: key, principal and creation date.
///
/// AWS uses key ids again, and a role that is made anew under its old ARN has another principal
/// id. Members that a record lacks are empty.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Credential {
    /// `principalId`.
    pub principal_id: Arc<str>,
    /// `sessionContext.attributes.creationDate`.
    pub creation_date: Option<Timestamp>,
    /// `accessKeyId`.
    pub access_key_id: Arc<str>,
    /// `type`.
    pub kind: IdentityKind,
    /// `arn`.
    pub arn: Arc<str>,
    /// `accountId`.
    pub account_id: Arc<str>,
    /// The service, for a service; empty for callers whose access a service forwards.
    pub service: Arc<str>,
}

/// What else the uses of a credential tell about it.
///
/// Not every service writes every part, so that each part is kept from whichever record has it;
/// of two different values the smaller one is kept, so that order cannot matter.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Attributes {
    /// `sessionIssuer.arn`, with the role's path.
    pub issuer_arn: Option<Arc<str>>,
    /// `userName` of the caller.
    pub user_name: Option<Arc<str>>,
    /// `identityProvider`.
    pub identity_provider: Option<Arc<str>>,
    /// `sourceIdentity`.
    pub source_identity: Option<Arc<str>>,
    /// `ec2RoleDelivery`.
    pub ec2_role_delivery: Option<Arc<str>>,
    /// `webIdFederationData.federatedProvider`.
    pub federated_provider: Option<Arc<str>>,
    /// `inScopeOf.issuerType`.
    pub issuer_type: Option<Arc<str>>,
    /// `inScopeOf.credentialsIssuedTo`.
    pub issued_to: Option<Arc<str>>,
    /// `onBehalfOf.userId`.
    pub on_behalf_of: Option<Arc<str>>,
    /// `invokedByDelegate.accountId`.
    pub delegate: Option<Arc<str>>,
    /// `assumedRoot`.
    pub is_assumed_root: bool,
    /// `sessionCredentialFromConsole`.
    pub is_from_console: bool,
    /// `mfaAuthenticated`.
    pub is_mfa: bool,
}

impl Credential {
    /// The credential that `identity` describes.
    pub(crate) fn of(
        identity: &UserIdentity<'_>,
        shared: &mut dyn FnMut(&str) -> Arc<str>,
    ) -> Self {
        let context = identity.session_context.as_ref();
        let attributes = context.and_then(|context| context.attributes.as_ref());
        let creation_date = attributes.and_then(|attributes| attributes.creation_date.as_deref());
        let kind = IdentityKind::of(identity.kind.as_deref().unwrap_or_default());
        let is_service = identity.principal_id.is_none() && identity.arn.is_none();
        let service = identity.invoked_by.as_deref().filter(|_| is_service);
        Self {
            principal_id: shared(identity.principal_id.as_deref().unwrap_or_default()),
            creation_date: creation_date.and_then(Timestamp::parse),
            access_key_id: shared(identity.access_key_id.as_deref().unwrap_or_default()),
            kind,
            arn: shared(identity.arn.as_deref().unwrap_or_default()),
            account_id: shared(identity.account_id.as_deref().unwrap_or_default()),
            service: shared(service.unwrap_or_default()),
        }
    }
}

impl Attributes {
    pub(crate) fn of(
        identity: &UserIdentity<'_>,
        shared: &mut dyn FnMut(&str) -> Arc<str>,
    ) -> Self {
        let mut known = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(&mut *shared);
        let context = identity.session_context.as_ref();
        let issuer = context.and_then(|context| context.session_issuer.as_ref());
        let scope = identity.in_scope_of.as_ref();
        let federation = context.and_then(|context| context.web_id_federation_data.as_ref());
        let delegate = identity.invoked_by_delegate.as_ref();
        let is_true = |text: Option<&str>| text == Some("true");
        let attributes = context.and_then(|context| context.attributes.as_ref());
        Self {
            issuer_arn: known(issuer.and_then(|issuer| issuer.arn.as_deref())),
            user_name: known(identity.user_name.as_deref()),
            identity_provider: known(identity.identity_provider.as_deref()),
            source_identity: known(context.and_then(|context| context.source_identity.as_deref())),
            ec2_role_delivery: known(context.and_then(|c| c.ec2_role_delivery.as_deref())),
            federated_provider: known(federation.and_then(|f| f.federated_provider.as_deref())),
            issuer_type: known(scope.and_then(|scope| scope.issuer_type.as_deref())),
            issued_to: known(scope.and_then(|scope| scope.credentials_issued_to.as_deref())),
            on_behalf_of: known(
                identity.on_behalf_of.as_ref().and_then(|of| of.user_id.as_deref()),
            ),
            delegate: known(delegate.and_then(|delegate| delegate.account_id.as_deref())),
            is_assumed_root: is_true(context.and_then(|context| context.assumed_root.as_deref())),
            is_from_console: false,
            is_mfa: is_true(attributes.and_then(|a| a.mfa_authenticated.as_deref())),
        }
    }

    /// Nothing known.
    pub const NONE: Self = Self {
        issuer_arn: None,
        user_name: None,
        identity_provider: None,
        source_identity: None,
        ec2_role_delivery: None,
        federated_provider: None,
        issuer_type: None,
        issued_to: None,
        on_behalf_of: None,
        delegate: None,
        is_assumed_root: false,
        is_from_console: false,
        is_mfa: false,
    };

    /// Adds what `other` knows.
    pub fn merge(&mut self, other: Self) {
        keep_smaller(&mut self.issuer_arn, other.issuer_arn);
        keep_smaller(&mut self.user_name, other.user_name);
        keep_smaller(&mut self.identity_provider, other.identity_provider);
        keep_smaller(&mut self.source_identity, other.source_identity);
        keep_smaller(&mut self.ec2_role_delivery, other.ec2_role_delivery);
        keep_smaller(&mut self.federated_provider, other.federated_provider);
        keep_smaller(&mut self.issuer_type, other.issuer_type);
        keep_smaller(&mut self.issued_to, other.issued_to);
        keep_smaller(&mut self.on_behalf_of, other.on_behalf_of);
        keep_smaller(&mut self.delegate, other.delegate);
        self.is_assumed_root |= other.is_assumed_root;
        self.is_from_console |= other.is_from_console;
        self.is_mfa |= other.is_mfa;
    }
}

fn keep_smaller(mine: &mut Option<Arc<str>>, other: Option<Arc<str>>) {
    *mine = match (mine.take(), other) {
        (Some(mine), Some(other)) => Some(mine.min(other)),
        (mine, other) => mine.or(other),
    };
}
