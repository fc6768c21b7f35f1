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
        measured_at: None,
    };
    watching.run(looks).await;
}

struct Watching {
    fetcher: Fetcher,
    consumer: Arc<Consumer>,
    places: Arc<Semaphore>,
    tasks: JoinSet<()>,
    /// When the queue was asked last how many messages wait, once it has been empty.
    measured_at: Option<Instant>,
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
        let is_known = self.measured_at.is_some_and(|at| at.elapsed() < MEASURE_EVERY);
        let backlog = if is_empty {
            Some(0)
        } else if is_known {
            None
        } else {
            self.consumer.queue().state().await.ok().map(|state| state.messages)
        };
        if backlog == Some(0) || self.measured_at.is_some() {
            self.measured_at = Some(Instant::now());
        }
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
