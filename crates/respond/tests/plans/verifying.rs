//! What logs say about a response that they do not hold.

use std::fs;

use crate::logs::{firing, plans, verified_by};

#[test]
fn no_incident_undoes_a_response_that_nobody_began() {
    let mut n_verified = 0;
    for path in firing() {
        let log = fs::read_to_string(&path).unwrap();
        let records: Vec<&str> = log.lines().collect();
        // A log may end with any change.
        let is_change = |record: &&str| record.contains("LoginProfile\"");
        let mut ends: Vec<usize> =
            (0..records.len()).filter(|at| is_change(&records[*at])).collect();
        ends.push(records.len() - 1);
        for end in ends {
            let part = records[..=end].join("\n");
            for plan in plans(&part) {
                let undone = verified_by(&plan, &part).undone;
                assert_eq!(undone, [], "{} up to record {end}", path.display());
                n_verified += 1;
            }
        }
    }
    assert!(n_verified > 60, "{n_verified}");
}
