//! Zip archives, whose members are documents.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::buffer::{Buffer, End};
use crate::format::Format;
use crate::names;
use crate::opener::{Budget, Opener, Reader};
use crate::trouble::Trouble;

/// Between the name of an archive and the name of a member.
const OF: char = '!';
/// Length of the record that ends an archive, without a comment.
const END_BYTES: usize = 22;

impl<R: Reader> Opener<R> {
    /// Reads every member of an archive.
    pub(crate) fn archive(&mut self, source: &str, mut zip: impl Read + Seek, budget: &mut Budget) {
        let n_listed = n_members(&mut zip);
        let mut archive = match ZipArchive::new(zip) {
            Ok(archive) => archive,
            Err(error) => return self.coverage.trouble(source, &trouble(&error)),
        };
        // The library keeps the last member of a name, and a reader may want the other.
        if n_listed.is_some_and(|n_listed| n_listed > archive.len()) {
            self.coverage.trouble(source, &Trouble::SameName);
        }
        let members_max = self.limits.members_max;
        if archive.len() > members_max {
            let trouble = Trouble::ArchiveTooLarge { members_max };
            self.coverage.trouble(source, &trouble);
        }
        for index in 0..archive.len().min(members_max) {
            self.member(source, &mut archive, index, budget);
        }
    }

    fn member(
        &mut self,
        source: &str,
        archive: &mut ZipArchive<impl Read + Seek>,
        index: usize,
        budget: &mut Budget,
    ) {
        let mut member = match archive.by_index(index) {
            Ok(member) => member,
            Err(error) => {
                let source = format!("{source}{OF}member {index}");
                return self.coverage.trouble(&source, &trouble(&error));
            }
        };
        if member.is_dir() {
            return;
        }
        // The name is shown and never used as a path.
        let name = match member.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(member.name_raw()).into_owned(),
        };
        let source = format!("{source}{OF}{name}");
        if let Some(reason) = names::path_set_aside(&name) {
            return self.coverage.set_aside(&source, reason);
        }
        self.open_filled(&source, 0, budget, |_, output, bytes_max| {
            fill(&mut member, output, bytes_max)
        });
    }
}

/// How many members the end of an archive tells, when it has no comment.
///
/// Archives of 65,535 members or more tell it elsewhere.
fn n_members(zip: &mut (impl Read + Seek)) -> Option<usize> {
    let mut end = [0; END_BYTES];
    zip.seek(SeekFrom::End(-(END_BYTES as i64))).ok()?;
    zip.read_exact(&mut end).ok()?;
    match end {
        [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..] => {
            let n_members = u16::from_le_bytes([low, high]);
            (n_members < u16::MAX).then_some(usize::from(n_members))
        }
        _ => None,
    }
}

fn fill(member: &mut impl Read, output: &mut Buffer, bytes_max: usize) -> Option<Trouble> {
    match output.fill(member, bytes_max) {
        Ok(End::Reader) => None,
        Ok(End::Limit) => Some(Trouble::TooLong { bytes_max }),
        Err(error) => Some(Trouble::of(Format::Zip, &error)),
    }
}

fn trouble(error: &ZipError) -> Trouble {
    if let ZipError::Io(error) = error {
        return Trouble::of(Format::Zip, error);
    }
    let needs_password = matches!(
        error,
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword
    );
    let is_unsupported = matches!(
        error,
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)
    );
    if needs_password {
        Trouble::Encrypted
    } else if is_unsupported {
        Trouble::UnsupportedMethod
    } else {
        Trouble::Corrupt(Format::Zip)
    }
}
