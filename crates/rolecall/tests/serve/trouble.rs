//! Trouble of every kind: a disk that is full, a sink that fails, messages that come five times,
//! a clock that jumps. Nothing is lost, and people are told.

use std::env;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::chance::Chance;
use crate::endpoint::{Endpoint, Queue};
use crate::hook::Hook;
use crate::killed::{buckets, finish, queue_source};
use crate::organization::{Amounts, Deliveries, Object, deliveries};
use crate::place::{Place, Served, assert_ends_well};

const AMOUNTS: Amounts = Amounts { objects: 240, copies: 20, repeats: 40, late: 20, damaged: 4 };

/// What each of these tests works with.
struct Scene {
    endpoint: Endpoint,
    chance: Chance,
    queue: Queue,
    deliveries: Deliveries,
    hook: Hook,
    place: Place,
}

impl Scene {
    /// A scene whose queue is called `name`, or nothing where there is no endpoint.
    fn set(name: &str) -> Option<Self> {
        let endpoint = Endpoint::find()?;
        let mut chance = Chance::new(name);
        let queue = endpoint.queue(name);
        let deliveries = deliveries(AMOUNTS, &buckets(&endpoint, &queue), &mut chance);
        let hook = Hook::start();
        let place = Place::new(&queue_source(&queue), &hook);
        Some(Self { endpoint, chance, queue, deliveries, hook, place })
    }

    fn put(&self, objects: &[Object]) {
        for object in objects {
            self.endpoint.put(&object.bucket, &object.key, &object.bytes);
        }
    }

    /// Objects that are put, each once.
    fn n_objects(&self) -> u64 {
        let mut objects: Vec<&Object> = self.deliveries.puts.iter().collect();
        objects.sort();
        objects.dedup();
        objects.len() as u64
    }

    /// Ends everything well, and compares.
    fn end(&self) {
        finish(&self.place, &self.endpoint, &self.queue);
        assert_ends_well(self.place.once());
        self.place.check(&self.deliveries);
        self.place.check_told(&self.hook);
    }
}

#[test]
fn a_full_disk_stops_everything_until_there_is_room() {
    let Some(mut scene) = Scene::set("full") else { return };
    scene.put(&scene.deliveries.puts);
    // Killed in this state again and again, it keeps nothing of what does not fit.
    for _ in 0..5 {
        let served = scene.place.start_within(256);
        thread::sleep(Duration::from_millis(500 + scene.chance.below(1_500) as u64));
        served.kill();
        scene.endpoint.time_passes(&scene.queue);
    }
    let served = scene.place.start_within(256);
    let refusals = || scene.place.log().matches("the store keeps nothing").count();
    scene.place.wait_for("the disk to be full", || refusals() >= 2);
    assert!(scene.place.n_done() < scene.n_objects(), "everything had room");
    assert!(scene.endpoint.n_messages(&scene.queue) > 0, "messages were deleted all the same");
    let mut room = Command::new("prlimit");
    room.args(["--fsize=unlimited:unlimited", "--pid", &served.0.id().to_string()]);
    assert!(room.status().unwrap().success());
    // It goes on by itself.
    let n_objects = scene.n_objects();
    scene.place.wait_for("the rest", || {
        scene.endpoint.time_passes(&scene.queue);
        scene.place.n_done() == n_objects
    });
    assert_ends_well(served.stop());
    scene.end();
}

#[test]
fn a_sink_that_fails_for_a_while_stops_nothing_and_is_told_everything_then() {
    let Some(mut scene) = Scene::set("failing") else { return };
    scene.hook.set_failing(true);
    let n_puts = scene.deliveries.puts.len();
    for part in 0..4 {
        scene.put(&scene.deliveries.puts[n_puts * part / 4..n_puts * (part + 1) / 4]);
        let served = scene.place.start();
        thread::sleep(Duration::from_millis(1_500 + scene.chance.below(1_500) as u64));
        served.kill();
        scene.endpoint.time_passes(&scene.queue);
    }
    finish(&scene.place, &scene.endpoint, &scene.queue);
    assert_eq!(scene.place.n_done(), scene.n_objects(), "detection waits for the sink");
    let served = scene.place.start();
    let n_refused = scene.hook.n_refused();
    scene.place.wait_for("attempts", || scene.hook.n_refused() > n_refused + 2);
    assert_eq!(scene.hook.taken().len(), 0);
    scene.hook.set_failing(false);
    scene.place.wait_for("alerts", || !scene.hook.taken().is_empty());
    served.kill();
    scene.end();
}

#[test]
fn a_message_that_is_delivered_five_times_is_dealt_with_once() {
    let Some(scene) = Scene::set("five-times") else { return };
    let served = scene.place.start();
    scene.put(&scene.deliveries.puts);
    let is_empty = || scene.endpoint.n_messages(&scene.queue) == 0;
    scene.place.wait_for("the queue", is_empty);
    assert_ends_well(served.stop());
    let deliveries = scene.endpoint.deliveries(&scene.queue);
    // Setting up notifications sends messages, too.
    assert!(deliveries.len() >= scene.deliveries.puts.len());
    assert!(deliveries.iter().all(|count| *count >= 5), "{deliveries:?}");
    scene.end();
}

#[test]
fn a_clock_that_jumps_changes_nothing() {
    let Some(mut scene) = Scene::set("jumping") else { return };
    let library = env::var("ROLECALL_TEST_FAKETIME").unwrap();
    assert!(fs::exists(&library).unwrap(), "there is no `{library}`");
    let clock = scene.place.path("clock");
    let jumps = ["+0", "+400d", "-3d", "+2h", "-1500d", "+30d", "-20m"];
    let serve = |scene: &Scene| {
        let mut command = scene.place.serve(&[]);
        command
            .env("LD_PRELOAD", &library)
            .env("FAKETIME_TIMESTAMP_FILE", &clock)
            // The clock that only measures does not jump, and files keep their times.
            .envs([("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")])
            .env("NO_FAKE_STAT", "1");
        Served(command.spawn().unwrap())
    };
    fs::write(&clock, "+0").unwrap();
    let n_puts = scene.deliveries.puts.len();
    let parts = jumps.len() * 2;
    for part in 0..parts {
        let served = serve(&scene);
        scene.put(&scene.deliveries.puts[n_puts * part / parts..n_puts * (part + 1) / parts]);
        // Twice in each life: ahead and back, and while it is killed.
        for _ in 0..2 {
            thread::sleep(Duration::from_millis(scene.chance.below(1_500) as u64));
            fs::write(&clock, jumps[scene.chance.below(jumps.len())]).unwrap();
        }
        served.kill();
        scene.endpoint.time_passes(&scene.queue);
    }
    // Far back: what was to be tried a year from here is tried.
    fs::write(&clock, "-1500d").unwrap();
    let served = serve(&scene);
    let n_objects = scene.n_objects();
    scene.place.wait_for("all objects", || {
        scene.endpoint.time_passes(&scene.queue);
        scene.place.n_done() == n_objects
    });
    assert_ends_well(served.stop());
    scene.end();
}
