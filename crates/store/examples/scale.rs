//! Measures a store of many credentials that were used once, as JSON lines:
//! `cargo run --release -p store --example scale -- [CREDENTIALS] [FOLDER]`.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use evidence::Evidence;
use ingest::Coverage;
use store::{Commit, ObjectDone, ObjectId, Store};

/// As the program itself has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Credentials unless told otherwise.
const CREDENTIALS: u64 = 1_000_000;

/// Credentials that one batch teaches: as many as a busy hour may bring.
const BATCH: u64 = 5_000;

/// Credentials of a small batch: one object of a quiet trail.
const SMALL_BATCH: u64 = 5;

/// Small batches that are measured.
const SMALL_BATCHES: u64 = 20;

/// What a session calls once, with the service.
const CALLS: [(&str, &str); 3] =
    [("sts", "GetCallerIdentity"), ("s3", "ListBuckets"), ("ec2", "DescribeInstances")];

/// The first argument of the process that loads the store, so that nothing else is in its memory.
const LOAD: &str = "load";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let first = arguments.next();
    let folder = arguments.next().map(PathBuf::from);
    if let (Some(LOAD), Some(folder)) = (first.as_deref(), &folder) {
        return load(folder);
    }
    let n_credentials = first.map_or(Ok(CREDENTIALS), |number| number.parse())?;
    let made = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| made.path().join("store"));
    fill(&folder, n_credentials)?;
    let loaded = Command::new(env::current_exe()?).arg(LOAD).arg(&folder).status()?;
    if loaded.success() { Ok(()) } else { Err("loading the store failed".into()) }
}

/// Fills the store with `n_credentials`.
fn fill(folder: &Path, n_credentials: u64) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut store = Store::open(folder)?;
    let mut merge_secs = 0.0;
    let mut slowest_merge_secs = 0.0_f64;
    for first in (0..n_credentials).step_by(BATCH as usize) {
        commit(&mut store, first, first.saturating_add(BATCH).min(n_credentials))?;
        let merge = Instant::now();
        store.merge_segments()?;
        merge_secs += merge.elapsed().as_secs_f64();
        slowest_merge_secs = slowest_merge_secs.max(merge.elapsed().as_secs_f64());
    }
    let fill_secs = start.elapsed().as_secs_f64();
    let size = store.size()?;
    let (segments, bytes, bytes_free) = (size.segments, size.bytes, size.bytes_free);
    say(&format!(
        "{{\"credentials\":{n_credentials},\"fill_secs\":{fill_secs:.1},\
         \"merge_secs\":{merge_secs:.1},\"slowest_merge_secs\":{slowest_merge_secs:.1},\
         \"segments\":{segments},\"file_bytes\":{bytes},\"file_bytes_free\":{bytes_free},\
         \"log_bytes\":{},\"evidence_bytes\":{}}}",
        size.log_bytes, size.evidence_bytes
    ))?;
    let start = Instant::now();
    store.compact()?;
    let (compact_secs, size) = (start.elapsed().as_secs_f64(), store.size()?);
    let (bytes, evidence_bytes) = (size.bytes, size.evidence_bytes);
    say(&format!(
        "{{\"compact_secs\":{compact_secs:.1},\"file_bytes\":{bytes},\
         \"evidence_bytes\":{evidence_bytes}}}"
    ))
}

/// Loads the store as the continuous mode does when it begins, and commits a few small batches.
fn load(folder: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut store = Store::open(folder)?;
    let open_secs = start.elapsed().as_secs_f64();
    let evidence = store.evidence()?;
    let load_secs = start.elapsed().as_secs_f64();
    let (rss_bytes, peak_bytes) = (memory("VmRSS:"), memory("VmHWM:"));
    let n_credentials = evidence.credentials().len() as u64;
    let mut secs = Vec::new();
    for number in 0..SMALL_BATCHES {
        let first = n_credentials + number * SMALL_BATCH;
        let (bytes, object) = batch(first, first + SMALL_BATCH)?;
        let start = Instant::now();
        let objects = [object];
        store.commit(&Commit { evidence: Some(&bytes), objects: &objects, ..Commit::default() })?;
        secs.push(start.elapsed().as_secs_f64());
    }
    secs.sort_by(f64::total_cmp);
    let median = secs.get(secs.len() / 2).copied().unwrap_or_default();
    let slowest = secs.last().copied().unwrap_or_default();
    say(&format!(
        "{{\"credentials\":{n_credentials},\"open_secs\":{open_secs:.3},\
         \"open_and_load_secs\":{load_secs:.2},\"rss_bytes\":{rss_bytes},\
         \"peak_rss_bytes\":{peak_bytes},\"commit_secs_median\":{median:.4},\
         \"commit_secs_slowest\":{slowest:.4}}}"
    ))
}

fn commit(store: &mut Store, first: u64, end: u64) -> Result<(), Box<dyn Error>> {
    let (bytes, object) = batch(first, end)?;
    let objects = [object];
    store.commit(&Commit { evidence: Some(&bytes), objects: &objects, ..Commit::default() })?;
    Ok(())
}

/// What the sessions of these numbers teach, and the object that they stand in.
fn batch(first: u64, end: u64) -> Result<(Vec<u8>, ObjectDone), Box<dyn Error>> {
    let mut log = String::new();
    for number in first..end {
        session(&mut log, number)?;
    }
    let mut evidence = Evidence::default();
    let outcome = cloudtrail::read(log.as_bytes(), &mut |record| {
        evidence.record(record);
    });
    let coverage = Coverage {
        files: 1,
        bytes_read: log.len() as u64,
        records: outcome.records(),
        events_read: outcome.events,
        ..Coverage::default()
    };
    let name = format!("s3://example-bucket/AWSLogs/111122223333/CloudTrail/{first:012}.json.gz");
    let id = ObjectId { name, version: "1".to_owned() };
    Ok((evidence.to_bytes(), ObjectDone { id, source: "trail".to_owned(), coverage }))
}

/// One `AssumeRole` and what its session calls, one record a line.
fn session(log: &mut String, number: u64) -> Result<(), Box<dyn Error>> {
    let (role, account) = (number % 700, 111_122_220_000 + number % 40);
    let (address, agent) = (number % 900, number % 30);
    let time = |second: u64| {
        let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
        format!("2026-01-{:02}T{hour:02}:{minute:02}:{:02}Z", 1 + number % 28, second % 60)
    };
    let place = format!(
        r#""recipientAccountId":"{account}","awsRegion":"eu-central-1","sourceIPAddress":"198.51.{}.{}","userAgent":"aws-sdk-go-v2/1.{agent}""#,
        address / 250,
        address % 250
    );
    let issued = number * 7 % 80_000;
    writeln!(
        log,
        r#"{{"eventTime":"{}","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","eventID":"{:08x}-0000-4000-8000-{number:012x}",{place},"userIdentity":{{"type":"IAMUser","principalId":"AIDAEXAMPLE{:09}","arn":"arn:aws:iam::{account}:user/ci-{role}","accountId":"{account}","accessKeyId":"AKIAEXAMPLE{role:09}"}},"requestParameters":{{"roleArn":"arn:aws:iam::{account}:role/deploy-{role}","roleSessionName":"run-{number}"}},"responseElements":{{"credentials":{{"accessKeyId":"ASIAE{number:015}"}},"assumedRoleUser":{{"assumedRoleId":"AROAEXAMPLE{role:09}:run-{number}","arn":"arn:aws:sts::{account}:assumed-role/deploy-{role}/run-{number}"}}}}}}"#,
        time(issued),
        0xa000_0000_u64,
        role,
    )?;
    for (at, (service, call)) in (1..).zip(CALLS) {
        writeln!(
            log,
            r#"{{"eventTime":"{}","eventSource":"{service}.amazonaws.com","eventName":"{call}","eventID":"{at:08x}-0000-4000-8000-{number:012x}",{place},"userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE{role:09}:run-{number}","arn":"arn:aws:sts::{account}:assumed-role/deploy-{role}/run-{number}","accountId":"{account}","accessKeyId":"ASIAE{number:015}","sessionContext":{{"sessionIssuer":{{"type":"Role","arn":"arn:aws:iam::{account}:role/deploy-{role}"}},"attributes":{{"creationDate":"{}"}}}}}}}}"#,
            time(issued + at),
            time(issued),
        )?;
    }
    Ok(())
}

/// A line of what Linux tells about the memory of this process, in bytes; zero elsewhere.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout().lock(), "{line}")?;
    Ok(())
}
