//! How large the organization is: how many workloads there are, and how much each of them does.

/// The size that a `scale` stands for.
///
/// Large organizations make more calls with each credential, rather than holding as many more
/// credentials: of every five units of scale two add workloads, and calls make up for the rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    scale: u32,
}

impl Size {
    pub(crate) const fn of(scale: u32) -> Self {
        Self { scale }
    }

    /// Units of workloads: three instances, a function, a task and a pod each.
    pub(crate) const fn units(self) -> u32 {
        match self.scale.checked_sub(1) {
            Some(more) => 1 + more / 5 * 2 + more % 5 * 2 / 5,
            None => 0,
        }
    }

    /// Calls that a workload makes where it makes `n_calls` at scale 1.
    pub(crate) fn calls(self, n_calls: i64) -> i64 {
        if self.scale <= 1 {
            return n_calls;
        }
        // A fifth more stands for the deliveries of keys to the workloads that are not there.
        n_calls * i64::from(self.scale) * 6 / (i64::from(self.units()) * 5)
    }

    /// How many of these calls may read a secret: a workload that calls more often caches it.
    pub(crate) fn calls_for_secrets(self, n_calls: i64) -> i64 {
        let units = i64::from(self.units().max(1));
        (n_calls + units - 1) / units
    }
}
