//! What a verification proves and what it does not, in sentences.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use integrity::{Doubt, GapCause, Verification};

use crate::words::counted;

/// What is proven.
pub(super) fn proves(verification: &Verification) -> Vec<String> {
    let counts = &verification.counts;
    let mut sentences = Vec::new();
    if counts.digests_valid > 0 {
        let places = if verification.are_places_known {
            ", at the place that it was delivered to, as far as folders tell"
        } else {
            ""
        };
        let digests = counted(counts.digests_valid, "digest");
        sentences.push(format!("{digests}: signed by CloudTrail, unchanged{places}."));
    }
    if counts.logs.valid > 0 {
        let logs = counted(counts.logs.valid, "log file");
        sentences.push(format!("{logs}: the content is the one that CloudTrail delivered."));
    }
    let is_whole = counts.digests_invalid + counts.logs.invalid + counts.logs_unmentioned == 0;
    if counts.digests_valid > 0 && is_whole {
        sentences
            .push("Of the proven times, no log file is missing and none was added.".to_string());
    }
    sentences
}

/// What is not proven.
pub(super) fn does_not_prove(verification: &Verification) -> Vec<String> {
    let mut sentences = Vec::new();
    if verification.chains.is_empty() {
        sentences.push(
            "Anything: there is no digest. Log file validation is off, or the folder does not hold \
             `CloudTrail-Digest`."
                .to_string(),
        );
        return sentences;
    }
    sentences.extend(doubts(verification));
    sentences.extend(times(verification));
    if !verification.are_places_known {
        sentences.push(
            "Whether digests were moved: the folders do not tell the keys of the bucket."
                .to_string(),
        );
    }
    if verification.public_keys > 0 {
        sentences.push(
            "That the keys are CloudTrail's: they are as good as the place that they came from."
                .to_string(),
        );
    }
    sentences.push(
        "That the trail recorded everything: only that what it delivered is still there."
            .to_string(),
    );
    sentences
}

/// Why digests could not be judged, each reason once.
fn doubts(verification: &Verification) -> Vec<String> {
    let mut by_reason: BTreeMap<&Doubt, u64> = BTreeMap::new();
    let digests = verification.chains.iter().flat_map(|chain| &chain.digests);
    for doubt in digests.filter_map(|digest| digest.verdict.doubt()) {
        *by_reason.entry(doubt).or_default() += 1;
    }
    let sentence = |(doubt, count): (&Doubt, u64)| {
        let digests = counted(count, "digest");
        match doubt {
            Doubt::NoSignature => format!(
                "The hours of {digests} without a signature: it is in the metadata of the object in \
                 S3; save `aws s3api head-object` beside the digest as NAME.metadata.json."
            ),
            Doubt::NoPublicKeys => format!(
                "The signatures of {digests}: give --public-keys the output of `aws cloudtrail \
                 list-public-keys` for their Region and time."
            ),
            Doubt::DigestUnverified
            | Doubt::KeysNotFetched(_)
            | Doubt::TooManyLogFiles
            | Doubt::UnknownHashAlgorithm
            | Doubt::Unread(_) => format!("The hours of {digests}: {}.", doubt.text()),
        }
    };
    by_reason.into_iter().map(sentence).collect()
}

/// The times of which nothing is proven.
fn times(verification: &Verification) -> Vec<String> {
    let counts = &verification.counts;
    let mut sentences = Vec::new();
    let gaps = |cause| {
        let gaps = verification.chains.iter().flat_map(|chain| &chain.gaps);
        gaps.filter(|gap| gap.cause == cause).count() as u64
    };
    let (off, lost) = (gaps(GapCause::ChainStart), gaps(GapCause::DigestsLost));
    if off > 0 {
        let gaps = counted(off, "gap");
        sentences.push(format!(
            "What happened in {gaps} between chains: logging or log file validation was off."
        ));
    }
    if lost > 0 {
        let times = counted(lost, "interval");
        sentences.push(format!("What happened in {times} whose digests are missing or invalid."));
    }
    if counts.logs_uncovered > 0 {
        let logs = counted(counts.logs_uncovered, "log file");
        sentences.push(format!("{logs} of times of which no valid digest speaks."));
    }
    if counts.logs_open > 0 {
        let logs = counted(counts.logs_open, "log file");
        sentences
            .push(format!("{logs} delivered after the newest digest, or just before its end."));
    }
    if let Some(end) = newest(verification) {
        sentences.push(format!(
            "Anything after {end}, the end of the newest digest: whoever deletes the newest \
             digests with their log files leaves a chain that ends early."
        ));
    }
    sentences
}

fn newest(verification: &Verification) -> Option<Timestamp> {
    let digests = verification.chains.iter().flat_map(|chain| &chain.digests);
    digests.map(|digest| digest.name.end).max()
}
