//! Where logs come from: each `[[source]]` has a name, a kind, and the settings of its kind.

use std::path::PathBuf;
use std::time::Duration;

use super::choice::choice;
use super::section::{Section as _, section};
use super::table::Table;
use super::values::{AccountId, BucketName, Name, Prefix, QueueUrl, Region, StartDate};

choice! {
    /// What a source is.
    SourceKind {
        /// A folder, a file or a glob on this machine.
        Folder = "folder",
        /// `LookupEvents`, for a first try without a bucket.
        LookupEvents = "lookup_events",
        /// A bucket that is listed.
        S3 = "s3",
        /// Notifications of a bucket through a queue.
        Sqs = "sqs",
    }
}

/// A place that logs come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name in metrics and logs.
    pub name: Name,
    /// The rest.
    pub settings: SourceSettings,
}

/// The settings of a source, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceSettings {
    /// A folder, a file or a glob on this machine.
    Folder(FolderSource),
    /// `LookupEvents`, for a first try without a bucket.
    LookupEvents(LookupEventsSource),
    /// A bucket that is listed.
    S3(S3Source),
    /// Notifications of a bucket through a queue.
    Sqs(SqsSource),
}

section! {
    /// A folder that is watched, with everything below it; or a file, or a glob.
    FolderSource {
        /// The folder, file or glob.
        path: PathBuf => "logs",
        /// How often it is looked through, beside what the system tells.
        interval: Duration = "1m",
    }
}

section! {
    /// A bucket of trails, listed by account, region and day, and resumed where it stood.
    S3Source {
        /// The bucket.
        bucket: BucketName => "example-trail-bucket",
        /// What stands before `AWSLogs/`; the trail's own prefix.
        prefix: Option<Prefix> => "trails",
        /// Region of the bucket; that of the environment unless given.
        region: Option<Region> => "eu-central-1",
        /// Accounts that are read; all that are there unless given.
        accounts: Vec<AccountId> = [],
        /// First day that is read; everything that is there unless given.
        from: Option<StartDate> => "2026-10-01",
        /// How often it is listed.
        interval: Duration = "1m",
    }
}

section! {
    /// Notifications about new objects, straight from S3, through SNS, or from EventBridge.
    SqsSource {
        /// Address of the queue.
        queue_url: QueueUrl => "https://sqs.eu-central-1.amazonaws.com/111122223333/example-trail",
        /// Region of the queue; that of the environment unless given.
        region: Option<Region> => "eu-central-1",
        /// Leaves messages in the queue, for a try beside another reader.
        no_ack: bool = false,
    }
}

section! {
    /// Management events of the last 90 days of one account, without data events, two calls a
    /// second.
    LookupEventsSource {
        /// Regions that are asked.
        regions: Vec<Region> => ["eu-central-1", "us-east-1"],
        /// First day that is read; 90 days ago unless given.
        from: Option<StartDate> => "2026-10-01",
        /// How often they are asked.
        interval: Duration = "5m",
    }
}

impl Source {
    /// What it is.
    pub const fn kind(&self) -> SourceKind {
        match self.settings {
            SourceSettings::Folder(_) => SourceKind::Folder,
            SourceSettings::LookupEvents(_) => SourceKind::LookupEvents,
            SourceSettings::S3(_) => SourceKind::S3,
            SourceSettings::Sqs(_) => SourceKind::Sqs,
        }
    }

    pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let name = table.read("name", None);
        let Some(kind) = table.read("kind", None) else {
            table.ignore_the_rest();
            return None;
        };
        let settings = match kind {
            SourceKind::Folder => FolderSource::read(table).map(SourceSettings::Folder),
            SourceKind::LookupEvents => {
                LookupEventsSource::read(table).map(SourceSettings::LookupEvents)
            }
            SourceKind::S3 => S3Source::read(table).map(SourceSettings::S3),
            SourceKind::Sqs => SqsSource::read(table).map(SourceSettings::Sqs),
        };
        Some(Self { name: name?, settings: settings? })
    }

    pub(crate) fn show(&self) -> Vec<(&'static str, Option<String>)> {
        match &self.settings {
            SourceSettings::Folder(settings) => settings.show(),
            SourceSettings::LookupEvents(settings) => settings.show(),
            SourceSettings::S3(settings) => settings.show(),
            SourceSettings::Sqs(settings) => settings.show(),
        }
    }
}
