//! A server that answers as it is told and keeps what it was sent.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Answers with a status, more lines of the head, and a text.
    Answer(u16, &'static str, String),
    /// Closes the connection without an answer.
    Close,
    /// Never answers.
    Hang,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, "", String::new())
    }
}

/// What the server was sent.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    received: Vec<Received>,
    /// What holds this text is answered with 500.
    never_taken: Option<&'static str>,
}

/// A server on this machine; dropping it frees its address.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    script: Arc<Mutex<Script>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Answers 200 to everything after `replies`.
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        Self::on("127.0.0.1:0".parse().unwrap(), replies).await
    }

    pub(crate) async fn on(address: SocketAddr, replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script { replies: replies.into(), ..Script::default() }));
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&script);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, script, _tasks: tasks }
    }

    /// A server behind TLS.
    pub(crate) async fn start_tls(acceptor: tokio_rustls::TlsAcceptor) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&script);
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the certificate ends here.
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, Arc::clone(&shared)).await;
                }
            }
        });
        Self { address, script, _tasks: tasks }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook?a=b", self.address)
    }

    pub(crate) fn never_take(&self, text: &'static str) {
        self.script.lock().unwrap().never_taken = Some(text);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.script.lock().unwrap().received.clone()
    }

    pub(crate) fn n_received(&self) -> usize {
        self.script.lock().unwrap().received.len()
    }

    /// What was sent, in order.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.received().iter().map(|received| received.text().to_owned()).collect()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Arc<Mutex<Script>>) {
    let Some(received) = receive(&mut stream).await else {
        return;
    };
    let reply = {
        let mut script = script.lock().unwrap();
        let is_never_taken = script.never_taken.is_some_and(|text| received.text().contains(text));
        script.received.push(received);
        if is_never_taken {
            script.replies.push_front(Reply::status(500));
        }
        script.replies.pop_front().unwrap_or_else(|| Reply::status(200))
    };
    match reply {
        Reply::Close => {}
        Reply::Hang => std::future::pending().await,
        Reply::Answer(status, head, text) => {
            let n_bytes = text.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {n_bytes}\r\n{head}\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
        }
    }
}

async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let mut received = Received { path, head, body: bytes[end + 4..].to_vec() };
        let n_bytes: usize = received.header("content-length").unwrap().parse().unwrap();
        while received.body.len() < n_bytes {
            stream.read_buf(&mut received.body).await.ok()?;
        }
        return Some(received);
    }
}
