//! How long to wait after a failure: exponentially longer, by chance, and never beyond a cap.

use std::time::Duration;

/// Longest wait of all, even where a sink asks for a longer one.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// Waits after failures in a row, with full jitter
/// (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Backoff {
    /// Least wait of all.
    pub floor: Duration,
    /// Most that is waited after the first failure; doubled after each further one.
    pub first: Duration,
    /// Most that is waited after any failure.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            floor: Duration::from_millis(250),
            first: Duration::from_secs(1),
            cap: Duration::from_secs(300),
        }
    }
}

impl Backoff {
    /// The wait after `failures` in a row, where `chance` is drawn evenly from all numbers.
    ///
    /// A sink that says how long to wait is heard: no less than `asked`, up to
    /// [`RETRY_AFTER_MAX`].
    pub fn wait(&self, failures: u32, asked: Option<Duration>, chance: u64) -> Duration {
        let doublings = failures.saturating_sub(1).min(30);
        let ceiling = self.first.saturating_mul(1 << doublings).min(self.cap);
        let share = u128::from(chance) * ceiling.as_millis() / u128::from(u64::MAX);
        let wait = Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX)).max(self.floor);
        // Everyone who was turned away would come back at the same moment: chance comes on top.
        let wait = asked.map_or(wait, |asked| asked.saturating_add(wait.min(self.first)));
        wait.min(RETRY_AFTER_MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Backoff, RETRY_AFTER_MAX};

    fn millis(failures: u32, chance: u64) -> u128 {
        Backoff::default().wait(failures, None, chance).as_millis()
    }

    #[test]
    fn waits_double_up_to_a_cap() {
        let longest = [1, 2, 3, 9, 10, 1000].map(|failures| millis(failures, u64::MAX));
        assert_eq!(longest, [1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
    }

    #[test]
    fn chance_spreads_a_wait_over_all_of_it() {
        let drawn = [0, u64::MAX / 2, u64::MAX].map(|chance| millis(5, chance));
        assert_eq!(drawn, [250, 7_999, 16_000]);
    }

    #[test]
    fn a_sink_that_says_how_long_is_heard() {
        let wait = |asked| Backoff::default().wait(9, Some(Duration::from_secs(asked)), u64::MAX);
        assert_eq!(wait(30), Duration::from_secs(31));
        assert_eq!(wait(86_400), RETRY_AFTER_MAX);
    }
}
