//! Documents of findings and incidents: compressed, for most of one is a plan of many steps with
//! the same words.

use std::io::{self, Read as _};

use rusqlite::Row;
use rusqlite::types::{FromSqlError, ValueRef};

use crate::error::Error;
use crate::segments;

/// Largest document, in bytes. None is as large; a damaged one may claim to be.
const BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Compresses `document`, which is of the finding or incident `id`.
pub(crate) fn pack(id: &str, document: &[u8]) -> Result<Vec<u8>, Error> {
    segments::pack(document).map_err(|source| unpacked(id, source))
}

/// The error of a document that cannot be compressed or decompressed.
pub(crate) fn unpacked(id: &str, source: io::Error) -> Error {
    Error::Document { id: id.to_owned(), source }
}

/// The document in the column `index`. What was written before documents were compressed is text.
pub(crate) fn unpack(row: &Row<'_>, index: usize) -> rusqlite::Result<String> {
    let document = match row.get_ref(index)? {
        ValueRef::Text(text) => return Ok(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(packed) => text(packed),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => {
            return Err(FromSqlError::InvalidType.into());
        }
    };
    document.map_err(|error| FromSqlError::Other(Box::new(error)).into())
}

fn text(packed: &[u8]) -> io::Result<String> {
    let mut document = String::new();
    let n_read = zstd::Decoder::new(packed)?.take(BYTES_MAX).read_to_string(&mut document)?;
    if n_read as u64 == BYTES_MAX {
        return Err(io::Error::other("a document is larger than any"));
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{pack, unpack};

    #[test]
    fn a_document_is_what_it_was_and_one_that_is_damaged_is_an_error() {
        let document = "{\"step\": \"aws iam put-role-policy\"}".repeat(50);
        let packed = pack("a", document.as_bytes()).unwrap();
        assert!(packed.len() < document.len() / 10);
        let connection = Connection::open_in_memory().unwrap();
        let read = |value: &dyn rusqlite::ToSql| {
            connection.query_row("SELECT ?1", [value], |row| unpack(row, 0))
        };
        assert_eq!(read(&packed).unwrap(), document);
        assert_eq!(read(&document).unwrap(), document);
        let mut damaged = packed.clone();
        damaged[packed.len() / 2] ^= 1;
        assert!(read(&damaged).is_err());
        assert!(read(&&packed[..packed.len() - 5]).is_err());
        assert!(read(&1).is_err());
    }
}
