//! The thread that keeps what was folded, and analyzes it when it has settled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use evidence::Evidence;
use store::{Cursor, ObjectId};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::{Folded, Status};
use crate::clock::{Clock, WallTime};
use crate::engine::{Batch, Changed, Engine};

/// Objects that one commit keeps at most.
const KEPT_TOGETHER: usize = 512;

/// How often it is looked whether a quiet period or a suppression has ended.
const TELL_EVERY: Duration = Duration::from_secs(15);

/// How often it is looked whether sources have caught up.
const BEHIND_WAIT: Duration = Duration::from_millis(100);

/// How long nothing is tried after the store has refused; doubled with each refusal.
const REFUSED_WAIT: Duration = Duration::from_millis(250);

/// Longest wait after a refusal.
const REFUSED_WAIT_MAX: Duration = Duration::from_secs(30);

/// How long an analysis is put off while more arrives, in times of what the last one took: until
/// sources have caught up, when reading comes first, and afterwards, when telling does.
const PUT_OFF_BEHIND: f64 = 4.0;
const PUT_OFF: f64 = 0.25;

/// What a worker hands over.
#[derive(Debug)]
pub struct WriterInput {
    /// What the objects taught.
    pub evidence: Evidence,
    /// The objects.
    pub folded: Vec<Folded>,
}

/// When to analyze.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pace {
    /// How long nothing must arrive before what is there is analyzed.
    pub settle: Duration,
    /// How long an analysis is put off at most while objects keep arriving.
    pub patience: Duration,
    /// As `patience`, until every source has offered what was there at the start: logs do not
    /// come in the order of time then, and what a part of them says is often withdrawn.
    pub patience_behind: Duration,
}

/// The thread that writes.
pub struct Writer {
    /// What it writes with.
    pub engine: Engine,
    /// What workers hand over.
    pub input: mpsc::Receiver<WriterInput>,
    /// Where sources stand.
    pub cursors: mpsc::UnboundedReceiver<Cursor>,
    /// When to analyze.
    pub pace: Pace,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What is going on.
    pub status: Arc<Status>,
    /// Called after messages were kept that are to be sent.
    pub on_messages: Box<dyn Fn() + Send>,
    /// Ends retries once it holds `true`.
    pub stop: watch::Receiver<bool>,
    /// When it analyzed last; the time of the start before.
    pub analyzed_at: Instant,
}

/// What came of waiting.
enum Waited {
    Came(Box<WriterInput>),
    Ended,
    Nothing,
}

impl Writer {
    /// Keeps what comes until nothing can come any more; then analyzes what is left.
    ///
    /// Blocks; it is run on a thread of its own, `runtime` only keeps the time for it.
    ///
    /// # Errors
    ///
    /// Where the store refuses for good.
    pub fn run(mut self, runtime: &Handle) -> Result<Engine, store::Error> {
        self.analyze(runtime)?;
        self.status.of_writer(|writer| writer.is_ready = true);
        let mut settled_at = Instant::now();
        let mut told_at = Instant::now();
        let mut is_news = true;
        loop {
            let is_behind = self.status.is_behind();
            match self.wait(runtime, settled_at, is_behind) {
                Waited::Came(input) => {
                    self.keep(*input, runtime)?;
                    settled_at = Instant::now() + self.pace.settle;
                }
                Waited::Ended => break,
                Waited::Nothing => {}
            }
            self.note_log_integrity(runtime)?;
            let is_time = self.is_time_to_analyze(settled_at, is_behind);
            if is_time {
                self.analyze(runtime)?;
                is_news = true;
            }
            is_news |= told_at.elapsed() >= TELL_EVERY;
            // Nobody is told what the rest of the logs may explain.
            if is_news && !is_behind && !self.engine.is_analysis_due() {
                self.tell(runtime)?;
                (is_news, told_at) = (false, Instant::now());
            }
            // People are told first: forgetting goes over everything, and what is left is analyzed
            // once more.
            if is_time {
                is_news |= self.retain(runtime)?;
            }
        }
        self.keep(WriterInput { evidence: Evidence::default(), folded: Vec::new() }, runtime)?;
        self.note_log_integrity(runtime)?;
        if self.engine.is_analysis_due() {
            self.analyze(runtime)?;
        }
        self.retain(runtime)?;
        if !self.status.is_behind() {
            self.tell(runtime)?;
        }
        Ok(self.engine)
    }

    fn wait(&mut self, runtime: &Handle, settled_at: Instant, is_behind: bool) -> Waited {
        let until_settled = settled_at.saturating_duration_since(Instant::now());
        let wait = match (is_behind, self.engine.is_analysis_due()) {
            (true, _) => BEHIND_WAIT,
            (false, true) => until_settled,
            (false, false) => TELL_EVERY,
        };
        let input = &mut self.input;
        match runtime.block_on(async { timeout(wait, input.recv()).await }) {
            Ok(Some(input)) => Waited::Came(Box::new(input)),
            Ok(None) => Waited::Ended,
            Err(_) => Waited::Nothing,
        }
    }

    /// Whether what is there has settled, or was put off for long enough.
    fn is_time_to_analyze(&mut self, settled_at: Instant, is_behind: bool) -> bool {
        if !self.engine.is_analysis_due() {
            return false;
        }
        // What is left out of memory is what was analyzed before.
        if self.engine.is_heavy() {
            return true;
        }
        let took = Duration::from_millis(self.status.writer().analysis_millis);
        let since = self.analyzed_at.elapsed();
        if is_behind {
            return since >= self.pace.patience_behind.max(took.mul_f64(PUT_OFF_BEHIND));
        }
        Instant::now() >= settled_at || since >= self.pace.patience.max(took.mul_f64(PUT_OFF))
    }

    /// Keeps `first` and what waits behind it, and tells their sources.
    fn keep(&mut self, first: WriterInput, runtime: &Handle) -> Result<(), store::Error> {
        let WriterInput { evidence, mut folded } = first;
        let mut batch = Batch { evidence, ..Batch::default() };
        while folded.len() < KEPT_TOGETHER
            && let Ok(next) = self.input.try_recv()
        {
            batch.evidence.merge(next.evidence);
            folded.extend(next.folded);
        }
        while let Ok(cursor) = self.cursors.try_recv() {
            batch.cursors.push(cursor);
        }
        let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
        let mut waiting = Vec::new();
        for Folded { object, kept } in folded {
            waiting.extend(kept);
            if seen.insert(object.id.clone()) {
                batch.objects.push(object);
            }
        }
        if batch.objects.is_empty() && batch.cursors.is_empty() {
            return Ok(());
        }
        self.insist(runtime, |engine, now| engine.absorb(&mut batch, now))?;
        for object in &batch.objects {
            self.status.kept(&object.source, &object.coverage);
        }
        for kept in waiting {
            // A source that does not wait any more offers the object again, in vain.
            let _ = kept.send(());
        }
        self.insist(runtime, |engine, _| engine.tidy())?;
        Ok(())
    }

    fn analyze(&mut self, runtime: &Handle) -> Result<(), store::Error> {
        let began = Instant::now();
        let changed: Changed = self.insist(runtime, Engine::analyze)?;
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(millis, findings = changed.findings, "analyzed");
        let analysis = self.engine.analysis();
        let newest = analysis.as_of.map(|time| time.0);
        let mut findings = BTreeMap::new();
        for finding in &analysis.findings {
            *findings.entry(finding.severity).or_default() += 1;
        }
        let mut open = BTreeMap::new();
        for incident in &analysis.incidents {
            *open.entry(incident.severity).or_default() += 1;
        }
        let credentials = self.engine.credentials() as u64;
        let at_rest = self.engine.at_rest().map(|at_rest| at_rest.credentials).unwrap_or_default();
        let usage_kept_from = self.engine.kept_from().map(|time| time.0);
        let store_bytes = self.engine.store().size().map(|size| size.bytes).unwrap_or_default();
        self.status.of_writer(|writer| {
            writer.analyses += 1;
            writer.analysis_millis = millis;
            writer.newest_event = newest;
            writer.findings = findings;
            writer.open_incidents = open;
            writer.credentials = credentials;
            writer.credentials_at_rest = at_rest;
            writer.store_bytes = store_bytes;
            writer.usage_kept_from = usage_kept_from;
        });
        self.analyzed_at = Instant::now();
        Ok(())
    }

    fn note_log_integrity(&mut self, runtime: &Handle) -> Result<(), store::Error> {
        let findings = self.status.take_log_integrity();
        self.insist(runtime, |engine, _| engine.note_log_integrity(&findings))
    }

    /// Forgets what is too old, and analyzes what is left; gives whether there was anything.
    fn retain(&mut self, runtime: &Handle) -> Result<bool, store::Error> {
        let is_heavy = self.engine.is_heavy();
        if !self.insist(runtime, |engine, _| engine.retain())? {
            return Ok(false);
        }
        let kept_from = self.engine.kept_from().map(|time| time.to_string()).unwrap_or_default();
        if is_heavy {
            let at_rest = self.engine.at_rest().map(|at_rest| at_rest.credentials);
            let at_rest = at_rest.unwrap_or_default();
            tracing::warn!(
                %kept_from,
                at_rest,
                "evidence is more than `store.memory`: old lineages rest, details of use are \
                 dropped"
            );
        } else {
            tracing::info!(%kept_from, "what is too old was dropped");
        }
        self.analyze(runtime)?;
        Ok(true)
    }

    fn tell(&mut self, runtime: &Handle) -> Result<(), store::Error> {
        if self.insist(runtime, Engine::tell)? > 0 {
            (self.on_messages)();
        }
        Ok(())
    }

    /// Does `what` until the store takes it; gives up where it never will, or the service ends.
    fn insist<T>(
        &mut self,
        runtime: &Handle,
        mut what: impl FnMut(&mut Engine, WallTime) -> Result<T, store::Error>,
    ) -> Result<T, store::Error> {
        let mut wait = REFUSED_WAIT;
        loop {
            let error = match what(&mut self.engine, self.clock.now()) {
                Ok(value) => {
                    self.status.of_writer(|writer| writer.error = None);
                    return Ok(value);
                }
                Err(error) => error,
            };
            let is_stopping = *self.stop.borrow();
            if !error.is_passing() || is_stopping {
                return Err(error);
            }
            tracing::error!(%error, "the store keeps nothing; trying again");
            self.status.of_writer(|writer| writer.error = Some(error.to_string()));
            let mut stop = self.stop.clone();
            let stopped = async { stop.wait_for(|stop| *stop).await.is_ok() };
            // Whether it ended or not: the next refusal tells.
            drop(runtime.block_on(async { timeout(wait, stopped).await }));
            wait = wait.saturating_mul(2).min(REFUSED_WAIT_MAX);
        }
    }
}
