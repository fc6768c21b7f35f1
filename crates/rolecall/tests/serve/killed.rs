//! Killed a hundred times at any moment, nothing is lost, nothing is done twice, and people are
//! told once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::endpoint::{ENVELOPES, Endpoint, Queue};
use crate::hook::Hook;
use crate::organization::{Amounts, Object, deliveries};
use crate::place::{Place, assert_ends_well};

const KILLS: usize = 100;

/// Longest life of a process, in milliseconds, where that is enough to keep something.
const LIFE_MAX: usize = 2_000;

const AMOUNTS: Amounts =
    Amounts { objects: 2_000, copies: 100, repeats: 200, late: 100, damaged: 10 };

/// Buckets that tell `queue` of new objects, each through another envelope.
pub(crate) fn buckets(endpoint: &Endpoint, queue: &Queue) -> Vec<String> {
    let named = ENVELOPES.into_iter().enumerate().map(|(number, envelope)| {
        let name = format!("{}-trail-{number}", queue.name);
        endpoint.notifying_bucket(&name, queue, envelope);
        name
    });
    named.collect()
}

/// A source that reads `queue`, in TOML.
pub(crate) fn queue_source(queue: &Queue) -> String {
    format!("[[source]]\nname = \"queue\"\nkind = \"sqs\"\nqueue_url = \"{}\"\n", queue.url)
}

/// Allows everything once it is dropped, so that a test that fails ends what feeds it.
struct Feeding<'a>(&'a AtomicUsize);

impl Drop for Feeding<'_> {
    fn drop(&mut self) {
        self.0.store(usize::MAX, Ordering::SeqCst);
    }
}

/// Puts objects as far as it is allowed to, beside the processes that are killed.
fn feed(endpoint: &Endpoint, puts: &[Object], allowed: &AtomicUsize) {
    for (number, object) in puts.iter().enumerate() {
        while allowed.load(Ordering::SeqCst) <= number {
            thread::sleep(Duration::from_millis(10));
        }
        endpoint.put(&object.bucket, &object.key, &object.bytes);
    }
}

/// Serves until the queue is empty. Whoever was killed while it waited for messages still gets
/// some, which nobody else sees before their time has passed.
pub(crate) fn finish(place: &Place, endpoint: &Endpoint, queue: &Queue) {
    let served = place.start();
    place.wait_for("the queue", || {
        let is_empty = endpoint.n_messages(queue) == 0;
        if !is_empty {
            thread::sleep(Duration::from_secs(1));
            endpoint.time_passes(queue);
        }
        is_empty
    });
    served.kill();
}

/// Serves until something is kept; gives how many milliseconds that took, on this machine at this
/// time.
fn first_life(place: &Place) -> usize {
    let began = Instant::now();
    let served = place.start();
    place.wait_for("the first object", || place.n_done() > 0);
    served.kill();
    usize::try_from(began.elapsed().as_millis()).unwrap()
}

#[test]
fn killed_a_hundred_times_it_loses_nothing_and_tells_once() {
    let Some(endpoint) = Endpoint::find() else { return };
    let mut chance = Chance::new("killed");
    let queue = endpoint.queue("killed");
    let deliveries = deliveries(AMOUNTS, &buckets(&endpoint, &queue), &mut chance);
    let hook = Hook::start();
    let place = Place::new(&queue_source(&queue), &hook);
    let allowed = AtomicUsize::new(0);
    let (mut n_working, mut n_again) = (0, 0);
    thread::scope(|scope| {
        let _feeding = Feeding(&allowed);
        scope.spawn(|| feed(&endpoint, &deliveries.puts, &allowed));
        allowed.store(deliveries.puts.len() / KILLS, Ordering::SeqCst);
        let life_max = LIFE_MAX.max(2 * first_life(&place));
        endpoint.time_passes(&queue);
        let mut n_before = place.n_done();
        for life in 1..=KILLS {
            allowed.store(deliveries.puts.len() * life / KILLS, Ordering::SeqCst);
            let served = place.start();
            thread::sleep(Duration::from_millis(chance.below(life_max) as u64));
            served.kill();
            n_again += endpoint.time_passes(&queue);
            let n_done = place.n_done();
            n_working += usize::from(n_done > n_before);
            n_before = n_done;
        }
    });
    println!("{n_working} of {KILLS} lives kept objects; {n_again} messages came again");
    assert!(n_working >= KILLS / 4, "only {n_working} lives were long enough to keep anything");
    assert!(
        n_again >= KILLS / 4,
        "only {n_again} messages were being worked on when it was killed"
    );
    finish(&place, &endpoint, &queue);
    // What is left is told.
    assert_ends_well(place.once());
    place.check(&deliveries);
    place.check_told(&hook);
}
