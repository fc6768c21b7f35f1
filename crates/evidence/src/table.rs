//! Rows of text that are stored once and named by their number.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use foldhash::fast::RandomState;
use indexmap::{Equivalent, IndexSet};

/// Distinct rows of `N` texts, numbered in the order of their arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table<const N: usize> {
    rows: IndexSet<Row<N>, RandomState>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Row<const N: usize>([Arc<str>; N]);

struct RowRef<'a, const N: usize>([&'a str; N]);

impl<const N: usize> Hash for Row<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|text| hash_text(text, state));
    }
}

impl<const N: usize> Hash for RowRef<'_, N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|text| hash_text(text, state));
    }
}

fn hash_text<H: Hasher>(text: &str, state: &mut H) {
    state.write(text.as_bytes());
    state.write_usize(text.len());
}

impl<const N: usize> Equivalent<Row<N>> for RowRef<'_, N> {
    fn equivalent(&self, row: &Row<N>) -> bool {
        self.0.iter().zip(&row.0).all(|(left, right)| *left == &**right)
    }
}

impl<const N: usize> Table<N> {
    /// The number of `row`, which is stored if it is new.
    pub(crate) fn number(&mut self, row: [&str; N]) -> u32 {
        if let Some(number) = self.rows.get_index_of(&RowRef(row)) {
            return number as u32;
        }
        self.rows.insert_full(Row(row.map(Arc::from))).0 as u32
    }

    /// The number of `row`, whose texts are kept as they are.
    pub(crate) fn add(&mut self, row: [Arc<str>; N]) -> u32 {
        self.rows.insert_full(Row(row)).0 as u32
    }

    /// The row of `number`.
    pub(crate) fn row(&self, number: u32) -> Option<&[Arc<str>; N]> {
        self.rows.get_index(number as usize).map(|row| &row.0)
    }

    /// The number of `row`, which is probably `guess`.
    pub(crate) fn number_near(&mut self, guess: u32, row: [&str; N]) -> u32 {
        let is_guessed = self
            .rows
            .get_index(guess as usize)
            .is_some_and(|known| known.0.iter().zip(row).all(|(known, text)| **known == *text));
        if is_guessed { guess } else { self.number(row) }
    }

    /// Takes in the rows of `other`; gives their numbers here, by their numbers there.
    pub(crate) fn merge(&mut self, other: Self) -> Vec<u32> {
        self.rows.reserve(other.rows.len());
        other.rows.into_iter().map(|row| self.rows.insert_full(row).0 as u32).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Rows in the order of their numbers.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[Arc<str>; N]> {
        self.rows.iter().map(|row| &row.0)
    }
}

impl Table<1> {
    /// A shared copy of `text`, so that a text which many facts repeat is stored once.
    pub(crate) fn shared(&mut self, text: &str) -> Arc<str> {
        // Texts begin with one that is probably empty, as most that are asked for are.
        let number =
            if text.is_empty() { self.number_near(0, [text]) } else { self.number([text]) };
        self.row(number).map_or_else(|| Arc::from(text), |[shared]| Arc::clone(shared))
    }
}
