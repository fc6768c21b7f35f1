//! Who called, as the events of findings show it.

use alloc::sync::Arc;

use evidence::{Credential, IdentityKind};
use lineage::Node;

use crate::chain::credential_of;
use crate::finding::Caller;

impl Caller {
    /// The caller that an event names.
    pub(crate) fn of(credential: &Credential) -> Self {
        Self {
            kind: kind_of(credential.kind),
            principal_arn: known(&credential.arn),
            principal_id: known(&credential.principal_id),
            account_id: known(&credential.account_id),
            access_key_id: known(&credential.access_key_id),
            created: credential.creation_date,
        }
    }

    /// The same, with what `node` knows and the event does not tell: the copy of an event that an
    /// account gets about a caller of another one has no key.
    pub(crate) fn or_of(self, node: Option<&Node<'_>>) -> Self {
        let Some(node) = node else {
            return self;
        };
        let known = credential_of(node);
        Self {
            principal_arn: self.principal_arn.or(known.principal_arn),
            access_key_id: self.access_key_id.or(known.access_key_id),
            ..self
        }
    }
}

fn known(text: &Arc<str>) -> Option<Arc<str>> {
    Some(text).filter(|text| !text.is_empty()).cloned()
}

/// The `type` of a `userIdentity`, as CloudTrail writes it.
const fn kind_of(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::AssumedRole => "AssumedRole",
        IdentityKind::AwsAccount => "AWSAccount",
        IdentityKind::AwsService => "AWSService",
        IdentityKind::Directory => "Directory",
        IdentityKind::FederatedUser => "FederatedUser",
        IdentityKind::IamUser => "IAMUser",
        IdentityKind::IdentityCenterUser => "IdentityCenterUser",
        IdentityKind::Role => "Role",
        IdentityKind::Root => "Root",
        IdentityKind::SamlUser => "SAMLUser",
        IdentityKind::Unknown => "",
        IdentityKind::WebIdentityUser => "WebIdentityUser",
    }
}
