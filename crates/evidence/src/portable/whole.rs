//! Evidence as a whole.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use super::PortableError;
use super::codec::{Portable, Reader, Writer};
use crate::credential::{Attributes, Credential};
use crate::fingerprints::Fingerprints;
use crate::fold::Evidence;
use crate::table::Table;
use crate::usage::{Use, UseKey, day_bit};

/// How bytes of evidence begin.
const MAGIC: [u8; 4] = *b"RCEV";

/// The version of the form.
const FORM: u8 = 2;

/// The version that knows of the days of a use only the first and the last, and of nothing that
/// was forgotten.
const FORM_1: u8 = 1;

impl Evidence {
    /// The evidence as bytes, which [`Evidence::from_bytes`] reads.
    ///
    /// Texts are written once and numbers in as few bytes as they need; nothing is compressed.
    /// The bytes depend on the order of arrival, what they read as does not.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        write_table(&self.texts, &mut out);
        write_table(&self.sources, &mut out);
        write_table(&self.actions, &mut out);
        write_table(&self.places, &mut out);
        out.number(self.credentials.len() as u64);
        for (credential, attributes) in &self.credentials {
            credential.write(&mut out);
            attributes.write(&mut out);
        }
        out.number(self.uses.len() as u64);
        for (key, events) in self.uses.iter() {
            key.write(&mut out);
            events.write(&mut out);
            out.bytes(&events.days.to_le_bytes());
        }
        self.issuances.write(&mut out);
        self.changes.write(&mut out);
        self.key_statuses.write(&mut out);
        self.network.write(&mut out);
        self.kept_from.write(&mut out);
        let mut head = Vec::from(MAGIC);
        head.push(FORM);
        out.into_bytes(head)
    }

    /// The evidence that `bytes` hold. They may have been chosen by anybody: memory grows with
    /// their length alone.
    ///
    /// # Errors
    ///
    /// Where they are not evidence, or not whole, or in another form: see [`PortableError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PortableError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(PortableError::NotEvidence)?;
        let (form, rest) = rest.split_first().ok_or(PortableError::NotEvidence)?;
        if ![FORM_1, FORM].contains(form) {
            return Err(PortableError::OtherVersion { found: *form });
        }
        let mut from = Reader::of(rest)?;
        let mut evidence = Self { texts: read_table(&mut from)?, ..Self::default() };
        evidence.sources = read_table(&mut from)?;
        let actions: Table<2> = read_table(&mut from)?;
        for [event_source, event_name] in actions.rows() {
            evidence.action(event_source, event_name);
        }
        evidence.places = read_table(&mut from)?;
        for (credential, attributes) in from.list::<(Credential, Attributes)>()? {
            evidence.credentials.insert(credential, Box::new(attributes));
        }
        for _ in 0..from.length()? {
            let key = UseKey::read(&mut from)?;
            if !evidence.knows(key) {
                return Err(PortableError::Damaged);
            }
            let mut events = Use::read(&mut from)?;
            if *form > FORM_1 {
                events.days |= read_days(&mut from)?;
            }
            evidence.add_use(key, events, Use::merge, |events| events);
        }
        evidence.issuances = BTreeSet::read(&mut from)?;
        evidence.changes = BTreeSet::read(&mut from)?;
        evidence.key_statuses = BTreeSet::read(&mut from)?;
        evidence.network = BTreeSet::read(&mut from)?;
        if *form > FORM_1 {
            evidence.kept_from = Option::read(&mut from)?;
        }
        if !from.is_at_end() {
            return Err(PortableError::Damaged);
        }
        Ok(evidence)
    }

    /// Whether everything that `key` names is there.
    fn knows(&self, key: UseKey) -> bool {
        self.credentials.get_index(key.credential as usize).is_some()
            && self.sources.row(key.source).is_some()
            && self.texts.row(key.user_agent).is_some()
            && self.actions.row(key.action).is_some()
            && self.texts.row(key.error_code).is_some()
            && self.places.row(key.place).is_some()
    }
}

fn write_table<const N: usize>(table: &Table<N>, out: &mut Writer) {
    out.number(table.len() as u64);
    table.rows().flatten().for_each(|text| text.write(out));
}

fn read_table<const N: usize>(from: &mut Reader<'_>) -> Result<Table<N>, PortableError> {
    let mut table = Table::default();
    for number in 0..from.length()? {
        let mut row: [Arc<str>; N] = core::array::from_fn(|_| Arc::default());
        for text in &mut row {
            *text = Portable::read(from)?;
        }
        // A row that repeats would give the numbers behind it to others.
        if table.add(row) as usize != number {
            return Err(PortableError::Damaged);
        }
    }
    Ok(table)
}

impl Portable for (Credential, Attributes) {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        Ok((Credential::read(from)?, Attributes::read(from)?))
    }
}

impl Portable for UseKey {
    fn write(&self, out: &mut Writer) {
        let Self { credential, source, user_agent, action, error_code, place } = self;
        for number in [credential, source, user_agent, action, error_code, place] {
            number.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        Ok(Self {
            credential: u32::read(from)?,
            source: u32::read(from)?,
            user_agent: u32::read(from)?,
            action: u32::read(from)?,
            error_code: u32::read(from)?,
            place: u32::read(from)?,
        })
    }
}

/// Without its days, which form 1 does not have.
impl Portable for Use {
    fn write(&self, out: &mut Writer) {
        let Self { events, first, last, days: _, exemplar } = self;
        events.write(out);
        first.write(out);
        last.write(out);
        exemplar.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        let events = Fingerprints::read(from)?;
        let (first, last) = (Timestamp::read(from)?, Timestamp::read(from)?);
        let days = day_bit(first) | day_bit(last);
        Ok(Self { events, first, last, days, exemplar: Portable::read(from)? })
    }
}

fn read_days(from: &mut Reader<'_>) -> Result<u64, PortableError> {
    let (bytes, _) = from.bytes(size_of::<u64>())?.as_chunks::<8>();
    bytes.first().map(|bytes| u64::from_le_bytes(*bytes)).ok_or(PortableError::Damaged)
}

impl Portable for Fingerprints {
    /// Hashes do not get shorter by leaving out zeros.
    fn write(&self, out: &mut Writer) {
        let hashes = self.hashes();
        out.number(hashes.len() as u64);
        for hash in hashes {
            out.bytes(&hash.to_le_bytes());
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        let length = from.length()?;
        let bytes = from.bytes(length.checked_mul(8).ok_or(PortableError::Damaged)?)?;
        let (hashes, _) = bytes.as_chunks::<8>();
        let mut hashes = hashes.iter().map(|hash| u64::from_le_bytes(*hash));
        let mut fingerprints = Self::One(hashes.next().ok_or(PortableError::Damaged)?);
        hashes.for_each(|hash| fingerprints.insert(hash));
        Ok(fingerprints)
    }
}
