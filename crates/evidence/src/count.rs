//! How many events there are, exactly or about.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign};

/// A number of events.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Count {
    /// How many.
    pub events: u64,
    /// Whether the number is an estimate, because some kind of use has more events than are
    /// remembered ([`USE_EVENTS_MAX`](crate::limits::USE_EVENTS_MAX)).
    pub is_estimate: bool,
}

impl Count {
    /// Exactly `events`.
    pub const fn exactly(events: u64) -> Self {
        Self { events, is_estimate: false }
    }

    /// The number as people read it: of an estimate, the two digits that it can vouch for.
    pub const fn rounded(self) -> u64 {
        if !self.is_estimate {
            return self.events;
        }
        let mut unit = 1;
        while self.events / unit >= 100 {
            unit *= 10;
        }
        let up = if self.events % unit >= unit.div_ceil(2) { unit } else { 0 };
        (self.events - self.events % unit).saturating_add(up)
    }
}

/// `12`, or `about 3400`.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = if self.is_estimate { "about " } else { "" };
        write!(f, "{about}{}", self.rounded())
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            events: self.events.saturating_add(other.events),
            is_estimate: self.is_estimate || other.is_estimate,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::Count;

    #[test]
    fn an_estimate_says_about_and_two_digits() {
        let about = |events| Count { events, is_estimate: true }.to_string();
        assert_eq!(about(1_025), "about 1000");
        assert_eq!(about(1_050), "about 1100");
        assert_eq!(about(99_500), "about 100000");
        assert_eq!(about(7), "about 7");
        assert_eq!(about(u64::MAX), alloc::format!("about {}", 18 * 10_u64.pow(18)));
        assert_eq!(Count::exactly(1_025).to_string(), "1025");
    }

    #[test]
    fn a_sum_with_an_estimate_is_an_estimate() {
        let estimate = Count { events: 2_000, is_estimate: true };
        let sum: Count = [Count::exactly(3), estimate, Count::exactly(4)].into_iter().sum();
        assert_eq!(sum, Count { events: 2_007, is_estimate: true });
        assert_eq!(Count::exactly(3) + Count::exactly(4), Count::exactly(7));
    }
}
