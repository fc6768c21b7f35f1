//! Sinks that are services of AWS, behind a trait: the clients are elsewhere.

use std::sync::Arc;
use std::time::Duration;

use super::{BoxFuture, Outcome, Sender};
use crate::alerts::outbox::Entry;
use crate::clock::WallTime;
use crate::config::Region;

/// `source` of every event.
pub const EVENT_SOURCE: &str = "rolecall";

/// `detail-type` of every event.
pub const DETAIL_TYPE: &str = "Rolecall Finding";

/// Entries of one call of `PutEvents`
/// (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>).
const EVENTS_MAX: usize = 10;

/// Bytes of all entries of one call of `PutEvents`.
const EVENTS_BYTES_MAX: usize = 256 * 1024;

/// Bytes that count for an entry besides its detail: its time, source and detail type.
const EVENT_BYTES_BESIDES: usize = 14 + EVENT_SOURCE.len() + DETAIL_TYPE.len();

/// Findings of one call of `BatchImportFindings`
/// (<https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html>).
const FINDINGS_MAX: usize = 100;

/// Bytes of one finding.
const FINDING_BYTES_MAX: usize = 240 * 1000;

/// Longest time that one call may take, with what the client tries again by itself.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// One entry of `PutEvents`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BusEvent {
    /// Name or ARN of the bus.
    pub bus: String,
    /// [`EVENT_SOURCE`].
    pub source: &'static str,
    /// [`DETAIL_TYPE`].
    pub detail_type: &'static str,
    /// A JSON object.
    pub detail: String,
    /// When the message was decided on.
    pub time: WallTime,
}

/// Why one entry of a call was not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EntryFailure {
    /// AWS's code, such as `ThrottlingException`.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

/// Why a whole call failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallFailure {
    /// Whether the same call may succeed later.
    pub is_transient: bool,
    /// How long AWS asks to wait.
    pub retry_after: Option<Duration>,
    /// The code and the words, without secrets.
    pub message: String,
}

/// What came of a call: for each entry, in the same order, nothing or why it was not taken.
pub type Called = Result<Vec<Option<EntryFailure>>, CallFailure>;

/// AWS, as sinks need it, in one region. Dropping a future stops the call.
pub trait AwsSink: Send + Sync {
    /// `PutEvents`, for at most 10 entries.
    fn put_events(&self, events: Vec<BusEvent>) -> BoxFuture<'_, Called>;

    /// `BatchImportFindings`, for at most 100 findings, each a JSON object in ASFF.
    fn batch_import_findings(&self, findings: Vec<String>) -> BoxFuture<'_, Called>;
}

/// What gives AWS in a region.
pub trait AwsSinks {
    /// AWS in `region`, or in that of the environment.
    fn of(&self, region: Option<&Region>) -> Arc<dyn AwsSink>;
}

/// An event bus.
pub(super) struct EventBridge {
    pub(super) aws: Arc<dyn AwsSink>,
    pub(super) bus: String,
}

/// Security Hub.
pub(super) struct SecurityHub {
    pub(super) aws: Arc<dyn AwsSink>,
}

impl EventBridge {
    fn event(&self, entry: &Entry, detail: &str) -> BusEvent {
        BusEvent {
            bus: self.bus.clone(),
            source: EVENT_SOURCE,
            detail_type: DETAIL_TYPE,
            detail: detail.to_owned(),
            time: entry.message.enqueued_at,
        }
    }
}

impl Sender for EventBridge {
    fn batch_max(&self) -> usize {
        EVENTS_MAX
    }

    fn send<'a>(&'a self, batch: &'a [Entry], _: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let besides = EVENT_BYTES_BESIDES;
            let mut plan = Plan::of(batch, EVENTS_BYTES_MAX - besides);
            plan.fit(EVENTS_BYTES_MAX, besides);
            let events = plan.taken().map(|(entry, text)| self.event(entry, text)).collect();
            let called = call(plan.n_taken(), || self.aws.put_events(events)).await;
            plan.conclude(&called)
        })
    }
}

impl Sender for SecurityHub {
    fn batch_max(&self) -> usize {
        FINDINGS_MAX
    }

    fn send<'a>(&'a self, batch: &'a [Entry], _: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let plan = Plan::of(batch, FINDING_BYTES_MAX);
            let findings = plan.taken().map(|(_, text)| text.to_owned()).collect();
            let called = call(plan.n_taken(), || self.aws.batch_import_findings(findings)).await;
            plan.conclude(&called)
        })
    }
}

async fn call<'a>(n_taken: usize, start: impl FnOnce() -> BoxFuture<'a, Called>) -> Called {
    if n_taken == 0 {
        return Ok(Vec::new());
    }
    let called = tokio::time::timeout(CALL_TIMEOUT, start()).await;
    called.unwrap_or_else(|_| {
        let message = format!("AWS did not answer within {} seconds", CALL_TIMEOUT.as_secs());
        Err(CallFailure { is_transient: true, retry_after: None, message })
    })
}

/// What is to become of each entry of a batch.
struct Plan<'p> {
    entries: Vec<(&'p Entry, Step<'p>)>,
}

enum Step<'p> {
    /// It goes into the call.
    Take(&'p str),
    /// It waits for the next call, which begins at once.
    Wait,
    /// It can never be sent.
    Refuse(&'static str),
}

impl<'p> Plan<'p> {
    fn of(batch: &'p [Entry], bytes_max: usize) -> Self {
        let step = |entry: &'p Entry| match str::from_utf8(&entry.message.payload) {
            Ok(text) if text.len() <= bytes_max => Step::Take(text),
            Ok(_) => Step::Refuse("the message is larger than AWS takes"),
            Err(_) => Step::Refuse("the message is not text"),
        };
        Self { entries: batch.iter().map(|entry| (entry, step(entry))).collect() }
    }

    /// Leaves for later what does not fit into one call of `bytes_max`.
    fn fit(&mut self, bytes_max: usize, bytes_besides: usize) {
        let mut n_bytes = 0;
        for (_, step) in &mut self.entries {
            if let Step::Take(text) = step {
                n_bytes += text.len() + bytes_besides;
                if n_bytes > bytes_max {
                    *step = Step::Wait;
                }
            }
        }
    }

    fn taken(&self) -> impl Iterator<Item = (&'p Entry, &'p str)> {
        self.entries.iter().filter_map(|(entry, step)| match step {
            Step::Take(text) => Some((*entry, *text)),
            Step::Refuse(_) | Step::Wait => None,
        })
    }

    fn n_taken(&self) -> usize {
        self.taken().count()
    }

    fn conclude(self, called: &Called) -> Vec<Outcome> {
        let mut failures = match called {
            Ok(failures) => failures.iter(),
            Err(_) => [].iter(),
        };
        let outcome = |step: &Step<'_>| match (step, called) {
            (Step::Refuse(why), _) => Outcome::Refused { why: (*why).to_owned() },
            (Step::Wait, _) => Outcome::Untried,
            (Step::Take(_), Err(failure)) => of_call(failure),
            (Step::Take(_), Ok(_)) => {
                failures.next().map_or_else(unknown, |failure| of_entry(failure.as_ref()))
            }
        };
        self.entries.iter().map(|(_, step)| step).map(outcome).collect()
    }
}

fn of_call(failure: &CallFailure) -> Outcome {
    let why = failure.message.clone();
    if failure.is_transient {
        return Outcome::Retry { after: failure.retry_after, why };
    }
    Outcome::Refused { why }
}

fn of_entry(failure: Option<&EntryFailure>) -> Outcome {
    let Some(EntryFailure { code, message }) = failure else {
        return Outcome::Delivered;
    };
    let why = format!("{code}: {message}");
    if is_transient(code) {
        return Outcome::Retry { after: None, why };
    }
    Outcome::Refused { why }
}

fn unknown() -> Outcome {
    let why = "AWS did not say what became of it".to_owned();
    Outcome::Retry { after: None, why }
}

/// Whether an entry that failed with `code` may be taken later. Services do not agree on names.
fn is_transient(code: &str) -> bool {
    let words =
        ["Throttl", "Internal", "Unavailable", "Timeout", "LimitExceeded", "TooManyRequests"];
    words.iter().any(|word| code.contains(word))
}
