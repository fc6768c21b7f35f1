//! What survives: a stop in the middle of a message, and an outbox that cannot be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use server::alerts::{Depth, Dispatcher, Entry, Mark, MemoryOutbox, NewEntry, Outbox, OutboxError};
use server::clock::WallTime;

use crate::server::{Reply, Server};
use crate::world::{GRACE, World, pass, rest, settle, until};

#[tokio::test(start_paused = true)]
async fn a_stop_in_the_middle_sends_again_under_the_same_key() {
    let world = World::new();
    let server = Server::start(vec![Reply::Hang]).await;
    world.enqueue("hook", "a", 1);
    world.enqueue("hook", "b", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("it is sent", || server.n_received() == 1).await;
    let stopping = tokio::spawn(dispatcher.stop(GRACE));
    settle().await;
    pass(5.0).await;
    assert!(!stopping.await.unwrap(), "it had to be given up");
    assert_eq!(world.depth("hook").waiting, 2);

    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("both are taken", || world.depth("hook").waiting == 0).await;
    let received = server.received();
    let keys: Vec<_> = received.iter().filter_map(|one| one.header("idempotency-key")).collect();
    assert_eq!(keys, ["a-1", "a-1", "b-1"]);
    assert_eq!(received[0].body, received[1].body);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_what_is_being_sent_and_sends_nothing_more() {
    let world = World::new();
    let server = Server::start(vec![Reply::Hang]).await;
    world.enqueue("hook", "a", 1);
    world.enqueue("hook", "b", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("it is sent", || server.n_received() == 1).await;
    let stopping = tokio::spawn(dispatcher.stop(GRACE * 10));
    settle().await;
    pass(15.1).await;
    until("it has ended", || stopping.is_finished()).await;
    assert!(stopping.await.unwrap());
    assert_eq!(server.n_received(), 1);
    // That it failed was kept.
    assert!(world.outbox.due("hook", WallTime(crate::world::BEGIN), 9).unwrap().len() == 1);
}

#[tokio::test(start_paused = true)]
async fn a_stop_while_nothing_is_to_do_takes_no_time() {
    let world = World::new();
    let server = Server::start(vec![Reply::status(500)]).await;
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    rest(&dispatcher, "hook").await;
    assert!(dispatcher.stop(GRACE).await);
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("it failed", || server.n_received() == 1).await;
    rest(&dispatcher, "hook").await;
    assert!(dispatcher.stop(GRACE).await, "a wait is left at once");
}

/// An outbox on a disk that is full as long as the test says.
struct FullDisk {
    outbox: Arc<MemoryOutbox>,
    is_full: AtomicBool,
}

impl FullDisk {
    fn write(&self) -> Result<(), OutboxError> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(OutboxError("database or disk is full".into()));
        }
        Ok(())
    }
}

impl Outbox for FullDisk {
    fn enqueue(&self, messages: &[NewEntry]) -> Result<(), OutboxError> {
        self.write()?;
        self.outbox.enqueue(messages)
    }

    fn due(&self, sink: &str, now: WallTime, limit: usize) -> Result<Vec<Entry>, OutboxError> {
        self.outbox.due(sink, now, limit)
    }

    fn mark(&self, marks: &[Mark]) -> Result<(), OutboxError> {
        self.write()?;
        self.outbox.mark(marks)
    }

    fn retry_parked(&self, sink: &str, now: WallTime) -> Result<u64, OutboxError> {
        self.write()?;
        self.outbox.retry_parked(sink, now)
    }

    fn depth(&self, sink: &str) -> Result<Depth, OutboxError> {
        self.outbox.depth(sink)
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_sends_nothing_twice() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    world.enqueue("hook", "a", 1);
    world.enqueue("hook", "b", 1);
    let outbox = Arc::clone(&world.outbox);
    let disk = Arc::new(FullDisk { outbox, is_full: AtomicBool::new(true) });
    let tools = world.tools_with(Arc::clone(&disk) as Arc<dyn Outbox>);
    let dispatcher = Dispatcher::start(world.webhook("hook", &server.url()), &tools);
    until("one is sent", || server.n_received() == 1).await;
    for _ in 0..10 {
        rest(&dispatcher, "hook").await;
        dispatcher.waker().wake();
        pass(60.0).await;
    }
    rest(&dispatcher, "hook").await;
    assert_eq!(server.n_received(), 1);
    disk.is_full.store(false, Ordering::SeqCst);
    pass(300.0).await;
    until("both are taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(server.n_received(), 2);
    assert!(dispatcher.stop(GRACE).await);
}
