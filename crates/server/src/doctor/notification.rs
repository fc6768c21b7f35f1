//! Whether a bucket's new log files are told to a queue: a pure function of what was set.

use aws::{BucketNotifications, NotificationFilter, Rule};
use report::Check;

use super::catalogue::{NOTIFICATION, run};

/// How log files end.
const SUFFIX: &str = ".json.gz";

/// A bucket that a trail writes to, and whom it tells of that.
#[derive(Debug)]
pub(super) struct Told {
    /// Its name.
    pub(super) bucket: String,
    /// What the keys of the trail begin with: `[prefix/]AWSLogs/`.
    pub(super) root: String,
    /// Whom it tells.
    pub(super) notifications: Result<BucketNotifications, aws::Error>,
    /// Whether the trail has a topic of its own.
    pub(super) has_topic: bool,
}

/// How far what is set leads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Leads {
    Nowhere,
    /// Where it leads was not looked at.
    Perhaps,
    There,
}

/// Whether the queue `arn` is told of the log files of one bucket at least.
pub(super) fn judge(
    queue: (&str, &str),
    buckets: &[Told],
    rules: &Result<Vec<Rule>, aws::Error>,
) -> Check {
    let (subject, arn) = queue;
    if buckets.is_empty() {
        let found = "no bucket is known that could tell it: no trail was found";
        let remedy = "Ask with credentials of the account that has the trail.";
        return NOTIFICATION.unknown(subject, found, remedy);
    }
    let leads = buckets.iter().map(|bucket| (leads(bucket, arn, rules), bucket));
    let Some((leads, told)) = leads.max_by_key(|(leads, _)| *leads) else {
        return NOTIFICATION.unknown(subject, "no bucket is known", "");
    };
    let place = format!("`s3://{}/{}`", told.bucket, told.root);
    match leads {
        Leads::There => NOTIFICATION.ok(subject, format!("it is told of {place}")),
        Leads::Perhaps => {
            let found = match &told.notifications {
                Err(error) => format!("{error}: {}", error.reason()),
                Ok(_) => format!("{place} may be told to it through a topic or EventBridge"),
            };
            let remedy =
                "See whether messages come; the subscriptions of topics are not looked at.";
            NOTIFICATION.unknown(subject, found, remedy)
        }
        Leads::Nowhere => {
            let found = format!("nobody tells it of {place}");
            let remedy = "Let S3 tell the queue of new objects below this prefix, or switch on \
                          EventBridge for the bucket and add a rule. What the bucket has set \
                          already must be repeated in this command.";
            let configuration = format!(
                "{{\"QueueConfigurations\":[{{\"QueueArn\":\"{arn}\",\"Events\":[\"s3:ObjectCreated:*\"],\
                 \"Filter\":{{\"Key\":{{\"FilterRules\":[{{\"Name\":\"prefix\",\"Value\":\"{}\"}}]}}}}}}]}}",
                told.root
            );
            let command = ["aws", "s3api", "put-bucket-notification-configuration", "--bucket"];
            let rest = [told.bucket.as_str(), "--notification-configuration", &configuration];
            run(NOTIFICATION.problem(subject, found, remedy), &[&command[..], &rest[..]].concat())
        }
    }
}

fn leads(told: &Told, arn: &str, rules: &Result<Vec<Rule>, aws::Error>) -> Leads {
    let Ok(notifications) = &told.notifications else {
        return Leads::Perhaps;
    };
    let is_of = |filter: &&NotificationFilter| covers(filter, &told.root);
    let is_direct = notifications.queues.iter().filter(is_of).any(|filter| filter.arn == arn);
    let by_rule = match rules {
        _ if !notifications.is_event_bridge => Leads::Nowhere,
        Err(_) => Leads::Perhaps,
        Ok(rules) if rules.iter().any(|rule| takes(rule, &told.bucket)) => Leads::There,
        Ok(_) => Leads::Nowhere,
    };
    let has_topic =
        told.has_topic || notifications.topics.iter().any(|filter| covers(filter, &told.root));
    let by_topic = if has_topic { Leads::Perhaps } else { Leads::Nowhere };
    let direct = if is_direct { Leads::There } else { Leads::Nowhere };
    direct.max(by_rule).max(by_topic)
}

/// Whether a notification is of the log files below `root`, or of a part of them.
fn covers(filter: &NotificationFilter, root: &str) -> bool {
    let is_of_prefix = root.starts_with(&filter.prefix) || filter.prefix.starts_with(root);
    filter.is_of_new_objects && is_of_prefix && SUFFIX.ends_with(&filter.suffix)
}

/// Whether a rule is switched on and, as far as its pattern names buckets, takes this one's events.
fn takes(rule: &Rule, bucket: &str) -> bool {
    let names_bucket = !rule.event_pattern.contains("\"bucket\"");
    rule.state.starts_with("ENABLED")
        && (names_bucket || rule.event_pattern.contains(&format!("\"{bucket}\"")))
}

#[cfg(test)]
mod tests {
    use aws::{BucketNotifications, NotificationFilter, Rule};
    use report::CheckState;

    use super::{Told, judge};

    const ARN: &str = "arn:aws:sqs:eu-central-1:111122223333:rolecall";

    fn told(change: impl FnOnce(&mut BucketNotifications)) -> Told {
        let mut notifications = BucketNotifications::default();
        change(&mut notifications);
        Told {
            bucket: "trail".to_owned(),
            root: "team/AWSLogs/".to_owned(),
            notifications: Ok(notifications),
            has_topic: false,
        }
    }

    fn filter(prefix: &str, suffix: &str) -> NotificationFilter {
        let (prefix, suffix) = (prefix.to_owned(), suffix.to_owned());
        NotificationFilter { arn: ARN.to_owned(), prefix, suffix, is_of_new_objects: true }
    }

    fn rule(state: &str, event_pattern: &str) -> Rule {
        let (state, event_pattern) = (state.to_owned(), event_pattern.to_owned());
        Rule { name: "new".to_owned(), state, event_pattern }
    }

    fn state(told: Told, rules: Vec<Rule>) -> CheckState {
        judge(("queue", ARN), &[told], &Ok(rules)).state
    }

    #[test]
    fn a_notification_must_be_of_the_prefix_and_of_log_files() {
        let with = |prefix: &str, suffix: &str| {
            state(told(|all| all.queues.push(filter(prefix, suffix))), Vec::new())
        };
        for (prefix, suffix) in [("", ""), ("team/", ".gz"), ("team/AWSLogs/111122223333/", "")] {
            assert_eq!(with(prefix, suffix), CheckState::Ok, "{prefix} {suffix}");
        }
        for (prefix, suffix) in [("AWSLogs/", ""), ("", ".txt")] {
            assert_eq!(with(prefix, suffix), CheckState::Problem, "{prefix} {suffix}");
        }
        let removed = told(|all| {
            all.queues.push(NotificationFilter { is_of_new_objects: false, ..filter("", "") });
        });
        assert_eq!(state(removed, Vec::new()), CheckState::Problem);
    }

    #[test]
    fn a_rule_must_be_enabled_and_of_the_bucket() {
        let with = |state_of_rule: &str, pattern: &str| {
            let bridged = told(|all| all.is_event_bridge = true);
            state(bridged, vec![rule(state_of_rule, pattern)])
        };
        assert_eq!(with("ENABLED", "{}"), CheckState::Ok);
        let pattern = r#"{"detail":{"bucket":{"name":["trail"]}}}"#;
        assert_eq!(with("ENABLED", pattern), CheckState::Ok);
        assert_eq!(with("ENABLED", &pattern.replace("trail", "other")), CheckState::Problem);
        assert_eq!(with("DISABLED", "{}"), CheckState::Problem);
        assert_eq!(state(told(|_| {}), vec![rule("ENABLED", "{}")]), CheckState::Problem);
    }

    #[test]
    fn a_topic_may_lead_there() {
        let told = told(|all| all.topics.push(filter("", "")));
        assert_eq!(state(told, Vec::new()), CheckState::Unknown);
    }
}
