//! Delivers records as CloudTrail does: in small files, some minutes later, unordered, sometimes twice.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::LogFile;
use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE, day_folders, event_time, file_minute, file_second};
use crate::organization::{ACCOUNTS, EU_WEST_1, MANAGEMENT, ORGANIZATION, US_EAST_1};

const FILE_PERIOD: i64 = 5 * MINUTE;
/// One file in this many is found under the other region's folder as well.
const REPEATED_ONE_IN: u64 = 100;
/// One record in this many is hours late.
const LATE_ONE_IN: u64 = 400;

/// An account and a region: the two folders that divide the bucket.
type Folder = (&'static str, &'static str);

/// Records on their way to the bucket.
pub(crate) struct Delivery {
    pending: BTreeMap<(i64, Folder), Vec<String>>,
    chance: Chance,
    end: i64,
    delivered: Vec<String>,
    pub(crate) n_events: u64,
    pub(crate) n_files: u64,
}

impl Delivery {
    pub(crate) fn new(seed: u64, end: i64) -> Self {
        Self {
            pending: BTreeMap::new(),
            chance: Chance::of(seed, "delivery", 0),
            end,
            delivered: Vec::new(),
            n_events: 0,
            n_files: 0,
        }
    }

    pub(crate) fn accept(&mut self, folder: Folder, at: i64, record: String) {
        let arrives = at + self.delay();
        // What is late at the end of the window would lie in its future.
        let limit = self.end.max(at) + 2 * FILE_PERIOD;
        let file_time = next_file(arrives).min(limit - limit.rem_euclid(FILE_PERIOD));
        self.pending.entry((file_time, folder)).or_default().push(record);
        self.n_events += 1;
    }

    /// Hands out the files of the time before `until`.
    pub(crate) fn deliver(&mut self, until: i64, sink: &mut dyn FnMut(LogFile)) {
        let rest = self.pending.split_off(&(until, ("", "")));
        let due = core::mem::replace(&mut self.pending, rest);
        for ((file_time, folder), records) in due {
            self.hand_out(file_time, folder, records, sink);
        }
    }

    /// Hands out the digest files of the hour that begins at `hour` and, every other day, an Insight.
    pub(crate) fn deliver_digests(&mut self, hour: i64, sink: &mut dyn FnMut(LogFile)) {
        let delivered = core::mem::take(&mut self.delivered);
        for region in [US_EAST_1, EU_WEST_1] {
            sink(self.digest(hour, region, &delivered));
        }
        if hour.div_euclid(HOUR).rem_euclid(2 * DAY / HOUR) == 9 {
            sink(self.insight(hour));
        }
    }

    /// Two to ten minutes with the rounding to the next file, or hours.
    fn delay(&mut self) -> i64 {
        if self.chance.one_in(LATE_ONE_IN) {
            return self.chance.between(HOUR, 6 * HOUR);
        }
        let first = self.chance.between(0, 3 * MINUTE);
        2 * MINUTE + first.min(self.chance.between(0, 3 * MINUTE))
    }

    fn hand_out(
        &mut self,
        file_time: i64,
        folder: Folder,
        mut records: Vec<String>,
        sink: &mut dyn FnMut(LogFile),
    ) {
        self.chance.shuffle(&mut records);
        let body = format!("{{\"Records\":[{}]}}", records.join(","));
        let (account, region) = folder;
        let path = log_path(account, region, file_time, &mut self.chance);
        if self.chance.one_in(REPEATED_ONE_IN) {
            let other = if region == US_EAST_1 { EU_WEST_1 } else { US_EAST_1 };
            self.n_files += 1;
            sink(LogFile {
                path: log_path(account, other, file_time, &mut self.chance),
                body: body.clone(),
            });
        }
        if account == MANAGEMENT {
            self.delivered.push(path.clone());
        }
        self.n_files += 1;
        sink(LogFile { path, body });
    }

    fn digest(&mut self, hour: i64, region: &str, delivered: &[String]) -> LogFile {
        let digest_end = hour + HOUR;
        let folder = format!("/{region}/");
        let files: Vec<Value> = delivered
            .iter()
            .filter(|path| path.contains(&folder))
            .map(|path| {
                json!({
                    "s3Bucket": "example-org-trail", "s3Object": format!("{path}.gz"),
                    "hashValue": self.chance.hex(64), "hashAlgorithm": "SHA-256",
                    "newestEventTime": event_time(digest_end), "oldestEventTime": event_time(hour)
                })
            })
            .collect();
        let path = digest_path(region, digest_end);
        let body = json!({
            "awsAccountId": MANAGEMENT,
            "digestStartTime": event_time(hour), "digestEndTime": event_time(digest_end),
            "digestS3Bucket": "example-org-trail", "digestS3Object": format!("{path}.gz"),
            "digestPublicKeyFingerprint": "31e8b5433410dfb61a9dc45cc65b22ff",
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": event_time(digest_end), "oldestEventTime": event_time(hour),
            "previousDigestS3Bucket": "example-org-trail",
            "previousDigestS3Object": format!("{}.gz", digest_path(region, hour)),
            "previousDigestHashValue": self.chance.hex(64),
            "previousDigestHashAlgorithm": "SHA-256",
            "previousDigestSignature": self.chance.hex(512),
            "logFiles": files
        });
        LogFile { path, body: format!("{body}") }
    }

    fn insight(&mut self, hour: i64) -> LogFile {
        let account = self.chance.word(&ACCOUNTS);
        let record = json!({
            "eventVersion": "1.08", "eventTime": event_time(hour), "awsRegion": US_EAST_1,
            "eventID": self.chance.uuid(), "eventType": "AwsCloudTrailInsight",
            "recipientAccountId": account, "sharedEventID": self.chance.uuid(),
            "insightDetails": {
                "state": "Start", "eventSource": "ssm.amazonaws.com",
                "eventName": "UpdateInstanceInformation", "insightType": "ApiCallRateInsight",
                "insightContext": {"statistics": {
                    "baseline": {"average": 0.85}, "insight": {"average": 6.2},
                    "insightDuration": 5, "baselineDuration": 11_312
                }}
            },
            "eventCategory": "Insight"
        });
        LogFile {
            path: format!(
                "AWSLogs/{ORGANIZATION}/{account}/CloudTrail-Insight/{US_EAST_1}/{}/{account}_CloudTrail-Insight_{US_EAST_1}_{}_{}.json",
                day_folders(hour),
                file_minute(hour),
                self.chance.alphanumeric(16)
            ),
            body: format!("{}", json!({"Records": [record]})),
        }
    }
}

fn next_file(time: i64) -> i64 {
    (time + FILE_PERIOD - 1).div_euclid(FILE_PERIOD) * FILE_PERIOD
}

fn log_path(account: &str, region: &str, file_time: i64, chance: &mut Chance) -> String {
    let (day, minute) = (day_folders(file_time), file_minute(file_time));
    let unique = chance.alphanumeric(16);
    format!(
        "AWSLogs/{ORGANIZATION}/{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_{minute}_{unique}.json"
    )
}

fn digest_path(region: &str, digest_end: i64) -> String {
    let (day, second) = (day_folders(digest_end), file_second(digest_end));
    format!(
        "AWSLogs/{ORGANIZATION}/{MANAGEMENT}/CloudTrail-Digest/{region}/{day}/{MANAGEMENT}_CloudTrail-Digest_{region}_organization-trail_{US_EAST_1}_{second}.json"
    )
}
