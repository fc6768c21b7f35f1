//! Walks along chains that lie in a bucket or in a copy of one.

use integrity::{
    Chain, Content, DigestName, DigestObject, DigestObjects, Fetched, Location, LogFile, Metadata,
    Place, PublicKey, PublicKeys, Verdict, Walk, Wanted, Window, walk_chain,
};

use crate::trail::{BUCKET, Made, Objects, Signer, time};

/// A bucket, or a copy of one.
pub(crate) struct Bucket<'o> {
    pub(crate) objects: &'o Objects,
    keys: Vec<String>,
    has_metadata: bool,
}

/// What a walk found.
pub(crate) struct Walked {
    pub(crate) chain: Chain,
    pub(crate) log_files: Vec<LogFile>,
}

impl<'o> Bucket<'o> {
    pub(crate) fn new(objects: &'o Objects) -> Self {
        let keys = objects.keys().filter(|key| DigestName::parse(key).is_some());
        Self { keys: keys.cloned().collect(), objects, has_metadata: true }
    }

    /// A copy, which has no metadata.
    pub(crate) fn copy(objects: &'o Objects) -> Self {
        Self { has_metadata: false, ..Self::new(objects) }
    }

    fn found(&self, key: &str, made: &Made) -> Fetched {
        let text = |name: &str| {
            let value = made.metadata.as_ref().and_then(|metadata| metadata.get(name));
            value.map(|value| value.as_str().unwrap().to_owned())
        };
        let metadata = Metadata {
            signature: text("signature"),
            signature_algorithm: text("signature-algorithm"),
            backfill_generation_timestamp: text("backfill-generation-timestamp"),
        };
        let place = if self.has_metadata {
            Place::Object(Location { bucket: BUCKET.into(), key: key.into() })
        } else {
            Place::Copy { tail: key.into(), buckets: Vec::new() }
        };
        Fetched::Found(DigestObject {
            source: key.into(),
            place,
            content: Content::Inflated { bytes: made.content.clone(), has_trailing_bytes: false },
            metadata: self.has_metadata.then_some(metadata),
        })
    }
}

impl DigestObjects for Bucket<'_> {
    fn fetch(&mut self, wanted: &Wanted) -> Fetched {
        let key = match wanted {
            Wanted::Listed(index) => &self.keys[*index],
            Wanted::Linked(location) => &location.key,
        };
        self.objects.get(key).map_or(Fetched::NotFound, |made| self.found(key, made))
    }
}

pub(crate) fn both_keys() -> PublicKeys<'static> {
    let mut keys = PublicKeys::default();
    for signer in [Signer::one(), Signer::two()] {
        let (start, end) = (Some(time(-240)), Some(time(480)));
        keys.add(PublicKey::new(signer.fingerprint.into(), &signer.pkcs1(), start, end));
    }
    keys
}

/// Walks the only chain of `bucket`.
pub(crate) fn walked(bucket: Bucket<'_>, keys: &mut PublicKeys<'_>) -> Walked {
    walked_within(bucket, keys, Window::default())
}

pub(crate) fn walked_within(
    mut bucket: Bucket<'_>,
    keys: &mut PublicKeys<'_>,
    window: Window,
) -> Walked {
    let names: Vec<DigestName> =
        bucket.keys.iter().map(|key| DigestName::parse(key).unwrap()).collect();
    let walk = Walk::new(names[0].chain.clone(), &names, window);
    let mut log_files = Vec::new();
    let chain = walk_chain(walk, &mut bucket, keys, &mut |visited| {
        log_files.extend(visited.log_files);
    });
    Walked { chain, log_files }
}

impl Walked {
    /// The digests in the order of the walk: hour and judgement.
    pub(crate) fn verdicts(&self) -> Vec<(i64, String)> {
        let hour = |end: cloudtrail::Timestamp| (end.0 - time(0).0) / 3600;
        let digests = self.chain.digests.iter();
        digests.map(|it| (hour(it.name.end), said(&it.verdict))).collect()
    }

    /// The gaps: first and last hour and the cause.
    pub(crate) fn gaps(&self) -> Vec<(i64, i64, String)> {
        let hour = |end: cloudtrail::Timestamp| (end.0 - time(0).0) / 3600;
        let gaps = self.chain.gaps.iter();
        gaps.map(|gap| (hour(gap.from), hour(gap.until), format!("{:?}", gap.cause))).collect()
    }
}

pub(crate) fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::Invalid(fault) => fault.id().to_owned(),
        Verdict::Unverified(doubt) => format!("? {}", doubt.id()),
    }
}

/// `(3, "valid")` and so on, to compare with.
pub(crate) fn expected(verdicts: &[(i64, &str)]) -> Vec<(i64, String)> {
    verdicts.iter().map(|(hour, verdict)| (*hour, (*verdict).to_owned())).collect()
}
