//! The endpoint, for what tests set up and look at: calls that the program never makes.

use std::env;

use serde_json::{Value, json};

/// The account that the endpoint takes everybody for.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The Region of everything here.
pub(crate) const REGION: &str = "us-east-1";

/// Ways that a notification takes into a queue.
pub(crate) const ENVELOPES: [Envelope; 3] = [Envelope::S3, Envelope::Sns, Envelope::EventBridge];

/// A way that a notification takes into a queue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Envelope {
    EventBridge,
    S3,
    Sns,
}

/// The endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    url: String,
}

/// A queue of the endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) arn: String,
}

impl Endpoint {
    /// The endpoint, or a word that there is none.
    pub(crate) fn find() -> Option<Self> {
        let Ok(url) = env::var("ROLECALL_TEST_ENDPOINT") else {
            println!("skipped: ROLECALL_TEST_ENDPOINT is not set");
            return None;
        };
        println!("against {url}");
        Some(Self { url })
    }

    /// Makes a queue.
    pub(crate) fn queue(&self, name: &str) -> Queue {
        let answer = self.json("AmazonSQS.CreateQueue", "sqs", &json!({ "QueueName": name }));
        let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
        let url = answer["QueueUrl"].as_str().unwrap().to_owned();
        Queue { name: name.to_owned(), url, arn }
    }

    /// Makes a bucket whose new objects are told to `queue`.
    pub(crate) fn notifying_bucket(&self, name: &str, queue: &Queue, envelope: Envelope) {
        self.bucket(name);
        let event = "<Event>s3:ObjectCreated:*</Event>";
        let arn = &queue.arn;
        let configuration = match envelope {
            Envelope::EventBridge => {
                let pattern = json!({
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": { "bucket": { "name": [name] } },
                });
                self.rule(name, &pattern, queue);
                "<EventBridgeConfiguration/>".to_owned()
            }
            Envelope::S3 => {
                format!("<QueueConfiguration><Queue>{arn}</Queue>{event}</QueueConfiguration>")
            }
            Envelope::Sns => {
                let topic = self.topic(name, queue);
                format!("<TopicConfiguration><Topic>{topic}</Topic>{event}</TopicConfiguration>")
            }
        };
        let body =
            format!("<NotificationConfiguration>{configuration}</NotificationConfiguration>");
        self.s3(&format!("{name}?notification"), body.as_bytes());
    }

    /// Makes a bucket.
    pub(crate) fn bucket(&self, name: &str) {
        self.s3(name, b"");
    }

    /// Writes an object.
    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        self.s3(&format!("{bucket}/{key}"), bytes);
    }

    /// Sends events that match `pattern` to `queue`.
    pub(crate) fn rule(&self, name: &str, pattern: &Value, queue: &Queue) {
        let rule = json!({ "Name": name, "EventPattern": pattern.to_string() });
        self.json("AWSEvents.PutRule", "events", &rule);
        let targets = json!({ "Rule": name, "Targets": [{ "Id": "queue", "Arn": queue.arn }] });
        self.json("AWSEvents.PutTargets", "events", &targets);
    }

    /// Makes a topic whose messages come to `queue` in SNS's envelope.
    fn topic(&self, name: &str, queue: &Queue) -> String {
        let version = ("Version", "2010-03-31");
        self.form("sns", &[("Action", "CreateTopic"), version, ("Name", name)]);
        let arn = format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}");
        let to_queue = [("TopicArn", &*arn), ("Protocol", "sqs"), ("Endpoint", &*queue.arn)];
        self.form("sns", &[&[("Action", "Subscribe"), version][..], &to_queue[..]].concat());
        arn
    }

    /// Messages that `queue` holds, hidden ones included.
    pub(crate) fn n_messages(&self, queue: &Queue) -> usize {
        let input = json!({ "QueueUrl": queue.url, "AttributeNames": ["All"] });
        let answer = self.json("AmazonSQS.GetQueueAttributes", "sqs", &input);
        let count =
            |name: &str| -> usize { answer["Attributes"][name].as_str().unwrap().parse().unwrap() };
        count("ApproximateNumberOfMessages") + count("ApproximateNumberOfMessagesNotVisible")
    }

    /// Takes everything out of `queue`.
    pub(crate) fn drain(&self, queue: &Queue) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let input = json!({ "QueueUrl": queue.url, "MaxNumberOfMessages": 10 });
            let answer = self.json("AmazonSQS.ReceiveMessage", "sqs", &input);
            let Some(messages) = answer["Messages"].as_array().filter(|some| !some.is_empty())
            else {
                return all;
            };
            for message in messages {
                all.push(serde_json::from_str(message["Body"].as_str().unwrap()).unwrap());
                let input = json!({
                    "QueueUrl": queue.url,
                    "ReceiptHandle": message["ReceiptHandle"],
                });
                self.json("AmazonSQS.DeleteMessage", "sqs", &input);
            }
        }
    }

    /// Lets every hidden message of `queue` be delivered again, as if its time had passed; gives
    /// how many there were.
    pub(crate) fn time_passes(&self, queue: &Queue) -> usize {
        let url = format!("{}/rolecall/time-passes/{}", self.url, queue.name);
        let mut answer = ureq::post(url).send_empty().unwrap();
        answer.body_mut().read_to_string().unwrap().parse().unwrap()
    }

    /// How often each message that was deleted from `queue` had been delivered.
    pub(crate) fn deliveries(&self, queue: &Queue) -> Vec<usize> {
        let url = format!("{}/rolecall/deliveries/{}", self.url, queue.name);
        let text = ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
        serde_json::from_str::<Vec<usize>>(&text).unwrap()
    }

    /// Findings that Security Hub has.
    pub(crate) fn security_hub_findings(&self) -> Vec<Value> {
        let request = ureq::post(format!("{}/findings", self.url))
            .header("authorization", authorization("securityhub"))
            .header("content-type", "application/json");
        let mut answer = request.send(r#"{"MaxResults":100}"#).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        answer["Findings"].as_array().unwrap().clone()
    }

    fn s3(&self, path: &str, body: &[u8]) {
        let request = ureq::put(format!("{}/{path}", self.url));
        request.header("authorization", authorization("s3")).send(body).unwrap();
    }

    fn json(&self, target: &str, service: &str, input: &Value) -> Value {
        let request = ureq::post(&self.url)
            .header("authorization", authorization(service))
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0");
        let mut answer = request.send(input.to_string()).unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap_or_default()
    }

    fn form(&self, service: &str, fields: &[(&str, &str)]) {
        let request = ureq::post(&self.url).header("authorization", authorization(service));
        request.send_form(fields.iter().copied()).unwrap();
    }
}

/// A signature that the endpoint does not look at: it tells service and Region.
fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261018/{REGION}/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}
