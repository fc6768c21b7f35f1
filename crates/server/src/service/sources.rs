//! The sources of the configuration, each as a task.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws::{Connection, S3Address, Standing};
use cloudtrail::Timestamp;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::{Mode, ServiceError};
use crate::clients::in_region;
use crate::config::{
    Config, FolderSource, LookupEventsSource, Prefix, Region, S3Source, SourceSettings, SqsSource,
    StartDate,
};
use crate::intake::{
    BucketPart, HistoryPart, Intake, LOG_FILES_EVERY, Looks, QueuePart, Verified, folder_source,
    watch_bucket, watch_folder, watch_history, watch_log_files, watch_queue,
};

/// Starts every source. `connection` gives AWS where a source needs it.
pub(super) fn start(
    config: &Config,
    mode: Mode,
    (intake, connection): (&Intake, Option<&Connection>),
) -> Result<JoinSet<()>, ServiceError> {
    let mut starting = Starting { tasks: JoinSet::new(), mode, intake, connection };
    for source in &config.sources {
        let name: Arc<str> = Arc::from(source.name.as_str());
        if config.verify.continuous {
            starting.log_files(&name, &source.settings, &config.verify.public_keys)?;
        }
        // A source is behind from the begin on, not only once it has looked.
        intake.status.of_source(&name, |_| {});
        match &source.settings {
            SourceSettings::Folder(folder) => starting.folder(name, folder)?,
            SourceSettings::LookupEvents(history) => starting.history(name, history)?,
            SourceSettings::S3(bucket) => starting.bucket(name, bucket)?,
            SourceSettings::Sqs(queue) => starting.queue(name, queue)?,
        }
    }
    Ok(starting.tasks)
}

struct Starting<'a> {
    tasks: JoinSet<()>,
    mode: Mode,
    intake: &'a Intake,
    connection: Option<&'a Connection>,
}

impl Starting<'_> {
    fn looks(&self, interval: Duration) -> Looks {
        match self.mode {
            Mode::Continuous => Looks::Every(interval),
            Mode::Once => Looks::Once,
        }
    }

    fn connection(&self, name: &str, region: Option<&Region>) -> Result<Connection, ServiceError> {
        let connection = self.connection.ok_or_else(|| ServiceError::Source {
            name: name.to_owned(),
            reason: "there is no connection to AWS".to_owned(),
        })?;
        Ok(in_region(connection, region))
    }

    fn folder(&mut self, name: Arc<str>, folder: &FolderSource) -> Result<(), ServiceError> {
        let listing = folder_source(&folder.path).map_err(|error| ServiceError::Source {
            name: name.to_string(),
            reason: error.to_string(),
        })?;
        let looks = self.looks(folder.interval);
        self.tasks.spawn(watch_folder(name, listing, looks, self.intake.clone()));
        Ok(())
    }

    fn bucket(&mut self, name: Arc<str>, bucket: &S3Source) -> Result<(), ServiceError> {
        let connection = self.connection(&name, bucket.region.as_ref())?;
        let part = BucketPart {
            bucket: bucket.bucket.as_str().to_owned(),
            prefix: bucket.prefix.as_ref().map_or("", Prefix::as_str).to_owned(),
            accounts: bucket.accounts.iter().map(|account| account.as_str().to_owned()).collect(),
            from: bucket.from.and_then(begin),
        };
        let looks = self.looks(bucket.interval);
        self.tasks.spawn(watch_bucket(name, connection, (part, looks), self.intake.clone()));
        Ok(())
    }

    /// Verifies the log files of a source that has digests and keys.
    fn log_files(
        &mut self,
        name: &Arc<str>,
        source: &SourceSettings,
        keys: &[PathBuf],
    ) -> Result<(), ServiceError> {
        let (verified, from) = match source {
            SourceSettings::S3(bucket) => {
                let connection = self.connection(name, bucket.region.as_ref())?;
                let standing = Standing::of(connection, Handle::current());
                let prefix = bucket.prefix.as_ref().map_or("", Prefix::as_str).to_owned();
                let bucket_name = bucket.bucket.as_str().to_owned();
                let address = S3Address { bucket: bucket_name, prefix };
                (Verified::Bucket(Box::new(standing), address), bucket.from.and_then(begin))
            }
            SourceSettings::Folder(folder) if !keys.is_empty() => {
                let listing = folder_source(&folder.path);
                let Ok(listing) = listing else { return Ok(()) };
                (Verified::Folder(listing), Some(Timestamp(0)))
            }
            SourceSettings::Folder(_)
            | SourceSettings::LookupEvents(_)
            | SourceSettings::Sqs(_) => return Ok(()),
        };
        let looks = self.looks(LOG_FILES_EVERY);
        let part = (verified, keys.to_vec(), from);
        self.tasks.spawn(watch_log_files(Arc::clone(name), part, looks, self.intake.clone()));
        Ok(())
    }

    fn queue(&mut self, name: Arc<str>, queue: &SqsSource) -> Result<(), ServiceError> {
        let connection = self.connection(&name, queue.region.as_ref())?;
        let part = QueuePart { queue: queue.queue_url.as_str().to_owned(), no_ack: queue.no_ack };
        // A queue is asked without an end; how often plays no part.
        let looks = self.looks(Duration::ZERO);
        self.tasks.spawn(watch_queue(name, connection, (part, looks), self.intake.clone()));
        Ok(())
    }

    fn history(
        &mut self,
        name: Arc<str>,
        history: &LookupEventsSource,
    ) -> Result<(), ServiceError> {
        let connection = self.connection(&name, None)?;
        let part = HistoryPart {
            regions: history.regions.iter().map(|region| region.as_str().to_owned()).collect(),
            from: history.from.and_then(begin),
        };
        let looks = self.looks(history.interval);
        self.tasks.spawn(watch_history(name, connection, (part, looks), self.intake.clone()));
        Ok(())
    }
}

/// The begin of a day in UTC.
fn begin(day: StartDate) -> Option<Timestamp> {
    Timestamp::parse(&format!("{}T00:00:00Z", day.0))
}
