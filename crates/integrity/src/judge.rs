//! The judgement of one digest, in the order in which the AWS CLI looks for reasons.

use alloc::string::String;

use cloudtrail::Timestamp;

use crate::digest::{Digest, Unreadable};
use crate::hex;
use crate::keys::{Lookup, PublicKeys, Span};
use crate::limits::{BACKFILL_MARGIN_SECS, SIGNING_DELAY_SECS};
use crate::name::DigestName;
use crate::object::{Content, DigestObject, Metadata};
use crate::signature::verifies;
use crate::verdict::{Doubt, Fault, SignatureFrom, Verdict};

/// What a newer digest says of the one before it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    /// The signature of the older digest.
    pub(crate) signature: Option<String>,
    /// The hash of the older digest.
    pub(crate) sha256: Option<String>,
    /// Whether the newer digest can be believed.
    pub(crate) trust: Trust,
}

/// How a digest that names another one was judged.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Trust {
    /// It is invalid.
    Refuted,
    /// It is not verified.
    Open,
    /// It is valid.
    Proven,
}

impl Trust {
    pub(crate) const fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::Proven,
            Verdict::Invalid(_) => Self::Refuted,
            Verdict::Unverified(_) => Self::Open,
        }
    }
}

/// A digest, as far as it could be read, and the judgement of it.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) digest: Option<Digest>,
    pub(crate) signature_from: Option<SignatureFrom>,
}

/// Judges `object`, whose name is `name`, by its own metadata and by the newer digest's `link`.
///
/// A signature proves a digest wherever it was found, because only `CloudTrail` can make one.
pub(crate) fn judge(
    object: &DigestObject,
    name: &DigestName,
    link: Option<&Link>,
    keys: &mut PublicKeys<'_>,
) -> Judged {
    let unread =
        |fault| Judged { verdict: Verdict::Invalid(fault), digest: None, signature_from: None };
    let Content::Inflated { bytes, has_trailing_bytes } = &object.content else {
        return unread(Fault::InvalidFormat);
    };
    let parsed = Digest::parse(bytes);
    let fault = match (&parsed, object.metadata.as_ref()) {
        (Err(Unreadable::NotJson), _) => Some(Fault::InvalidFormat),
        (_, Some(metadata)) => fault_of(metadata, name),
        (_, None) => None,
    };
    let digest = match (fault, parsed) {
        (None, Ok(digest)) => digest,
        (Some(fault), _) => return unread(fault),
        (None, Err(_)) => return unread(Fault::InvalidFormat),
    };
    let (verdict, signature_from) = if object.place.holds(&digest.location) {
        let case = Case { digest: &digest, name, metadata: object.metadata.as_ref(), link };
        case.signed(keys)
    } else {
        (Verdict::Invalid(Fault::Moved), None)
    };
    let verdict = if verdict.fault().is_none() && *has_trailing_bytes {
        Verdict::Invalid(Fault::TrailingBytes)
    } else if verdict.is_valid() && digest.has_too_many {
        Verdict::Unverified(Doubt::TooManyLogFiles)
    } else {
        verdict
    };
    Judged { verdict, digest: Some(digest), signature_from }
}

/// What is wrong with the metadata of an object, all of which was there for the asking.
fn fault_of(metadata: &Metadata, name: &DigestName) -> Option<Fault> {
    if metadata.signature.is_none() || metadata.signature_algorithm.is_none() {
        return Some(Fault::SignatureVerificationFailed);
    }
    let is_dated = metadata.backfill_generation_timestamp.is_some();
    (name.chain.is_backfill && !is_dated).then_some(Fault::InvalidFormat)
}

/// A digest that lies where it was delivered to.
struct Case<'a> {
    digest: &'a Digest,
    name: &'a DigestName,
    metadata: Option<&'a Metadata>,
    link: Option<&'a Link>,
}

impl Case<'_> {
    /// Whether `CloudTrail` signed the digest, and it is the one that the newer digest names.
    fn signed(&self, keys: &mut PublicKeys<'_>) -> (Verdict, Option<SignatureFrom>) {
        let fingerprint = &self.digest.public_key_fingerprint;
        let Ok(span) = self.span() else {
            return (Verdict::Invalid(Fault::InvalidFormat), None);
        };
        let key = match keys.find(fingerprint, &self.name.chain.region, span) {
            Lookup::Failed(why) => {
                return (Verdict::Unverified(Doubt::KeysNotFetched(why)), None);
            }
            Lookup::Found(key) if key.is_readable() => key,
            Lookup::Found(_) => {
                let fingerprint = fingerprint.clone();
                return (Verdict::Invalid(Fault::PublicKeyUnreadable { fingerprint }), None);
            }
            Lookup::NoKeys => return (self.without_keys(), None),
            Lookup::NotFound => {
                let fingerprint = fingerprint.clone();
                return (Verdict::Invalid(Fault::PublicKeyNotFound { fingerprint }), None);
            }
        };
        let own = self.metadata.and_then(|metadata| metadata.signature.as_deref());
        let (signature, from) = match (own, self.link.and_then(|link| link.signature.as_deref())) {
            (Some(own), _) => (own, SignatureFrom::Metadata),
            (None, Some(named)) => (named, SignatureFrom::NewerDigest),
            (None, None) => return (Verdict::Unverified(Doubt::NoSignature), None),
        };
        (self.by(from, verifies(key, self.digest, signature)), Some(from))
    }

    /// What a signature says that was taken `from` somewhere and is one of the digest or not.
    fn by(&self, from: SignatureFrom, is_its: bool) -> Verdict {
        let trust = self.link.map(|link| link.trust);
        match (is_its, from) {
            // Whoever changed the newer digest may have changed the signature in it.
            (false, SignatureFrom::NewerDigest) if trust == Some(Trust::Refuted) => {
                Verdict::Unverified(Doubt::NoSignature)
            }
            (false, _) => Verdict::Invalid(Fault::SignatureVerificationFailed),
            (true, _) if trust == Some(Trust::Proven) && self.is_other() => {
                Verdict::Invalid(Fault::NotThePrevious)
            }
            (true, _) => Verdict::Valid,
        }
    }

    /// Without keys, hashes can still say that something is wrong.
    fn without_keys(&self) -> Verdict {
        if self.is_other() {
            return Verdict::Invalid(Fault::NotThePrevious);
        }
        Verdict::Unverified(Doubt::NoPublicKeys)
    }

    /// Whether the newer digest names another hash.
    fn is_other(&self) -> bool {
        let named = self.link.and_then(|link| link.sha256.as_deref());
        named.is_some_and(|named| !named.eq_ignore_ascii_case(&hex::encoded(&self.digest.sha256)))
    }

    /// When the digest was signed. `None` where that is not known, and an error where the
    /// metadata tell a time that is none.
    fn span(&self) -> Result<Option<Span>, ()> {
        let around = |time: Timestamp, before: i64, after: i64| {
            (Timestamp(time.0.saturating_sub(before)), Timestamp(time.0.saturating_add(after)))
        };
        if !self.name.chain.is_backfill {
            return Ok(Some(around(self.digest.end, 0, SIGNING_DELAY_SECS)));
        }
        let generated = self.metadata.and_then(|it| it.backfill_generation_timestamp.as_deref());
        let generated = generated.map(|time| Timestamp::parse(time).ok_or(())).transpose()?;
        Ok(generated.map(|time| around(time, BACKFILL_MARGIN_SECS, BACKFILL_MARGIN_SECS)))
    }
}
