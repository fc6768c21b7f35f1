//! Notifications through a queue: every envelope, hiding, deleting, the dead-letter queue.

use std::time::Duration;

use aws::{Acknowledge, Batch, Consumer, Delivery, NotUnderstood, Queue};
use serde_json::json;

use crate::Endpoint;

const KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/10/18/a b+c.json.gz";

/// Long enough for a message to be deliverable again that is not kept hidden.
const PATIENCE: Duration = Duration::from_secs(5);
const VISIBILITY: Duration = Duration::from_secs(2);

async fn consumer(url: &str, acknowledge: Acknowledge) -> Consumer {
    let connection = Endpoint::connection("us-east-1").await;
    let queue = Queue::open(&connection, url).await.unwrap();
    Consumer::new(queue, VISIBILITY, acknowledge)
}

/// Waits until there is something.
async fn next(consumer: &Consumer) -> Batch {
    for _ in 0..10 {
        let batch = consumer.next(PATIENCE).await.unwrap();
        if !batch.deliveries.is_empty() || !batch.not_understood.is_empty() || batch.ignored > 0 {
            return batch;
        }
    }
    panic!("nothing came");
}

async fn one(consumer: &Consumer) -> Delivery {
    let mut batch = next(consumer).await;
    assert_eq!(batch.deliveries.len(), 1, "{batch:?}");
    batch.deliveries.remove(0)
}

/// Waits until the queue has no message any more, hidden or not.
async fn is_empty(queue: &Queue) -> bool {
    let state = queue.state().await.unwrap();
    state.messages + state.messages_in_flight + state.messages_delayed == 0
}

/// Makes a bucket whose notifications go where `configuration` says.
fn notify(endpoint: &Endpoint, bucket: &str, configuration: &str) {
    endpoint.bucket(bucket, "us-east-1");
    let body = format!("<NotificationConfiguration>{configuration}</NotificationConfiguration>");
    let path = format!("{bucket}?notification");
    endpoint.s3(&path, "us-east-1", body.as_bytes(), &[]);
}

/// An object that was written comes out of the queue, and the message goes when it is dealt with.
async fn comes_through(endpoint: &Endpoint, bucket: &str, url: &str) {
    endpoint.put(bucket, KEY, b"{}");
    let consumer = consumer(url, Acknowledge::Delete).await;
    let delivery = one(&consumer).await;
    let object = &delivery.notification.objects[0];
    assert_eq!((object.bucket.as_str(), object.key.as_str()), (bucket, KEY));
    assert_eq!(object.bytes, Some(2));
    assert_eq!(delivery.receive_count, 1);
    assert!(delivery.sent.is_some());
    assert!(consumer.acknowledge(vec![delivery]).await.unwrap().is_empty());
    assert!(is_empty(consumer.queue()).await);
}

fn topic_with(endpoint: &Endpoint, name: &str, queue_arn: &str, is_raw: &str) -> String {
    let arn = format!("arn:aws:sns:us-east-1:{}:{name}", crate::ACCOUNT);
    let sns = |fields: &[(&str, &str)]| endpoint.form("sns", "us-east-1", fields);
    sns(&[("Action", "CreateTopic"), ("Name", name), ("Version", "2010-03-31")]);
    sns(&[
        ("Action", "Subscribe"),
        ("Version", "2010-03-31"),
        ("TopicArn", &arn),
        ("Protocol", "sqs"),
        ("Endpoint", queue_arn),
        ("Attributes.entry.1.key", "RawMessageDelivery"),
        ("Attributes.entry.1.value", is_raw),
    ]);
    arn
}

fn to_topic(arn: &str) -> String {
    format!(
        "<TopicConfiguration><Topic>{arn}</Topic><Event>s3:ObjectCreated:*</Event>\
         </TopicConfiguration>"
    )
}

#[tokio::test]
async fn a_notification_comes_from_s3_itself() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, arn) = endpoint.queue("from-s3", &json!({}));
    let configuration = format!(
        "<QueueConfiguration><Queue>{arn}</Queue><Event>s3:ObjectCreated:*</Event>\
         </QueueConfiguration>"
    );
    notify(&endpoint, "notify-s3", &configuration);
    comes_through(&endpoint, "notify-s3", &url).await;
}

#[tokio::test]
async fn a_notification_comes_through_sns_in_its_envelope_and_raw() {
    let Some(endpoint) = Endpoint::find() else { return };
    for (is_raw, name) in [("false", "from-sns"), ("true", "from-sns-raw")] {
        let (url, arn) = endpoint.queue(name, &json!({}));
        let topic = topic_with(&endpoint, name, &arn, is_raw);
        let bucket = format!("notify-{name}");
        notify(&endpoint, &bucket, &to_topic(&topic));
        comes_through(&endpoint, &bucket, &url).await;
    }
}

#[tokio::test]
async fn a_notification_comes_through_event_bridge() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, arn) = endpoint.queue("from-events", &json!({}));
    let pattern = json!({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": { "bucket": { "name": ["notify-events"] } },
    });
    let rule = json!({ "Name": "objects", "EventPattern": pattern.to_string() });
    endpoint.json("AWSEvents.PutRule", "events", "us-east-1", &rule);
    let targets = json!({ "Rule": "objects", "Targets": [{ "Id": "queue", "Arn": arn }] });
    endpoint.json("AWSEvents.PutTargets", "events", "us-east-1", &targets);
    notify(&endpoint, "notify-events", "<EventBridgeConfiguration/>");
    comes_through(&endpoint, "notify-events", &url).await;
}

#[tokio::test]
async fn a_trails_own_topic_is_understood() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, arn) = endpoint.queue("from-trail", &json!({}));
    let topic = topic_with(&endpoint, "from-trail", &arn, "false");
    let message = json!({ "s3Bucket": "trail", "s3ObjectKey": ["a.json", "b.json"] }).to_string();
    let fields = [
        ("Action", "Publish"),
        ("Version", "2010-03-31"),
        ("TopicArn", &*topic),
        ("Message", &*message),
    ];
    endpoint.form("sns", "us-east-1", &fields);
    let consumer = consumer(&url, Acknowledge::Delete).await;
    let delivery = one(&consumer).await;
    assert_eq!(delivery.notification.objects.len(), 2);
    consumer.acknowledge(vec![delivery]).await.unwrap();
}

#[tokio::test]
async fn a_message_stays_hidden_while_it_is_worked_on_and_comes_again_when_it_is_not() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, _) = endpoint.queue("hidden", &json!({ "VisibilityTimeout": "2" }));
    let consumer = consumer(&url, Acknowledge::Delete).await;
    let message = json!({ "s3Bucket": "trail", "s3ObjectKey": ["a.json"] }).to_string();
    consumer.queue().send(&message).await.unwrap();
    let first = one(&consumer).await;
    // More than twice the timeout.
    let meanwhile = consumer.next(PATIENCE).await.unwrap();
    assert!(meanwhile.deliveries.is_empty(), "{meanwhile:?}");
    assert_eq!(first.lost(), None);
    let id = first.id.clone();
    drop(first);
    let second = one(&consumer).await;
    assert_eq!((&second.id, second.receive_count), (&id, 2));
    consumer.release(vec![second]).await.unwrap();
    let third = one(&consumer).await;
    assert_eq!((&third.id, third.receive_count), (&id, 3));
    assert!(consumer.acknowledge(vec![third]).await.unwrap().is_empty());
    assert!(is_empty(consumer.queue()).await);
}

#[tokio::test]
async fn a_message_that_was_deleted_elsewhere_is_lost() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, _) = endpoint.queue("lost", &json!({}));
    let consumer = consumer(&url, Acknowledge::Delete).await;
    let message = json!({ "s3Bucket": "trail", "s3ObjectKey": ["a.json"] }).to_string();
    consumer.queue().send(&message).await.unwrap();
    let delivery = one(&consumer).await;
    endpoint.json("AmazonSQS.PurgeQueue", "sqs", "us-east-1", &json!({ "QueueUrl": url }));
    for _ in 0..1_000 {
        if delivery.lost().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody is told");
}

#[tokio::test]
async fn without_acknowledgement_a_message_stays() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (url, _) = endpoint.queue("dry-run", &json!({}));
    let consumer = consumer(&url, Acknowledge::Leave).await;
    let message = json!({ "s3Bucket": "trail", "s3ObjectKey": ["a.json"] }).to_string();
    consumer.queue().send(&message).await.unwrap();
    let delivery = one(&consumer).await;
    consumer.acknowledge(vec![delivery]).await.unwrap();
    assert_eq!(one(&consumer).await.receive_count, 2);
}

#[tokio::test]
async fn what_is_not_understood_comes_to_the_dead_letter_queue() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (dead_url, dead_arn) = endpoint.queue("strays-dead", &json!({}));
    let redrive = json!({ "deadLetterTargetArn": dead_arn, "maxReceiveCount": 2 }).to_string();
    let (url, _) = endpoint.queue("strays", &json!({ "RedrivePolicy": redrive }));
    let consumer = consumer(&url, Acknowledge::Delete).await;
    let state = consumer.queue().state().await.unwrap();
    let redrive = state.redrive.unwrap();
    assert_eq!((redrive.dead_letter_arn, redrive.receive_count_max), (dead_arn, 2));
    consumer.queue().send("no notification").await.unwrap();
    for n_received in 1..=2 {
        let stray = next(&consumer).await.not_understood.remove(0);
        assert_eq!(stray.reason, NotUnderstood::NotJson);
        assert_eq!((stray.excerpt.as_str(), stray.receive_count), ("no notification", n_received));
    }
    let connection = Endpoint::connection("us-east-1").await;
    let dead = Queue::open(&connection, &dead_url).await.unwrap();
    while dead.state().await.unwrap().messages == 0 {
        assert!(consumer.next(Duration::from_secs(1)).await.unwrap().not_understood.is_empty());
    }
    assert!(is_empty(consumer.queue()).await);
}

#[tokio::test]
async fn messages_about_no_new_object_are_dealt_with_at_once() {
    let Some(endpoint) = Endpoint::find() else { return };
    let (_, arn) = endpoint.queue("ignored", &json!({}));
    let consumer = consumer(&arn, Acknowledge::Delete).await;
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail" });
    consumer.queue().send(&test.to_string()).await.unwrap();
    assert_eq!(next(&consumer).await.ignored, 1);
    assert!(is_empty(consumer.queue()).await);
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_named() {
    if Endpoint::find().is_none() {
        return;
    }
    let connection = Endpoint::connection("us-east-1").await;
    let error = Queue::open(&connection, "no-such-queue").await.unwrap_err();
    assert_eq!(error.kind(), aws::Kind::NotFound, "{error:?}");
    assert_eq!(error.to_string(), "cannot find the queue `no-such-queue`");
}
