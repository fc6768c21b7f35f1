//! Notifications of a bucket through a queue: a message is deleted once its objects are kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws::{Acknowledge, Batch, Consumer, Delivery, Holds, Notified, Queue, VISIBILITY, s3_url};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::bucket::told;
use super::remote::{Became, Fetcher};
use super::{Intake, Looks};
use crate::clock::{Clock as _, SystemClock};

/// How long to wait for a message.
const WAIT: Duration = Duration::from_secs(20);

/// How long to wait for a message where one look is enough.
const WAIT_ONCE: Duration = Duration::from_secs(2);

/// How long nothing is asked after the queue could not be.
const PAUSE: Duration = Duration::from_secs(10);

/// Messages that are dealt with at once.
const MESSAGES: usize = 64;

/// How often a queue is asked how many messages wait, once it has been empty.
const MEASURE_EVERY: Duration = Duration::from_secs(30);

/// Which queue, and what becomes of its messages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QueuePart {
    /// URL or ARN.
    pub queue: String,
    /// Whether messages are left where they are.
    pub no_ack: bool,
}

/// Offers the objects that messages of a queue name, until the service ends, or no message is left
/// where it looks once.
pub async fn watch_queue(
    name: Arc<str>,
    connection: aws::Connection,
    (part, looks): (QueuePart, Looks),
    intake: Intake,
) {
    let fetcher = Fetcher::new(Arc::clone(&name), connection.clone(), intake.clone());
    let consumer = loop {
        match Queue::open(&connection, &part.queue).await {
            Ok(queue) => {
                let acknowledge =
                    if part.no_ack { Acknowledge::Leave } else { Acknowledge::Delete };
                break Arc::new(Consumer::new(queue, VISIBILITY, acknowledge));
            }
            Err(error) => told(&intake, &name, Some(&error.to_string())),
        }
        if looks == Looks::Once || timeout(PAUSE, intake.stopped()).await.is_ok() {
            return;
        }
    };
    let mut watching = Watching {
        fetcher,
        consumer,
        places: Arc::new(Semaphore::new(MESSAGES)),
        tasks: JoinSet::new(),
        measuring: Measuring::default(),
    };
    watching.run(looks).await;
}

struct Watching {
    fetcher: Fetcher,
    consumer: Arc<Consumer>,
    places: Arc<Semaphore>,
    tasks: JoinSet<()>,
    measuring: Measuring,
}

/// When a queue is asked how many messages wait: with every batch until it has been empty, which
/// must be noticed, and now and then after that.
#[derive(Debug, Default)]
struct Measuring {
    /// When it was known last how many wait, once none did.
    known_at: Option<Instant>,
}

impl Measuring {
    /// How many messages wait at `now`, or nothing where that is not known; `asked` asks the queue,
    /// where it is time to.
    async fn backlog(
        &mut self,
        is_empty: bool,
        now: Instant,
        asked: impl Future<Output = Option<u64>>,
    ) -> Option<u64> {
        if is_empty {
            self.known_at = Some(now);
            return Some(0);
        }
        let age = self.known_at.map(|at| now.saturating_duration_since(at));
        if age.is_some_and(|age| age < MEASURE_EVERY) {
            return None;
        }
        let messages = asked.await;
        // One that does not answer is not asked with every batch either.
        if self.known_at.is_some() || messages == Some(0) {
            self.known_at = Some(now);
        }
        messages
    }
}

impl Watching {
    async fn run(&mut self, looks: Looks) {
        let intake = self.fetcher.intake().clone();
        let wait = if looks == Looks::Once { WAIT_ONCE } else { WAIT };
        while !intake.is_stopping() {
            let received = tokio::select! {
                received = self.consumer.next(wait) => received,
                () = intake.stopped() => break,
            };
            let is_over = match received {
                Ok(batch) => self.take(batch).await && looks == Looks::Once,
                Err(error) => {
                    told(&intake, self.fetcher.name(), Some(&error.to_string()));
                    looks == Looks::Once || timeout(PAUSE, intake.stopped()).await.is_ok()
                }
            };
            if is_over {
                break;
            }
            while self.tasks.try_join_next().is_some() {}
        }
        while self.tasks.join_next().await.is_some() {}
    }

    /// Deals with what was received; tells whether nothing was.
    async fn take(&mut self, batch: Batch) -> bool {
        let name = Arc::clone(self.fetcher.name());
        for stray in &batch.not_understood {
            let (id, reason) = (&*stray.id, stray.reason.to_string());
            tracing::warn!(
                source = &*name,
                message_id = id,
                reason,
                "a message is left in the queue"
            );
        }
        let is_empty = batch.deliveries.is_empty();
        for delivery in batch.deliveries {
            self.start(delivery).await;
        }
        self.measure(is_empty).await;
        is_empty
    }

    /// Tells how many messages wait, which is asked for now and then. Until none does, what was
    /// sent before the start is not all there.
    async fn measure(&mut self, is_empty: bool) {
        let queue = self.consumer.queue();
        let asked = async { queue.state().await.ok().map(|state| state.messages) };
        let backlog = self.measuring.backlog(is_empty, Instant::now(), asked).await;
        self.fetcher.intake().status.of_source(self.fetcher.name(), |status| {
            status.backlog = backlog.unwrap_or(status.backlog);
            status.is_caught_up |= backlog == Some(0);
            status.looked_at = Some(SystemClock.now());
            status.error = None;
        });
    }

    async fn start(&mut self, delivery: Delivery) {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        let (fetcher, consumer) = (self.fetcher.clone(), Arc::clone(&self.consumer));
        self.tasks.spawn(async move {
            deal(&fetcher, &consumer, delivery).await;
            drop(place);
        });
    }
}

/// Deals with one message: it is deleted once everything that it names is kept, and comes again
/// where that is not so.
async fn deal(fetcher: &Fetcher, consumer: &Consumer, delivery: Delivery) {
    let name = &**fetcher.name();
    for object in &delivery.notification.objects {
        match self::object(fetcher, object).await {
            Ok(Became::Kept) => {}
            Ok(Became::Later) => return,
            Err(error) => {
                tracing::warn!(source = name, error, "an object cannot be fetched");
                return;
            }
        }
    }
    match consumer.acknowledge(vec![delivery]).await {
        Ok(refused) => {
            for refused in refused {
                tracing::warn!(source = name, code = refused.code, "a message was not deleted");
            }
        }
        Err(error) => tracing::warn!(source = name, %error, "a message was not deleted"),
    }
}

async fn object(fetcher: &Fetcher, object: &Notified) -> Result<Became, String> {
    match object.holds {
        Holds::Events => {
            let bucket = fetcher.bucket(&object.bucket).await.map_err(|error| error.to_string())?;
            fetcher.take(&bucket, &object.key, object.etag.as_deref()).await
        }
        Holds::Digest => Ok(Became::Kept),
        Holds::Other(reason) => {
            let name = s3_url(&object.bucket, &object.key);
            fetcher.set_aside(&name, reason).await?;
            Ok(Became::Kept)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::time::{Duration, Instant};

    use super::{MEASURE_EVERY, Measuring};

    /// What is known with each batch of a queue in which so many messages wait, one a second.
    async fn known(
        measuring: &mut Measuring,
        begin: Instant,
        waiting: &[Option<u64>],
    ) -> Vec<Option<u64>> {
        let mut known = Vec::new();
        for (second, messages) in (0..).zip(waiting) {
            let now = begin + Duration::from_secs(second);
            known.push(measuring.backlog(false, now, ready(*messages)).await);
        }
        known
    }

    #[tokio::test]
    async fn a_queue_is_asked_with_every_batch_until_it_has_been_empty() {
        let mut measuring = Measuring::default();
        let waiting = [Some(5), None, Some(3), Some(0), Some(9), Some(9)];
        let known = known(&mut measuring, Instant::now(), &waiting).await;
        assert_eq!(known, [Some(5), None, Some(3), Some(0), None, None]);
    }

    #[tokio::test]
    async fn a_busy_queue_is_measured_again_and_again_once_it_has_been_empty() {
        let mut measuring = Measuring::default();
        let begin = Instant::now();
        assert_eq!(measuring.backlog(true, begin, ready(Some(9))).await, Some(0));
        let n_seconds = 3 * usize::try_from(MEASURE_EVERY.as_secs()).unwrap();
        let mut waiting = vec![Some(7); n_seconds];
        // One that was asked and does not answer is left alone as long.
        waiting[30] = None;
        let known = known(&mut measuring, begin, &waiting).await;
        let measured = known.iter().enumerate().filter(|(_, messages)| messages.is_some());
        assert_eq!(measured.collect::<Vec<_>>(), [(60, &Some(7))]);
    }
}
