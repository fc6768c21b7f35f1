//! What fails and may work later is tried again, later and later, in order, and once.

use server::alerts::Dispatcher;
use server::clock::WallTime;

use crate::server::{Reply, Server};
use crate::world::{BEGIN, GRACE, World, pass, rest, settle, status, until};

async fn failures(dispatcher: &Dispatcher, number: u32) {
    let is_there = || status(dispatcher, "hook").failures_in_a_row == number;
    until(&format!("{number} failures in a row"), is_there).await;
    rest(dispatcher, "hook").await;
}

/// Every kind of failure, then an answer: nothing before its time, and the same bytes and key.
async fn is_tried_again(first: Reply, told: &str, wait: f64) {
    let world = World::new();
    let is_hanging = matches!(first, Reply::Hang);
    let server = Server::start(vec![first]).await;
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("it is sent", || server.n_received() == 1).await;
    if is_hanging {
        time_is_left(&dispatcher).await;
    }
    failed_once(&dispatcher, told).await;
    dispatcher.waker().wake();
    pass(wait - 0.1).await;
    settle().await;
    assert_eq!(server.n_received(), 1, "it came back too early");
    pass(0.2).await;
    until("it is taken", || world.depth("hook").waiting == 0).await;
    is_the_same_twice(&server);
    assert_eq!(status(&dispatcher, "hook").failures_in_a_row, 0);
    assert!(dispatcher.stop(GRACE).await);
}

async fn failed_once(dispatcher: &Dispatcher, told: &str) {
    failures(dispatcher, 1).await;
    let (_, why) = status(dispatcher, "hook").last_failure.unwrap();
    assert!(why.contains(told), "{why}");
    assert_eq!(status(dispatcher, "hook").depth.waiting, 1);
}

async fn time_is_left(dispatcher: &Dispatcher) {
    settle().await;
    pass(14.9).await;
    settle().await;
    assert_eq!(status(dispatcher, "hook").attempts, 0);
    pass(0.2).await;
}

fn is_the_same_twice(server: &Server) {
    let [one, two] = &server.received()[..] else { panic!("not two attempts") };
    assert_eq!(one.body, two.body);
    assert_eq!(one.header("idempotency-key"), two.header("idempotency-key"));
}

#[tokio::test(start_paused = true)]
async fn after_an_error_of_the_server() {
    is_tried_again(Reply::Answer(500, "", "broken".into()), "status 500: broken", 1.0).await;
    is_tried_again(Reply::status(503), "status 503", 1.0).await;
    is_tried_again(Reply::status(408), "status 408", 1.0).await;
}

#[tokio::test(start_paused = true)]
async fn after_no_answer() {
    is_tried_again(Reply::Hang, "did not answer within 15 seconds", 1.0).await;
    is_tried_again(Reply::Close, "broke off", 1.0).await;
}

#[tokio::test(start_paused = true)]
async fn after_as_long_as_the_server_asks() {
    let busy = |head| Reply::Answer(429, head, String::new());
    is_tried_again(busy("retry-after: 120\r\n"), "status 429", 121.0).await;
    is_tried_again(busy("retry-after: 99999999\r\n"), "status 429", 3600.0).await;
    is_tried_again(busy("retry-after: soon\r\n"), "status 429", 1.0).await;
    is_tried_again(Reply::Answer(503, "retry-after: 7\r\n", String::new()), "503", 8.0).await;
}

#[tokio::test(start_paused = true)]
async fn after_nobody_was_there_everything_comes_in_order_and_once() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    let (address, url) = (server.address, server.url());
    drop(server);
    settle().await;
    for incident in ["a", "b", "c"] {
        world.enqueue("hook", incident, 1);
    }
    world.enqueue("hook", "a", 2);
    let dispatcher = world.start(world.webhook("hook", &url));
    for (attempt, wait) in [(1, 1.0), (2, 2.0), (3, 4.0)] {
        failures(&dispatcher, attempt).await;
        let (_, why) = status(&dispatcher, "hook").last_failure.unwrap();
        assert!(why.contains(&format!("cannot connect to http://{address}: ")), "{why}");
        if attempt < 3 {
            pass(wait).await;
        }
    }
    assert_eq!(world.depth("hook").waiting, 4);
    let failed = "rolecall_notify_failures_total{sink=\"hook\"} 3";
    assert_eq!(world.metric("rolecall_notify_failures_total{"), failed);
    assert_eq!(
        world.metric("rolecall_notify_waiting{"),
        "rolecall_notify_waiting{sink=\"hook\"} 4"
    );
    let server = Server::on(address, vec![]).await;
    // The first has failed three times and lets the others pass; its own successor never does.
    pass(4.0).await;
    until("all are taken", || world.depth("hook").waiting == 0).await;
    let id = |id: &str, revision: u32| format!("{{\"id\":\"{id}\",\"revision\":{revision}}}");
    assert_eq!(server.bodies(), [id("b", 1), id("c", 1), id("a", 1), id("a", 2)]);
    assert_eq!(status(&dispatcher, "hook").delivered, 4);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn one_failure_changes_no_order() {
    let world = World::new();
    let server = Server::start(vec![Reply::status(502), Reply::Close]).await;
    for incident in ["a", "b", "c"] {
        world.enqueue("hook", incident, 1);
    }
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    failures(&dispatcher, 1).await;
    pass(1.0).await;
    failures(&dispatcher, 2).await;
    pass(2.0).await;
    until("all are taken", || world.depth("hook").waiting == 0).await;
    let keys: Vec<String> = server
        .received()
        .iter()
        .map(|received| received.header("idempotency-key").unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["a-1", "a-1", "a-1", "b-1", "c-1"]);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn what_a_sink_never_takes_is_tried_ever_more_rarely_and_delays_nothing() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    server.never_take("poison");
    world.enqueue("hook", "poison", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    for (attempt, wait) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0)] {
        failures(&dispatcher, attempt).await;
        pass(wait).await;
    }
    failures(&dispatcher, 5).await;
    world.enqueue("hook", "b", 1);
    pass(16.0).await;
    // First the one that was not tried, then the other, whose sixth wait has its own length.
    until("b is taken", || status(&dispatcher, "hook").delivered == 1).await;
    failures(&dispatcher, 1).await;
    assert_eq!(server.n_received(), 7);
    for seconds in [1.0, 10.0, 20.0] {
        pass(seconds).await;
        settle().await;
        assert_eq!(server.n_received(), 7, "32 seconds have not passed");
    }
    pass(1.1).await;
    until("it is tried again", || server.n_received() == 8).await;
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_fails_delays_no_other() {
    let world = World::new();
    let hanging = Server::start(vec![Reply::Hang, Reply::Hang, Reply::Hang]).await;
    let failing = Server::start(vec![Reply::status(500); 50]).await;
    let fine = Server::start(vec![]).await;
    let mut sinks = world.webhook("hanging", &hanging.url());
    sinks.extend(world.webhook("failing", &failing.url()));
    sinks.extend(world.webhook("hook", &fine.url()));
    for incident in ["a", "b", "c"] {
        for sink in ["hanging", "failing", "hook"] {
            world.enqueue(sink, incident, 1);
        }
    }
    let dispatcher = world.start(sinks);
    until("the third has all", || world.depth("hook").waiting == 0).await;
    assert_eq!(fine.n_received(), 3);
    assert_eq!(world.depth("hanging").waiting, 3);
    assert_eq!(world.depth("failing").waiting, 3);
    assert_eq!(status(&dispatcher, "hook").last_success, Some(WallTime(BEGIN)));
    assert_eq!(status(&dispatcher, "hanging").last_success, None);
    // The one that hangs is given up after the grace.
    let stopping = tokio::spawn(dispatcher.stop(GRACE));
    settle().await;
    assert!(!stopping.is_finished());
    pass(5.0).await;
    assert!(!stopping.await.unwrap());
}
