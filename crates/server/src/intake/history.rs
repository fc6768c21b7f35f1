//! `LookupEvents`: management events of the last 90 days, for a first try without a bucket.

use std::sync::Arc;

use aws::EventHistory;
use cloudtrail::Timestamp;
use store::ObjectId;
use tokio::task::JoinSet;
use tokio::time::timeout;
use xxhash_rust::xxh3::xxh3_128;

use super::bucket::told;
use super::{Content, Intake, Looks};

/// Events appear up to a quarter of an hour after the call: how far back each look goes, in
/// seconds.
const LOOKBACK: i64 = 30 * 60;

/// What of event history is wanted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HistoryPart {
    /// Regions, each of which has a history of its own.
    pub regions: Vec<String>,
    /// Nothing that happened before; all there is unless given.
    pub from: Option<Timestamp>,
}

/// Offers the event history of `part`, and what comes, until the service ends, or all of it was
/// kept where it looks once.
pub async fn watch_history(
    name: Arc<str>,
    connection: aws::Connection,
    (part, looks): (HistoryPart, Looks),
    intake: Intake,
) {
    let mut regions: Vec<Region> =
        part.regions.iter().map(|region| stood(&name, region, &intake)).collect();
    loop {
        let mut tasks: JoinSet<(Region, Result<(), String>)> = JoinSet::new();
        for mut region in regions.drain(..) {
            let (name, connection, intake) =
                (Arc::clone(&name), connection.clone(), intake.clone());
            tasks.spawn(async move {
                let ended = region.look(&name, &connection, (part.from, &intake)).await;
                (region, ended)
            });
        }
        let mut first_error = None;
        while let Some(ended) = tasks.join_next().await {
            let ended = match ended {
                Ok((region, ended)) => {
                    regions.push(region);
                    ended
                }
                Err(error) => Err(error.to_string()),
            };
            first_error = first_error.or(ended.err());
        }
        told(&intake, &name, first_error.as_deref());
        let Looks::Every(interval) = looks else {
            return;
        };
        if timeout(interval, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

/// A Region, and the newest event up to which everything was kept, in seconds since 1970.
///
/// That is a time of AWS's: the machine's clock may jump, and what lies between would be missed.
struct Region {
    region: String,
    newest: Option<i64>,
}

fn stood(name: &str, region: &str, intake: &Intake) -> Region {
    let stood = intake.cursor(&place(name, region)).ok().flatten();
    Region { region: region.to_owned(), newest: stood.and_then(|text| text.parse().ok()) }
}

/// What the place of a Region is kept under.
fn place(name: &str, region: &str) -> String {
    format!("{name}/{region}")
}

impl Region {
    /// Offers what there is from a while before `newest`, and stands behind it once it is kept.
    async fn look(
        &mut self,
        name: &Arc<str>,
        connection: &aws::Connection,
        (from, intake): (Option<Timestamp>, &Intake),
    ) -> Result<(), String> {
        let since = self.newest.map(|newest| Timestamp(newest.saturating_sub(LOOKBACK))).or(from);
        let mut history = EventHistory::new(connection, &self.region, since, None);
        let mut receipts = Vec::new();
        let mut newest = self.newest;
        while !intake.is_stopping()
            && let Some(page) = history.next_page().await.map_err(|error| error.to_string())?
        {
            newest = newest.max(page.newest.map(|time| time.0));
            let version = format!("{:032x}", xxh3_128(&page.document));
            let id = ObjectId { name: format!("cloudtrail://{}", self.region), version };
            let left = intake.not_done(vec![(id, ())]).await.map_err(|error| error.to_string())?;
            for (id, ()) in left {
                let content = Content::Bytes(page.document.clone());
                receipts.extend(intake.offer(name, id, content).await);
            }
        }
        for receipt in receipts {
            receipt.await.map_err(|_| "it was interrupted".to_owned())?;
        }
        if let Some(time) = newest
            && newest != self.newest
            && !intake.is_stopping()
        {
            intake.stand(&place(name, &self.region), time.to_string());
            self.newest = newest;
        }
        Ok(())
    }
}
