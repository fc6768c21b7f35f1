//! Services of AWS: batches, limits, and what becomes of each entry.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use server::alerts::{
    AwsSink, AwsSinks, BoxFuture, BusEvent, CallFailure, Called, Depth, EntryFailure,
};
use server::clock::WallTime;
use server::config::Region;

use crate::world::{BEGIN, GRACE, World, pass, rest, settle, status, until};

/// AWS that answers as it is told, and takes everything after that.
#[derive(Clone, Default)]
struct Aws(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    answers: VecDeque<Called>,
    events: Vec<Vec<BusEvent>>,
    findings: Vec<Vec<String>>,
    regions: Vec<Option<String>>,
}

impl Aws {
    fn answering(answers: Vec<Called>) -> Self {
        let aws = Self::default();
        aws.0.lock().unwrap().answers = answers.into();
        aws
    }

    fn answer(&self, n_entries: usize) -> Called {
        let answer = self.0.lock().unwrap().answers.pop_front();
        answer.unwrap_or_else(|| Ok(vec![None; n_entries]))
    }

    fn events(&self) -> Vec<Vec<BusEvent>> {
        self.0.lock().unwrap().events.clone()
    }

    /// How many entries each call had.
    fn sizes(&self) -> Vec<usize> {
        let calls = self.0.lock().unwrap();
        let events = calls.events.iter().map(Vec::len);
        events.chain(calls.findings.iter().map(Vec::len)).collect()
    }
}

impl AwsSink for Aws {
    fn put_events(&self, events: Vec<BusEvent>) -> BoxFuture<'_, Called> {
        let answer = self.answer(events.len());
        self.0.lock().unwrap().events.push(events);
        Box::pin(async move { answer })
    }

    fn batch_import_findings(&self, findings: Vec<String>) -> BoxFuture<'_, Called> {
        let answer = self.answer(findings.len());
        self.0.lock().unwrap().findings.push(findings);
        Box::pin(async move { answer })
    }
}

impl AwsSinks for Aws {
    fn of(&self, region: Option<&Region>) -> Arc<dyn AwsSink> {
        self.0.lock().unwrap().regions.push(region.map(ToString::to_string));
        Arc::new(self.clone())
    }
}

fn world(aws: &Aws) -> World {
    let mut world = World::new();
    world.aws = Arc::new(aws.clone());
    world
}

const BUS: &str = "[[sink]]\nname = \"bus\"\nkind = \"eventbridge\"\nbus = \"security\"\n\
                   region = \"eu-central-1\"\n";
const HUB: &str = "[[sink]]\nname = \"hub\"\nkind = \"security_hub\"\n";

fn failed(code: &str) -> EntryFailure {
    EntryFailure { code: code.into(), message: "not so".into() }
}

#[tokio::test(start_paused = true)]
async fn events_go_in_batches_of_ten() {
    let aws = Aws::default();
    let world = world(&aws);
    for number in 0..23 {
        world.enqueue("bus", &format!("i{number:02}"), 1);
    }
    let dispatcher = world.start(world.sinks(BUS));
    until("all are taken", || world.depth("bus").waiting == 0).await;
    assert_eq!(aws.sizes(), [10, 10, 3]);
    let event = &aws.events()[0][0];
    assert_eq!(
        (&*event.bus, event.source, event.detail_type),
        ("security", "rolecall", "Rolecall Finding")
    );
    assert_eq!(event.detail, "{\"id\":\"i00\",\"revision\":1}");
    assert_eq!(event.time, WallTime(BEGIN));
    assert_eq!(aws.0.lock().unwrap().regions, [Some("eu-central-1".to_owned())]);
    assert_eq!(status(&dispatcher, "bus").delivered, 23);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn findings_go_in_batches_of_a_hundred_and_an_incident_once_in_each() {
    let aws = Aws::default();
    let world = world(&aws);
    for number in 0..120 {
        world.enqueue("hub", &format!("i{number:03}"), 1);
        world.enqueue("hub", &format!("i{number:03}"), 2);
    }
    let dispatcher = world.start(world.sinks(HUB));
    until("all are taken", || world.depth("hub").waiting == 0).await;
    let calls = aws.0.lock().unwrap().findings.clone();
    assert_eq!(calls.iter().map(Vec::len).sum::<usize>(), 240);
    assert!(calls.iter().all(|call| call.len() <= 100));
    for call in &calls {
        let incident = |finding: &String| finding.split(',').next().unwrap().to_owned();
        let mut incidents: Vec<String> = call.iter().map(incident).collect();
        incidents.sort_unstable();
        incidents.dedup();
        assert_eq!(incidents.len(), call.len());
    }
    let order: Vec<&String> =
        calls.iter().flatten().filter(|finding| finding.contains("i007")).collect();
    assert!(order[0].contains("\"revision\":1") && order[1].contains("\"revision\":2"));
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_into_one_call_goes_with_the_next() {
    let aws = Aws::default();
    let world = world(&aws);
    for incident in ["a", "b", "c"] {
        world.enqueue_payload("bus", incident, 1, vec![b'x'; 100 * 1024]);
    }
    world.enqueue_payload("bus", "huge", 1, vec![b'x'; 256 * 1024]);
    world.enqueue_payload("bus", "no-text", 1, vec![0xff]);
    let dispatcher = world.start(world.sinks(BUS));
    until("all are gone", || world.depth("bus") == Depth { waiting: 0, parked: 2 }).await;
    assert_eq!(aws.sizes(), [2, 1]);
    assert_eq!(
        world.outbox.parked_errors("bus"),
        ["the message is larger than AWS takes", "the message is not text"]
    );
    assert_eq!(status(&dispatcher, "bus").attempts, 5);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_finding_that_is_too_large_is_parked_and_no_call_is_made_for_it() {
    let aws = Aws::default();
    let world = world(&aws);
    world.enqueue_payload("hub", "huge", 1, vec![b'x'; 240_001]);
    let dispatcher = world.start(world.sinks(HUB));
    until("it is parked", || world.depth("hub").parked == 1).await;
    assert_eq!(aws.sizes(), [0_usize; 0]);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn each_entry_has_its_own_fate() {
    let answer =
        vec![None, Some(failed("ThrottlingException")), Some(failed("MalformedDetail")), None];
    let aws = Aws::answering(vec![Ok(answer)]);
    let world = world(&aws);
    for incident in ["a", "b", "c", "d"] {
        world.enqueue("bus", incident, 1);
    }
    let dispatcher = world.start(world.sinks(BUS));
    until("one waits, one is parked", || world.depth("bus") == Depth { waiting: 1, parked: 1 })
        .await;
    assert_eq!(world.outbox.parked_errors("bus"), ["MalformedDetail: not so"]);
    rest(&dispatcher, "bus").await;
    pass(1.0).await;
    until("it is taken", || world.depth("bus").waiting == 0).await;
    let events = aws.events();
    assert_eq!(events.len(), 2);
    assert!(events[1][0].detail.contains("\"b\""));
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_made_again_or_given_up_as_aws_says() {
    let failure = |is_transient, seconds: Option<u64>| {
        let retry_after = seconds.map(Duration::from_secs);
        Err(CallFailure { is_transient, retry_after, message: "AccessDenied: no".into() })
    };
    let aws =
        Aws::answering(vec![failure(true, Some(30)), failure(true, None), failure(false, None)]);
    let world = world(&aws);
    world.enqueue("hub", "a", 1);
    world.enqueue("hub", "b", 1);
    let dispatcher = world.start(world.sinks(HUB));
    until("it failed once", || status(&dispatcher, "hub").failures_in_a_row == 1).await;
    rest(&dispatcher, "hub").await;
    pass(30.9).await;
    settle().await;
    assert_eq!(aws.sizes(), [2]);
    pass(0.2).await;
    until("it failed twice", || status(&dispatcher, "hub").failures_in_a_row == 2).await;
    rest(&dispatcher, "hub").await;
    pass(2.0).await;
    until("both are given up", || world.depth("hub") == Depth { waiting: 0, parked: 2 }).await;
    assert_eq!(world.outbox.parked_errors("hub"), ["AccessDenied: no", "AccessDenied: no"]);
    assert!(dispatcher.stop(GRACE).await);
}

/// AWS that says nothing of some entries, or never anything; and whether it was asked that.
#[derive(Clone, Default)]
struct Silent(Arc<AtomicBool>);

impl AwsSink for Silent {
    fn put_events(&self, _: Vec<BusEvent>) -> BoxFuture<'_, Called> {
        Box::pin(async { Ok(vec![None]) })
    }

    fn batch_import_findings(&self, _: Vec<String>) -> BoxFuture<'_, Called> {
        let asked = Arc::clone(&self.0);
        Box::pin(async move {
            asked.store(true, Ordering::SeqCst);
            // The time of the call began before it was asked.
            std::future::pending().await
        })
    }
}

impl AwsSinks for Silent {
    fn of(&self, _: Option<&Region>) -> Arc<dyn AwsSink> {
        Arc::new(self.clone())
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_no_consent() {
    let mut world = World::new();
    let aws = Silent::default();
    world.aws = Arc::new(aws.clone());
    world.enqueue("bus", "a", 1);
    world.enqueue("bus", "b", 1);
    world.enqueue("hub", "a", 1);
    let dispatcher = world.start(world.sinks(&format!("{BUS}{HUB}")));
    until("one is taken", || world.depth("bus").waiting == 1).await;
    let (_, why) = status(&dispatcher, "bus").last_failure.unwrap();
    assert_eq!(why, "AWS did not say what became of it");
    until("it is asked", || aws.0.load(Ordering::SeqCst)).await;
    settle().await;
    pass(60.1).await;
    until("it is given up", || status(&dispatcher, "hub").failures_in_a_row == 1).await;
    let (_, why) = status(&dispatcher, "hub").last_failure.unwrap();
    assert_eq!(why, "AWS did not answer within 60 seconds");
    assert_eq!(world.depth("hub").waiting, 1);
    drop(dispatcher);
}
