//! What a sink is sent, byte for byte.

use server::alerts::signature;
use server::clock::WallTime;
use server::secret::Secret;

use crate::server::Server;
use crate::world::{BEGIN, GRACE, World, pass, rest, settle, status, until};

const HOSTILE: &str = "{\"title\":\"<script>\u{202e}\u{1f480} ${jndi:x} \\u001b[2J \\\" ; DROP\"}";

#[tokio::test(start_paused = true)]
async fn a_webhook_is_sent_the_bytes_that_were_decided_signed_and_with_a_key() {
    let mut world = World::new();
    world.environment.insert("HOOK_SECRET".into(), "correct-horse".into());
    world.environment.insert("HOOK_AUTHORIZATION".into(), "Splunk 0000-1111".into());
    let server = Server::start(vec![]).await;
    let sinks = world.sinks(&format!(
        "[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret_env = \"HOOK_SECRET\"\nauthorization_env = \"HOOK_AUTHORIZATION\"\n",
        server.url()
    ));
    world.enqueue_payload("hook", "839bcd21", 3, HOSTILE.into());
    let dispatcher = world.start(sinks);
    until("it is taken", || world.depth("hook").waiting == 0).await;

    let [received] = &server.received()[..] else { panic!("sent more than once") };
    assert_eq!(received.text(), HOSTILE);
    assert_eq!(received.path, "/hook?a=b");
    assert!(received.head.starts_with("POST /hook?a=b HTTP/1.1\r\n"));
    assert_eq!(received.header("host"), Some(&*server.address.to_string()));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("idempotency-key"), Some("839bcd21-3"));
    assert_eq!(received.header("authorization"), Some("Splunk 0000-1111"));
    let agent = format!("rolecall/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(received.header("user-agent"), Some(&*agent));
    let secret = Secret::new("correct-horse").unwrap();
    let signed = signature(&secret, HOSTILE.as_bytes(), WallTime(BEGIN));
    assert_eq!(received.header("x-rolecall-signature"), Some(&*signed));

    let status = status(&dispatcher, "hook");
    assert_eq!((status.attempts, status.delivered), (1, 1));
    assert_eq!(status.last_success, Some(WallTime(BEGIN)));
    assert_eq!(
        world.metric("rolecall_notify_delivered_total{"),
        "rolecall_notify_delivered_total{sink=\"hook\"} 1"
    );
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn without_a_secret_nothing_is_signed() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    until("it is taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(server.received()[0].header("x-rolecall-signature"), None);
    assert_eq!(server.received()[0].header("authorization"), None);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn slack_is_sent_to_the_address_that_is_the_secret() {
    let mut world = World::new();
    let server = Server::start(vec![]).await;
    let url = format!("http://{}/services/T0/B0/secret", server.address);
    world.environment.insert("SLACK_URL".into(), url);
    let sinks =
        world.sinks("[[sink]]\nname = \"chat\"\nkind = \"slack\"\nurl_env = \"SLACK_URL\"\n");
    world.enqueue_payload("chat", "a", 1, b"{\"text\":\"x\"}".into());
    let dispatcher = world.start(sinks);
    until("it is taken", || world.depth("chat").waiting == 0).await;
    assert_eq!(server.received()[0].path, "/services/T0/B0/secret");
    assert_eq!(server.bodies(), ["{\"text\":\"x\"}"]);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn pager_duty_is_sent_the_key_that_is_nowhere_else() {
    let mut world = World::new();
    let server = Server::start(vec![]).await;
    world.environment.insert("PAGER_KEY".into(), "R0123456789ABCDEF".into());
    let sinks = world.sinks(&format!(
        "[[sink]]\nname = \"pager\"\nkind = \"pagerduty\"\nurl = \"{}\"\nsecret_env = \"PAGER_KEY\"\n",
        server.url()
    ));
    let event = "{\"event_action\":\"trigger\",\"dedup_key\":\"839bcd21\"}";
    world.enqueue_payload("pager", "839bcd21", 1, event.into());
    let dispatcher = world.start(sinks);
    until("it is taken", || world.depth("pager").waiting == 0).await;
    assert_eq!(
        server.bodies(),
        [
            "{\"routing_key\":\"R0123456789ABCDEF\",\"event_action\":\"trigger\",\"dedup_key\":\"839bcd21\"}"
        ]
    );
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn standard_output_is_sent_lines() {
    let world = World::new();
    let sinks = world.sinks("[[sink]]\nname = \"out\"\nkind = \"stdout\"\n");
    world.enqueue_payload("out", "a", 1, b"{\n  \"a\": 1\n}\n".into());
    world.enqueue_payload("out", "b", 1, HOSTILE.into());
    let dispatcher = world.start(sinks);
    until("both are written", || world.depth("out").waiting == 0).await;
    assert_eq!(world.output.text(), format!("{{   \"a\": 1 }}\n{HOSTILE}\n"));
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn what_is_added_later_is_sent_as_soon_as_somebody_says_so() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    let dispatcher = world.start(world.webhook("hook", &server.url()));
    rest(&dispatcher, "hook").await;
    world.enqueue("hook", "a", 1);
    settle().await;
    assert_eq!(server.n_received(), 0);
    dispatcher.waker().wake();
    until("it is taken", || world.depth("hook").waiting == 0).await;
    rest(&dispatcher, "hook").await;
    world.enqueue("hook", "b", 1);
    settle().await;
    assert_eq!(server.n_received(), 1);
    pass(30.0).await;
    until("nobody said so, and it is taken", || world.depth("hook").waiting == 0).await;
    assert!(dispatcher.stop(GRACE).await);
}

#[test]
fn the_page_shows_a_signature_that_is_one() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("../../docs/alerts.md")).unwrap();
    let secret = Secret::new("correct-horse").unwrap();
    let signed = signature(&secret, b"{\"a\":1}", WallTime(1_700_000_000_000));
    let line = format!("X-Rolecall-Signature: {signed}");
    assert!(page.lines().any(|found| found == line), "{line}");
}
