//! Values as bytes: numbers in as few bytes as they need, texts once.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cloudtrail::{EventId, Timestamp};
use foldhash::fast::RandomState;
use indexmap::IndexSet;

use super::PortableError;

/// Most bytes that a number of 64 bits takes.
const NUMBER_BYTES_MAX: u32 = 10;

/// Room that is made ahead for a list, so that a length that is a lie costs nothing.
const AHEAD_MAX: usize = 1024;

/// A value that can be written and read again.
pub(super) trait Portable: Sized {
    /// Appends the value.
    fn write(&self, out: &mut Writer);

    /// Takes the value off the front.
    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError>;
}

/// Bytes to be.
#[derive(Default)]
pub(super) struct Writer {
    body: Vec<u8>,
    texts: IndexSet<Arc<str>, RandomState>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.body.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }

    /// Seven bits a byte, lowest first; the highest bit says that more follow.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.body.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.body.push(number as u8);
    }

    /// The number of `text` among all that are written.
    pub(super) fn text(&mut self, text: &Arc<str>) -> usize {
        match self.texts.get_index_of(text) {
            Some(number) => number,
            None => self.texts.insert_full(Arc::clone(text)).0,
        }
    }

    /// The texts, then the rest.
    pub(super) fn into_bytes(self, mut head: Vec<u8>) -> Vec<u8> {
        let mut texts = Self::default();
        texts.number(self.texts.len() as u64);
        for text in &self.texts {
            texts.number(text.len() as u64);
            texts.bytes(text.as_bytes());
        }
        head.extend(texts.body);
        head.extend(self.body);
        head
    }
}

/// Bytes that were written.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
    texts: Vec<Arc<str>>,
}

impl<'b> Reader<'b> {
    /// Reads the texts, which come first.
    pub(super) fn of(bytes: &'b [u8]) -> Result<Self, PortableError> {
        let mut reader = Self { rest: bytes, texts: Vec::new() };
        for _ in 0..reader.length()? {
            let length = reader.length()?;
            let text = core::str::from_utf8(reader.bytes(length)?);
            reader.texts.push(Arc::from(text.map_err(|_| PortableError::Damaged)?));
        }
        Ok(reader)
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, PortableError> {
        let (first, rest) = self.rest.split_first().ok_or(PortableError::Damaged)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'b [u8], PortableError> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(PortableError::Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PortableError> {
        self.bytes(N)?.try_into().map_err(|_| PortableError::Damaged)
    }

    pub(super) fn number(&mut self) -> Result<u64, PortableError> {
        let mut number = 0;
        for place in 0..NUMBER_BYTES_MAX {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(7 * place).unwrap_or_default();
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(PortableError::Damaged)
    }

    /// A number of things that follow: each takes a byte at least.
    pub(super) fn length(&mut self) -> Result<usize, PortableError> {
        let length = usize::try_from(self.number()?).map_err(|_| PortableError::Damaged)?;
        if length > self.rest.len() {
            return Err(PortableError::Damaged);
        }
        Ok(length)
    }

    /// The text of number `number`.
    pub(super) fn text(&self, number: usize) -> Result<&Arc<str>, PortableError> {
        self.texts.get(number).ok_or(PortableError::Damaged)
    }

    /// A list of things.
    pub(super) fn list<T: Portable>(&mut self) -> Result<Vec<T>, PortableError> {
        let length = self.length()?;
        let mut list = Vec::with_capacity(length.min(AHEAD_MAX));
        for _ in 0..length {
            list.push(T::read(self)?);
        }
        Ok(list)
    }
}

impl Portable for u64 {
    fn write(&self, out: &mut Writer) {
        out.number(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        from.number()
    }
}

impl Portable for u32 {
    fn write(&self, out: &mut Writer) {
        out.number(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        from.number()?.try_into().map_err(|_| PortableError::Damaged)
    }
}

impl Portable for bool {
    fn write(&self, out: &mut Writer) {
        out.byte(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(PortableError::Damaged),
        }
    }
}

impl Portable for Timestamp {
    /// The sign goes last, so that early and late times take as few bytes.
    fn write(&self, out: &mut Writer) {
        out.number(((self.0 << 1) ^ (self.0 >> 63)) as u64);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        let number = from.number()?;
        Ok(Self((number >> 1) as i64 ^ -((number & 1) as i64)))
    }
}

impl Portable for Arc<str> {
    fn write(&self, out: &mut Writer) {
        let number = out.text(self);
        out.number(number as u64);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        let number = usize::try_from(from.number()?).map_err(|_| PortableError::Damaged)?;
        from.text(number).cloned()
    }
}

impl Portable for String {
    fn write(&self, out: &mut Writer) {
        Arc::<str>::from(&**self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        Ok(Self::from(&*Arc::<str>::read(from)?))
    }
}

impl Portable for IpAddr {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::V4(address) => {
                out.byte(4);
                out.bytes(&address.octets());
            }
            Self::V6(address) => {
                out.byte(6);
                out.bytes(&address.octets());
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        match from.byte()? {
            4 => Ok(Self::V4(Ipv4Addr::from(from.array::<4>()?))),
            6 => Ok(Self::V6(Ipv6Addr::from(from.array::<16>()?))),
            _ => Err(PortableError::Damaged),
        }
    }
}

impl Portable for EventId {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Uuid(value) => {
                out.byte(0);
                out.bytes(&value.to_le_bytes());
            }
            Self::Other(text) => {
                out.byte(1);
                Arc::<str>::from(&**text).write(out);
            }
            Self::Unnamed(value) => {
                out.byte(2);
                out.bytes(&value.to_le_bytes());
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        match from.byte()? {
            0 => Ok(Self::Uuid(u128::from_le_bytes(from.array()?))),
            1 => Ok(Self::Other(Box::from(&*Arc::<str>::read(from)?))),
            2 => Ok(Self::Unnamed(u128::from_le_bytes(from.array()?))),
            _ => Err(PortableError::Damaged),
        }
    }
}

impl<T: Portable> Portable for Option<T> {
    fn write(&self, out: &mut Writer) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        if bool::read(from)? { T::read(from).map(Some) } else { Ok(None) }
    }
}

impl<T: Portable> Portable for Box<T> {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        T::read(from).map(Self::new)
    }
}

impl<T: Portable> Portable for Arc<T> {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        T::read(from).map(Self::new)
    }
}

impl<T: Portable + Ord> Portable for BTreeSet<T> {
    fn write(&self, out: &mut Writer) {
        out.number(self.len() as u64);
        for value in self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, PortableError> {
        Ok(from.list()?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;

    use super::{Portable, Reader, Writer};

    fn there_and_back<T: Portable>(value: &T) -> T {
        let mut writer = Writer::default();
        value.write(&mut writer);
        let bytes = writer.into_bytes(Vec::new());
        let mut reader = Reader::of(&bytes).unwrap();
        let value = T::read(&mut reader).unwrap();
        assert!(reader.is_at_end());
        value
    }

    #[test]
    fn numbers_of_every_length_come_back() {
        for bits in 0..64 {
            for number in [1_u64 << bits, (1 << bits) - 1, u64::MAX >> bits] {
                assert_eq!(there_and_back(&number), number);
            }
        }
        for seconds in [0, 1, -1, i64::MAX, i64::MIN, 1_767_225_600] {
            assert_eq!(there_and_back(&Timestamp(seconds)), Timestamp(seconds));
        }
    }

    #[test]
    fn a_text_that_repeats_is_written_once_and_shared() {
        let text: Arc<str> = Arc::from("twice");
        let mut writer = Writer::default();
        text.write(&mut writer);
        text.write(&mut writer);
        let bytes = writer.into_bytes(Vec::new());
        assert_eq!(bytes.windows(5).filter(|window| window == b"twice").count(), 1);
        let mut reader = Reader::of(&bytes).unwrap();
        let first = Arc::<str>::read(&mut reader).unwrap();
        assert!(Arc::ptr_eq(&first, &Arc::<str>::read(&mut reader).unwrap()));
    }
}
