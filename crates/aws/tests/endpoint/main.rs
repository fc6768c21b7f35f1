//! Everything that speaks to AWS, against an endpoint that speaks AWS's protocols.
//!
//! Skipped unless the address of one is in `ROLECALL_TEST_ENDPOINT`: `cargo xtask ci --only aws`
//! starts it and runs these tests.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the helpers of a test fail with it, and say why one is skipped"
)]

#[cfg(test)]
mod buckets;
#[cfg(test)]
mod queues;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod services;

use std::env;

use aws::{Connection, ConnectionOptions};
use serde_json::{Value, json};

/// The account that the endpoint takes everybody for.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The endpoint, for what tests set up: calls that the program never makes.
pub(crate) struct Endpoint {
    url: String,
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

    /// A connection to a Region.
    pub(crate) async fn connection(region: &str) -> Connection {
        let region = Some(region.to_owned());
        let options = ConnectionOptions { region, ..ConnectionOptions::default() };
        Connection::open(&options).await.unwrap()
    }

    /// Makes a bucket in a Region.
    pub(crate) fn bucket(&self, name: &str, region: &str) {
        let body = format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint>\
             </CreateBucketConfiguration>"
        );
        let body = if region == "us-east-1" { "" } else { &body };
        self.s3(name, region, body.as_bytes(), &[]);
    }

    /// Writes an object.
    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        self.s3(&format!("{bucket}/{}", escaped(key)), "us-east-1", bytes, &[]);
    }

    /// Any call of S3 that puts something.
    pub(crate) fn s3(&self, path: &str, region: &str, body: &[u8], headers: &[(&str, &str)]) {
        let url = format!("{}/{path}", self.url);
        let request = ureq::http::Request::builder().method("PUT").uri(url);
        let request = request.header("authorization", authorization("s3", region));
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        ureq::run(request.body(body).unwrap()).unwrap();
    }

    /// A call of a service that speaks JSON.
    pub(crate) fn json(&self, target: &str, service: &str, region: &str, input: &Value) -> Value {
        let request = ureq::post(&self.url)
            .header("authorization", authorization(service, region))
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0");
        let mut answer = request.send(input.to_string()).unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap_or_default()
    }

    /// A call of a service that speaks forms.
    pub(crate) fn form(&self, service: &str, region: &str, fields: &[(&str, &str)]) {
        let request = ureq::post(&self.url).header("authorization", authorization(service, region));
        request.send_form(fields.iter().copied()).unwrap();
    }

    /// Makes a queue and returns its URL and ARN.
    pub(crate) fn queue(&self, name: &str, attributes: &Value) -> (String, String) {
        let input = json!({ "QueueName": name, "Attributes": attributes });
        let answer = self.json("AmazonSQS.CreateQueue", "sqs", "us-east-1", &input);
        let url = answer.pointer("/QueueUrl").and_then(Value::as_str).unwrap().to_owned();
        (url, format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"))
    }
}

/// A signature that the endpoint does not look at: it tells service and Region.
fn authorization(service: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261018/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}

/// A key in a path.
fn escaped(key: &str) -> String {
    key.replace('%', "%25").replace(' ', "%20").replace('+', "%2B")
}
