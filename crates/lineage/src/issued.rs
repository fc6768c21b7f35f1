//! One hand-out of a credential, from however many copies of its event.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{Evidence, IdentityKind, Issuance, IssuanceKind};

/// A hand-out: the copy of its event that knows most about the caller, and the others.
#[derive(Clone, Debug)]
pub struct Issued<'e> {
    /// The copy that the caller's account received, where it exists.
    pub issuance: &'e Issuance,
    /// Copies that other accounts received.
    pub copies: Vec<&'e Issuance>,
}

/// What the copies of one event have in common.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
enum Common<'e> {
    /// Both copies of a call across accounts hold the issued key.
    Key(&'e str, Timestamp, IssuanceKind),
    Shared(&'e str, IssuanceKind),
    Alone(usize),
}

/// Every hand-out of `evidence`, by time.
pub(crate) fn merge_copies(evidence: &Evidence) -> Vec<Issued<'_>> {
    let mut groups: BTreeMap<Common<'_>, Vec<&Issuance>> = BTreeMap::new();
    let mut first_copies = FirstCopies::new();
    for (number, issuance) in evidence.issuances().enumerate() {
        groups.entry(common(number, issuance, &mut first_copies)).or_default().push(issuance);
    }
    let mut issued: Vec<Issued<'_>> = groups.into_values().filter_map(Issued::of).collect();
    issued.sort_by(|left, right| left.issuance.cmp(right.issuance));
    issued
}

/// Time of the first copy by key, call and `sharedEventID`.
type FirstCopies<'e> = BTreeMap<(&'e str, IssuanceKind, &'e str), Timestamp>;

/// What `issuance`, which is no earlier than those before it, has in common with its copies.
fn common<'e>(
    number: usize,
    issuance: &'e Issuance,
    first_copies: &mut FirstCopies<'e>,
) -> Common<'e> {
    // A sign-in token may repeat the caller's own key, which is not handed out anew.
    let has_new_key = !issuance.access_key_id.is_empty()
        && issuance.access_key_id != issuance.caller.access_key_id;
    let shared = &issuance.event.shared_event_id;
    let time = issuance.event.event_time;
    if has_new_key {
        let key = &*issuance.access_key_id;
        // Two accounts may write two times; an export may leave the shared id out.
        let copies = (key, issuance.kind, &**shared);
        let first =
            if shared.is_empty() { time } else { *first_copies.entry(copies).or_insert(time) };
        Common::Key(key, first, issuance.kind)
    } else if shared.is_empty() {
        Common::Alone(number)
    } else {
        Common::Shared(shared, issuance.kind)
    }
}

impl<'e> Issued<'e> {
    fn of(mut copies: Vec<&'e Issuance>) -> Option<Self> {
        // The copy of the target account knows no more of the caller than its principal.
        copies.sort_by_key(|copy| (copy.caller.kind == IdentityKind::AwsAccount, *copy));
        let (issuance, copies) = copies.split_first()?;
        Some(Self { issuance, copies: copies.to_vec() })
    }

    /// Whether the call hands out a key that its event names.
    pub(crate) fn has_key(&self) -> bool {
        !self.issuance.access_key_id.is_empty()
            && self.issuance.access_key_id != self.issuance.caller.access_key_id
    }

    /// Principal of the credential, from whichever copy knows it.
    pub(crate) fn principal_id(&self) -> &'e Arc<str> {
        let known = |issuance: &&&'e Issuance| !issuance.principal_id.is_empty();
        let own = &self.issuance.principal_id;
        self.copies
            .iter()
            .find(known)
            .filter(|_| own.is_empty())
            .map_or(own, |copy| &copy.principal_id)
    }

    /// ARN of the credential's principal, from whichever copy knows it.
    pub(crate) fn principal_arn(&self) -> &'e Arc<str> {
        let known = |issuance: &&&'e Issuance| !issuance.principal_arn.is_empty();
        let own = &self.issuance.principal_arn;
        self.copies
            .iter()
            .find(known)
            .filter(|_| own.is_empty())
            .map_or(own, |copy| &copy.principal_arn)
    }

    /// The service that called, if a service did.
    pub fn service(&self) -> Option<&'e str> {
        let caller = &self.issuance.caller;
        let is_service = caller.kind == IdentityKind::AwsService || !caller.service.is_empty();
        (is_service && caller.access_key_id.is_empty()).then_some(&*caller.service)
    }
}
