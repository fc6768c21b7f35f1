//! Surprise as a whole number, so that no order of adding can show.

/// Parts of one bit of surprise.
pub const BIT: u32 = 16;

/// What stands for a probability of one.
const ONE: u64 = 1 << 20;

/// A probability, as parts of [`ONE`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of what was seen `seen` times of `of`, smoothed: what was never seen can happen
    /// (Laplace's rule of succession).
    pub(crate) fn of(seen: u32, of: u32) -> Self {
        Self::expected(seen, of, 2)
    }

    /// The same of what one session in `n` is expected to show before anything is known.
    pub(crate) fn expected(seen: u32, of: u32, n: u32) -> Self {
        let (seen, of) = (u64::from(seen.min(of)) + 1, u64::from(of) + u64::from(n.max(2)));
        Self((ONE * seen / of).max(1))
    }

    /// The greater of two.
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    /// The smaller of two.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The mean of chances by weight; nothing for none.
    pub(crate) fn mixed(parts: impl Iterator<Item = (Self, u64)>) -> Option<Self> {
        let (sum, weights) = parts.fold((0, 0), |(sum, weights), (chance, weight)| {
            (sum + chance.0 * weight, weights + weight)
        });
        (weights > 0).then(|| Self((sum / weights).max(1)))
    }

    /// Its surprise: the negative binary logarithm, in parts of a bit.
    pub(crate) const fn surprise(self) -> u32 {
        log2(ONE).saturating_sub(log2(self.0))
    }
}

/// The binary logarithm in parts of a bit, by squaring what is left of the number.
pub(crate) const fn log2(number: u64) -> u32 {
    let Some(whole) = number.checked_ilog2() else {
        return 0;
    };
    // The number as a fraction from one to two, with 31 bits behind the point.
    let mut rest = if whole > 31 { number >> (whole - 31) } else { number << (31 - whole) };
    let mut log = whole;
    let mut part = 1;
    while part < BIT {
        rest = (rest * rest) >> 31;
        log *= 2;
        if rest >= 1 << 32 {
            rest >>= 1;
            log += 1;
        }
        part *= 2;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::{BIT, Chance, log2};

    #[test]
    fn logarithms_are_right_to_a_sixteenth() {
        for (number, log) in [(1, 0), (2, 16), (3, 25), (32, 80), (1_000, 159), (1 << 40, 640)] {
            assert_eq!(log2(number), log, "{number}");
        }
        assert_eq!(log2(0), 0);
    }

    #[test]
    fn few_sessions_cannot_surprise() {
        assert_eq!(Chance::of(0, 0).surprise(), BIT);
        assert!(Chance::of(0, 3).surprise() < 3 * BIT);
        assert!(Chance::of(0, 1_240).surprise() > 10 * BIT);
        assert!(Chance::of(620, 1_240).surprise() <= BIT);
    }

    #[test]
    fn what_peers_do_all_the_time_is_a_mild_surprise() {
        let parts = [(Chance::of(0, 10_000), 7), (Chance::of(5_000, 10_000), 1)];
        let surprise = Chance::mixed(parts.into_iter()).unwrap().surprise();
        assert!((4 * BIT - 2..=4 * BIT).contains(&surprise), "{surprise}");
        assert!(Chance::mixed([].into_iter()).is_none());
    }
}
