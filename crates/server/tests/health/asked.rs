//! Asks over HTTP as a machine does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use detect::Severity;
use server::config::Name;
use server::health::{EventResult, Health, Metrics, ObjectResult};
use server::listen::Serving;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

const ANYWHERE: &str = "127.0.0.1:0";
const GRACE: Duration = Duration::from_secs(5);

async fn listen(health: Health) -> Serving {
    health.listen(ANYWHERE.parse().unwrap()).await.unwrap()
}

/// Status, head and body of the answer to a request without a body.
async fn ask(address: SocketAddr, line: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), body.to_owned())
}

fn metrics() -> Metrics {
    let metrics = Metrics::new("1.2.3", "abcdef0");
    let source = Name::parse("trail").unwrap();
    metrics.events(&source, EventResult::Kept, 5);
    metrics.events(&source, EventResult::Duplicate, 2);
    metrics.events(&source, EventResult::Skipped, 1);
    metrics.objects(&source, ObjectResult::Done, 3);
    metrics.objects(&source, ObjectResult::SetAside, 1);
    metrics.parse_errors(4);
    metrics.skipped_bytes(1000);
    metrics.ingest_lag(&source, Duration::from_millis(61_500));
    metrics.queue_messages(&source, 7);
    metrics.findings(Severity::High, 2);
    metrics.open_incidents(Severity::Critical, 1);
    metrics.suppressed_incidents(6);
    metrics.analysis(Duration::from_millis(30));
    metrics.store(1 << 20, 40, 2);
    metrics
}

#[tokio::test]
async fn metrics_are_told_under_their_names() {
    let serving = listen(Health::new(metrics())).await;
    let (status, head, body) = ask(serving.address(), "GET /metrics").await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{head}");
    for line in [
        "rolecall_build_info{version=\"1.2.3\",commit=\"abcdef0\"} 1",
        "rolecall_events_total{source=\"trail\",result=\"kept\"} 5",
        "rolecall_events_total{source=\"trail\",result=\"duplicate\"} 2",
        "rolecall_events_total{source=\"trail\",result=\"skipped\"} 1",
        "rolecall_objects_total{source=\"trail\",result=\"done\"} 3",
        "rolecall_objects_total{source=\"trail\",result=\"set_aside\"} 1",
        "rolecall_parse_errors_total 4",
        "rolecall_skipped_bytes_total 1000",
        "rolecall_ingest_lag_seconds{source=\"trail\"} 61.5",
        "rolecall_queue_messages{source=\"trail\"} 7",
        "rolecall_findings_total{severity=\"high\"} 2",
        "rolecall_findings_total{severity=\"low\"} 0",
        "rolecall_open_incidents{severity=\"critical\"} 1",
        "rolecall_suppressed_incidents 6",
        "rolecall_analysis_seconds_count 1",
        "rolecall_analysis_seconds_bucket{le=\"0.025\"} 0",
        "rolecall_analysis_seconds_bucket{le=\"0.05\"} 1",
        "rolecall_store_bytes 1048576",
        "rolecall_store_credentials 42",
        "rolecall_store_credentials_at_rest 2",
    ] {
        assert!(body.lines().any(|found| found == line), "no `{line}` in\n{body}");
    }
    let memory = body.lines().find_map(|line| line.strip_prefix("rolecall_memory_bytes "));
    assert!(memory.unwrap().parse::<u64>().unwrap() > 1 << 20, "of a process that runs");
    is_exposition(&body);
    assert!(serving.stop(GRACE).await);
}

/// Every line is a comment or a sample, and every sample follows its `# TYPE`.
fn is_exposition(body: &str) {
    let mut family = String::new();
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            comment.split(' ').nth(1).unwrap().clone_into(&mut family);
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("rolecall_") && name.starts_with(&family), "{line}");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn metrics_are_refreshed_when_they_are_asked_for() {
    let metrics = metrics();
    let asked = Arc::new(AtomicU64::new(0));
    let (refreshed, counted) = (metrics.clone(), Arc::clone(&asked));
    let health = Health::new(metrics)
        .before_metrics(move || refreshed.store(counted.fetch_add(1, Ordering::SeqCst) + 1, 0, 0));
    let serving = listen(health).await;
    for number in 1..=2 {
        let (_, _, body) = ask(serving.address(), "GET /metrics").await;
        assert!(body.contains(&format!("rolecall_store_bytes {number}\n")), "{body}");
    }
    assert!(serving.stop(GRACE).await);
}

#[tokio::test]
async fn readiness_says_what_is_wrong() {
    let is_full = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&is_full);
    let health = Health::new(metrics()).check("store", move || {
        if seen.load(Ordering::SeqCst) { Err("disk is full\u{1b}[2J<".into()) } else { Ok(()) }
    });
    let serving = listen(health.check("source trail", || Ok(()))).await;
    let (status, head, body) = ask(serving.address(), "GET /readyz").await;
    assert_eq!(status, 503);
    assert!(head.contains("content-type: application/json"), "{head}");
    assert_eq!(
        body,
        "{\"checks\":[{\"name\":\"store\",\"ready\":false,\"reason\":\"disk is full\\u001b[2J\\u003c\"},\
         {\"name\":\"source trail\",\"ready\":true}],\"ready\":false}\n"
    );
    let (status, _, body) = ask(serving.address(), "GET /healthz").await;
    assert_eq!((status, &*body), (200, "ok\n"), "it lives all the same");
    is_full.store(false, Ordering::SeqCst);
    let (status, _, body) = ask(serving.address(), "GET /readyz").await;
    assert_eq!(status, 200);
    assert!(body.ends_with("\"ready\":true}\n"), "{body}");
    assert!(serving.stop(GRACE).await);
}

#[tokio::test]
async fn nothing_else_is_there() {
    let serving = listen(Health::new(metrics())).await;
    for (line, expected) in [
        ("GET /", 404),
        ("GET /metrics/", 404),
        ("GET /../etc/passwd", 404),
        ("POST /metrics", 405),
        ("DELETE /healthz", 405),
        ("HEAD /healthz", 200),
    ] {
        let (status, _, _) = ask(serving.address(), line).await;
        assert_eq!(status, expected, "{line}");
    }
    assert!(serving.stop(GRACE).await);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let serving = listen(Health::new(metrics())).await;
    let line = format!("GET /{}", "a".repeat(64 * 1024));
    let mut stream = TcpStream::connect(serving.address()).await.unwrap();
    let mut answer = Vec::new();
    // The other side may have hung up before all was sent.
    let _ = stream.write_all(format!("{line} HTTP/1.1\r\n\r\n").as_bytes()).await;
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let (status, _, _) = ask(serving.address(), "GET /healthz").await;
    assert_eq!(status, 200);
    assert!(serving.stop(GRACE).await);
}

/// Whoever says nothing is hung up on; time runs by itself here, to the next limit.
#[tokio::test(start_paused = true)]
async fn silent_connections_end_and_make_room() {
    let serving = listen(Health::new(metrics())).await;
    let begin = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..32 {
        silent.push(TcpStream::connect(serving.address()).await.unwrap());
    }
    let (status, _, _) = ask(serving.address(), "GET /healthz").await;
    assert_eq!(status, 200);
    let waited = begin.elapsed().as_secs();
    assert!((10..20).contains(&waited), "32 are served at once: it waited {waited} seconds");
    assert!(serving.stop(GRACE).await);
}

/// Sends requests on one connection every `pause`, and says after how long it was hung up on.
async fn hung_up_after(pause: Duration) -> u64 {
    let serving = listen(Health::new(metrics())).await;
    let begin = Instant::now();
    let mut stream = TcpStream::connect(serving.address()).await.unwrap();
    let mut answer = [0; 1024];
    for _ in 0..100 {
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
        match stream.read(&mut answer).await {
            Ok(0) | Err(_) => return begin.elapsed().as_secs(),
            Ok(_) => tokio::time::sleep(pause).await,
        }
    }
    panic!("it was never hung up on");
}

#[tokio::test(start_paused = true)]
async fn no_connection_is_idle_or_lasts_for_long() {
    let idle = hung_up_after(Duration::from_secs(30)).await;
    assert_eq!(idle, 30, "the second request finds it closed");
    let busy = hung_up_after(Duration::from_secs(7)).await;
    assert!((60..70).contains(&busy), "it lasted {busy} seconds");
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error_and_one_that_is_stopped_is_free() {
    let serving = listen(Health::new(metrics())).await;
    let address = serving.address();
    assert!(Health::new(metrics()).listen(address).await.is_err());
    assert!(serving.stop(GRACE).await);
    let serving = Health::new(metrics()).listen(address).await.unwrap();
    let (status, _, _) = ask(address, "GET /healthz").await;
    assert_eq!(status, 200);
    assert!(serving.stop(GRACE).await);
}
