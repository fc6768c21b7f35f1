//! Names that stay the same when what they name grows.

use alloc::format;
use alloc::string::String;

use lineage::{Node, NodeKey, Origin, OriginKind};
use sha2::{Digest, Sha256};

/// Bytes of the hash that an id shows: 64 bits, far beyond what one organisation can collide.
const ID_BYTES: usize = 8;

/// The id of what `parts` name.
pub(crate) fn id(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize();
    let bytes = hash.iter().take(ID_BYTES);
    let number = bytes.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{number:016x}")
}

/// What names a credential or session, whatever else is learned about it.
pub(crate) fn of_node(node: &Node<'_>) -> String {
    match &node.key {
        NodeKey::Foreign { principal_id, account_id } => {
            format!("foreign {account_id} {principal_id}")
        }
        NodeKey::LongTerm { access_key_id, .. } => format!("key {access_key_id}"),
        NodeKey::Principal { principal_id, arn } => format!("principal {principal_id} {arn}"),
        NodeKey::Temporary { principal_id, creation_date, access_key_id } => {
            // Sessions of many keys are named by their date: their smallest key may yet arrive.
            let key = if node.is_named_by_key() { access_key_id } else { "" };
            let date = creation_date.map(|date| date.0).unwrap_or_default();
            format!("session {principal_id} {key} {date}")
        }
    }
}

/// What names an origin: all sessions of an instance or a function are one origin, and so are all
/// sign-ins of a person or a pipeline, each of which lasts an hour or a few.
pub(crate) fn of_origin(root: &Node<'_>, origin: &Origin) -> String {
    let signs_in = matches!(
        origin.kind,
        OriginKind::Console | OriginKind::IdentityCenter | OriginKind::Oidc | OriginKind::Saml
    );
    if origin.is_workload || signs_in {
        return format!("origin {}", origin.identity);
    }
    of_node(root)
}
