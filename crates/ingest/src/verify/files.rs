//! The digests and log files of copies of buckets, found by their names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use integrity::{DigestName, Location, LogName, Place};

use super::buckets::{BucketObjects, url};
use super::layout::{ACCOUNT, Layout, YEAR};
use crate::error::Error;
use crate::listing::{matcher_of, shown, unlisted, walk};
use crate::names;
use crate::source::Source;
use crate::trouble::Trouble;

/// Every digest and log file below the sources.
#[derive(Default)]
pub(super) struct Files<'b> {
    /// By chain, end, and path; of one name, those that tell more of their keys come first.
    pub(super) digests: Vec<(DigestName, File)>,
    /// By name, and those of one name as digests are.
    pub(super) logs: Vec<File>,
    /// What could not be listed, and why.
    pub(super) unlisted: Vec<(String, String)>,
    /// How much of their keys the files of each source tell at most.
    levels: Vec<usize>,
    /// Folders above the accounts: they tell copies of two buckets apart, and the trail of an
    /// organization from one of an account.
    bases: HashMap<PathBuf, usize>,
    /// Buckets that are read where they lie.
    buckets: &'b [&'b dyn BucketObjects],
}

/// A file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Bytes on disk.
    pub(super) bytes: u64,
    /// Number of the source that it was found by.
    pub(super) source: usize,
    /// Number of the folder that its account lies in.
    pub(super) base: usize,
    pub(super) is_mentioned: bool,
    /// Number of the bucket that it lies in, if it is no file on this machine.
    bucket: Option<usize>,
    layout: Layout,
}

impl<'b> Files<'b> {
    /// Lists `sources` and `buckets`; each is a root of its own.
    pub(super) fn list(
        sources: &[Source],
        buckets: &'b [&'b dyn BucketObjects],
    ) -> Result<Self, Error> {
        let mut files = Self { buckets, ..Self::default() };
        for (number, bucket) in buckets.iter().enumerate() {
            files.levels.push(0);
            let name = bucket.name();
            let not_listed = |reason| Error::BucketNotListed { bucket: name.to_owned(), reason };
            for (key, bytes) in bucket.list().map_err(not_listed)? {
                files.add(Path::new(&url(name, &key)), bytes, Some(number));
            }
        }
        for source in sources {
            files.levels.push(0);
            match source {
                Source::Glob(pattern) => files.glob(pattern)?,
                Source::Path(path) => files.path(path)?,
                Source::Stdin => return Err(Error::NotACopy),
            }
        }
        files.digests.sort_by(|(left, at), (right, beside)| {
            left.cmp(right).then_with(|| at.order().cmp(&beside.order()))
        });
        files.digests.dedup_by(|later, earlier| later.1.path == earlier.1.path);
        files.logs.sort_by(|left, right| {
            left.name().cmp(&right.name()).then_with(|| left.order().cmp(&right.order()))
        });
        files.logs.dedup_by(|later, earlier| later.path == earlier.path);
        Ok(files)
    }

    /// The log files of one name, by their places in [`Self::logs`].
    pub(super) fn logs_named(&self, name: &str) -> std::ops::Range<usize> {
        let start = self.logs.partition_point(|file| *file.name() < *name);
        let rest = self.logs.get(start..).unwrap_or_default();
        start..start + rest.partition_point(|file| file.name() == name)
    }

    /// The first digest of that name.
    pub(super) fn digest_named(&self, name: &DigestName) -> Option<&File> {
        let start = self.digests.partition_point(|(listed, _)| listed < name);
        self.digests.get(start).filter(|(listed, _)| listed == name).map(|(_, file)| file)
    }

    /// Where `file` lies, as far as folders tell; an object is where it is.
    pub(super) fn place(&self, file: &File, buckets: &[String]) -> Place {
        if let Some((bucket, key)) = self.object(file) {
            let bucket = bucket.name().to_owned();
            return Place::Object(Location { bucket, key: key.to_owned() });
        }
        file.layout.place(&file.path, self.level(file), buckets)
    }

    /// The bucket and the key of `file`, if it is an object.
    pub(super) fn object<'f>(&'f self, file: &'f File) -> Option<(&'b dyn BucketObjects, &'f str)> {
        let bucket = *self.buckets.get(file.bucket?)?;
        let named = file.path.to_str()?;
        let key = named.get(url(bucket.name(), "").len()..)?;
        Some((bucket, key))
    }

    /// Whether `file` lies outside of the folders that its copy has.
    pub(super) fn is_elsewhere(&self, file: &File) -> bool {
        let level = self.level(file);
        level >= YEAR && file.layout.level < level
    }

    /// Whether the folders of every source tell places.
    pub(super) fn are_places_known(&self) -> bool {
        self.levels.iter().all(|level| *level >= YEAR)
    }

    fn level(&self, file: &File) -> usize {
        self.levels.get(file.source).copied().unwrap_or_default()
    }

    fn path(&mut self, path: &Path) -> Result<(), Error> {
        let metadata = path.metadata().map_err(|error| unlisted(path, error))?;
        if metadata.is_dir() {
            return self.folder(path);
        }
        if metadata.is_file() {
            self.file(path, metadata.len());
        } else {
            self.unlisted.push((shown(path), Trouble::NotAFile.to_string()));
        }
        Ok(())
    }

    fn folder(&mut self, root: &Path) -> Result<(), Error> {
        let mut entries = walk(root).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 => return Err(unlisted(root, error.into())),
                Err(error) => {
                    self.not_listed(&error);
                    continue;
                }
            };
            if !entry.file_type().is_dir() {
                self.entry(&entry);
            } else if entry.depth() > 0 && names::is_hidden(&entry.file_name().to_string_lossy()) {
                entries.skip_current_dir();
            }
        }
        Ok(())
    }

    fn glob(&mut self, pattern: &str) -> Result<(), Error> {
        let (matcher, root, depth_max) = matcher_of(pattern)?;
        let mut is_matched = false;
        let mut entries = walk(&root).max_depth(depth_max).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 => break,
                Err(error) => {
                    self.not_listed(&error);
                    continue;
                }
            };
            let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
            if !matcher.is_match(path) {
                continue;
            }
            is_matched = true;
            if entry.file_type().is_dir() {
                self.folder(path)?;
                entries.skip_current_dir();
            } else {
                self.entry(&entry);
            }
        }
        let pattern = pattern.to_owned();
        if is_matched { Ok(()) } else { Err(Error::GlobMatchesNothing { pattern }) }
    }

    /// Takes a file that was met on the way. Opening a FIFO or a device could hang.
    fn entry(&mut self, entry: &walkdir::DirEntry) {
        if entry.file_type().is_file() {
            self.file(entry.path(), entry.metadata().map_or(0, |metadata| metadata.len()));
        } else if is_ours(&entry.file_name().to_string_lossy()) {
            self.unlisted.push((shown(entry.path()), Trouble::NotAFile.to_string()));
        }
    }

    fn file(&mut self, path: &Path, bytes: u64) {
        self.add(path, bytes, None);
    }

    /// Takes a file, or an object of bucket `bucket`, if it is named like a digest or a log file.
    fn add(&mut self, path: &Path, bytes: u64, bucket: Option<usize>) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let digest = DigestName::parse(&name);
        if digest.is_none() && LogName::parse(&name).is_none() {
            return;
        }
        let (source, layout) = (self.levels.len().saturating_sub(1), Layout::of(path));
        if let Some(level) = self.levels.last_mut() {
            *level = layout.level.max(*level);
        }
        let base = path.ancestors().nth(layout.n_parts.min(ACCOUNT)).unwrap_or(Path::new(""));
        let base = base.to_owned();
        let number = self.bases.len();
        let base = *self.bases.entry(base).or_insert(number);
        let path = path.to_owned();
        let file = File { path, bytes, source, base, is_mentioned: false, bucket, layout };
        match digest {
            Some(name) => self.digests.push((name, file)),
            None => self.logs.push(file),
        }
    }

    fn not_listed(&mut self, error: &walkdir::Error) {
        // Without an error of the system it is a link to a folder that holds it.
        if let Some(cause) = error.io_error() {
            let path = shown(error.path().unwrap_or(Path::new("")));
            self.unlisted.push((path, Trouble::Io(cause.kind()).to_string()));
        }
    }
}

impl File {
    pub(super) fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().unwrap_or_default().to_string_lossy()
    }

    fn order(&self) -> impl Ord + use<'_> {
        (std::cmp::Reverse(self.layout.level), self.path.as_os_str().as_encoded_bytes())
    }
}

fn is_ours(name: &str) -> bool {
    DigestName::parse(name).is_some() || LogName::parse(name).is_some()
}
