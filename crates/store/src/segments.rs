//! Evidence on the disk: segments that are added, and merged as they grow in number.

use std::io::{self, Write as _};

use evidence::Evidence;
use rusqlite::{Connection, Row, Transaction, params};

use crate::Store;
use crate::error::Error;

/// Segments of one level before they are merged into one of the next.
const FAN_IN: usize = 16;

/// Bytes of a piece: SQLite takes no more than a thousand million in one value, and less is kinder
/// to its memory.
const PIECE_BYTES: usize = 16 * 1024 * 1024;

/// Bytes from which on a segment is merged with others only where all of them become one.
const GROWN_BYTES: i64 = 4 * 1024 * 1024;

/// Level of zstd's compression: the fastest that still finds repetitions.
const COMPRESSION: i32 = 1;

/// Compresses `bytes`; what is damaged later is told from what is not by a checksum.
pub(crate) fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), COMPRESSION)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(bytes.len() as u64))?;
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Compresses evidence that becomes a segment.
pub(crate) fn pack_evidence(evidence: &[u8]) -> Result<Vec<u8>, Error> {
    pack(evidence).map_err(|source| Error::Unpack { segment: 0, source })
}

/// Adds a segment of `level`; gives its number.
pub(crate) fn add(transaction: &Transaction<'_>, packed: &[u8], level: i64) -> Result<i64, Error> {
    transaction
        .prepare_cached("INSERT INTO segments (level, bytes) VALUES (?1, ?2)")?
        .execute(params![level, packed.len() as i64])?;
    let segment = transaction.last_insert_rowid();
    let mut insert = transaction
        .prepare_cached("INSERT INTO segment_pieces (segment, piece, bytes) VALUES (?1, ?2, ?3)")?;
    for (piece, bytes) in packed.chunks(PIECE_BYTES).enumerate() {
        insert.execute(params![segment, piece as i64, bytes])?;
    }
    Ok(segment)
}

/// The evidence of one segment.
fn read(connection: &Connection, segment: i64) -> Result<Evidence, Error> {
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM segment_pieces WHERE segment = ?1 ORDER BY piece")?;
    let mut rows = statement.query([segment])?;
    let mut packed = Vec::new();
    while let Some(row) = rows.next()? {
        packed.extend_from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    let bytes = zstd::decode_all(&*packed).map_err(|source| Error::Unpack { segment, source })?;
    drop(packed);
    Evidence::from_bytes(&bytes).map_err(|source| Error::Segment { segment, source })
}

/// A segment, without what it holds.
#[derive(Clone, Copy)]
struct Segment {
    number: i64,
    level: i64,
    bytes: i64,
}

/// All segments, the largest evidence first: it is cheaper to merge little into much.
fn list(connection: &Connection) -> Result<Vec<Segment>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT id, level, bytes FROM segments ORDER BY bytes DESC, id")?;
    let segment =
        |row: &Row<'_>| Ok(Segment { number: row.get(0)?, level: row.get(1)?, bytes: row.get(2)? });
    Ok(statement.query_map([], segment)?.collect::<Result<_, _>>()?)
}

fn merged(connection: &Connection, segments: &[i64]) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    for segment in segments {
        let read = read(connection, *segment)?;
        evidence = if evidence.credentials().len() == 0 {
            // The first is the largest: it is taken as it is.
            merge(read, evidence)
        } else {
            merge(evidence, read)
        };
    }
    Ok(evidence)
}

fn merge(mut into: Evidence, other: Evidence) -> Evidence {
    into.merge(other);
    into
}

impl Store {
    /// All evidence that is analyzed: without what rests.
    ///
    /// # Errors
    ///
    /// Where any segment cannot be read: a part of what was learned is missing then.
    pub fn evidence(&self) -> Result<Evidence, Error> {
        self.at_once(|store| {
            let segments = list(&store.connection)?;
            let numbers: Vec<i64> = segments.iter().map(|segment| segment.number).collect();
            merged(&store.connection, &numbers)
        })
    }

    /// Whether segments wait to be merged.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn is_merge_due(&self) -> Result<bool, Error> {
        Ok(full_level(&list(&self.connection)?).is_some())
    }

    /// Merges the segments of each level that is full, until none is; gives how many were merged.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read or written, and where the store was opened beside its
    /// writer; the segments are as they were then.
    pub fn merge_segments(&mut self) -> Result<usize, Error> {
        let mut n_merged = 0;
        while let Some((level, segments)) = full_level(&list(&self.connection)?) {
            n_merged += segments.len();
            self.replace(&segments, level + 1)?;
        }
        Ok(n_merged)
    }

    /// Merges all segments into one.
    ///
    /// # Errors
    ///
    /// As [`Store::merge_segments`].
    pub fn merge_all(&mut self) -> Result<usize, Error> {
        let segments = list(&self.connection)?;
        if segments.len() < 2 {
            return Ok(0);
        }
        let level = segments.iter().map(|segment| segment.level).max().unwrap_or_default();
        let numbers: Vec<i64> = segments.iter().map(|segment| segment.number).collect();
        self.replace(&numbers, level)?;
        Ok(numbers.len())
    }

    /// Puts `evidence` in the place of everything that was kept, such as after forgetting.
    ///
    /// # Errors
    ///
    /// As [`Store::merge_segments`].
    pub fn replace_evidence(&mut self, evidence: &Evidence) -> Result<(), Error> {
        self.replace_with(evidence, |_| Ok(()))
    }

    /// As [`replace_evidence`](Self::replace_evidence), and does `also` together with that.
    pub(crate) fn replace_with(
        &mut self,
        evidence: &Evidence,
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let segments = list(&self.connection)?;
        let numbers: Vec<i64> = segments.iter().map(|segment| segment.number).collect();
        let level = segments.iter().map(|segment| segment.level).max().unwrap_or_default();
        self.put(&evidence.to_bytes(), (&numbers, level), also)
    }

    fn replace(&mut self, segments: &[i64], level: i64) -> Result<(), Error> {
        let bytes = merged(&self.connection, segments)?.to_bytes();
        self.put(&bytes, (segments, level), |_| Ok(()))
    }

    /// Adds a segment and deletes those that it stands for, at once.
    fn put(
        &mut self,
        bytes: &[u8],
        (segments, level): (&[i64], i64),
        also: impl FnOnce(&Transaction<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // Others may write while evidence is packed.
        let packed = pack_evidence(bytes)?;
        let transaction = self.writing()?;
        add(&transaction, &packed, level)?;
        for segment in segments {
            transaction.prepare_cached("DELETE FROM segments WHERE id = ?1")?.execute([segment])?;
        }
        also(&transaction)?;
        transaction.commit()?;
        Ok(())
    }
}

/// The lowest level that is full, and its segments. Those that are grown are left alone: merging
/// them would take as much memory once more as all evidence does.
fn full_level(segments: &[Segment]) -> Option<(i64, Vec<i64>)> {
    let young = || segments.iter().filter(|segment| segment.bytes < GROWN_BYTES);
    let mut levels: Vec<i64> = young().map(|segment| segment.level).collect();
    levels.sort_unstable();
    levels.dedup();
    levels.into_iter().find_map(|level| {
        let of_level = young().filter(|segment| segment.level == level);
        let numbers: Vec<i64> = of_level.map(|segment| segment.number).collect();
        (numbers.len() >= FAN_IN).then_some((level, numbers))
    })
}
