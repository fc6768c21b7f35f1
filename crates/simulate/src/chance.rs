//! Reproducible randomness, one independent stream for each thing that needs its own.

use alloc::string::String;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A stream of random choices that depends on nothing but how it was made.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    rng: ChaCha8Rng,
}

impl Chance {
    /// The stream of `seed` for the thing named `label`, `number`.
    pub(crate) fn of(seed: u64, label: &str, number: u64) -> Self {
        let words = [seed, fnv(label), number, 0x726f_6c65_6361_6c6c];
        let mut key = [0; 32];
        let bytes = words.into_iter().flat_map(u64::to_le_bytes);
        for (slot, byte) in key.iter_mut().zip(bytes) {
            *slot = byte;
        }
        Self { rng: ChaCha8Rng::from_seed(key) }
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A number below `limit`, or 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).unsigned_abs()) as i64
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let position = self.below(items.len() as u64) as usize;
        items.get(position)
    }

    pub(crate) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }

    /// One of some texts of one's own.
    pub(crate) fn word_of(&mut self, words: &[String]) -> String {
        self.pick(words).cloned().unwrap_or_default()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    pub(crate) fn hex(&mut self, n: usize) -> String {
        self.symbols(HEX, n)
    }

    pub(crate) fn upper_hex(&mut self, n: usize) -> String {
        self.symbols(b"0123456789ABCDEF", n)
    }

    pub(crate) fn base64(&mut self, n: usize) -> String {
        self.symbols(BASE64, n)
    }

    pub(crate) fn alphanumeric(&mut self, n: usize) -> String {
        self.symbols(ALPHANUMERIC, n)
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let mut value = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        value = (value & !(0xf << 76)) | (0x4 << 76);
        value = (value & !(0x3 << 62)) | (0x2 << 62);
        let mut text = String::with_capacity(36);
        for digit in 0..32 {
            if matches!(digit, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            let nibble = (value >> (124 - 4 * digit)) & 0xf;
            text.push(symbol(HEX, nibble as u64));
        }
        text
    }

    fn symbols(&mut self, alphabet: &[u8], n: usize) -> String {
        let size = alphabet.len() as u64;
        let mut text = String::with_capacity(n);
        let mut pool = 0;
        for position in 0..n {
            if position % 8 == 0 {
                pool = self.bits();
            }
            text.push(symbol(alphabet, ((pool & 0xff) * size) >> 8));
            pool >>= 8;
        }
        text
    }
}

fn symbol(alphabet: &[u8], position: u64) -> char {
    alphabet.get(position as usize).map_or('A', |byte| char::from(*byte))
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
