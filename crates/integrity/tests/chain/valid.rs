//! What is as `CloudTrail` delivered it.

use integrity::Window;

use crate::trail::{Objects, Signer, Trail, time};
use crate::walking::{Bucket, both_keys, expected, walked, walked_within};

#[test]
fn a_chain_is_valid_to_its_begin() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    for (hour, n_logs) in [(1, 2), (2, 0), (3, 1)] {
        trail.hour(&mut objects, hour, n_logs);
    }
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    assert_eq!(walked.verdicts(), expected(&[(3, "valid"), (2, "valid"), (1, "valid")]));
    assert_eq!((walked.log_files.len(), walked.gaps()), (3, vec![]));
    let starts: Vec<bool> = walked.chain.digests.iter().map(|digest| digest.is_start).collect();
    assert_eq!(starts, [false, false, true]);
    assert_eq!(walked.chain.proven(), [(time(0), time(3))]);
}

#[test]
fn a_chain_goes_on_under_another_key() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.hour(&mut objects, 1, 1);
    trail.signer = Signer::two();
    trail.hour(&mut objects, 2, 1);
    trail.hour(&mut objects, 3, 1);
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    assert_eq!(walked.verdicts(), expected(&[(3, "valid"), (2, "valid"), (1, "valid")]));
}

#[test]
fn a_chain_that_begins_again_leaves_a_gap() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.hour(&mut objects, 1, 1);
    trail.hour(&mut objects, 2, 1);
    trail.restart();
    trail.hour(&mut objects, 9, 1);
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    assert_eq!(walked.verdicts(), expected(&[(9, "valid"), (2, "valid"), (1, "valid")]));
    assert_eq!(walked.gaps(), [(2, 8, "ChainStart".to_owned())]);
    assert_eq!(walked.chain.proven(), [(time(0), time(2)), (time(8), time(9))]);
}

#[test]
fn backfilled_digests_are_a_chain_of_their_own() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    trail.is_backfill = true;
    trail.hour(&mut objects, 4, 1);
    trail.hour(&mut objects, 7, 1);
    let walked = walked(Bucket::new(&objects), &mut both_keys());
    assert_eq!(walked.verdicts(), expected(&[(7, "valid"), (4, "valid")]));
    assert!(walked.chain.name.is_backfill && walked.gaps().is_empty());
}

#[test]
fn a_window_ends_the_walk() {
    let mut objects = Objects::new();
    let mut trail = Trail::new("audit");
    for hour in 1..=9 {
        trail.hour(&mut objects, hour, 0);
    }
    let window = Window { from: Some(time(4)), to: Some(time(6)) };
    let walked = walked_within(Bucket::new(&objects), &mut both_keys(), window);
    // The hour after the window names what was delivered late, and the one before it is the first
    // that begins before the window.
    assert_eq!(
        walked.verdicts(),
        expected(&[(7, "valid"), (6, "valid"), (5, "valid"), (4, "valid")])
    );
}
