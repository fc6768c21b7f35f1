//! A trail's event history by `LookupEvents`: for a first look without a bucket.
//!
//! Management events of the last 90 days, one Region a call, 50 events a page, two requests a
//! second (`CloudTrail` API reference, "`LookupEvents`"): some 360,000 events an hour and Region.

use std::time::Duration;

use cloudtrail::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{self, Interval, MissedTickBehavior};

use crate::connection::Connection;
use crate::error::{Error, Needs};
use crate::settings;

/// Time between two requests in one Region.
pub const LOOKUP_PAUSE: Duration = Duration::from_millis(500);
/// Most events of one page.
const PAGE_EVENTS_MAX: u32 = 50;

/// The event history of one Region, newest events first.
///
/// The pace is kept by each value for itself: there should be one for a Region and account.
#[derive(Debug)]
pub struct EventHistory {
    connection: Connection,
    region: String,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    pace: Interval,
    next: Next,
}

/// Part of an event history.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HistoryPage {
    /// AWS's answer, `{"Events":[{"CloudTrailEvent":"…"},…]}`, which `cloudtrail::read`
    /// understands.
    pub document: Vec<u8>,
    /// How many events it holds.
    pub events: usize,
    /// When the newest of them happened, as AWS tells.
    pub newest: Option<Timestamp>,
}

#[derive(Debug)]
enum Next {
    First,
    Token(String),
    Nothing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    events: Vec<Happened>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Happened {
    /// Seconds since 1970, as AWS's JSON protocol writes times.
    event_time: Option<f64>,
}

impl EventHistory {
    /// Looks at events of `region` from `from` to `to`; all of the 90 days unless given. Needs a
    /// tokio runtime.
    pub fn new(
        connection: &Connection,
        region: &str,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Self {
        let mut pace = time::interval(LOOKUP_PAUSE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            connection: connection.in_region(region),
            region: region.to_owned(),
            from,
            to,
            pace,
            next: Next::First,
        }
    }

    /// The Region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Waits for its turn and returns the next page, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// As [`Error::Call`], after which the same page may be asked for again; needs
    /// `cloudtrail:LookupEvents`.
    pub async fn next_page(&mut self) -> Result<Option<HistoryPage>, Error> {
        let mut input = Map::new();
        match &self.next {
            Next::First => {}
            Next::Token(token) => {
                input.insert("NextToken".to_owned(), json!(token));
            }
            Next::Nothing => return Ok(None),
        }
        input.insert("MaxResults".to_owned(), json!(PAGE_EVENTS_MAX));
        for (name, time) in [("StartTime", self.from), ("EndTime", self.to)] {
            if let Some(time) = time {
                input.insert(name.to_owned(), json!(time.0));
            }
        }
        self.pace.tick().await;
        let doing = format!("look up events of {}", self.region);
        let needs = Needs { action: "cloudtrail:LookupEvents", resource: "*" };
        let call = settings::call("LookupEvents", needs, &doing);
        let document = self.connection.call(call, &Value::Object(input)).await?;
        let answer: Answer = settings::parsed(&document, &doing)?;
        self.next = answer.next_token.map_or(Next::Nothing, Next::Token);
        let times = answer.events.iter().filter_map(|event| event.event_time);
        let newest = times.map(|seconds| Timestamp(seconds as i64)).max();
        Ok(Some(HistoryPage { document, events: answer.events.len(), newest }))
    }
}
