//! What `CloudTrail` says about trails and the keys that sign their digests.

use cloudtrail::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::{Call, Route, Service};
use crate::connection::Connection;
use crate::error::{Error, Needs};

const CLOUDTRAIL: Service =
    Service { id: "CloudTrail", host: "cloudtrail", signing_name: "cloudtrail" };

/// Most pages of one list.
const PAGES_MAX: usize = 1_000;

/// A trail as `DescribeTrails` shows it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "PascalCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "AWS's own form")]
pub struct TrailSettings {
    /// The name.
    pub name: String,
    /// The ARN.
    #[serde(rename = "TrailARN")]
    pub arn: String,
    /// The Region that the trail was made in.
    pub home_region: String,
    /// The bucket that logs are delivered to.
    pub s3_bucket_name: String,
    /// What their keys begin with, before `AWSLogs`.
    pub s3_key_prefix: Option<String>,
    /// The topic that deliveries are told to.
    #[serde(rename = "SnsTopicARN")]
    pub sns_topic_arn: Option<String>,
    /// Whether global services are recorded.
    pub include_global_service_events: bool,
    /// Whether every Region is recorded.
    pub is_multi_region_trail: bool,
    /// Whether every account of the organization is recorded.
    pub is_organization_trail: bool,
    /// Whether digest files are written.
    pub log_file_validation_enabled: bool,
    /// The key that logs are encrypted with, beside S3's own.
    pub kms_key_id: Option<String>,
    /// Whether there are selectors other than the usual ones.
    pub has_custom_event_selectors: bool,
    /// Whether rates are watched.
    pub has_insight_selectors: bool,
}

/// A trail's state as `GetTrailStatus` shows it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TrailStatus {
    /// Whether the trail records.
    pub is_logging: bool,
    /// When a log was delivered last.
    pub latest_delivery: Option<Timestamp>,
    /// Why S3 refused the last delivery, if it did.
    pub latest_delivery_error: Option<String>,
    /// When a digest file was delivered last.
    pub latest_digest_delivery: Option<Timestamp>,
    /// Why S3 refused the last digest file, if it did.
    pub latest_digest_delivery_error: Option<String>,
    /// Why SNS refused the last notification, if it did.
    pub latest_notification_error: Option<String>,
    /// When recording began last.
    pub start_logging: Option<Timestamp>,
    /// When recording was stopped last.
    pub stop_logging: Option<Timestamp>,
}

/// What a trail records, as `GetEventSelectors` shows it. One of the two is empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "PascalCase", default)]
pub struct EventSelectors {
    /// `EventSelectors` as AWS writes them: `ReadWriteType`, `IncludeManagementEvents`,
    /// `DataResources`, `ExcludeManagementEventSources`.
    pub event_selectors: Vec<Value>,
    /// `AdvancedEventSelectors` as AWS writes them: `Name` and `FieldSelectors`.
    pub advanced_event_selectors: Vec<Value>,
}

/// A key that `CloudTrail` signs digest files with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PublicKey {
    /// Names the key in digest files.
    pub fingerprint: String,
    /// Base64 of the key in DER, PKCS #1.
    pub value: String,
    /// The key signs from this time on.
    pub valid_from: Option<Timestamp>,
    /// The key signs until this time.
    pub valid_to: Option<Timestamp>,
}

impl Connection {
    /// The trails that concern the connection's Region, those of an organization included.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `cloudtrail:DescribeTrails`.
    pub async fn trails(&self) -> Result<Vec<TrailSettings>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "trailList", default)]
            trails: Vec<TrailSettings>,
        }
        let doing = "list the trails";
        let call = call("DescribeTrails", needs("cloudtrail:DescribeTrails"), doing);
        let answer = self.call(call, &json!({ "includeShadowTrails": true })).await?;
        Ok(parsed::<Answer>(&answer, doing)?.trails)
    }

    /// The state of the trail with this name or ARN; with an ARN from any Region.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `cloudtrail:GetTrailStatus`.
    pub async fn trail_status(&self, trail: &str) -> Result<TrailStatus, Error> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Answer {
            is_logging: bool,
            latest_delivery_time: Option<f64>,
            latest_delivery_error: Option<String>,
            latest_digest_delivery_time: Option<f64>,
            latest_digest_delivery_error: Option<String>,
            latest_notification_error: Option<String>,
            start_logging_time: Option<f64>,
            stop_logging_time: Option<f64>,
        }
        let doing = format!("look at the trail `{trail}`");
        let call = call("GetTrailStatus", needs("cloudtrail:GetTrailStatus"), &doing);
        let answer = self.call(call, &json!({ "Name": trail })).await?;
        let answer: Answer = parsed(&answer, &doing)?;
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(TrailStatus {
            is_logging: answer.is_logging,
            latest_delivery: answer.latest_delivery_time.map(time),
            latest_delivery_error: said(answer.latest_delivery_error),
            latest_digest_delivery: answer.latest_digest_delivery_time.map(time),
            latest_digest_delivery_error: said(answer.latest_digest_delivery_error),
            latest_notification_error: said(answer.latest_notification_error),
            start_logging: answer.start_logging_time.map(time),
            stop_logging: answer.stop_logging_time.map(time),
        })
    }

    /// What the trail with this name or ARN records.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `cloudtrail:GetEventSelectors`.
    pub async fn event_selectors(&self, trail: &str) -> Result<EventSelectors, Error> {
        let doing = format!("look at what the trail `{trail}` records");
        let call = call("GetEventSelectors", needs("cloudtrail:GetEventSelectors"), &doing);
        let answer = self.call(call, &json!({ "TrailName": trail })).await?;
        parsed(&answer, &doing)
    }

    /// The keys that signed digest files of the connection's Region between two times.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `cloudtrail:ListPublicKeys`.
    pub async fn public_keys(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<PublicKey>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            #[serde(default)]
            public_key_list: Vec<Listed>,
            next_token: Option<String>,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Listed {
            fingerprint: String,
            value: String,
            validity_start_time: Option<f64>,
            validity_end_time: Option<f64>,
        }
        let doing = "list the keys that sign digest files";
        let mut keys = Vec::new();
        let mut input = json!({ "StartTime": from.0, "EndTime": to.0 });
        for _ in 0..PAGES_MAX {
            let call = call("ListPublicKeys", needs("cloudtrail:ListPublicKeys"), doing);
            let answer: Answer = parsed(&self.call(call, &input).await?, doing)?;
            keys.extend(answer.public_key_list.into_iter().map(|key| PublicKey {
                fingerprint: key.fingerprint,
                value: key.value,
                valid_from: key.validity_start_time.map(time),
                valid_to: key.validity_end_time.map(time),
            }));
            match (answer.next_token, input.as_object_mut()) {
                (Some(token), Some(input)) => input.insert("NextToken".to_owned(), json!(token)),
                _ => break,
            };
        }
        Ok(keys)
    }
}

/// A call of `CloudTrail`.
pub(crate) fn call<'a>(operation: &'static str, needs: Needs<'a>, doing: &'a str) -> Call<'a> {
    let target = format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{operation}");
    Call { service: CLOUDTRAIL, operation, route: Route::Target(target), needs, doing }
}

/// The answer of a call, or what is wrong with it.
pub(crate) fn parsed<T: DeserializeOwned>(answer: &[u8], doing: &str) -> Result<T, Error> {
    serde_json::from_slice(answer)
        .map_err(|error| Error::Answer { doing: doing.to_owned(), what: error.to_string() })
}

const fn needs(action: &str) -> Needs<'_> {
    Needs { action, resource: "*" }
}

fn time(seconds: f64) -> Timestamp {
    Timestamp(seconds as i64)
}
