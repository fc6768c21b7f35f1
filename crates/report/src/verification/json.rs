//! The document `rolecall.verify/1`.

use alloc::string::String;
use alloc::vec::Vec;

use detect::Finding;
use integrity::{
    Chain, Counts, DigestResult, Gap, GapCause, LogResult, SignatureFrom, UnmentionedLog, Verdict,
    Verification,
};
use serde::Serialize;

use super::words;
use crate::json::written;
use crate::wire::{self, Time, is_zero};

/// Number of the document's form.
const SCHEMA: &str = "rolecall.verify/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'a str,
    counts: WrittenCounts,
    public_keys: usize,
    places_checked: bool,
    proves: Vec<String>,
    does_not_prove: Vec<String>,
    findings: Vec<wire::Finding<'a>>,
    chains: Vec<WrittenChain<'a>>,
    log_files: Vec<LogFile<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    log_files_left_out: u64,
    unmentioned: Vec<Unmentioned<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    unmentioned_left_out: u64,
    unlisted: Vec<Unlisted<'a>>,
}

#[derive(Serialize)]
struct WrittenCounts {
    digests_valid: u64,
    digests_invalid: u64,
    digests_unverified: u64,
    log_files_valid: u64,
    log_files_invalid: u64,
    log_files_unverified: u64,
    log_files_unmentioned: u64,
    log_files_open: u64,
    log_files_uncovered: u64,
}

#[derive(Serialize)]
struct WrittenChain<'a> {
    account_id: &'a str,
    region: &'a str,
    trail: &'a str,
    home_region: &'a str,
    backfill: bool,
    proven: Vec<Interval>,
    gaps: Vec<WrittenGap>,
    digests: Vec<Digest<'a>>,
}

#[derive(Serialize)]
struct Interval {
    from: Time,
    until: Time,
}

#[derive(Serialize)]
struct WrittenGap {
    from: Time,
    until: Time,
    cause: &'static str,
}

#[derive(Serialize)]
struct Digest<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Time>,
    end: Time,
    #[serde(flatten)]
    verdict: WrittenVerdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_from: Option<&'static str>,
    linked: bool,
    chain_start: bool,
    log_files: usize,
}

#[derive(Serialize)]
struct LogFile<'a> {
    source: &'a str,
    bucket: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
    #[serde(flatten)]
    verdict: WrittenVerdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<&'a str>,
}

#[derive(Serialize)]
struct WrittenVerdict {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Serialize)]
struct Unmentioned<'a> {
    source: &'a str,
    account_id: &'a str,
    region: &'a str,
    delivered: Time,
}

#[derive(Serialize)]
struct Unlisted<'a> {
    source: &'a str,
    reason: &'a str,
}

/// The document: one object, keys in a fixed order, with a line feed at its end. `findings` are
/// those of `verification`, and `version` is that of the program.
///
/// Linear in the size of `verification`.
pub fn verification_json(
    verification: &Verification,
    findings: &[Finding],
    version: &str,
) -> String {
    let unlisted = verification.unlisted.iter();
    written(&Document {
        schema: SCHEMA,
        version,
        counts: WrittenCounts::of(&verification.counts),
        public_keys: verification.public_keys,
        places_checked: verification.are_places_known,
        proves: words::proves(verification),
        does_not_prove: words::does_not_prove(verification),
        findings: findings.iter().map(wire::Finding::of).collect(),
        chains: verification.chains.iter().map(WrittenChain::of).collect(),
        log_files: verification.logs.iter().map(|log| LogFile::of(log, verification)).collect(),
        log_files_left_out: verification.logs_left_out,
        unmentioned: verification.unmentioned.iter().map(Unmentioned::of).collect(),
        unmentioned_left_out: verification.unmentioned_left_out,
        unlisted: unlisted.map(|(source, reason)| Unlisted { source, reason }).collect(),
    })
}

impl WrittenCounts {
    const fn of(counts: &Counts) -> Self {
        Self {
            digests_valid: counts.digests_valid,
            digests_invalid: counts.digests_invalid,
            digests_unverified: counts.digests_unverified,
            log_files_valid: counts.logs.valid,
            log_files_invalid: counts.logs.invalid,
            log_files_unverified: counts.logs.unverified,
            log_files_unmentioned: counts.logs_unmentioned,
            log_files_open: counts.logs_open,
            log_files_uncovered: counts.logs_uncovered,
        }
    }
}

impl<'a> WrittenChain<'a> {
    fn of(chain: &'a Chain) -> Self {
        let name = &chain.name;
        let proven = chain.proven().into_iter();
        Self {
            account_id: &name.account_id,
            region: &name.region,
            trail: &name.trail,
            home_region: &name.home_region,
            backfill: name.is_backfill,
            proven: proven
                .map(|(from, until)| Interval { from: Time(from), until: Time(until) })
                .collect(),
            gaps: chain.gaps.iter().map(WrittenGap::of).collect(),
            digests: chain.digests.iter().map(Digest::of).collect(),
        }
    }
}

impl WrittenGap {
    const fn of(gap: &Gap) -> Self {
        let cause = match gap.cause {
            GapCause::ChainStart => "chain_start",
            GapCause::DigestsLost => "digests_lost",
        };
        Self { from: Time(gap.from), until: Time(gap.until), cause }
    }
}

impl<'a> Digest<'a> {
    fn of(digest: &'a DigestResult) -> Self {
        let location = digest.location.as_ref();
        Self {
            source: &digest.source,
            bucket: location.map(|location| &*location.bucket),
            key: location.map(|location| &*location.key),
            start: digest.hour.map(|(start, _)| Time(start)),
            end: Time(digest.hour.map_or(digest.name.end, |(_, end)| end)),
            verdict: WrittenVerdict::of(&digest.verdict),
            signature_from: digest.signature_from.map(|from| match from {
                SignatureFrom::Metadata => "metadata",
                SignatureFrom::NewerDigest => "newer_digest",
            }),
            linked: digest.is_linked,
            chain_start: digest.is_start,
            log_files: digest.log_files,
        }
    }
}

impl<'a> LogFile<'a> {
    fn of(log: &'a LogResult, verification: &'a Verification) -> Self {
        let chain = verification.chains.get(log.chain);
        let digest = chain.and_then(|chain| chain.digests.get(log.digest));
        Self {
            source: &log.source,
            bucket: &log.location.bucket,
            key: &log.location.key,
            digest: digest.map(|digest| &*digest.source),
            verdict: WrittenVerdict::of(&log.verdict),
            elsewhere: log.elsewhere.as_deref(),
        }
    }
}

impl WrittenVerdict {
    fn of(verdict: &Verdict) -> Self {
        let (verdict, reason, text) = match verdict {
            Verdict::Valid => ("valid", None, None),
            Verdict::Invalid(fault) => ("invalid", Some(fault.id()), Some(fault.text())),
            Verdict::Unverified(doubt) => ("unverified", Some(doubt.id()), Some(doubt.text())),
        };
        Self { verdict, reason, text }
    }
}

impl<'a> Unmentioned<'a> {
    fn of(log: &'a UnmentionedLog) -> Self {
        Self {
            source: &log.source,
            account_id: &log.name.account_id,
            region: &log.name.region,
            delivered: Time(log.name.delivered),
        }
    }
}
