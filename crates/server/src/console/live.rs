//! News as they happen: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use cloudtrail::Timestamp;
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::broadcast::{self, error::RecvError};

use super::access::Caller;
use super::problem::Problem;
use super::wire::{ErrorBody, News};
use super::{App, Shared, written};

/// News that wait for a listener who is slow; beyond them it is told to look at everything anew.
pub(super) const WAITING_MAX: usize = 1_024;

/// Listeners at once.
const LISTENERS_MAX: usize = 128;

/// How often a listener is told that the connection is there.
const KEPT_ALIVE: Duration = Duration::from_secs(20);

/// How often it is looked at how far sources have come.
const SOURCES_EVERY: Duration = Duration::from_secs(5);

/// Where news are published.
#[derive(Clone, Debug)]
pub struct Publisher(broadcast::Sender<News>);

impl Publisher {
    pub(super) const fn new(sender: broadcast::Sender<News>) -> Self {
        Self(sender)
    }

    /// Tells everybody who listens.
    pub fn tell(&self, news: News) {
        // Nobody has to listen.
        let _ = self.0.send(news);
    }

    /// Tells that an incident has changed.
    pub fn incident(&self, id: &str, change: &str) {
        self.tell(News::Incident { id: id.to_owned(), change: change.to_owned() });
    }

    /// Tells that everything up to `as_of` was analyzed.
    pub fn as_of(&self, as_of: Timestamp) {
        self.tell(News::AsOf { as_of: as_of.to_string() });
    }
}

/// Streams news as server-sent events; the name of each is the member `event` of its data. Where
/// more was missed than is kept, an event `missed` says so: look at everything anew then.
#[utoipa::path(
    get,
    path = "/live",
    tag = "live",
    responses(
        (status = 200, description = "The news", content_type = "text/event-stream", body = News),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 503, description = "Too many listen", body = ErrorBody),
    )
)]
pub(super) async fn live(
    State(app): State<App>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    if app.news.0.receiver_count() >= LISTENERS_MAX {
        return Err(Problem::busy("too many pages listen for news"));
    }
    let receiver = app.news.0.subscribe();
    let news = stream::unfold((receiver, app, caller), async |(mut receiver, app, caller)| {
        // A session that has ended hears nothing more.
        let is_over =
            caller.session.as_ref().is_some_and(|session| app.now() >= session.expires_at);
        if is_over {
            return None;
        }
        let event = match receiver.recv().await {
            Ok(news) => event(&news),
            Err(RecvError::Lagged(_)) => Event::default().event("missed").data("{}"),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (receiver, app, caller)))
    });
    let hello = stream::once(async { Ok(Event::default().event("hello").data("{}")) });
    Ok(Sse::new(hello.chain(news)).keep_alive(KeepAlive::new().interval(KEPT_ALIVE)))
}

fn event(news: &News) -> Event {
    let name = match news {
        News::AsOf { .. } => "as_of",
        News::Incident { .. } => "incident",
        News::Source { .. } => "source",
        News::Suppressions => "suppressions",
    };
    // Serializing fails on maps whose keys are not text alone, and news hold no map.
    let data = report::escape::json(serde_json::to_string(news).unwrap_or_default());
    Event::default().event(name).data(data)
}

/// Publishes how far sources have come, for as long as the console is there.
pub(super) fn watch_sources(app: &App) {
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        let mut told = Vec::new();
        loop {
            tokio::time::sleep(SOURCES_EVERY).await;
            let Some(app) = app.upgrade() else {
                return;
            };
            told = tell_sources(&app, &told);
        }
    });
}

/// What was told of a source: name, objects, backlog, trouble.
type Told = (String, u64, u64, Option<String>);

fn tell_sources(app: &Shared, told: &[Told]) -> Vec<Told> {
    let sources = app.status.sources();
    let now: Vec<Told> = sources
        .into_iter()
        .map(|(name, source)| (name, source.objects, source.backlog, source.trouble()))
        .collect();
    for source in now.iter().filter(|source| !told.contains(source)) {
        let lag_secs = written::lag(app);
        app.news.tell(News::Source { name: source.0.clone(), lag_secs });
    }
    now
}
