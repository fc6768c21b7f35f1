//! `rolecall doctor` against a set-up that is sound, and against one fault after the other.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::endpoint;
use crate::proxy::{Fault, Proxy};

const BUCKET: &str = "doctor-logs";

/// What S3 tells of new objects.
const CREATED: &str = "s3:ObjectCreated:*";
const ACCOUNT: &str = "123456789012";
const TRAIL: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";

/// Selectors of a trail that records everything.
const EVERYTHING: &str = r#"[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]"#;

/// A set-up that faults are arranged in.
struct World {
    url: String,
    proxy: Proxy,
    folder: tempfile::TempDir,
    /// A server that a webhook leads to.
    hook: TcpListener,
    /// What stands in the configuration instead of what usually does.
    changed: Vec<(&'static str, String)>,
}

impl World {
    fn new(url: String) -> Self {
        let proxy = Proxy::start(&url);
        let folder = tempfile::tempdir().unwrap();
        let hook = TcpListener::bind("127.0.0.1:0").unwrap();
        let world = Self { url, proxy, folder, hook, changed: Vec::new() };
        world.put(BUCKET, "");
        let key = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/18/\
                   111122223333_CloudTrail_us-east-1_20261018T1200Z_0123456789abcdef.json.gz";
        world.put(&format!("{BUCKET}/{key}"), r#"{"Records":[]}"#);
        world.queue("CreateQueue", &json!({ "QueueName": "doctor-dead" }));
        world.queue("CreateQueue", &json!({ "QueueName": "doctor" }));
        world.attributes(&sound_queue());
        let all = [("IsMultiRegionTrail", true), ("IncludeGlobalServiceEvents", true)];
        let mut trail = json!({ "Name": "doctor", "S3BucketName": BUCKET });
        for (name, value) in all.into_iter().chain([("EnableLogFileValidation", true)]) {
            trail[name] = json!(value);
        }
        world.trail("CreateTrail", &trail);
        world.trail("StartLogging", &json!({ "Name": "doctor" }));
        world.selectors(EVERYTHING);
        world.notify(CREATED, "");
        world.purge("doctor");
        let target = format!("{}/accounts", world.url);
        let hub = ureq::post(target).header("authorization", authorization("securityhub"));
        hub.send("{}").unwrap();
        fs::create_dir(world.store()).unwrap();
        world.mode(0o700);
        world
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn put(&self, path: &str, body: &str) {
        let url = format!("{}/{path}", self.url);
        ureq::put(url).header("authorization", authorization("s3")).send(body).unwrap();
    }

    fn call(&self, target: &str, service: &str, input: &Value) -> String {
        let request = ureq::post(&self.url)
            .header("authorization", authorization(service))
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0");
        request.send(input.to_string()).unwrap().body_mut().read_to_string().unwrap()
    }

    fn trail(&self, operation: &str, input: &Value) {
        self.call(&format!("{TRAIL}.{operation}"), "cloudtrail", input);
    }

    fn set_trail(&self, name: &str, value: bool) {
        let mut input = json!({ "Name": "doctor" });
        input[name] = json!(value);
        self.trail("UpdateTrail", &input);
    }

    fn selectors(&self, selectors: &str) {
        let selectors: Value = serde_json::from_str(selectors).unwrap();
        let input = json!({ "TrailName": "doctor", "EventSelectors": selectors });
        self.trail("PutEventSelectors", &input);
    }

    fn queue(&self, operation: &str, input: &Value) -> String {
        self.call(&format!("AmazonSQS.{operation}"), "sqs", input)
    }

    fn attributes(&self, attributes: &Value) {
        let url = format!("{}/{ACCOUNT}/doctor", self.url);
        let input = json!({ "QueueUrl": url, "Attributes": attributes });
        self.queue("SetQueueAttributes", &input);
    }

    /// Takes out of a queue what lies in it, such as the test of a notification.
    fn purge(&self, name: &str) {
        let url = format!("{}/{ACCOUNT}/{name}", self.url);
        let all = json!({ "QueueUrl": url, "MaxNumberOfMessages": 10 });
        loop {
            let answer: Value = serde_json::from_str(&self.queue("ReceiveMessage", &all)).unwrap();
            let Some(messages) = answer["Messages"].as_array() else { return };
            for message in messages {
                let handle = &message["ReceiptHandle"];
                let input = json!({ "QueueUrl": url, "ReceiptHandle": handle });
                self.queue("DeleteMessage", &input);
            }
            if messages.is_empty() {
                return;
            }
        }
    }

    /// Lets the bucket tell the queue of what happens below `prefix`.
    fn notify(&self, event: &str, prefix: &str) {
        let filter = format!(
            "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>{prefix}</Value></FilterRule>\
             </S3Key></Filter>"
        );
        // The endpoint refuses an empty value, which AWS takes for any key.
        let filter = if prefix.is_empty() { "" } else { &filter };
        let configuration = format!(
            "<NotificationConfiguration><QueueConfiguration><Id>logs</Id>\
             <Queue>arn:aws:sqs:us-east-1:{ACCOUNT}:doctor</Queue>\
             <Event>{event}</Event>{filter}</QueueConfiguration>\
             </NotificationConfiguration>"
        );
        self.put(&format!("{BUCKET}?notification"), &configuration);
    }

    #[cfg(unix)]
    fn mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(self.store(), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn config(&self) -> PathBuf {
        let value = |name: &str, usual: String| {
            let changed = self.changed.iter().find(|(changed, _)| *changed == name);
            changed.map_or(usual, |(_, value)| value.clone())
        };
        let store = value("store", self.store().display().to_string());
        let bucket = value("bucket", BUCKET.to_owned());
        let queue = value("queue", format!("{}/{ACCOUNT}/doctor", self.proxy.url));
        let hook = value("hook", format!("http://{}/", self.hook.local_addr().unwrap()));
        let (bus, more) = (value("bus", "default".to_owned()), value("more", String::new()));
        let text = format!(
            "[store]\npath = '{store}'\n{more}\n\
             [[source]]\nname = 'bucket'\nkind = 's3'\nbucket = '{bucket}'\nregion = 'us-east-1'\n\
             [[source]]\nname = 'queue'\nkind = 'sqs'\nqueue_url = '{queue}'\nregion = 'us-east-1'\n\
             [[sink]]\nname = 'hook'\nkind = 'webhook'\nurl = '{hook}'\n\
             [[sink]]\nname = 'bus'\nkind = 'eventbridge'\nbus = '{bus}'\n\
             [[sink]]\nname = 'hub'\nkind = 'security_hub'\n"
        );
        let path = self.folder.path().join("rolecall.toml");
        fs::write(&path, text).unwrap();
        path
    }

    /// Ids of the checks that are in one state, and the exit code.
    fn examined(&self, state: &str) -> (BTreeSet<String>, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.env("AWS_ENDPOINT_URL", &self.proxy.url).current_dir(self.folder.path());
        command.env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-cache"));
        command.args(["doctor", "--format", "json", "--fail-on", "low", "--config"]);
        let output = command.arg(self.config()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let document: Value = serde_json::from_slice(&output.stdout).expect(&stderr);
        let checks = document["checks"].as_array().unwrap();
        let of_state = checks.iter().filter(|check| check["state"] == state);
        let ids = of_state.map(|check| check["check"].as_str().unwrap().to_owned());
        let ids: BTreeSet<String> = ids.collect();
        if state == "problem" && !ids.is_empty() {
            let problems = checks.iter().filter(|check| check["state"] == "problem");
            for problem in problems {
                assert_ne!(problem["unseen"], Value::Null, "{problem}");
                assert_ne!(problem["remedy"], Value::Null, "{problem}");
            }
        }
        (ids, output.status.code())
    }

    /// What is said to be wrong.
    fn wrong(&self) -> BTreeSet<String> {
        let (wrong, code) = self.examined("problem");
        assert_eq!(code == Some(3), !wrong.is_empty(), "{wrong:?} {code:?}");
        wrong
    }

    /// Sees that exactly these checks find a problem.
    fn finds(&self, expected: &[&str]) {
        let expected: BTreeSet<String> = expected.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(self.wrong(), expected);
    }

    /// Sees what is found where the configuration has another value.
    fn finds_with(&mut self, name: &'static str, value: &str, expected: &[&str]) {
        self.changed.push((name, value.to_owned()));
        self.finds(expected);
        self.changed.pop();
    }

    /// Sees what is found where calls fail.
    fn finds_behind(&self, fault: Fault, expected: &[&str]) {
        self.proxy.set(&[fault]);
        self.finds(expected);
        self.proxy.set(&[]);
    }
}

fn sound_queue() -> Value {
    let dead = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:doctor-dead");
    let redrive = json!({ "deadLetterTargetArn": dead, "maxReceiveCount": 5 });
    json!({
        "VisibilityTimeout": "300",
        "MessageRetentionPeriod": "1209600",
        "RedrivePolicy": redrive.to_string(),
    })
}

/// A signature that the endpoint does not look at: it tells service and Region.
pub(crate) fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261018/us-east-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}

fn xml(code: &str, message: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
}

fn denied() -> String {
    r#"{"__type":"AccessDenied","message":"no"}"#.to_owned()
}

#[test]
fn faults_are_named_one_after_the_other() {
    let Some(url) = endpoint() else { return };
    let mut world = World::new(url);
    let (unknown, code) = world.examined("unknown");
    assert_eq!((unknown, code), (BTreeSet::new(), Some(0)));
    world.finds(&[]);
    faults_of_the_trail(&world);
    faults_of_the_queue(&world);
    faults_that_a_mock_has_not(&world);
    faults_of_the_configuration(&mut world);
    world.finds(&[]);
}

fn faults_of_the_trail(world: &World) {
    world.trail("StopLogging", &json!({ "Name": "doctor" }));
    world.finds(&["trail_logging"]);
    world.trail("StartLogging", &json!({ "Name": "doctor" }));
    world.set_trail("IsMultiRegionTrail", false);
    world.finds(&["trail_regions"]);
    world.set_trail("IncludeGlobalServiceEvents", false);
    world.finds(&["trail_regions", "trail_global_services"]);
    world.set_trail("IncludeGlobalServiceEvents", true);
    world.set_trail("IsMultiRegionTrail", true);
    world.set_trail("EnableLogFileValidation", false);
    world.finds(&["trail_log_file_validation"]);
    world.set_trail("EnableLogFileValidation", true);
    world.selectors(&EVERYTHING.replace("\"All\"", "\"WriteOnly\""));
    world.finds(&["trail_management_events"]);
    world.selectors(r#"[{"ReadWriteType":"All","IncludeManagementEvents":true}]"#);
    world.finds(&["trail_data_events"]);
    world.selectors(EVERYTHING);
}

fn faults_of_the_queue(world: &World) {
    for (name, value, check) in [
        ("RedrivePolicy", "", "queue_dead_letter"),
        ("VisibilityTimeout", "5", "queue_visibility"),
        ("MessageRetentionPeriod", "3600", "queue_retention"),
    ] {
        let mut attributes = json!({});
        attributes[name] = json!(value);
        world.attributes(&attributes);
        world.finds(&[check]);
        world.attributes(&sound_queue());
    }
    world.notify(CREATED, "other/");
    world.finds(&["notification"]);
    world.notify("s3:ObjectRemoved:*", "");
    world.finds(&["notification"]);
    world.notify(CREATED, "AWSLogs/");
    world.purge("doctor");
    let dead = format!("{}/{ACCOUNT}/doctor-dead", world.url);
    world.queue("SendMessage", &json!({ "QueueUrl": dead, "MessageBody": "{}" }));
    world.finds(&["dead_letters"]);
    world.purge("doctor-dead");
}

fn faults_that_a_mock_has_not(world: &World) {
    let answers = |within, status, answer: String| Fault::Answers(within, status, answer);
    let get = "GET /doctor-logs/AWSLogs/";
    world.finds_behind(answers(get, 403, xml("AccessDenied", "no")), &["source_get"]);
    let no_key = "not authorized to perform: kms:Decrypt on the resource";
    world.finds_behind(answers(get, 403, xml("AccessDenied", no_key)), &["source_decrypt"]);
    let list = "GET /doctor-logs/?list-type";
    world.finds_behind(answers(list, 403, xml("AccessDenied", "no")), &["source_list"]);
    let receive = answers("AmazonSQS.ReceiveMessage", 403, denied());
    world.finds_behind(receive, &["queue_access"]);
    let delete = answers("AmazonSQS.DeleteMessageBatch", 403, denied());
    world.finds_behind(delete, &["queue_delete"]);
    let backlog =
        ("\"ApproximateNumberOfMessages\": \"0\"", "\"ApproximateNumberOfMessages\": \"5001\"");
    let backlog = Fault::Replaces("doctor\"", backlog.0.to_owned(), backlog.1.to_owned());
    world.finds_behind(backlog, &["queue_backlog"]);
    let status = |more: &str| {
        let answer = format!(r#"{{"IsLogging":true,"LatestDeliveryTime":4000000000.0{more}}}"#);
        Fault::Answers("GetTrailStatus", 200, answer)
    };
    let error = r#","LatestDeliveryError":"AccessDenied""#;
    world.finds_behind(status(error), &["trail_delivery"]);
    let error = r#","LatestDigestDeliveryError":"NoSuchBucket""#;
    world.finds_behind(status(error), &["trail_digest_delivery"]);
    let late = r#"{"IsLogging":true,"LatestDeliveryTime":1700000000.0}"#.to_owned();
    world.finds_behind(answers("GetTrailStatus", 200, late), &["trail_delivery_lag"]);
    let organization = answers("DescribeOrganization", 200, "{}".to_owned());
    world.finds_behind(organization, &["trail_organization"]);
    world.finds_behind(Fault::IsEarly, &["clock"]);
    let token = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>";
    let expected = &["credentials"];
    world.finds_behind(answers("Action=GetCallerIdentity", 403, token.to_owned()), expected);
    world.proxy.set(&[answers("DescribeTrails", 403, denied())]);
    let (unknown, code) = world.examined("unknown");
    assert!(unknown.contains("trail"), "{unknown:?}");
    assert_eq!(code, Some(4));
    world.proxy.set(&[]);
}

fn faults_of_the_configuration(world: &mut World) {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    world.finds_with("hook", &nobody, &["sink"]);
    world.finds_with("bus", "nowhere", &["sink"]);
    world.finds_with("bucket", "doctor-no-such-bucket", &["source_list"]);
    let queue = format!("{}/{ACCOUNT}/doctor-nowhere", world.proxy.url);
    world.finds_with("queue", &queue, &["queue_access"]);
    world.finds_with("store", "/proc/store", &["store_folder", "disk_space"]);
    world.finds_with("more", "colour = 'red'", &["configuration"]);
    #[cfg(unix)]
    {
        world.mode(0o755);
        world.finds(&["store_permissions"]);
        world.mode(0o700);
    }
}
