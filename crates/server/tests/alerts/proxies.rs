//! The way through a proxy, for those who have no other.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::encryption::{server_of, sink};
use crate::world::{GRACE, World, log, status, until};

/// A proxy that keeps what it was asked for, and lets through only who says `status` 200.
struct Proxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

async fn proxy(status: u16) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://alice:hunter22@{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    let kept = Arc::clone(&asked);
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let target = head.split(' ').nth(1).unwrap().to_owned();
            kept.lock().unwrap().push(head);
            let answer = format!("HTTP/1.1 {status} X\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            if status == 200 {
                let mut target = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut target).await;
            }
        }
    });
    Proxy { url, asked, _tasks: tasks }
}

#[tokio::test(start_paused = true)]
async fn a_proxy_of_the_environment_is_gone_through() {
    let mut world = World::new();
    let proxy = proxy(200).await;
    world.environment.insert("https_proxy".into(), proxy.url.clone());
    let (pem, server) = server_of("127.0.0.1").await;
    let file = world.write("ca.pem", &pem);
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.sinks(&sink(&server, &format!("ca_file = \"{file}\""))));
    until("it is taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(server.bodies(), ["{\"id\":\"a\",\"revision\":1}"]);
    let asked = proxy.asked.lock().unwrap().concat();
    assert!(asked.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address)), "{asked}");
    // printf alice:hunter22 | base64
    let authorization = "proxy-authorization: Basic YWxpY2U6aHVudGVyMjI=";
    assert!(asked.contains(authorization), "{asked}");
    assert!(!asked.contains("revision"), "the proxy sees no message");
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_proxy_goes_without() {
    let mut world = World::new();
    let proxy = proxy(200).await;
    world.environment.insert("HTTPS_PROXY".into(), proxy.url.clone());
    world.environment.insert("NO_PROXY".into(), "example.com,127.0.0.1".into());
    let (pem, server) = server_of("127.0.0.1").await;
    let file = world.write("ca.pem", &pem);
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.sinks(&sink(&server, &format!("ca_file = \"{file}\""))));
    until("it is taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(proxy.asked.lock().unwrap().len(), 0);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_refuses_is_a_failure_that_may_pass() {
    let mut world = World::new();
    let proxy = proxy(407).await;
    world.environment.insert("ALL_PROXY".into(), proxy.url.clone());
    let (_, server) = server_of("127.0.0.1").await;
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.sinks(&sink(&server, "")));
    until("it failed", || status(&dispatcher, "hook").failures_in_a_row == 1).await;
    let (_, why) = status(&dispatcher, "hook").last_failure.unwrap();
    let address = proxy.url.split('@').nth(1).unwrap();
    assert_eq!(why, format!("cannot get through proxy {address}: it answered with status 407"));
    assert_eq!(world.depth("hook").waiting, 1);
    assert!(!log().text().contains("hunter22"));
}
