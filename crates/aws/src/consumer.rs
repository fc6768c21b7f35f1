//! Receiving notifications so that none is lost: a message is deleted only when whoever takes it
//! says so, and stays hidden from others until then.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time;

use crate::error::Error;
use crate::notification::{NotUnderstood, Notification, read_notification};
use crate::queue::{Message, Queue, Receipt, Receive, Refused};

/// How long a message stays hidden at a time, unless a configuration says otherwise.
pub const VISIBILITY: Duration = Duration::from_secs(300);
/// Shortest time that a message may stay hidden; extending it takes part of it.
pub const VISIBILITY_MIN: Duration = Duration::from_secs(2);
/// How often in each timeout it is extended.
const BEATS: u32 = 3;
/// How much of a message that was not understood is kept for a log, in bytes.
pub const EXCERPT_BYTES_MAX: usize = 512;

/// What becomes of a message that was dealt with.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Acknowledge {
    /// It is deleted.
    #[default]
    Delete,
    /// It stays, for a dry run (`--no-ack`): it is delivered again after its visibility timeout,
    /// and comes to the dead-letter queue once that was too often.
    Leave,
}

/// Receives from one queue.
#[derive(Clone, Debug)]
pub struct Consumer {
    queue: Queue,
    visibility: Duration,
    acknowledge: Acknowledge,
}

/// What one request brought.
#[derive(Debug, Default)]
pub struct Batch {
    /// Messages that name objects.
    pub deliveries: Vec<Delivery>,
    /// Events that concern no new object. A message of nothing else is dealt with already.
    pub ignored: u64,
    /// Messages that were left for the dead-letter queue.
    pub not_understood: Vec<Stray>,
}

/// A message that names objects, hidden from other receivers until this value is dropped or
/// acknowledged.
#[derive(Debug)]
pub struct Delivery {
    /// What the message says.
    pub notification: Notification,
    /// The message's id, which stays the same when it is delivered again.
    pub id: String,
    /// How often it has been delivered, this time included.
    pub receive_count: u32,
    /// When it was sent.
    pub sent: Option<cloudtrail::Timestamp>,
    receipt: Receipt,
    heartbeat: Heartbeat,
}

/// A message that was not understood.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stray {
    /// The message's id.
    pub id: String,
    /// How often it has been delivered.
    pub receive_count: u32,
    /// Why it was not understood.
    pub reason: NotUnderstood,
    /// The begin of it, at most [`EXCERPT_BYTES_MAX`] bytes. Chosen by whoever sent it.
    pub excerpt: String,
}

impl Consumer {
    /// A consumer that keeps messages hidden for `visibility` at a time, [`VISIBILITY_MIN`] at
    /// least. How long work takes does not matter: it is extended meanwhile.
    pub fn new(queue: Queue, visibility: Duration, acknowledge: Acknowledge) -> Self {
        Self { queue, visibility: visibility.max(VISIBILITY_MIN), acknowledge }
    }

    /// The queue.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Waits up to `wait` for messages.
    ///
    /// # Errors
    ///
    /// As [`Queue::receive`], and as [`Queue::delete`] for messages that name no object.
    pub async fn next(&self, wait: Duration) -> Result<Batch, Error> {
        let receive = Receive { wait, visibility: Some(self.visibility), ..Receive::default() };
        let mut batch = Batch::default();
        let mut idle = Vec::new();
        for message in self.queue.receive(&receive).await? {
            match read_notification(&message.body) {
                Err(reason) => batch.not_understood.push(stray(message, reason)),
                Ok(notification) => {
                    batch.ignored += notification.ignored;
                    if notification.objects.is_empty() {
                        idle.push(message.receipt);
                    } else {
                        batch.deliveries.push(self.delivery(message, notification));
                    }
                }
            }
        }
        self.delete(&idle).await?;
        Ok(batch)
    }

    /// Says that `deliveries` were dealt with durably, and returns those that AWS would not
    /// delete: they are delivered again.
    ///
    /// # Errors
    ///
    /// As [`Queue::delete`]; messages that were not deleted are delivered again.
    pub async fn acknowledge(&self, deliveries: Vec<Delivery>) -> Result<Vec<Refused>, Error> {
        let receipts: Vec<Receipt> =
            deliveries.iter().map(|delivery| delivery.receipt.clone()).collect();
        let refused = self.delete(&receipts).await;
        // Until here they are kept hidden.
        drop(deliveries);
        refused
    }

    /// Gives `deliveries` back, so that they are delivered again at once.
    ///
    /// # Errors
    ///
    /// As [`Queue::hide`]; the messages are delivered again after their visibility timeout then.
    pub async fn release(&self, deliveries: Vec<Delivery>) -> Result<(), Error> {
        let mut receipts = Vec::new();
        for Delivery { heartbeat, receipt, .. } in deliveries {
            heartbeat.stop().await;
            receipts.push(receipt);
        }
        self.queue.hide(&receipts, Duration::ZERO).await?;
        Ok(())
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<Refused>, Error> {
        match self.acknowledge {
            Acknowledge::Delete => self.queue.delete(receipts).await,
            Acknowledge::Leave => Ok(Vec::new()),
        }
    }

    fn delivery(&self, message: Message, notification: Notification) -> Delivery {
        Delivery {
            notification,
            id: message.id,
            receive_count: message.receive_count,
            sent: message.sent,
            heartbeat: Heartbeat::start(&self.queue, &message.receipt, self.visibility),
            receipt: message.receipt,
        }
    }
}

impl Delivery {
    /// Why the message cannot be kept hidden any more, such as that twelve hours have passed:
    /// somebody else may have it by now.
    pub fn lost(&self) -> Option<&str> {
        self.heartbeat.lost()
    }
}

/// Keeps a message hidden until it is dropped.
///
/// Needs a tokio runtime. Requests that fail are made again with the next beat, of which there
/// are three in each timeout.
#[derive(Debug)]
pub struct Heartbeat {
    task: JoinHandle<()>,
    lost: Arc<OnceLock<String>>,
}

impl Heartbeat {
    /// Keeps the delivery `receipt`, which is hidden for `visibility` from about this moment on,
    /// hidden for as long again and again.
    pub fn start(queue: &Queue, receipt: &Receipt, visibility: Duration) -> Self {
        let lost = Arc::new(OnceLock::new());
        let beat = beat(queue.clone(), receipt.clone(), visibility, Arc::clone(&lost));
        Self { task: tokio::spawn(beat), lost }
    }

    /// Why AWS has refused to keep the message hidden, if it has.
    pub fn lost(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    /// Stops and waits until no request is under way.
    pub async fn stop(mut self) {
        self.task.abort();
        // The task ends by being stopped, which is no failure.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(queue: Queue, receipt: Receipt, visibility: Duration, lost: Arc<OnceLock<String>>) {
    let receipts = [receipt];
    let why = loop {
        time::sleep(visibility / BEATS).await;
        match queue.hide(&receipts, visibility).await.as_deref() {
            Ok([]) => {}
            Ok([refused, ..]) => break format!("{}: {}", refused.code, refused.message),
            Err(error) if error.is_transient() => {}
            Err(error) => break error.reason(),
        }
    };
    // Nothing else writes here.
    let _ = lost.set(why);
}

fn stray(message: Message, reason: NotUnderstood) -> Stray {
    let ends = message.body.char_indices().map(|(start, c)| start + c.len_utf8());
    let end = ends.take_while(|end| *end <= EXCERPT_BYTES_MAX).last().unwrap_or_default();
    let mut excerpt = message.body;
    excerpt.truncate(end);
    Stray { id: message.id, receive_count: message.receive_count, reason, excerpt }
}
