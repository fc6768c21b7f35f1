//! A queue of notifications: receiving, keeping hidden, deleting.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    MessageSystemAttributeName, QueueAttributeName,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cloudtrail::Timestamp;
use serde_json::Value;

use crate::address::is_region;
use crate::connection::Connection;
use crate::error::{Error, Needs, Refusal};

/// Most messages of one request (Amazon SQS developer guide, "Quotas related to messages").
pub const BATCH_MAX: usize = 10;
/// Longest wait of one request (there as well, "Long polling").
pub const WAIT_MAX: Duration = Duration::from_secs(20);
/// Longest that a message can be kept hidden, counted from when it was received.
pub const VISIBILITY_MAX: Duration = Duration::from_secs(12 * 3600);

/// A queue, with a client for the Region that it is in.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
    /// The queue as an ARN, for messages.
    arn: String,
}

/// A message that was received, and is hidden from other receivers for a while.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// The message's id, which stays the same when it is delivered again.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// Names this delivery of the message.
    pub receipt: Receipt,
    /// How often it has been delivered, this time included.
    pub receive_count: u32,
    /// When it was sent.
    pub sent: Option<Timestamp>,
}

/// Names one delivery of a message; deleting and hiding take it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Receipt(pub(crate) String);

/// How to receive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Receive {
    /// Most messages of one request, up to [`BATCH_MAX`].
    pub messages_max: usize,
    /// How long to wait for a first message, up to [`WAIT_MAX`]. Whole seconds.
    pub wait: Duration,
    /// How long messages stay hidden unless that is extended; that of the queue unless given.
    /// Whole seconds.
    pub visibility: Option<Duration>,
}

impl Default for Receive {
    /// As many as possible, with the longest wait.
    fn default() -> Self {
        Self { messages_max: BATCH_MAX, wait: WAIT_MAX, visibility: None }
    }
}

/// What a queue says about itself. The counts are approximate.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct QueueState {
    /// The ARN.
    pub arn: String,
    /// Messages that wait.
    pub messages: u64,
    /// Messages that were received and neither deleted nor delivered again.
    pub messages_in_flight: u64,
    /// Messages that are not deliverable yet.
    pub messages_delayed: u64,
    /// How long a message stays hidden by default.
    pub visibility: Duration,
    /// How long a message is kept.
    pub retention: Duration,
    /// Where messages go that are delivered too often; `None` where they stay.
    pub redrive: Option<Redrive>,
    /// Whether the queue encrypts with a key of KMS.
    pub kms_key: Option<String>,
}

/// Where messages go that are delivered too often.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Redrive {
    /// ARN of the dead-letter queue.
    pub dead_letter_arn: String,
    /// After how many deliveries.
    pub receive_count_max: u32,
}

/// A message that AWS did not delete or hide, with the reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Which delivery.
    pub receipt: Receipt,
    /// AWS's code, such as `ReceiptHandleIsInvalid`.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

impl Queue {
    /// Prepares calls to a queue that is named by its URL, its ARN, or, in the connection's own
    /// account and Region, its bare name.
    ///
    /// # Errors
    ///
    /// Where there is no such queue or no Region, or the URL of a queue that is named otherwise
    /// cannot be asked for, which needs `sqs:GetQueueUrl`.
    pub async fn open(connection: &Connection, address: &str) -> Result<Self, Error> {
        let named = Named::of(address);
        let connection = match named.region.filter(|region| is_region(region)) {
            Some(region) => connection.in_region(region),
            None => connection.clone(),
        };
        let region = connection.region().ok_or(Error::RegionMissing)?.to_owned();
        let client = Client::new(connection.config());
        let account = named.account.unwrap_or("*");
        let arn = format!("arn:{}:sqs:{region}:{account}:{}", connection.partition(), named.name);
        if address.contains("://") {
            return Ok(Self { client, url: address.to_owned(), arn });
        }
        let request = client.get_queue_url().queue_name(named.name);
        let request = request.set_queue_owner_aws_account_id(named.account.map(str::to_owned));
        let answer = request.send().await.map_err(|error| Error::Call {
            doing: format!("find the queue `{address}`"),
            source: Refusal::of(&error, Needs { action: "sqs:GetQueueUrl", resource: &arn }),
        })?;
        Ok(Self { client, url: answer.queue_url.unwrap_or_default(), arn })
    }

    /// The URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for messages and returns them, or none when the wait is over.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `sqs:ReceiveMessage`.
    pub async fn receive(&self, receive: &Receive) -> Result<Vec<Message>, Error> {
        let names = [
            MessageSystemAttributeName::ApproximateReceiveCount,
            MessageSystemAttributeName::SentTimestamp,
        ];
        let request = self.client.receive_message().queue_url(&self.url);
        let request = request
            .max_number_of_messages(receive.messages_max.clamp(1, BATCH_MAX) as i32)
            .wait_time_seconds(receive.wait.min(WAIT_MAX).as_secs() as i32)
            .set_visibility_timeout(receive.visibility.map(seconds))
            .set_message_system_attribute_names(Some(names.to_vec()));
        let answer = request.send().await;
        let answer = answer.map_err(|e| self.failed("receive from", "sqs:ReceiveMessage", &e))?;
        Ok(answer.messages.unwrap_or_default().into_iter().filter_map(message).collect())
    }

    /// Deletes messages for good, and returns those that AWS would not delete.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`], after which some may be deleted; needs `sqs:DeleteMessage`.
    pub async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<Refused>, Error> {
        let mut refused = Vec::new();
        for batch in receipts.chunks(BATCH_MAX) {
            let entries = batch.iter().enumerate().filter_map(|(index, receipt)| {
                let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
                entry.receipt_handle(&receipt.0).build().ok()
            });
            let request = self.client.delete_message_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries.collect())).send().await;
            let answer = answer.map_err(|e| self.failed("delete from", "sqs:DeleteMessage", &e))?;
            refused.extend(answer.failed.iter().filter_map(|entry| refusal(batch, entry)));
        }
        Ok(refused)
    }

    /// Keeps messages hidden for `visibility` from this moment on, or makes them deliverable at
    /// once where it is zero, and returns those of which AWS would not have it.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `sqs:ChangeMessageVisibility`.
    pub async fn hide(
        &self,
        receipts: &[Receipt],
        visibility: Duration,
    ) -> Result<Vec<Refused>, Error> {
        let mut refused = Vec::new();
        for batch in receipts.chunks(BATCH_MAX) {
            let entries = batch.iter().enumerate().filter_map(|(index, receipt)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder();
                let entry = entry.id(index.to_string()).receipt_handle(&receipt.0);
                entry.visibility_timeout(seconds(visibility)).build().ok()
            });
            let request = self.client.change_message_visibility_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries.collect())).send().await;
            let answer = answer
                .map_err(|e| self.failed("hide messages of", "sqs:ChangeMessageVisibility", &e))?;
            refused.extend(answer.failed.iter().filter_map(|entry| refusal(batch, entry)));
        }
        Ok(refused)
    }

    /// What the queue says about itself.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `sqs:GetQueueAttributes`.
    pub async fn state(&self) -> Result<QueueState, Error> {
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = request.attribute_names(QueueAttributeName::All).send().await;
        let answer = answer.map_err(|e| self.failed("look at", "sqs:GetQueueAttributes", &e))?;
        Ok(state(&answer.attributes.unwrap_or_default()))
    }

    /// Sends a message, for tests of a set-up; needs `sqs:SendMessage`.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`].
    pub async fn send(&self, body: &str) -> Result<(), Error> {
        let request = self.client.send_message().queue_url(&self.url).message_body(body);
        let answer = request.send().await;
        answer.map_err(|error| self.failed("send to", "sqs:SendMessage", &error))?;
        Ok(())
    }

    fn failed<E>(&self, verb: &str, action: &str, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let needs = Needs { action, resource: &self.arn };
        let doing = format!("{verb} the queue `{}`", self.url);
        Error::Call { doing, source: Refusal::of(error, needs) }
    }
}

/// What the address of a queue tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Named<'a> {
    name: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// Reads `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`, `arn:aws:sqs:REGION:ACCOUNT:NAME`
    /// or `NAME`. Other hosts tell no Region.
    fn of(address: &'a str) -> Self {
        if let Some((_, rest)) = address.split_once("://") {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let (account, name) = path.rsplit_once('/').unwrap_or(("", path));
            let account = Some(account).filter(|account| !account.is_empty());
            let region = host.strip_prefix("sqs.").and_then(|rest| rest.split_once(".amazonaws."));
            return Self { name, account, region: region.map(|(region, _)| region) };
        }
        let mut parts = address.splitn(6, ':').skip(3);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(region), Some(account), Some(name)) if address.starts_with("arn:") => {
                Self { name, account: Some(account), region: Some(region) }
            }
            _ => Self { name: address, account: None, region: None },
        }
    }
}

fn seconds(duration: Duration) -> i32 {
    duration.min(VISIBILITY_MAX).as_secs() as i32
}

fn message(message: aws_sdk_sqs::types::Message) -> Option<Message> {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name| attributes.get(&name).and_then(|text: &String| text.parse::<i64>().ok());
    let count = number(MessageSystemAttributeName::ApproximateReceiveCount);
    let sent_ms = number(MessageSystemAttributeName::SentTimestamp);
    Some(Message {
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receipt: Receipt(message.receipt_handle?),
        receive_count: count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        sent: sent_ms.map(|ms| Timestamp(ms.div_euclid(1000))),
    })
}

fn refusal(
    batch: &[Receipt],
    entry: &aws_sdk_sqs::types::BatchResultErrorEntry,
) -> Option<Refused> {
    let index: usize = entry.id().parse().ok()?;
    Some(Refused {
        receipt: batch.get(index)?.clone(),
        code: entry.code().to_owned(),
        message: entry.message().unwrap_or_default().to_owned(),
    })
}

fn state(attributes: &HashMap<QueueAttributeName, String>) -> QueueState {
    let text = |name| attributes.get(&name).cloned();
    let number = |name| text(name).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    QueueState {
        arn: text(QueueAttributeName::QueueArn).unwrap_or_default(),
        messages: number(QueueAttributeName::ApproximateNumberOfMessages),
        messages_in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        messages_delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        visibility: Duration::from_secs(number(QueueAttributeName::VisibilityTimeout)),
        retention: Duration::from_secs(number(QueueAttributeName::MessageRetentionPeriod)),
        redrive: text(QueueAttributeName::RedrivePolicy).and_then(|policy| redrive(&policy)),
        kms_key: text(QueueAttributeName::KmsMasterKeyId),
    }
}

/// Reads a redrive policy, whose count is written as a number or as a text.
fn redrive(policy: &str) -> Option<Redrive> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let count = policy.get("maxReceiveCount")?;
    let count = count.as_u64().or_else(|| count.as_str()?.parse().ok())?;
    Some(Redrive {
        dead_letter_arn: policy.get("deadLetterTargetArn")?.as_str()?.to_owned(),
        receive_count_max: u32::try_from(count).unwrap_or(u32::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::{Named, redrive};

    #[test]
    fn a_queue_is_named_in_three_ways() {
        let all = [
            "https://sqs.eu-central-1.amazonaws.com/111122223333/rolecall",
            "arn:aws:sqs:eu-central-1:111122223333:rolecall",
        ];
        for address in all {
            let named = Named::of(address);
            assert_eq!(named.name, "rolecall");
            assert_eq!(named.account, Some("111122223333"));
            assert_eq!(named.region, Some("eu-central-1"), "{address}");
        }
        let bare = Named { name: "rolecall", account: None, region: None };
        assert_eq!(Named::of("rolecall"), bare);
        let local = Named::of("http://127.0.0.1:5000/111122223333/rolecall");
        assert_eq!((local.name, local.region), ("rolecall", None));
    }

    #[test]
    fn a_redrive_policy_counts_in_numbers_or_texts() {
        for count in ["5", "\"5\""] {
            let policy =
                format!(r#"{{"deadLetterTargetArn":"arn:dead","maxReceiveCount":{count}}}"#);
            assert_eq!(redrive(&policy).unwrap().receive_count_max, 5);
        }
        assert_eq!(redrive("{}"), None);
    }
}
