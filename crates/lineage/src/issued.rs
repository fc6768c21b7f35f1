//! One hand-out of a credential, from however many copies of its event.

use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::{Evidence, IdentityKind, Issuance, IssuanceKind};
use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// A hand-out: the copy of its event that knows most about the caller, and the others.
#[derive(Clone, Debug)]
pub struct Issued<'e> {
    /// The copy that the caller's account received, where it exists.
    pub issuance: &'e Issuance,
    /// Copies that other accounts received.
    pub copies: Vec<&'e Issuance>,
}

/// What the copies of one event have in common.
#[derive(Eq, Hash, PartialEq)]
enum Common<'e> {
    /// Both copies of a call across accounts hold the issued key.
    Key(&'e str, Timestamp, IssuanceKind),
    Shared(&'e str, IssuanceKind),
    Alone(usize),
}

/// Every hand-out of `evidence`, by time.
pub(crate) fn merge_copies(evidence: &Evidence) -> Vec<Issued<'_>> {
    let issuances = evidence.issuances();
    let mut groups: HashMap<Common<'_>, usize, RandomState> = HashMap::default();
    groups.reserve(issuances.len());
    let mut first_copies = FirstCopies::default();
    let mut copies: Vec<Copied<'_>> = Vec::with_capacity(issuances.len());
    for (number, issuance) in issuances.enumerate() {
        let group = *groups.entry(common(number, issuance, &mut first_copies)).or_insert(number);
        // The copy of the target account knows no more of the caller than its principal.
        let is_target = issuance.caller.kind == IdentityKind::AwsAccount;
        copies.push(Copied { group, is_target, number, issuance });
    }
    copies.sort_unstable_by_key(|copy| (copy.group, copy.is_target, copy.number));
    let mut issued: Vec<(usize, Issued<'_>)> =
        copies.chunk_by(|left, right| left.group == right.group).filter_map(Issued::of).collect();
    issued.sort_unstable_by_key(|(number, _)| *number);
    issued.into_iter().map(|(_, issued)| issued).collect()
}

/// An issuance as a copy of a hand-out.
struct Copied<'e> {
    /// Number of the first copy.
    group: usize,
    is_target: bool,
    /// Place among all issuances, which are in the order of time.
    number: usize,
    issuance: &'e Issuance,
}

/// Time of the first copy by key, call and `sharedEventID`.
type FirstCopies<'e> = HashMap<(&'e str, IssuanceKind, &'e str), Timestamp, RandomState>;

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
    /// The hand-out that `copies` are of, with the place of the copy that counts.
    fn of(copies: &[Copied<'e>]) -> Option<(usize, Self)> {
        let (counts, others) = copies.split_first()?;
        let copies = others.iter().map(|copy| copy.issuance).collect();
        Some((counts.number, Self { issuance: counts.issuance, copies }))
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
