//! Who called: `userIdentity`, with every part that lineage needs.

use serde::Deserialize;

use crate::text::Text;

/// The `userIdentity` of a record (CloudTrail user guide, "CloudTrail userIdentity element").
///
/// Every part is optional: which ones are present depends on the type of identity.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct UserIdentity<'a> {
    /// `type`, such as `IAMUser` or `AssumedRole`; absent in some service events.
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    /// `principalId`, such as `AIDA…` or `AROA…:session`.
    #[serde(borrow)]
    pub principal_id: Option<Text<'a>>,
    /// ARN of the principal.
    #[serde(borrow)]
    pub arn: Option<Text<'a>>,
    /// Account that owns the entity that granted permission.
    #[serde(borrow)]
    pub account_id: Option<Text<'a>>,
    /// Key that signed the request.
    #[serde(borrow)]
    pub access_key_id: Option<Text<'a>>,
    /// Friendly name of the caller.
    #[serde(borrow)]
    pub user_name: Option<Text<'a>>,
    /// Service that made the call, for itself or forwarding a caller's access.
    #[serde(borrow)]
    pub invoked_by: Option<Text<'a>>,
    /// Identity provider, for SAML and web identity callers.
    #[serde(borrow)]
    pub identity_provider: Option<Text<'a>>,
    /// Session that the key belongs to.
    #[serde(borrow)]
    pub session_context: Option<SessionContext<'a>>,
    /// Identity Center user on whose behalf the call was made.
    #[serde(borrow)]
    pub on_behalf_of: Option<OnBehalfOf<'a>>,
    /// Workload that the credential was issued to.
    #[serde(borrow)]
    pub in_scope_of: Option<InScopeOf<'a>>,
    /// Partner product that acts with temporary delegated access.
    #[serde(borrow)]
    pub invoked_by_delegate: Option<InvokedByDelegate<'a>>,
    /// Bearer token that signed the request.
    #[serde(borrow)]
    pub credential_id: Option<Text<'a>>,
}

/// `sessionContext` of a temporary credential.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SessionContext<'a> {
    /// Role or user that the session was issued for.
    #[serde(borrow)]
    pub session_issuer: Option<SessionIssuer<'a>>,
    /// Creation date and MFA.
    #[serde(borrow)]
    pub attributes: Option<Attributes<'a>>,
    /// Set once and immutable along the chain.
    #[serde(borrow)]
    pub source_identity: Option<Text<'a>>,
    /// Version of the instance metadata service that handed the credential out: `1.0` or `2.0`.
    #[serde(borrow)]
    pub ec2_role_delivery: Option<Text<'a>>,
    /// `true` for a session made by `AssumeRoot`.
    #[serde(borrow)]
    pub assumed_root: Option<Text<'a>>,
    /// Value of `aws:SignInSessionArn`.
    #[serde(borrow)]
    pub sign_in_session_arn: Option<Text<'a>>,
    /// Federation of a web identity session.
    #[serde(borrow)]
    pub web_id_federation_data: Option<WebIdFederationData<'a>>,
}

/// `sessionContext.attributes`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Attributes<'a> {
    /// When the session was issued.
    #[serde(borrow)]
    pub creation_date: Option<Text<'a>>,
    /// `true` when the session was issued with MFA.
    #[serde(borrow)]
    pub mfa_authenticated: Option<Text<'a>>,
}

/// `sessionContext.sessionIssuer`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SessionIssuer<'a> {
    /// `Role`, `IAMUser` or `Root`.
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    /// Unique id of the issuer, which survives neither deletion nor re-creation.
    #[serde(borrow)]
    pub principal_id: Option<Text<'a>>,
    /// ARN of the issuer, with its path.
    #[serde(borrow)]
    pub arn: Option<Text<'a>>,
    /// Account of the issuer.
    #[serde(borrow)]
    pub account_id: Option<Text<'a>>,
    /// Name of the issuer.
    #[serde(borrow)]
    pub user_name: Option<Text<'a>>,
}

/// `sessionContext.webIdFederationData`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct WebIdFederationData<'a> {
    /// Provider that vouched for the caller.
    #[serde(borrow)]
    pub federated_provider: Option<Text<'a>>,
}

/// `onBehalfOf`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct OnBehalfOf<'a> {
    /// Identity store's id of the user.
    #[serde(borrow)]
    pub user_id: Option<Text<'a>>,
    /// ARN of the identity store.
    #[serde(borrow)]
    pub identity_store_arn: Option<Text<'a>>,
}

/// `inScopeOf`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct InScopeOf<'a> {
    /// Type of the workload, such as `AWS::Lambda::Function`.
    #[serde(borrow)]
    pub issuer_type: Option<Text<'a>>,
    /// ARN of the workload.
    #[serde(borrow)]
    pub credentials_issued_to: Option<Text<'a>>,
}

/// `invokedByDelegate`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct InvokedByDelegate<'a> {
    /// Account of the partner product.
    #[serde(borrow)]
    pub account_id: Option<Text<'a>>,
}

impl UserIdentity<'_> {
    /// Reads the raw JSON of a `userIdentity`; anything else than an object gives an empty one.
    pub fn parse(raw: &str) -> UserIdentity<'_> {
        serde_json::from_str(raw).unwrap_or_default()
    }
}
