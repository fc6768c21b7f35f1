//! What is wrong with a trail: a pure function of its settings and its state.

use std::collections::BTreeSet;
use std::time::Duration;

use aws::{EventSelectors, TrailSettings, TrailStatus};
use report::Check;
use serde_json::Value;

use super::catalogue::{
    Kind, TRAIL_DATA_EVENTS, TRAIL_DELIVERY, TRAIL_DELIVERY_LAG, TRAIL_DIGEST_DELIVERY,
    TRAIL_ENCRYPTION, TRAIL_EXCLUDED_SOURCES, TRAIL_GLOBAL_SERVICES, TRAIL_LOG_FILE_VALIDATION,
    TRAIL_LOGGING, TRAIL_MANAGEMENT_EVENTS, TRAIL_ORGANIZATION, TRAIL_REGIONS, run,
};
use crate::clock::WallTime;

/// How long nothing may be delivered: CloudTrail delivers about every five minutes, and who asks
/// makes calls that are recorded.
pub(super) const LAG_MAX: Duration = Duration::from_secs(3_600);

/// Selectors that record every management event.
const ALL_MANAGEMENT: &str = r#"[{"ReadWriteType":"All","IncludeManagementEvents":true}]"#;

/// Selectors that record every object of every bucket as well.
const ALL_OBJECTS: &str = r#"[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]"#;

/// What is known of one trail.
#[derive(Debug)]
pub(super) struct TrailFacts {
    pub(super) settings: TrailSettings,
    pub(super) status: Result<TrailStatus, aws::Error>,
    pub(super) selectors: Result<EventSelectors, aws::Error>,
}

/// What a trail records.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Recorded {
    reads: bool,
    writes: bool,
    excluded: BTreeSet<String>,
    data: BTreeSet<String>,
}

/// What is wrong with one trail, whatever others there are.
pub(super) fn judge(
    trail: &TrailFacts,
    is_in_organization: Option<bool>,
    now: WallTime,
) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.extend(of_settings(&trail.settings, is_in_organization));
    let name = trail.settings.arn.as_str();
    match &trail.status {
        Ok(status) => checks.extend(of_status(&trail.settings, status, now)),
        Err(error) => checks.push(TRAIL_LOGGING.untold(name, error)),
    }
    match &trail.selectors {
        Ok(selectors) => checks.extend(of_selectors(name, &recorded(selectors))),
        Err(error) => checks.push(TRAIL_MANAGEMENT_EVENTS.untold(name, error)),
    }
    checks
}

/// Which Regions no trail of `trails` covers, of those that the account has.
pub(super) fn regions(bucket: &str, trails: &[&TrailFacts], enabled: &[String]) -> Check {
    if trails.iter().any(|trail| trail.settings.is_multi_region_trail) {
        return TRAIL_REGIONS.ok(bucket, "every Region is recorded");
    }
    let covered: BTreeSet<&str> =
        trails.iter().map(|trail| trail.settings.home_region.as_str()).collect();
    let missing = enabled.iter().map(String::as_str).filter(|region| !covered.contains(region));
    let missing: Vec<&str> = missing.collect();
    let Some(first) = trails.first().filter(|_| !missing.is_empty() || enabled.is_empty()) else {
        return TRAIL_REGIONS.ok(bucket, "every Region that is switched on is recorded");
    };
    let missing = if missing.is_empty() { "every other".to_owned() } else { missing.join(", ") };
    let found = format!(
        "only {} is recorded; not recorded: {missing}",
        covered.into_iter().collect::<Vec<_>>().join(", "),
    );
    let check = TRAIL_REGIONS.problem(bucket, found, "Let the trail record every Region.");
    update(check, &first.settings, "--is-multi-region-trail")
}

fn of_settings(trail: &TrailSettings, is_in_organization: Option<bool>) -> Vec<Check> {
    let name = trail.arn.as_str();
    let switched = |kind: Kind, is_on: bool, (on, off): (&str, &str), flag: &str| {
        if is_on {
            return kind.ok(name, on);
        }
        update(kind.problem(name, off, "Switch it on."), trail, flag)
    };
    let mut checks = vec![
        switched(
            TRAIL_GLOBAL_SERVICES,
            trail.include_global_service_events,
            ("global services are recorded", "global services are not recorded"),
            "--include-global-service-events",
        ),
        switched(
            TRAIL_LOG_FILE_VALIDATION,
            trail.log_file_validation_enabled,
            ("digests are written", "no digests are written"),
            "--enable-log-file-validation",
        ),
    ];
    let key = trail.kms_key_id.as_deref();
    let key = key.map_or_else(
        || "log files are encrypted with S3's own key".to_owned(),
        |key| format!("log files are encrypted with `{key}`"),
    );
    checks.push(TRAIL_ENCRYPTION.ok(name, key));
    match (trail.is_organization_trail, is_in_organization) {
        (true, _) => checks.push(TRAIL_ORGANIZATION.ok(name, "every account is recorded")),
        (false, Some(false)) => {
            checks.push(TRAIL_ORGANIZATION.ok(name, "the account belongs to no organization"));
        }
        (false, Some(true)) => {
            let found = "the account belongs to an organization, and the trail records it alone";
            let remedy = "Let the trail record the organization, from its management account, or \
                          read the trails of the other accounts as well.";
            let check = TRAIL_ORGANIZATION.problem(name, found, remedy);
            checks.push(update(check, trail, "--is-organization-trail"));
        }
        (false, None) => {
            let found = "whether the account belongs to an organization could not be asked";
            let remedy = "Allow `organizations:DescribeOrganization`.";
            checks.push(TRAIL_ORGANIZATION.unknown(name, found, remedy));
        }
    }
    checks
}

fn of_status(trail: &TrailSettings, status: &TrailStatus, now: WallTime) -> Vec<Check> {
    let name = trail.arn.as_str();
    if !status.is_logging {
        let since = status.stop_logging.map(|time| format!(", since {time}")).unwrap_or_default();
        let found = format!("recording is switched off{since}");
        let check = TRAIL_LOGGING.problem(name, found, "Find out who did it, and switch it on.");
        let command = ["aws", "cloudtrail", "start-logging", "--name", name];
        let command = [&command[..], &["--region", &trail.home_region]].concat();
        return vec![run(check, &command)];
    }
    let mut checks = vec![TRAIL_LOGGING.ok(name, "it records")];
    let refused = |kind: Kind, error: &Option<String>, what: &str| match error {
        None => kind.ok(name, format!("{what} are delivered")),
        Some(error) => {
            let found = format!("S3 refused the last of the {what}: {error}");
            kind.problem(name, found, "Let CloudTrail write to the bucket: see its policy.")
        }
    };
    checks.push(refused(TRAIL_DELIVERY, &status.latest_delivery_error, "log files"));
    if trail.log_file_validation_enabled {
        let error = &status.latest_digest_delivery_error;
        checks.push(refused(TRAIL_DIGEST_DELIVERY, error, "digests"));
    }
    checks.push(lag(TRAIL_DELIVERY_LAG, name, status.latest_delivery.map(|time| time.0), now));
    checks
}

/// Whether something was delivered lately; `latest` is in seconds.
pub(super) fn lag(kind: Kind, subject: &str, latest: Option<i64>, now: WallTime) -> Check {
    let Some(latest) = latest else {
        let found = "nothing was delivered yet";
        return kind.unknown(subject, found, "Look again in a quarter of an hour.");
    };
    let age = now.seconds().saturating_sub(latest);
    let minutes = age.div_euclid(60);
    if age > i64::try_from(LAG_MAX.as_secs()).unwrap_or(i64::MAX) {
        let found = format!("the last delivery was {minutes} minutes ago");
        let remedy = "See whether the trail records, and whether the bucket takes its log files.";
        return kind.problem(subject, found, remedy);
    }
    kind.ok(subject, format!("the last delivery was {} minutes ago", minutes.max(0)))
}

fn of_selectors(name: &str, recorded: &Recorded) -> Vec<Check> {
    let put = |check: Check, selectors: &str| {
        let command = ["aws", "cloudtrail", "put-event-selectors", "--trail-name", name];
        run(check, &[&command[..], &["--event-selectors", selectors]].concat())
    };
    let mut checks = Vec::new();
    let found = match (recorded.reads, recorded.writes) {
        (true, true) => None,
        (true, false) => Some("of management events only those that read are recorded"),
        (false, true) => Some("of management events only those that write are recorded"),
        (false, false) => Some("no management events are recorded"),
    };
    let remedy = "Record all of them; what other selectors the trail has must be repeated in this \
                  command.";
    checks.push(match found {
        None => TRAIL_MANAGEMENT_EVENTS.ok(name, "all management events are recorded"),
        Some(found) => put(TRAIL_MANAGEMENT_EVENTS.problem(name, found, remedy), ALL_MANAGEMENT),
    });
    if !recorded.excluded.is_empty() {
        let excluded: Vec<&str> = recorded.excluded.iter().map(String::as_str).collect();
        let found = format!("left out: {}", excluded.join(", "));
        checks.push(put(TRAIL_EXCLUDED_SOURCES.problem(name, found, remedy), ALL_MANAGEMENT));
    }
    checks.push(if recorded.data.is_empty() {
        let remedy = "Record those of the buckets that matter; data events cost money.";
        put(TRAIL_DATA_EVENTS.problem(name, "no data events are recorded", remedy), ALL_OBJECTS)
    } else {
        let kinds: Vec<&str> = recorded.data.iter().map(String::as_str).collect();
        TRAIL_DATA_EVENTS.ok(name, format!("data events of {}", kinds.join(", ")))
    });
    checks
}

/// What `selectors` record; a trail without any records all management events.
fn recorded(selectors: &EventSelectors) -> Recorded {
    let mut recorded = Recorded::default();
    if selectors.event_selectors.is_empty() && selectors.advanced_event_selectors.is_empty() {
        return Recorded { reads: true, writes: true, ..recorded };
    }
    for selector in &selectors.event_selectors {
        recorded.add_basic(selector);
    }
    for selector in &selectors.advanced_event_selectors {
        recorded.add_advanced(selector);
    }
    recorded
}

impl Recorded {
    fn add_basic(&mut self, selector: &Value) {
        let text = |name: &str| selector.get(name).and_then(Value::as_str);
        let kinds = text("ReadWriteType").unwrap_or("All");
        if selector.get("IncludeManagementEvents").and_then(Value::as_bool) != Some(false) {
            self.reads |= kinds != "WriteOnly";
            self.writes |= kinds != "ReadOnly";
            self.excluded.extend(texts(selector.get("ExcludeManagementEventSources")));
        }
        let resources = selector.get("DataResources").and_then(Value::as_array);
        let kinds = resources.into_iter().flatten().filter_map(|one| one.get("Type")?.as_str());
        self.data.extend(kinds.map(str::to_owned));
    }

    fn add_advanced(&mut self, selector: &Value) {
        let fields = selector.get("FieldSelectors").and_then(Value::as_array);
        let fields: Vec<&Value> = fields.into_iter().flatten().collect();
        let values = |field: &str, operator: &str| -> Vec<String> {
            let is_of = |one: &&&Value| one.get("Field").and_then(Value::as_str) == Some(field);
            fields.iter().filter(is_of).flat_map(|one| texts(one.get(operator))).collect()
        };
        let category = values("eventCategory", "Equals");
        if category.iter().any(|category| category == "Management") {
            let read_only = values("readOnly", "Equals");
            self.reads |= read_only.iter().all(|value| value == "true");
            self.writes |= read_only.iter().all(|value| value == "false");
            self.excluded.extend(values("eventSource", "NotEquals"));
        }
        if category.iter().any(|category| category == "Data") {
            self.data.extend(values("resources.type", "Equals"));
        }
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// `check` with the command that changes `trail`.
fn update(check: Check, trail: &TrailSettings, flag: &str) -> Check {
    let command = ["aws", "cloudtrail", "update-trail", "--name", &trail.arn, flag];
    run(check, &[&command[..], &["--region", &trail.home_region]].concat())
}

#[cfg(test)]
mod tests {
    use aws::{EventSelectors, TrailSettings, TrailStatus};
    use report::CheckState;
    use serde_json::{Value, json};

    use super::{TrailFacts, judge, recorded, regions};
    use crate::clock::WallTime;

    fn selectors(basic: &Value, advanced: &Value) -> EventSelectors {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        EventSelectors { event_selectors: list(basic), advanced_event_selectors: list(advanced) }
    }

    fn trail(change: impl FnOnce(&mut TrailFacts)) -> TrailFacts {
        let settings = TrailSettings {
            arn: "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main".to_owned(),
            home_region: "eu-central-1".to_owned(),
            include_global_service_events: true,
            is_multi_region_trail: true,
            log_file_validation_enabled: true,
            ..TrailSettings::default()
        };
        let latest_delivery = Some(cloudtrail::Timestamp(1_000));
        let status = TrailStatus { is_logging: true, latest_delivery, ..TrailStatus::default() };
        let data = json!([{ "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] }]);
        let selectors = Ok(selectors(&data, &json!([])));
        let mut trail = TrailFacts { settings, status: Ok(status), selectors };
        change(&mut trail);
        trail
    }

    /// The checks that are not ok.
    fn wrong(trail: &TrailFacts) -> Vec<&'static str> {
        let checks = judge(trail, Some(false), WallTime(1_500_000));
        let wrong = checks.iter().filter(|check| check.state != CheckState::Ok);
        wrong.map(|check| check.check).collect()
    }

    #[test]
    fn a_trail_that_records_everything_has_nothing_wrong() {
        assert_eq!(wrong(&trail(|_| {})), Vec::<&str>::new());
    }

    #[test]
    fn each_fault_of_the_status_is_named() {
        let with = |change: fn(&mut TrailStatus)| {
            wrong(&trail(|trail| change(trail.status.as_mut().unwrap())))
        };
        assert_eq!(with(|status| status.is_logging = false), ["trail_logging"]);
        let denied = |status: &mut TrailStatus| {
            status.latest_delivery_error = Some("AccessDenied".to_owned());
        };
        assert_eq!(with(denied), ["trail_delivery"]);
        let denied = |status: &mut TrailStatus| {
            status.latest_digest_delivery_error = Some("AccessDenied".to_owned());
        };
        assert_eq!(with(denied), ["trail_digest_delivery"]);
        let late = |status: &mut TrailStatus| {
            status.latest_delivery = Some(cloudtrail::Timestamp(-3_000));
        };
        assert_eq!(with(late), ["trail_delivery_lag"]);
    }

    #[test]
    fn advanced_selectors_tell_what_is_recorded() {
        let of = |advanced: Value| recorded(&selectors(&json!([]), &advanced));
        let field =
            |name: &str, operator: &str, value: &str| json!({ "Field": name, operator: [value] });
        let all =
            of(json!([{ "FieldSelectors": [field("eventCategory", "Equals", "Management")] }]));
        assert!(all.reads && all.writes && all.data.is_empty());
        let some = of(json!([
            { "FieldSelectors": [
                field("eventCategory", "Equals", "Management"),
                field("readOnly", "Equals", "false"),
                field("eventSource", "NotEquals", "kms.amazonaws.com"),
            ] },
            { "FieldSelectors": [
                field("eventCategory", "Equals", "Data"),
                field("resources.type", "Equals", "AWS::S3::Object"),
            ] },
        ]));
        assert!(!some.reads && some.writes);
        assert!(some.excluded.contains("kms.amazonaws.com"));
        assert!(some.data.contains("AWS::S3::Object"));
        let data = of(json!([{ "FieldSelectors": [field("eventCategory", "Equals", "Data")] }]));
        assert!(!data.reads && !data.writes);
    }

    #[test]
    fn trails_of_single_regions_cover_them_together() {
        let single = |region: &str| {
            trail(|trail| {
                trail.settings.is_multi_region_trail = false;
                region.clone_into(&mut trail.settings.home_region);
            })
        };
        let (first, second) = (single("eu-central-1"), single("us-east-1"));
        let enabled = ["eu-central-1".to_owned(), "us-east-1".to_owned()];
        let one = regions("bucket", &[&first], &enabled);
        assert_eq!(one.state, CheckState::Problem);
        assert!(one.found.ends_with("not recorded: us-east-1"), "{}", one.found);
        assert_eq!(regions("bucket", &[&first, &second], &enabled).state, CheckState::Ok);
        assert_eq!(regions("bucket", &[&first], &[]).state, CheckState::Problem);
    }
}
