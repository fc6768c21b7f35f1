//! What evidence holds depends on credentials and what they do, and not on how often they do it.

use evidence::limits::USE_EVENTS_MAX;

use crate::logs::{busy, counted, document};

/// Characters that everything which evidence holds takes when it is written out.
fn weight(n_calls: usize) -> usize {
    let (evidence, events) = counted(&busy(n_calls).records);
    assert_eq!(events.len(), 26 + n_calls + n_calls / 2);
    format!("{evidence:?}").len()
}

#[test]
fn evidence_stops_growing_where_its_limit_is() {
    let [few, full, twice, eight_times] = [1, 2, 4, 16].map(|times| weight(times * USE_EVENTS_MAX));
    let grown = |before: usize, after: usize| after as f64 / before as f64 - 1.0;
    // Until both kinds of calls have as many events as are remembered, it does grow.
    assert!(grown(few, full) > 0.05, "{few} {full}");
    // Then it shrinks a little, because smaller numbers have fewer digits.
    assert!(grown(full, twice) < 0.01, "{full} {twice}");
    assert!(grown(full, eight_times) < 0.01, "{full} {eight_times}");
}

#[test]
fn what_is_estimated_says_so_and_is_near() {
    let (evidence, events) = counted(&busy(3_000).records);
    let estimate = evidence.events();
    assert!(estimate.is_estimate);
    let error = estimate.events as f64 / events.len() as f64 - 1.0;
    assert!(error.abs() < 0.1, "{error}");
    let document = document(&evidence);
    for member in ["count_is_estimate", "calls_is_estimate", "v1_is_estimate", "v2_is_estimate"] {
        assert!(document.contains(&format!("\"{member}\": true")), "{member}");
    }
    assert!(document.contains("by aws-cli on Kali Linux: about 3"), "{document}");
    assert!(!document.contains("false,\n        \"calls_is_estimate"), "{document}");
}
