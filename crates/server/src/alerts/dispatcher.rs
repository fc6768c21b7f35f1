//! Sends what the outbox holds: each sink by itself, in order, at least once, and without an end
//! only where there is hope.

mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::backoff::Backoff;
use super::outbox::Outbox;
use super::sink::Sink;
use super::status::{SinkStatus, StatusBoard};
use crate::clock::{Clock, SystemClock};
use crate::health::Metrics;
use worker::Worker;

/// Draws numbers evenly from all there are.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What a dispatcher works with.
#[derive(Clone)]
pub struct Tools {
    /// What is to be sent.
    pub outbox: Arc<dyn Outbox>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where failures are counted.
    pub metrics: Metrics,
    /// How long to wait after failures.
    pub backoff: Backoff,
    /// What spreads those waits.
    pub chance: Chance,
}

impl Tools {
    /// Works on `outbox` by the clock of the machine.
    pub fn new(outbox: Arc<dyn Outbox>, metrics: Metrics) -> Self {
        Self {
            outbox,
            clock: Arc::new(SystemClock),
            metrics,
            backoff: Backoff::default(),
            chance: Arc::new(|| {
                // Without chance, waits are the longest.
                getrandom::u64().unwrap_or(u64::MAX)
            }),
        }
    }
}

/// Sends until it is stopped.
pub struct Dispatcher {
    tasks: JoinSet<()>,
    is_stopping: watch::Sender<bool>,
    waker: Waker,
    board: StatusBoard,
}

/// Tells a dispatcher that there may be something to send; clones tell the same one.
#[derive(Clone, Debug, Default)]
pub struct Waker(Arc<Vec<(String, Arc<Notify>)>>);

impl Waker {
    /// Looks into the outbox at once. It is called after a transaction has ended.
    pub fn wake(&self) {
        self.0.iter().for_each(|(_, sink)| sink.notify_one());
    }
}

impl Dispatcher {
    /// Starts one task for each sink, in the runtime that it is called in.
    pub fn start(sinks: Vec<Sink>, tools: &Tools) -> Self {
        let board = StatusBoard::default();
        let (is_stopping, stop) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut wakers = Vec::new();
        for sink in sinks {
            board.add(&sink.name, sink.kind);
            tools.metrics.sink(&sink.name);
            let wake = Arc::new(Notify::new());
            wakers.push((sink.name.clone(), Arc::clone(&wake)));
            let worker = Worker::new(sink, tools.clone(), board.clone());
            tasks.spawn(worker.run(wake, stop.clone()));
        }
        Self { tasks, is_stopping, waker: Waker(Arc::new(wakers)), board }
    }

    /// What tells it that there is something to send.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// How each sink fares, by name.
    pub fn status(&self) -> Vec<SinkStatus> {
        self.board.sinks()
    }

    /// How each sink fares, for those who ask later.
    pub fn board(&self) -> StatusBoard {
        self.board.clone()
    }

    /// Sends nothing more, and waits up to `grace` for what is being sent.
    ///
    /// What was not taken by then is sent again after the next start, under the same key. Returns
    /// whether every sink had come to its end.
    pub async fn stop(mut self, grace: Duration) -> bool {
        // Where nobody listens, all have ended.
        let _ = self.is_stopping.send(true);
        let ended = timeout(grace, async { while self.tasks.join_next().await.is_some() {} }).await;
        self.tasks.abort_all();
        ended.is_ok()
    }
}
