//! Work that may be done side by side.

use core::fmt;

/// A piece of work, done once it was called.
pub type Work<'w> = dyn FnMut() + Send + 'w;

/// How two pieces of work are done: whoever calls this crate decides, which starts no threads.
///
/// What comes out is the same either way.
#[derive(Clone, Copy)]
pub struct Cores(fn(&mut Work<'_>, &mut Work<'_>));

impl Cores {
    /// One piece of work after the other.
    pub const ONE: Self = Self(|left, right| {
        left();
        right();
    });

    /// Does work by `both`, which calls each of its two pieces once and returns after both.
    pub const fn new(both: fn(&mut Work<'_>, &mut Work<'_>)) -> Self {
        Self(both)
    }

    /// What `left` and `right` give; a default for one that was not done.
    pub fn both<L: Default + Send, R: Default + Send>(
        self,
        left: impl FnOnce() -> L + Send,
        right: impl FnOnce() -> R + Send,
    ) -> (L, R) {
        let (mut left, mut right) = (Some(left), Some(right));
        let (mut from_left, mut from_right) = (L::default(), R::default());
        let do_left = &mut || from_left = left.take().map(|work| work()).unwrap_or_default();
        let do_right = &mut || from_right = right.take().map(|work| work()).unwrap_or_default();
        (self.0)(do_left, do_right);
        (from_left, from_right)
    }
}

impl Default for Cores {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Debug for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cores")
    }
}
