//! Buckets that are listed, without notifications.

use std::thread;
use std::time::Duration;

use crate::chance::Chance;
use crate::endpoint::Endpoint;
use crate::hook::Hook;
use crate::organization::{Amounts, deliveries};
use crate::place::{Place, assert_ends_well};

const AMOUNTS: Amounts = Amounts { objects: 400, copies: 0, repeats: 30, late: 0, damaged: 4 };

/// How late an object may come, in minutes: what is listed far back is two days old at most.
const LATE_MAX: usize = 40 * 60;

/// How often it is killed.
const KILLS: usize = 12;

/// A source that lists `bucket`, in TOML.
fn bucket_source(bucket: &str) -> String {
    format!(
        "[[source]]\nname = \"{bucket}\"\nkind = \"s3\"\nbucket = \"{bucket}\"\ninterval = \"1s\"\n"
    )
}

#[test]
fn a_bucket_that_is_listed_goes_on_where_it_stood_and_finds_what_came_late() {
    let Some(endpoint) = Endpoint::find() else { return };
    let mut chance = Chance::new("listed");
    let buckets = ["listed-1".to_owned(), "listed-2".to_owned()];
    for bucket in &buckets {
        endpoint.bucket(bucket);
    }
    let mut deliveries = deliveries(AMOUNTS, &buckets, &mut chance);
    // Every tenth comes late, and all a few minutes out of order.
    deliveries.puts.sort_by_cached_key(|object| {
        let late = if chance.below(10) == 0 { chance.below(LATE_MAX) } else { chance.below(9) };
        object.minute() + late
    });
    let hook = Hook::start();
    let sources: String = buckets.iter().map(|bucket| bucket_source(bucket)).collect();
    let place = Place::new(&sources, &hook);
    let n_puts = deliveries.puts.len();
    for life in 0..KILLS {
        let served = place.start();
        for object in &deliveries.puts[n_puts * life / KILLS..n_puts * (life + 1) / KILLS] {
            endpoint.put(&object.bucket, &object.key, &object.bytes);
        }
        thread::sleep(Duration::from_millis(chance.below(2_000) as u64));
        served.kill();
    }
    assert_ends_well(place.once());
    place.check(&deliveries);
    place.check_told(&hook);
}
