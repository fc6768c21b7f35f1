//! Writes logs for tests of the console: `cargo run --example seed -- OUT [INCIDENTS] [SESSIONS]`.
//!
//! OUT is a folder that is made. It gets `many.jsonl` with so many small incidents, `large.jsonl`
//! with one incident of so many sessions and a red path in it, and `hostile.jsonl` with an incident
//! whose free texts hold HTML, escapes of terminals, bidirectional characters, formulas and 64 KiB
//! of text. `rolecall serve --once --store STORE OUT` makes a store of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Seconds of 2026-10-18T00:00:00Z.
const BEGIN: i64 = 1_792_281_600;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().map(PathBuf::from);
    let out = out.ok_or_else(|| io::Error::other("give a folder to write to"))?;
    let mut number = |default: u64| match arguments.next() {
        Some(text) => text.parse().map_err(io::Error::other),
        None => Ok(default),
    };
    let (n_incidents, n_sessions) = (number(100_000)?, number(5_000)?);
    fs::create_dir_all(&out)?;
    many(&mut log(&out, "many.jsonl")?, n_incidents)?;
    large(&mut log(&out, "large.jsonl")?, n_sessions)?;
    hostile(&mut log(&out, "hostile.jsonl")?)
}

fn log(folder: &std::path::Path, name: &str) -> io::Result<Lines> {
    Ok(Lines { file: BufWriter::new(File::create(folder.join(name))?), count: 0, name: name.len() })
}

/// Records, each with an id of its own.
struct Lines {
    file: BufWriter<File>,
    count: u64,
    name: usize,
}

/// Who calls.
#[derive(Clone)]
struct Caller {
    identity: Value,
    address: String,
    client: String,
}

impl Lines {
    fn event(
        &mut self,
        caller: &Caller,
        (secs, source, name): (i64, &str, &str),
        (request, response): (&Value, &Value),
    ) -> io::Result<()> {
        self.count += 1;
        let record = json!({
            "eventVersion": "1.11",
            "userIdentity": caller.identity,
            "eventTime": cloudtrail::Timestamp(BEGIN + secs).to_string(),
            "eventSource": source,
            "eventName": name,
            "awsRegion": "eu-central-1",
            "sourceIPAddress": caller.address,
            "userAgent": caller.client,
            "requestParameters": request,
            "responseElements": response,
            "eventID": format!("{:08x}-0000-4000-8000-{:012x}", self.name, self.count),
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        });
        writeln!(self.file, "{record}")
    }

    /// `caller` assumes `role`; gives whoever uses the session.
    fn assume(
        &mut self,
        caller: &Caller,
        secs: i64,
        (role, session, key): (&str, &str, String),
    ) -> io::Result<Caller> {
        let id = format!("AROA{:0>16}", role.len());
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}");
        let role_arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
        let request = json!({"roleArn": role_arn, "roleSessionName": session});
        let response = json!({
            "credentials": {"accessKeyId": key, "expiration": "Oct 19, 2026, 1:00:00 AM"},
            "assumedRoleUser": {"assumedRoleId": format!("{id}:{session}"), "arn": arn},
        });
        self.event(caller, (secs, "sts.amazonaws.com", "AssumeRole"), (&request, &response))?;
        let identity = json!({
            "type": "AssumedRole",
            "principalId": format!("{id}:{session}"),
            "arn": arn,
            "accountId": ACCOUNT,
            "accessKeyId": key,
            "sessionContext": {"sessionIssuer": {
                "type": "Role", "principalId": id, "arn": role_arn,
                "accountId": ACCOUNT, "userName": role,
            }},
        });
        Ok(Caller { identity, ..caller.clone() })
    }
}

/// A key id that `number` gives, among those that begin with `begin`.
fn key(begin: &str, number: u64) -> String {
    let digit = |place: u32| {
        let digit = (number >> (5 * place)) % 32;
        DIGITS.get(digit as usize).copied().map_or('A', char::from)
    };
    let digits: String = (0..12).rev().map(digit).collect();
    format!("{begin}SEED{digits}")
}

fn user(name: &str, key: &str, address: String) -> Caller {
    let identity = json!({
        "type": "IAMUser",
        "principalId": format!("AIDA{:0>16}", name.len()),
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "userName": name,
    });
    Caller { identity, address, client: "aws-cli/2.17.0".to_owned() }
}

/// Small incidents: a key, and two roles in a row.
fn many(lines: &mut Lines, n_incidents: u64) -> io::Result<()> {
    for number in 0..n_incidents {
        let secs = (number * 60 % 2_000_000) as i64;
        let address = format!("198.51.100.{}", number % 250);
        let caller = user(&format!("user-{number}"), &key("AKIA", number), address);
        let first = lines.assume(&caller, secs, ("Build", "ci", key("ASIA", 2 * number)))?;
        lines.assume(&first, secs + 30, ("Deploy", "ci", key("ASIA", 2 * number + 1)))?;
    }
    lines.file.flush()
}

/// One key with many sessions, of which one leads through three roles to a new user.
fn large(lines: &mut Lines, n_sessions: u64) -> io::Result<()> {
    const FIRST: u64 = 1 << 40;
    let caller = user("fan-out", &key("AKIA", FIRST), "203.0.113.77".to_owned());
    let call = ("ec2.amazonaws.com", "DescribeInstances");
    let mut last = caller.clone();
    for number in 0..n_sessions {
        let session = format!("worker-{number}");
        let name = ("Worker", session.as_str(), key("ASIA", FIRST + number));
        last = lines.assume(&caller, number as i64, name)?;
        let time = (number as i64 + 1, call.0, call.1);
        lines.event(&last, time, (&Value::Null, &Value::Null))?;
    }
    let secs = n_sessions as i64 + 100;
    for (hop, role) in (1..).zip(["Build", "Deploy", "Administrator"]) {
        let name = (role, "worker", key("ASIA", FIRST + n_sessions + hop));
        last = lines.assume(&last, secs + hop as i64, name)?;
    }
    left_behind(lines, (&last, secs + 200), ("backdoor", FIRST + 1))?;
    lines.file.flush()
}

fn left_behind(
    lines: &mut Lines,
    (caller, secs): (&Caller, i64),
    (name, number): (&str, u64),
) -> io::Result<()> {
    let user = json!({"user": {
        "userName": name, "userId": "AIDASEEDSEEDSEEDSEED",
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
    }});
    let request = json!({"userName": name});
    lines.event(caller, (secs, "iam.amazonaws.com", "CreateUser"), (&request, &user))?;
    let made = json!({"accessKey": {
        "accessKeyId": key("AKIA", number), "status": "Active", "userName": name,
    }});
    lines.event(caller, (secs + 1, "iam.amazonaws.com", "CreateAccessKey"), (&request, &made))
}

/// Texts that somebody wrote to be shown.
fn hostile(lines: &mut Lines) -> io::Result<()> {
    const FIRST: u64 = 1 << 41;
    let texts = [
        "<img src=x onerror=alert(1)><script>alert(2)</script>".to_owned(),
        "\u{1b}[2J\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}".to_owned(),
        "\u{202e}gnp.exe\u{2066}\u{200b}".to_owned(),
        "=HYPERLINK(\"https://evil.example\",\"open\")".to_owned(),
        "'; rm -rf / #`$(id)`\n\r\t\"".to_owned(),
        "A".repeat(64 * 1024),
    ];
    for (number, text) in (0_u64..).zip(&texts) {
        let secs = number as i64 * 1_000;
        let mut caller = user(text, &key("AKIA", FIRST + number), "203.0.113.66".to_owned());
        caller.client.clone_from(text);
        let mut last = caller;
        for (hop, role) in (1_u64..).zip(["Build", "Deploy", "Administrator"]) {
            let name = (role, text.as_str(), key("ASIA", FIRST + 10 * number + hop));
            last = lines.assume(&last, secs + hop as i64, name)?;
        }
        left_behind(lines, (&last, secs + 50), (text, FIRST + 100 + number))?;
    }
    lines.file.flush()
}
