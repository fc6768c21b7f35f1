//! What is asked only to look after a set-up: how a bucket tells of new objects, which rules lead
//! to a queue, what a queue's reader may do, which Regions there are.

use std::time::Duration;

use aws_sdk_s3::types::{Event, FilterRuleName, NotificationConfigurationFilter};
use cloudtrail::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::address::is_region;
use crate::bucket::Bucket;
use crate::call::{Call, Route, Service};
use crate::connection::Connection;
use crate::error::{Error, Kind, Needs};
use crate::queue::{Queue, Receipt, Receive};
use crate::settings::{self, parsed};
use crate::sinks::{EVENTS, SECURITY_HUB};

const EC2: Service = Service { id: "EC2", host: "ec2", signing_name: "ec2" };
/// One for each partition; its Region is that of the partition's control plane (AWS general
/// reference, "AWS Organizations endpoints and quotas").
const ORGANIZATIONS: Service =
    Service { id: "Organizations", host: "organizations", signing_name: "organizations" };
/// Version of EC2's interface.
const EC2_VERSION: &str = "2016-11-15";
/// A receipt that SQS never hands out: whoever may delete is told that it is none.
const NO_RECEIPT: &str = "rolecall-doctor";

/// Whom a bucket tells of new objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BucketNotifications {
    /// Queues.
    pub queues: Vec<NotificationFilter>,
    /// Topics.
    pub topics: Vec<NotificationFilter>,
    /// Whether everything is told to EventBridge.
    pub is_event_bridge: bool,
}

/// Who is told, and of which objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotificationFilter {
    /// ARN of the queue or topic.
    pub arn: String,
    /// What the keys begin with.
    pub prefix: String,
    /// What the keys end in.
    pub suffix: String,
    /// Whether new objects are told, however they come.
    pub is_of_new_objects: bool,
}

/// A rule of EventBridge.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "PascalCase", default)]
pub struct Rule {
    /// The name.
    pub name: String,
    /// `ENABLED`, `DISABLED`, or a longer form of the former.
    pub state: String,
    /// Which events it takes, as JSON.
    pub event_pattern: String,
}

impl Connection {
    /// What time it is by AWS's clock; nothing where the answer does not tell.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `cloudtrail:DescribeTrails`.
    pub async fn date(&self) -> Result<Option<Timestamp>, Error> {
        let needs = Needs { action: "cloudtrail:DescribeTrails", resource: "*" };
        let call = settings::call("DescribeTrails", needs, "ask AWS for the time");
        let answer = self.call_dated(call, &json!({ "includeShadowTrails": false })).await?;
        Ok(answer.date)
    }

    /// The Regions that the account has switched on, sorted.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `ec2:DescribeRegions`.
    pub async fn enabled_regions(&self) -> Result<Vec<String>, Error> {
        let call = Call {
            service: EC2,
            operation: "DescribeRegions",
            route: Route::Form,
            needs: Needs { action: "ec2:DescribeRegions", resource: "*" },
            doing: "list the Regions of the account",
        };
        let input = json!({ "Action": "DescribeRegions", "Version": EC2_VERSION });
        let answer = self.call(call, &input).await?;
        let answer = String::from_utf8_lossy(&answer);
        let names = answer.split("<regionName>").skip(1);
        let names = names.filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()));
        let mut regions: Vec<String> = names.filter(|name| is_region(name)).collect();
        regions.sort();
        Ok(regions)
    }

    /// Whether the account belongs to an organization.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `organizations:DescribeOrganization`.
    pub async fn is_in_organization(&self) -> Result<bool, Error> {
        let call = Call {
            service: ORGANIZATIONS,
            operation: "DescribeOrganization",
            route: Route::Target("AWSOrganizationsV20161128.DescribeOrganization".to_owned()),
            needs: Needs { action: "organizations:DescribeOrganization", resource: "*" },
            doing: "tell whether the account belongs to an organization",
        };
        let control_plane = match self.partition() {
            "aws-cn" => "cn-northwest-1",
            "aws-us-gov" => "us-gov-west-1",
            _ => "us-east-1",
        };
        match self.in_region(control_plane).call(call, &json!({})).await {
            Ok(_) => Ok(true),
            Err(Error::Call { source, .. })
                if source.code.as_deref() == Some("AWSOrganizationsNotInUseException") =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The rules of the default bus that lead to `target`, an ARN in the connection's Region.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `events:ListRuleNamesByTarget` and `events:DescribeRule`.
    pub async fn rules_to(&self, target: &str) -> Result<Vec<Rule>, Error> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Names {
            rule_names: Vec<String>,
        }
        let call = |operation: &'static str, action: &'static str| Call {
            service: EVENTS,
            operation,
            route: Route::Target(format!("AWSEvents.{operation}")),
            needs: Needs { action, resource: "*" },
            doing: "list the rules that lead to the queue",
        };
        let list = call("ListRuleNamesByTarget", "events:ListRuleNamesByTarget");
        let names = self.call(list, &json!({ "TargetArn": target })).await?;
        let names: Names = parsed(&names, "list the rules that lead to the queue")?;
        let mut rules = Vec::new();
        for name in names.rule_names {
            let describe = call("DescribeRule", "events:DescribeRule");
            let rule = self.call(describe, &json!({ "Name": name })).await?;
            rules.push(parsed(&rule, "look at a rule")?);
        }
        Ok(rules)
    }

    /// Whether there is an event bus of this name or ARN.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `events:DescribeEventBus`.
    pub async fn has_bus(&self, bus: &str) -> Result<bool, Error> {
        let call = Call {
            service: EVENTS,
            operation: "DescribeEventBus",
            route: Route::Target("AWSEvents.DescribeEventBus".to_owned()),
            needs: Needs { action: "events:DescribeEventBus", resource: "the event bus" },
            doing: "look at the event bus",
        };
        found(self.call(call, &json!({ "Name": bus })).await)
    }

    /// Whether Security Hub is switched on.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `securityhub:DescribeHub`.
    pub async fn has_hub(&self) -> Result<bool, Error> {
        let call = Call {
            service: SECURITY_HUB,
            operation: "DescribeHub",
            route: Route::Get("/accounts"),
            needs: Needs { action: "securityhub:DescribeHub", resource: "*" },
            doing: "look at Security Hub",
        };
        found(self.call(call, &json!({})).await)
    }
}

/// Whether what was asked for is there.
fn found(answer: Result<Vec<u8>, Error>) -> Result<bool, Error> {
    match answer {
        Ok(_) => Ok(true),
        Err(Error::Call { source, .. })
            if source.kind == Kind::NotFound
                || source.code.as_deref() == Some("InvalidAccessException") =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

impl Bucket {
    /// Whom the bucket tells of new objects.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`]; needs `s3:GetBucketNotification` on the bucket.
    pub async fn notifications(&self) -> Result<BucketNotifications, Error> {
        let request = self.client().get_bucket_notification_configuration().bucket(self.name());
        let answer = request.send().await;
        let answer = answer.map_err(|error| self.unasked(&error, "s3:GetBucketNotification"))?;
        let queues = answer.queue_configurations.unwrap_or_default().into_iter();
        let topics = answer.topic_configurations.unwrap_or_default().into_iter();
        let queues = queues.map(|it| filter(it.queue_arn, &it.events, it.filter));
        let topics = topics.map(|it| filter(it.topic_arn, &it.events, it.filter));
        Ok(BucketNotifications {
            queues: queues.collect(),
            topics: topics.collect(),
            is_event_bridge: answer.event_bridge_configuration.is_some(),
        })
    }
}

fn filter(
    arn: String,
    events: &[Event],
    filter: Option<NotificationConfigurationFilter>,
) -> NotificationFilter {
    let rules = filter.and_then(|filter| filter.key).and_then(|key| key.filter_rules);
    let rules = rules.unwrap_or_default();
    let value = |name: &FilterRuleName| {
        // S3 writes the names back as they were given, in whatever case.
        let is_named = |given: &FilterRuleName| given.as_str().eq_ignore_ascii_case(name.as_str());
        let rule = rules.iter().find(|rule| rule.name.as_ref().is_some_and(is_named));
        rule.and_then(|rule| rule.value.clone()).unwrap_or_default()
    };
    let is_put =
        |event: &Event| ["s3:ObjectCreated:*", "s3:ObjectCreated:Put"].contains(&event.as_str());
    NotificationFilter {
        arn,
        prefix: value(&FilterRuleName::Prefix),
        suffix: value(&FilterRuleName::Suffix),
        is_of_new_objects: events.iter().any(is_put),
    }
}

impl Queue {
    /// Why messages may not be received, if they may not.
    ///
    /// One is received for real, where one waits, and made deliverable again at once; that counts
    /// as one of its deliveries.
    pub async fn try_receiving(&self) -> Option<Error> {
        let wait = Duration::ZERO;
        let receive = Receive { messages_max: 1, wait, visibility: Some(wait) };
        self.receive(&receive).await.err()
    }

    /// Why messages may not be deleted or kept hidden, if they may not; tried with a receipt that
    /// is none.
    pub async fn try_deleting(&self) -> Option<Error> {
        let receipts = [Receipt(NO_RECEIPT.to_owned())];
        let deleted = self.delete(&receipts).await.err().filter(is_refused);
        match deleted {
            Some(error) => Some(error),
            None => self.hide(&receipts, Duration::ZERO).await.err().filter(is_refused),
        }
    }
}

/// Whether a call failed for another reason than its receipt.
fn is_refused(error: &Error) -> bool {
    let code = if let Error::Call { source, .. } = error { source.code.as_deref() } else { None };
    !code.is_some_and(|code| ["ReceiptHandleIsInvalid", "InvalidParameterValue"].contains(&code))
}
