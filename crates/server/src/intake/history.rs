//! `LookupEvents`: management events of the last 90 days, for a first try without a bucket.

use std::sync::Arc;

use aws::EventHistory;
use cloudtrail::Timestamp;
use store::ObjectId;
use tokio::time::timeout;
use xxhash_rust::xxh3::xxh3_128;

use super::bucket::told;
use super::{Content, Intake, Looks};
use crate::clock::{Clock as _, SystemClock};

/// Events appear up to a quarter of an hour after the call: how far back each look goes, in
/// seconds.
const LOOKBACK: i64 = 30 * 60;

/// Offers the event history of `region`, and what comes, until the service ends, or all of it was
/// kept where it looks once.
pub async fn watch_history(
    name: Arc<str>,
    connection: aws::Connection,
    (region, from, looks): (String, Option<Timestamp>, Looks),
    intake: Intake,
) {
    let place: Arc<str> = Arc::from(format!("{name}/{region}"));
    let stood = intake.cursor(&place).ok().flatten().and_then(|text| text.parse().ok());
    let mut since = stood.map(|time: i64| Timestamp(time.saturating_sub(LOOKBACK))).or(from);
    loop {
        let began = SystemClock.now().seconds();
        let outcome = look(&name, &connection, (&region, since), &intake).await;
        if outcome.is_ok() && !intake.is_stopping() {
            intake.stand(&place, began.to_string());
            since = Some(Timestamp(began.saturating_sub(LOOKBACK)));
        }
        told(&intake, &name, outcome.err().as_deref());
        let Looks::Every(interval) = looks else {
            return;
        };
        if timeout(interval, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

async fn look(
    name: &Arc<str>,
    connection: &aws::Connection,
    (region, since): (&str, Option<Timestamp>),
    intake: &Intake,
) -> Result<(), String> {
    let mut history = EventHistory::new(connection, region, since, None);
    let mut receipts = Vec::new();
    while !intake.is_stopping()
        && let Some(page) = history.next_page().await.map_err(|error| error.to_string())?
    {
        let version = format!("{:032x}", xxh3_128(&page.document));
        let id = ObjectId { name: format!("cloudtrail://{region}"), version };
        let left = intake.not_done(vec![(id, ())]).await.map_err(|error| error.to_string())?;
        for (id, ()) in left {
            let content = Content::Bytes(page.document.clone());
            receipts.extend(intake.offer(name, id, content).await);
        }
    }
    for receipt in receipts {
        receipt.await.map_err(|_| "it was interrupted".to_owned())?;
    }
    Ok(())
}
