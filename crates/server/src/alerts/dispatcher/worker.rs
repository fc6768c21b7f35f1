//! The task of one sink.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tracing::{debug, error, info, warn};

use super::super::outbox::{Depth, Entry, Mark, OutboxError, PASSES_AFTER};
use super::super::sink::{Outcome, Sink};
use super::super::status::StatusBoard;
use super::Tools;
use crate::clock::WallTime;

/// How often the outbox is looked into where something waits for its time.
const POLL_WAITING: Duration = Duration::from_secs(1);

/// How often it is looked into where nothing waits: whoever adds something says so.
const POLL_IDLE: Duration = Duration::from_secs(30);

pub(super) struct Worker {
    sink: Sink,
    tools: Tools,
    board: StatusBoard,
    /// What became of entries and could not be kept yet. Nothing is sent before it is, so that
    /// nothing is sent twice for a disk that is full.
    marks: Vec<Mark>,
    /// Failures since the sink last took something.
    failures: u32,
    /// Failures of the outbox in a row.
    outbox_failures: u32,
}

/// What a round came to.
enum Round {
    /// The outbox failed, or the sink did: nothing for this long, whoever wakes.
    Pause(Duration),
    /// There may be more.
    Sent,
    /// There is nothing to send at this time; look again after this long.
    Wait(Duration),
}

impl Worker {
    pub(super) const fn new(sink: Sink, tools: Tools, board: StatusBoard) -> Self {
        Self { sink, tools, board, marks: Vec::new(), failures: 0, outbox_failures: 0 }
    }

    pub(super) async fn run(mut self, wake: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let round = self.round().await.unwrap_or_else(|error| self.outbox_failed(&error));
            let (wait, may_be_woken) = match round {
                Round::Sent => continue,
                Round::Pause(pause) => (pause, false),
                Round::Wait(wait) => (wait, true),
            };
            self.next_look(Some(wait));
            tokio::select! {
                () = sleep(wait) => {}
                () = wake.notified(), if may_be_woken => {}
                _ = stop.changed() => {}
            }
            self.next_look(None);
        }
        if let Err(error) = self.keep_marks().await {
            self.outbox_failed(&error);
        }
    }

    async fn round(&mut self) -> Result<Round, OutboxError> {
        self.keep_marks().await?;
        let (batch, depth) = self.look().await?;
        self.outbox_failures = 0;
        if batch.is_empty() {
            let poll = if depth.waiting == 0 { POLL_IDLE } else { POLL_WAITING };
            return Ok(Round::Wait(poll));
        }
        let mut outcomes = self.sink.sender.send(&batch, self.tools.clock.now()).await;
        outcomes.resize(batch.len(), Outcome::Untried);
        if outcomes.iter().all(|outcome| *outcome == Outcome::Untried) {
            return Ok(Round::Pause(POLL_WAITING));
        }
        let pause = self.learn(batch, outcomes);
        self.keep_marks().await?;
        self.look_at_depth().await?;
        Ok(pause.map_or(Round::Sent, Round::Pause))
    }

    /// Counts what became of each entry, and says how long to leave the sink alone.
    fn learn(&mut self, batch: Vec<Entry>, outcomes: Vec<Outcome>) -> Option<Duration> {
        let now = self.tools.clock.now();
        let n_tried = outcomes.iter().filter(|outcome| **outcome != Outcome::Untried).count();
        let n_delivered = outcomes.iter().filter(|outcome| **outcome == Outcome::Delivered).count();
        let is_retried = |outcome: &Outcome| matches!(outcome, Outcome::Retry { .. });
        let asked = outcomes.iter().filter_map(Outcome::after).max();
        if n_delivered > 0 {
            self.failures = 0;
        }
        let pause = outcomes.iter().any(is_retried).then(|| {
            self.failures = self.failures.saturating_add(1);
            self.tools.backoff.wait(self.failures, asked, (self.tools.chance)())
        });
        let failures_in_a_row = self.failures;
        self.board.change(&self.sink.name, |status| {
            status.attempts += n_tried as u64;
            status.delivered += n_delivered as u64;
            status.failures_in_a_row = failures_in_a_row;
            if n_delivered > 0 {
                status.last_success = Some(now);
            }
        });
        if n_delivered > 0 {
            self.tools.metrics.notify_delivered(&self.sink.name, n_delivered as u64, now.seconds());
        }
        for (entry, outcome) in batch.into_iter().zip(outcomes) {
            self.learn_one(&entry, outcome, now, pause);
        }
        pause
    }

    fn learn_one(
        &mut self,
        entry: &Entry,
        outcome: Outcome,
        now: WallTime,
        pause: Option<Duration>,
    ) {
        let (id, sink) = (entry.id, &*self.sink.name);
        let (incident, revision) = (&*entry.message.incident_id, entry.message.revision);
        match outcome {
            Outcome::Untried => {}
            Outcome::Delivered => {
                info!(sink, incident, revision, "alert delivered");
                self.marks.push(Mark::Delivered { id, at: now });
            }
            Outcome::Refused { why } => {
                error!(sink, incident, revision, why, "alert given up: the sink refuses it");
                self.failed(now, &why);
                self.marks.push(Mark::Parked { id, error: why, at: now });
            }
            Outcome::Retry { why, .. } => {
                let wait = self.wait(entry, pause.unwrap_or_default());
                let retry_seconds = wait.as_secs_f64();
                warn!(sink, incident, revision, why, retry_seconds, "alert not delivered");
                self.failed(now, &why);
                let next_attempt = now.after(wait);
                self.marks.push(Mark::Failed { id, error: why, next_attempt });
            }
        }
    }

    /// How long `entry` waits: as long as the sink is left alone, and longer where others pass it.
    fn wait(&self, entry: &Entry, pause: Duration) -> Duration {
        let attempts = entry.attempts.saturating_add(1);
        if attempts < PASSES_AFTER {
            return pause;
        }
        pause.max(self.tools.backoff.wait(attempts, None, (self.tools.chance)()))
    }

    fn failed(&self, now: WallTime, why: &str) {
        self.tools.metrics.notify_failure(&self.sink.name);
        self.board.change(&self.sink.name, |status| {
            status.last_failure = Some((now, why.to_owned()));
        });
    }

    fn outbox_failed(&mut self, failure: &OutboxError) -> Round {
        self.outbox_failures = self.outbox_failures.saturating_add(1);
        let pause = self.tools.backoff.wait(self.outbox_failures, None, (self.tools.chance)());
        let retry_seconds = pause.as_secs_f64();
        error!(sink = self.sink.name, why = failure.0, retry_seconds, "the outbox failed");
        Round::Pause(pause)
    }

    async fn keep_marks(&mut self) -> Result<(), OutboxError> {
        if self.marks.is_empty() {
            return Ok(());
        }
        let outbox = Arc::clone(&self.tools.outbox);
        let marks = self.marks.clone();
        blocking(move || outbox.mark(&marks)).await?;
        debug!(sink = self.sink.name, marks = self.marks.len(), "kept what became of alerts");
        self.marks.clear();
        Ok(())
    }

    async fn look(&self) -> Result<(Vec<Entry>, Depth), OutboxError> {
        let outbox = Arc::clone(&self.tools.outbox);
        let (name, now) = (self.sink.name.clone(), self.tools.clock.now());
        let limit = self.sink.sender.batch_max();
        let (batch, depth) = blocking(move || {
            let batch = outbox.due(&name, now, limit)?;
            Ok((batch, outbox.depth(&name)?))
        })
        .await?;
        self.show(depth);
        Ok((batch, depth))
    }

    async fn look_at_depth(&self) -> Result<(), OutboxError> {
        let outbox = Arc::clone(&self.tools.outbox);
        let name = self.sink.name.clone();
        let depth = blocking(move || outbox.depth(&name)).await?;
        self.show(depth);
        Ok(())
    }

    fn next_look(&self, wait: Option<Duration>) {
        let at = wait.map(|wait| self.tools.clock.now().after(wait));
        self.board.change(&self.sink.name, |status| status.next_look = at);
    }

    fn show(&self, depth: Depth) {
        self.tools.metrics.depth(&self.sink.name, depth);
        self.board.change(&self.sink.name, |status| status.depth = depth);
    }
}

impl Outcome {
    const fn after(&self) -> Option<Duration> {
        match self {
            Self::Retry { after, .. } => *after,
            Self::Delivered | Self::Refused { .. } | Self::Untried => None,
        }
    }
}

/// Runs what may block where it hurts nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OutboxError> + Send + 'static,
) -> Result<T, OutboxError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(OutboxError("it broke off".to_owned())))
}
