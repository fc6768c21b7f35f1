//! AWS as sinks and sources use it: one connection, in the Regions that they name.

use std::sync::Arc;

use aws::{Connection, ConnectionOptions};
use serde_json::{Value, json};

use crate::alerts::{AwsSink, AwsSinks, BoxFuture, BusEvent, CallFailure, Called, EntryFailure};
use crate::config::{Config, Region, SinkSettings, SourceSettings};

/// AWS in one Region, or none where nothing needs it.
#[derive(Clone, Debug)]
pub struct Clients(Option<Connection>);

impl Clients {
    /// A connection where a source or a sink of `config` needs one; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// As [`Connection::open`].
    pub async fn of(config: &Config) -> Result<Self, aws::Error> {
        let of_source = config.sources.iter().any(|source| match source.settings {
            SourceSettings::Folder(_) => false,
            SourceSettings::LookupEvents(_) | SourceSettings::S3(_) | SourceSettings::Sqs(_) => {
                true
            }
        });
        let of_sink = config.sinks.iter().any(|sink| match sink.settings {
            SinkSettings::EventBridge(_) | SinkSettings::SecurityHub(_) => true,
            SinkSettings::PagerDuty(_)
            | SinkSettings::Slack(_)
            | SinkSettings::Stdout(_)
            | SinkSettings::Webhook(_) => false,
        });
        if !of_source && !of_sink {
            return Ok(Self(None));
        }
        Connection::open(&ConnectionOptions::default()).await.map(|open| Self(Some(open)))
    }

    /// The connection, where something needs it.
    pub const fn connection(&self) -> Option<&Connection> {
        self.0.as_ref()
    }

    /// Account and Region of the findings for Security Hub, where one is configured: those that
    /// the configuration names, and those of the caller where it names none.
    ///
    /// # Errors
    ///
    /// Where AWS does not tell who calls, or no Region is known.
    pub async fn security_hub(
        &self,
        config: &Config,
    ) -> Result<Option<(String, String)>, aws::Error> {
        let hub = config.sinks.iter().find_map(|sink| match &sink.settings {
            SinkSettings::SecurityHub(hub) => Some(hub),
            SinkSettings::EventBridge(_)
            | SinkSettings::PagerDuty(_)
            | SinkSettings::Slack(_)
            | SinkSettings::Stdout(_)
            | SinkSettings::Webhook(_) => None,
        });
        let (Some(hub), Some(connection)) = (hub, &self.0) else {
            return Ok(None);
        };
        let account = match &hub.account {
            Some(account) => account.as_str().to_owned(),
            None => connection.caller().await?.account,
        };
        let region = hub.region.as_ref().map(Region::as_str).or_else(|| connection.region());
        let region = region.ok_or(aws::Error::RegionMissing)?.to_owned();
        Ok(Some((account, region)))
    }
}

/// `connection` in the Region that a sink or a source names, if it names one.
pub(crate) fn in_region(connection: &Connection, region: Option<&Region>) -> Connection {
    region.map_or_else(|| connection.clone(), |region| connection.in_region(region.as_str()))
}

impl AwsSinks for Clients {
    fn of(&self, region: Option<&Region>) -> Arc<dyn AwsSink> {
        Arc::new(Self(self.0.as_ref().map(|connection| in_region(connection, region))))
    }
}

impl AwsSink for Clients {
    fn put_events(&self, events: Vec<BusEvent>) -> BoxFuture<'_, Called> {
        Box::pin(async move {
            let connection = self.0.as_ref().ok_or_else(unconnected)?;
            let entries: Vec<Value> = events.iter().map(entry).collect();
            let failures = connection.put_events(&entries).await;
            told(entries.len(), failures)
        })
    }

    fn batch_import_findings(&self, findings: Vec<String>) -> BoxFuture<'_, Called> {
        Box::pin(async move {
            let connection = self.0.as_ref().ok_or_else(unconnected)?;
            let parsed = findings.iter().map(|finding| serde_json::from_str(finding));
            let parsed: Vec<Value> = parsed.collect::<Result<_, _>>().map_err(|_| CallFailure {
                is_transient: false,
                retry_after: None,
                message: "a finding is no JSON".to_owned(),
            })?;
            let failures = connection.import_findings(&parsed).await;
            told(parsed.len(), failures)
        })
    }
}

fn entry(event: &BusEvent) -> Value {
    json!({
        "EventBusName": event.bus,
        "Source": event.source,
        "DetailType": event.detail_type,
        "Detail": event.detail,
        "Time": event.time.seconds(),
    })
}

fn unconnected() -> CallFailure {
    CallFailure {
        is_transient: false,
        retry_after: None,
        message: "there is no connection to AWS".to_owned(),
    }
}

/// What came of a call, entry by entry.
fn told(n_entries: usize, failures: Result<Vec<aws::EntryFailure>, aws::Error>) -> Called {
    let failures = failures.map_err(|error| CallFailure {
        is_transient: error.is_transient(),
        retry_after: None,
        message: error.reason(),
    })?;
    let mut all: Vec<Option<EntryFailure>> = (0..n_entries).map(|_| None).collect();
    for failure in failures {
        if let Some(slot) = all.get_mut(failure.index) {
            *slot = Some(EntryFailure { code: failure.code, message: failure.message });
        }
    }
    Ok(all)
}
