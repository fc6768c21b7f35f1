//! Verifies a trail's bucket, or copies of it that lie in folders.

mod buckets;
mod files;
mod inflate;
mod keys;
mod layout;
mod logs;
mod sidecars;

use std::fs;
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::thread;

use integrity::limits::DIGEST_BYTES_MAX;
use integrity::{
    Chain, ChainName, Covered, DigestName, DigestObject, Fetched, LogName, Metadata, PublicKeys,
    Sidecar, Standing, UnmentionedLog, Verification, Walk, Wanted, Window,
};

use crate::error::Error;
use crate::limits::in_units;
use crate::listing::shown;
use crate::progress::Progress;
use crate::source::Source;
use crate::trouble::Trouble;

use files::{File, Files};
use logs::LogChecker;
use sidecars::Sidecars;

pub use buckets::{BucketObject, BucketObjects};
pub use inflate::{digest_content, log_content};
pub use keys::read_keys;

/// How to verify a copy.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// Worker threads.
    pub threads: NonZeroUsize,
    /// The buckets that the copies are of; any where there is none.
    pub buckets: Vec<String>,
    /// Metadata of digests beside those that lie in `NAME.metadata.json`.
    pub signatures: Vec<Sidecar>,
    /// Which digests to look at.
    pub window: Window,
    /// Whether results about valid log files are kept, too.
    pub keeps_valid_logs: bool,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            threads: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            buckets: Vec::new(),
            signatures: Vec::new(),
            window: Window::default(),
            keeps_valid_logs: false,
        }
    }
}

/// Verifies the digests and log files below `sources`: folders, files and globs.
///
/// They are found by their names, below any folder. The result does not depend on the number of
/// threads. Takes less than a KiB of memory for each file.
///
/// # Errors
///
/// Where a source cannot be listed at all. Everything else is part of the result.
pub fn verify(
    sources: &[Source],
    options: &VerifyOptions,
    keys: &mut PublicKeys<'_>,
    progress: &dyn Progress,
) -> Result<Verification, Error> {
    verify_with(sources, &[], options, (keys, progress))
}

/// As [`verify`], with buckets that are read where they lie.
///
/// # Errors
///
/// Where a source or a bucket cannot be listed at all.
pub fn verify_with(
    sources: &[Source],
    buckets: &[&dyn BucketObjects],
    options: &VerifyOptions,
    (keys, progress): (&mut PublicKeys<'_>, &dyn Progress),
) -> Result<Verification, Error> {
    let mut files = Files::list(sources, buckets)?;
    let bytes = files.logs.iter().map(|file| file.bytes).sum();
    progress.found(files.logs.len() as u64, bytes);
    let mut verification = Verification {
        public_keys: keys.len(),
        are_places_known: files.are_places_known(),
        unlisted: std::mem::take(&mut files.unlisted),
        ..Verification::default()
    };
    let sidecars = Sidecars::of(&options.signatures);
    let (n_threads, keeps_valid) = (options.threads.get(), options.keeps_valid_logs);
    let mut logs = LogChecker::new(n_threads, &options.buckets, keeps_valid, progress);
    let mut covered = Covered::default();
    for chain in chains(&files) {
        let number = verification.chains.len();
        let mut copy = Copy { chain, sidecars: &sidecars, options };
        let (chain, bases) = copy.walk(&mut files, keys, &mut verification, |visited, rest| {
            logs.add(visited, number, rest.0, rest.1);
        });
        cover(&mut covered, &chain, &bases);
        verification.add_chain(chain);
    }
    logs.finish(&files, &mut verification);
    covered.seal();
    unmentioned(&files, &covered, &mut verification);
    Ok(verification)
}

/// What tells digests of one copy, account and Region from others; the folder that the account lies
/// in is left out for files outside of all such folders.
type Where = (usize, Option<usize>, String, String);

/// The chains that have digests, in order.
fn chains(files: &Files<'_>) -> Vec<ChainName> {
    let mut chains: Vec<ChainName> =
        files.digests.iter().map(|(name, _)| name.chain.clone()).collect();
    chains.dedup();
    chains
}

/// One chain of digests in a copy.
struct Copy<'a> {
    chain: ChainName,
    sidecars: &'a Sidecars,
    options: &'a VerifyOptions,
}

/// The source and the base of each digest that was found, in the order of the walk.
type Bases = Vec<Option<(usize, usize)>>;

impl Copy<'_> {
    fn walk(
        &mut self,
        files: &mut Files<'_>,
        keys: &mut PublicKeys<'_>,
        verification: &mut Verification,
        mut visit: impl FnMut(integrity::Visited, (&mut Files<'_>, &mut Verification)),
    ) -> (Chain, Bases) {
        let start = files.digests.partition_point(|(name, _)| name.chain < self.chain);
        let names: Vec<DigestName> = files
            .digests
            .iter()
            .skip(start)
            .map_while(|(name, _)| (name.chain == self.chain).then(|| name.clone()))
            .collect();
        let mut walk = Walk::new(self.chain.clone(), &names, self.options.window);
        let mut bases = Bases::new();
        while let Some(wanted) = walk.wanted() {
            let file = match wanted {
                Wanted::Listed(index) => files.digests.get(start + index).map(|(_, file)| file),
                Wanted::Linked(location) => {
                    DigestName::parse(location.name()).and_then(|name| files.digest_named(&name))
                }
            };
            bases.push(file.map(|file| (file.source, file.base)));
            let fetched = match file {
                Some(file) => self.fetch(file, files, &mut verification.unlisted),
                None => Fetched::NotFound,
            };
            if let Some(visited) = walk.take(fetched, keys) {
                visit(visited, (files, verification));
            }
        }
        (walk.finish(), bases)
    }

    fn fetch(
        &self,
        file: &File,
        files: &Files<'_>,
        unlisted: &mut Vec<(String, String)>,
    ) -> Fetched {
        let source = shown(&file.path);
        let (bytes, of_object) = match held(file, files) {
            Ok(Some(held)) => held,
            Ok(None) => return Fetched::NotFound,
            Err(why) => return Fetched::Unread { source, why },
        };
        let is_small = bytes.len() <= DIGEST_BYTES_MAX;
        let Some(content) = is_small.then(|| digest_content(&bytes)).flatten() else {
            let why = format!("longer than {}", in_units(DIGEST_BYTES_MAX));
            return Fetched::Unread { source, why };
        };
        let name = DigestName::parse(&file.name());
        let beside = |name: DigestName| self.sidecars.metadata(&name, &file.path);
        let metadata = match of_object {
            Some(metadata) => Some(Ok(Some(metadata))),
            None => name.map(beside),
        };
        let metadata = metadata.unwrap_or(Ok(None)).unwrap_or_else(|(path, why)| {
            unlisted.push((shown(&path), why));
            None
        });
        let place = files.place(file, &self.options.buckets);
        Fetched::Found(DigestObject { source, place, content, metadata })
    }
}

/// The bytes of a digest, and its metadata where it is an object.
type Held = (Vec<u8>, Option<Metadata>);

/// What a digest holds; nothing where it is gone.
fn held(file: &File, files: &Files<'_>) -> Result<Option<Held>, String> {
    if let Some((bucket, key)) = files.object(file) {
        let object = bucket.get(key, DIGEST_BYTES_MAX)?;
        return Ok(object.map(|object| {
            let metadata = object.of_digest();
            (object.bytes, Some(metadata))
        }));
    }
    match read(file) {
        Ok(bytes) => Ok(Some((bytes, None))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::Io(error.kind()).to_string()),
    }
}

/// As much of a file as a digest may have, and a byte more.
fn read(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(&file.path)?.take(DIGEST_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Notes the hours of which digests speak. Backfill digests name only what was late.
fn cover(covered: &mut Covered<Where>, chain: &Chain, bases: &Bases) {
    if chain.name.is_backfill {
        return;
    }
    for (digest, base) in chain.digests.iter().zip(bases) {
        let is_believed = digest.verdict.fault().is_none();
        if let (Some((start, end)), Some((source, base)), true) = (digest.hour, base, is_believed) {
            for base in [Some(*base), None] {
                let (account, region) = (&chain.name.account_id, &chain.name.region);
                covered.add((*source, base, account.clone(), region.clone()), start, end);
            }
        }
    }
}

/// Log files of the copy that no digest names.
fn unmentioned(files: &Files<'_>, covered: &Covered<Where>, verification: &mut Verification) {
    let counts = |verification: &mut Verification, standing| match standing {
        Standing::Covered => {}
        Standing::Open => verification.counts.logs_open += 1,
        Standing::Uncovered => verification.counts.logs_uncovered += 1,
    };
    for file in files.logs.iter().filter(|file| !file.is_mentioned) {
        let Some(name) = LogName::parse(&file.name()).filter(LogName::is_of_records) else {
            continue;
        };
        let base = (!files.is_elsewhere(file)).then_some(file.base);
        let of = (file.source, base, name.account_id.clone(), name.region.clone());
        let standing = covered.standing(&of, name.delivered);
        counts(verification, standing);
        if standing == Standing::Covered {
            verification.add_unmentioned(UnmentionedLog { source: shown(&file.path), name });
        }
    }
}
