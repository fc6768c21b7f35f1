//! A store as months of a large organization leave it, for measurements.
//!
//! Weeks of sessions are folded, analyzed and forgotten in turn, as the service does it; only the
//! files in between are left out.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use cloudtrail::Timestamp;
use evidence::Evidence;
use server::clock::WallTime;
use server::engine::{Batch, Engine, NoKnowledge, Sinks};
use server::payload::Forms;
use store::Retention;

/// Seconds of a day, and of a week.
const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

/// Weeks of 13 months.
const WEEKS: u64 = 57;

/// When the last week ends: before the logs begin that are served into the store afterwards.
const END: Timestamp = Timestamp(1_791_763_200);

/// Accounts of the organization, and functions in each.
const ACCOUNTS: u64 = 200;
const FUNCTIONS: u64 = 50;

/// Records that are folded as one document.
const RECORDS: usize = 4_096;

/// Calls that a session makes.
const CALLS: [(&str, &str); 6] = [
    ("dynamodb", "Query"),
    ("s3", "GetObject"),
    ("sqs", "ReceiveMessage"),
    ("kms", "Decrypt"),
    ("dynamodb", "PutItem"),
    ("s3", "PutObject"),
];

/// How a store is set.
pub(crate) const RETENTION: Retention =
    Retention { usage_days: 90, lineage_months: 13, artifact_months: 13 };

/// Fills the store at `store` with `credentials` sessions of functions; evidence may take
/// `memory` bytes meanwhile. Gives how many events they made.
pub(crate) fn fill(store: &Path, credentials: u64, memory: u64) -> Result<u64> {
    let forms = Forms { base_url: None, security_hub: None, version: String::new() };
    let sinks = Sinks { recipients: Vec::new(), payload: Box::new(forms) };
    let mut engine = Engine::open(store, Box::new(NoKnowledge), sinks)?;
    engine.store_mut().keep_for(&RETENTION)?;
    engine.keep_within(memory);
    let (mut number, mut n_events) = (0, 0);
    for week in 1..=WEEKS {
        let begin = END.0 - (WEEKS + 1 - week).cast_signed() * WEEK;
        let end = credentials * week / WEEKS;
        while number < end {
            let n_together = (end - number).min(20_000);
            let mut sessions = Sessions { begin, credentials: credentials / WEEKS, n_events: 0 };
            let evidence = sessions.fold(number, n_together);
            n_events += sessions.n_events;
            number += n_together;
            let mut batch = Batch { evidence, ..Batch::default() };
            engine.absorb(&mut batch, WallTime(0))?;
            engine.tidy()?;
        }
        engine.analyze(WallTime(0))?;
        if engine.retain()? {
            engine.analyze(WallTime(0))?;
        }
    }
    Ok(n_events)
}

/// The sessions of a week.
struct Sessions {
    begin: i64,
    credentials: u64,
    n_events: u64,
}

impl Sessions {
    fn fold(&mut self, first: u64, n_sessions: u64) -> Evidence {
        let mut evidence = Evidence::default();
        let mut document = String::new();
        let mut n_records = 0;
        for number in first..first + n_sessions {
            n_records += self.write(&mut document, number);
            if n_records >= RECORDS || number + 1 == first + n_sessions {
                let read = cloudtrail::read(document.as_bytes(), &mut |record| {
                    evidence.record(record);
                });
                self.n_events += read.events;
                document.clear();
                n_records = 0;
            }
        }
        evidence
    }

    /// Writes the records of one session; gives how many there are.
    fn write(&self, to: &mut String, number: u64) -> usize {
        // Functions take turns, and sessions are spread over the week.
        let (account, function) = (number % ACCOUNTS, number / ACCOUNTS % FUNCTIONS);
        let in_week = (number % self.credentials.max(1)).cast_signed();
        let of_week = self.credentials.max(1).cast_signed();
        let begin = Timestamp(self.begin + in_week * (WEEK - DAY / 4) / of_week);
        let account_id = 100_000_000_000 + account;
        let name = format!("function-{function}");
        let principal = format!("AROA{account:0>13}{function:0>4}");
        let role = format!("arn:aws:iam::{account_id}:role/{name}");
        let arn = format!("arn:aws:sts::{account_id}:assumed-role/{name}/{name}");
        let key = format!("ASIA{number:0>16}");
        let common = |time: Timestamp, nth: u64| {
            format!(
                r#""eventVersion":"1.09","eventTime":"{time}","awsRegion":"us-east-1","eventID":"{number:08x}-0000-4000-8000-{nth:012x}","recipientAccountId":"{account_id}","eventType":"AwsApiCall","eventCategory":"Management""#
            )
        };
        let expiration = Timestamp(begin.0 + 12 * 3600);
        let issued = format!(
            r#"{{{},"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","sourceIPAddress":"lambda.amazonaws.com","userAgent":"lambda.amazonaws.com","userIdentity":{{"type":"AWSService","invokedBy":"lambda.amazonaws.com"}},"requestParameters":{{"roleArn":"{role}","roleSessionName":"{name}"}},"responseElements":{{"credentials":{{"accessKeyId":"{key}","expiration":"{expiration}"}},"assumedRoleUser":{{"assumedRoleId":"{principal}:{name}","arn":"{arn}"}}}}}}"#,
            common(begin, 0)
        );
        to.push_str(&issued);
        let n_calls = 2 + number % 3;
        let calls = CALLS.iter().cycle().skip(function as usize % CALLS.len());
        for (nth, (service, call)) in (0..n_calls).zip(calls) {
            let time = Timestamp(begin.0 + 60 * (1 + nth).cast_signed());
            let common = common(time, 1 + nth);
            let address = format!("10.{}.{}.{}", account, function, number % 3);
            let _ = write!(
                to,
                r#"{{{common},"eventSource":"{service}.amazonaws.com","eventName":"{call}","sourceIPAddress":"{address}","userAgent":"aws-sdk-js/3.{}","userIdentity":{{"type":"AssumedRole","principalId":"{principal}:{name}","arn":"{arn}","accountId":"{account_id}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"{principal}","arn":"{role}","accountId":"{account_id}","userName":"{name}"}},"attributes":{{"creationDate":"{begin}","mfaAuthenticated":"false"}}}}}}}}"#,
                function % 7
            );
        }
        1 + n_calls as usize
    }
}
