//! Sources of a scan: everything that lies under a prefix, and event history.

use aws::{Error, Remote, RemoteOptions, RemoteSource};
use cloudtrail::Timestamp;
use ingest::{Content, Objects};

use crate::Endpoint;

const BYTES_MAX: usize = 1024 * 1024;

/// What a source gives, by name: `+` for content, `-` for what was set aside, `!` for failures.
fn fetched(source: &str, options: &RemoteOptions) -> Result<Vec<String>, Error> {
    let source = RemoteSource::parse(source)?.unwrap();
    let remote = Remote::open(&aws::ConnectionOptions::default(), &[source], options)?;
    let mut all = Vec::new();
    while let Some(object) = remote.next() {
        let sign = match object.content {
            Content::Bytes(_) => '+',
            Content::SetAside(_) => '-',
            Content::Failed(_) => '!',
        };
        all.push(format!("{sign}{}", object.source));
    }
    let n_found = all.iter().filter(|name| !name.starts_with('-')).count();
    assert_eq!(remote.found().0, n_found as u64);
    all.sort();
    Ok(all)
}

fn everything() -> RemoteOptions {
    RemoteOptions { bytes_max: BYTES_MAX, ..RemoteOptions::default() }
}

#[test]
fn everything_under_a_prefix_is_fetched_or_named() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("remote-flat", "us-east-1");
    let put = |key: &str| endpoint.put("remote-flat", key, b"{}");
    for key in ["x/a.json", "x/b/c.json.gz", "x/b/denied-d.json", "x/readme.txt", "y/a.json"] {
        put(key);
    }
    (0..1_100).for_each(|number| put(&format!("x/.hidden/{number:04}.json")));
    endpoint.put("remote-flat", "x/", b"");
    endpoint.put("remote-flat", "x/large.json", &vec![b' '; BYTES_MAX + 1]);
    let expected = [
        "!s3://remote-flat/x/b/denied-d.json",
        "!s3://remote-flat/x/large.json",
        "+s3://remote-flat/x/a.json",
        "+s3://remote-flat/x/b/c.json.gz",
        "-s3://remote-flat/x/.hidden",
        "-s3://remote-flat/x/readme.txt",
    ];
    assert_eq!(fetched("s3://remote-flat/x", &everything()).unwrap(), expected);
    assert_eq!(fetched("s3://remote-flat/x/", &everything()).unwrap(), expected);
    let one = fetched("s3://remote-flat/x/readme.txt", &everything()).unwrap();
    assert_eq!(one, ["+s3://remote-flat/x/readme.txt"]);
}

#[test]
fn a_trail_is_fetched_between_two_times() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("remote-trail", "us-east-1");
    let base = "AWSLogs/111122223333/CloudTrail/eu-central-1";
    let key = |day: &str, time: &str| {
        format!(
            "{base}/2026/10/{day}/111122223333_CloudTrail_eu-central-1_202610{day}T{time}Z_a.json.gz"
        )
    };
    for (day, time) in
        [("17", "2355"), ("18", "0000"), ("18", "2305"), ("19", "0000"), ("19", "0005")]
    {
        endpoint.put("remote-trail", &key(day, time), b"{}");
    }
    let digest = "AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/10/18/a.json.gz";
    endpoint.put("remote-trail", digest, b"{}");
    let day = RemoteOptions {
        from: Timestamp::parse("2026-10-18T00:00:00Z"),
        to: Timestamp::parse("2026-10-19T00:00:00Z"),
        ..everything()
    };
    let names = fetched("s3://remote-trail", &day).unwrap();
    let expected = [
        format!("+s3://remote-trail/{}", key("18", "0000")),
        format!("+s3://remote-trail/{}", key("18", "2305")),
        format!("+s3://remote-trail/{}", key("19", "0000")),
        "-s3://remote-trail/AWSLogs/111122223333/CloudTrail-Digest".to_owned(),
    ];
    assert_eq!(names, expected);
    assert_eq!(fetched("s3://remote-trail/AWSLogs/", &everything()).unwrap().len(), 6);
}

#[test]
fn event_history_is_fetched_from_every_region() {
    if Endpoint::find().is_none() {
        return;
    }
    let names = fetched("cloudtrail://eu-west-1,eu-west-2,eu-west-1", &everything()).unwrap();
    let pages = |region: &str| names.iter().filter(|name| name.ends_with(region)).count();
    assert_eq!((names.len(), pages("eu-west-1"), pages("eu-west-2")), (6, 3, 3));
    assert_eq!(fetched("cloudtrail://", &everything()).unwrap().len(), 3);
}

#[test]
fn a_source_that_is_not_there_is_an_error() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("remote-empty", "us-east-1");
    let error = fetched("s3://remote-empty/nothing", &everything()).unwrap_err();
    assert_eq!(error.to_string(), "nothing lies under `s3://remote-empty/nothing`");
    assert!(fetched("s3://remote-missing", &everything()).is_err());
    assert!(fetched("cloudtrail://ap-south-1", &everything()).is_err());
}

#[test]
fn a_scan_that_ends_early_ends() {
    let Some(endpoint) = Endpoint::find() else { return };
    endpoint.bucket("remote-early", "us-east-1");
    (0..200).for_each(|number| endpoint.put("remote-early", &format!("{number}.json"), b"{}"));
    let source = RemoteSource::parse("s3://remote-early").unwrap().unwrap();
    let options = aws::ConnectionOptions::default();
    let remote = Remote::open(&options, &[source], &everything()).unwrap();
    assert!(remote.next().is_some());
    drop(remote);
}
