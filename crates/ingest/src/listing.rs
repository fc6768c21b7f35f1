//! Which files the sources stand for.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::slice;

use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use crate::coverage::Coverage;
use crate::error::Error;
use crate::names;
use crate::pieces::{Piece, pieces};
use crate::source::Source;
use crate::trouble::Trouble;

const LOOP: &str = "link to a folder that holds it";

/// Something to open.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Input {
    pub(crate) place: Place,
    /// Bytes on disk, as far as the file system tells.
    pub(crate) bytes: u64,
}

/// Where the bytes of an input come from.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    File(PathBuf),
    Piece(PathBuf, Piece),
    Stdin,
}

impl Place {
    fn order(&self) -> impl Ord + use<'_> {
        match self {
            Self::File(path) => (0, path.as_os_str().as_encoded_bytes(), None),
            Self::Piece(path, piece) => (1, path.as_os_str().as_encoded_bytes(), Some(piece)),
            Self::Stdin => (2, &b""[..], None),
        }
    }
}

impl Input {
    /// Whether the input counts as a file: of the pieces of a file, the first stands for it.
    pub(crate) fn is_file(&self) -> bool {
        match &self.place {
            Place::File(_) | Place::Stdin => true,
            Place::Piece(_, piece) => piece.is_first(),
        }
    }

    /// The pieces that the input is read in.
    fn split(self, piece_bytes: usize) -> Vec<Self> {
        let Place::File(path) = &self.place else {
            return vec![self];
        };
        let pieces = pieces(path, self.bytes, piece_bytes);
        if pieces.is_empty() {
            return vec![self];
        }
        let of_piece = |piece: Piece| Self {
            place: Place::Piece(path.clone(), piece),
            bytes: piece.end.unwrap_or(self.bytes) - piece.start,
        };
        pieces.into_iter().map(of_piece).collect()
    }
}

/// Everything that the sources stand for.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Each once, in the order of their places.
    pub(crate) inputs: Vec<Input>,
    /// What was set aside or could not be listed.
    pub(crate) coverage: Coverage,
}

/// A file that a source stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How it is named in the coverage.
    pub name: String,
    /// Bytes, as far as its folder tells.
    pub bytes: u64,
}

/// The files that `source` stands for, in order, and what was set aside or could not be listed.
///
/// # Errors
///
/// As [`scan`](crate::scan).
pub fn files(source: &Source) -> Result<(Vec<ListedFile>, Coverage), Error> {
    let Listing { inputs, coverage } = list(slice::from_ref(source), usize::MAX)?;
    let files = inputs.into_iter().filter_map(|input| match input.place {
        Place::File(path) => Some(ListedFile { name: shown(&path), path, bytes: input.bytes }),
        Place::Piece(..) | Place::Stdin => None,
    });
    Ok((files.collect(), coverage))
}

/// Lists `sources`, and splits what is read in pieces of `piece_bytes`.
pub(crate) fn list(sources: &[Source], piece_bytes: usize) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    for source in sources {
        match source {
            Source::Glob(pattern) => listing.glob(pattern)?,
            Source::Path(path) => listing.path(path)?,
            Source::Stdin => listing.inputs.push(Input { place: Place::Stdin, bytes: 0 }),
        }
    }
    // By bytes: paths compare part by part, which takes as long as opening the files does.
    listing.inputs.sort_unstable_by(|left, right| left.place.order().cmp(&right.place.order()));
    listing.inputs.dedup_by(|later, earlier| later.place == earlier.place);
    let inputs = std::mem::take(&mut listing.inputs).into_iter();
    listing.inputs = inputs.flat_map(|input| input.split(piece_bytes)).collect();
    Ok(listing)
}

impl Listing {
    /// Takes a path that was named: a file whatever its name and kind, or a folder.
    fn path(&mut self, path: &Path) -> Result<(), Error> {
        let metadata = path.metadata().map_err(|error| unlisted(path, error))?;
        if metadata.is_dir() {
            return self.folder(path);
        }
        self.inputs.push(Input {
            place: Place::File(path.to_owned()),
            bytes: if metadata.is_file() { metadata.len() } else { 0 },
        });
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
            let name = entry.file_name().to_string_lossy();
            if !entry.file_type().is_dir() {
                match names::file_set_aside(&name) {
                    Some(reason) => self.coverage.set_aside(&shown(entry.path()), reason),
                    None => self.file(&entry),
                }
            } else if entry.depth() > 0
                && let Some(reason) = names::folder_set_aside(&name)
            {
                self.coverage.set_aside(&shown(entry.path()), reason);
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
            let below = entry.path().strip_prefix(&root).unwrap_or(path);
            if let Some(reason) = names::folders_set_aside(below) {
                self.coverage.set_aside(&shown(path), reason);
            } else if entry.file_type().is_dir() {
                self.folder(path)?;
                entries.skip_current_dir();
            } else {
                self.file(&entry);
            }
        }
        if is_matched {
            return Ok(());
        }
        let pattern = pattern.to_owned();
        Err(Error::GlobMatchesNothing { pattern })
    }

    /// Takes a file that was met on the way. Opening a FIFO or a device could hang.
    fn file(&mut self, entry: &DirEntry) {
        if !entry.file_type().is_file() {
            let trouble = Trouble::NotAFile;
            return self.coverage.trouble(&shown(entry.path()), &trouble);
        }
        self.inputs.push(Input {
            place: Place::File(entry.path().to_owned()),
            bytes: entry.metadata().map_or(0, |metadata| metadata.len()),
        });
    }

    fn not_listed(&mut self, error: &walkdir::Error) {
        let path = shown(error.path().unwrap_or(Path::new("")));
        match error.io_error() {
            None => self.coverage.set_aside(&path, LOOP),
            Some(error) => self.coverage.trouble(&path, &Trouble::Io(error.kind())),
        }
    }
}

/// How a path is named in the coverage.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) fn walk(root: &Path) -> WalkDir {
    WalkDir::new(root).follow_links(true).sort_by_file_name()
}

pub(crate) fn unlisted(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::NotFound {
        Error::NotFound { path }
    } else {
        Error::CannotList { path, source }
    }
}

/// What a glob matches, the folder to begin in, and how deep to go.
pub(crate) fn matcher_of(pattern: &str) -> Result<(GlobMatcher, PathBuf, usize), Error> {
    let path: PathBuf = Path::new(pattern).components().collect();
    let literal = |component: &Component<'_>| {
        let name = component.as_os_str().to_string_lossy();
        !name.contains(['*', '?', '[', '{', '\\'])
    };
    let mut root: PathBuf = path.components().take_while(literal).collect();
    let n_below = path.components().skip_while(literal).count();
    let depth_max = if pattern.contains("**") { usize::MAX } else { n_below };
    if root.as_os_str().is_empty() {
        root.push(".");
    }
    let stripped = path.strip_prefix(".").unwrap_or(&path);
    let matcher = GlobBuilder::new(&stripped.to_string_lossy())
        .literal_separator(true)
        .build()
        .map_err(|source| Error::GlobInvalid { pattern: pattern.to_owned(), source })?
        .compile_matcher();
    Ok((matcher, root, depth_max))
}
