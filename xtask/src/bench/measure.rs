//! What one run of a stage tells, and what several tell together.

use std::fmt;

use serde_json::Value;

/// One run of one stage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measurement {
    pub(super) stage: String,
    bytes_json: u64,
    events: u64,
    seconds: f64,
    peak_rss_bytes: u64,
}

/// The runs of one stage.
#[derive(Debug, PartialEq)]
pub(super) struct Summary {
    bytes_json: u64,
    events: u64,
    seconds_min: f64,
    seconds_median: f64,
    peak_rss_bytes_max: u64,
}

impl Measurement {
    /// Reads the line of JSON that a stage prints.
    pub(super) fn of(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let seconds = value.get("seconds")?.as_f64()?;
        (seconds > 0.0).then_some(Self {
            stage: value.get("stage")?.as_str()?.to_owned(),
            bytes_json: value.get("bytes_json")?.as_u64()?,
            events: value.get("events")?.as_u64()?,
            seconds,
            peak_rss_bytes: value.get("peak_rss_bytes")?.as_u64()?,
        })
    }
}

impl Summary {
    /// Sums up the runs of one stage, of which there must be one.
    pub(super) fn of<'a>(runs: impl Iterator<Item = &'a Measurement>) -> Option<Self> {
        let mut runs: Vec<&Measurement> = runs.collect();
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let fastest = runs.first()?;
        Some(Self {
            bytes_json: fastest.bytes_json,
            events: fastest.events,
            seconds_min: fastest.seconds,
            seconds_median: runs.get(runs.len() / 2)?.seconds,
            peak_rss_bytes_max: runs.iter().map(|run| run.peak_rss_bytes).max()?,
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.bytes_json as f64 / 1e6;
        write!(
            f,
            "{:>10.1} {:>8.3} {:>9.3} {:>9.0} {:>12.0} {:>12.0} {:>9.1}",
            megabytes,
            self.seconds_min,
            self.seconds_median,
            megabytes / self.seconds_min,
            megabytes / self.seconds_median,
            self.events as f64 / self.seconds_min,
            self.peak_rss_bytes_max as f64 / 1e6,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Measurement, Summary};

    fn line(seconds: f64) -> String {
        format!(
            "{{\"stage\":\"scan\",\"bytes_json\":2000000,\"events\":1000,\
             \"seconds\":{seconds:.1},\"peak_rss_bytes\":3000000}}\n"
        )
    }

    #[test]
    fn the_middle_run_is_the_median() {
        let runs: Vec<_> =
            [3.0, 1.0, 2.0].map(|seconds| Measurement::of(&line(seconds)).unwrap()).into();
        let summary = Summary::of(runs.iter()).unwrap();
        assert!((summary.seconds_min - 1.0).abs() < f64::EPSILON);
        assert!((summary.seconds_median - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_stage_that_did_not_run_has_no_summary() {
        assert_eq!(Summary::of([].iter()), None);
    }

    #[test]
    fn a_line_without_a_time_is_refused() {
        assert_eq!(Measurement::of("{\"stage\":\"scan\"}"), None);
        assert_eq!(Measurement::of(&line(0.0)), None);
    }
}
