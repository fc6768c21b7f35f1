//! The configuration: a file, over it variables of the environment, over them flags.
//!
//! Every setting stands in one place: its field in a `section!`, with its default and its
//! description. What is read, refused, printed, documented and given as an example follows from
//! that. No library gives all problems of a file at once with their lines, and where each value
//! came from; `toml` reads the file, the rest is here.

mod access;
mod check;
mod choice;
mod document;
mod find;
mod load;
mod print;
mod problem;
mod section;
mod sections;
mod setting;
mod sinks;
mod sources;
mod table;
mod values;

pub(crate) use access::hex;
pub use access::{ApiToken, ClaimRole, ConsoleRole, ProviderWord};
pub(crate) use check::certificates;
pub use document::{document, example};
pub use find::{Environment, FILE_BYTES_MAX, FILE_NAME, SYSTEM_FILE, environment, find};
pub use load::{Flag, Loaded, Request, load};
pub use print::{Listed, effective, listed};
pub use problem::{Origin, Problem, Problems};
pub use sections::{Alerts, Analysis, Console, Listen, Log, LogFormat, LogLevel, Store, Verify};
pub(crate) use setting::severity_name;
pub use sinks::{
    EventBridgeSink, PagerDutySink, SecretPlace, SecurityHubSink, Sink, SinkKind, SinkRules,
    SinkSettings, SlackSink, StdoutSink, WebhookSink,
};
pub use sources::{
    FolderSource, LookupEventsSource, S3Source, Source, SourceKind, SourceSettings, SqsSource,
};
pub use values::{
    AccountId, BucketName, BusName, EgressRange, Endpoint, LinkBase, Name, Prefix, QueueUrl,
    Region, StartDate, VariableName,
};

use crate::alerts::Policy;

/// Everything that a continuous run is told beforehand.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where what was learned is kept.
    pub store: Store,
    /// Where logs come from.
    pub sources: Vec<Source>,
    /// What is known beyond the logs, and when to analyze.
    pub analysis: Analysis,
    /// Where people look at incidents.
    pub console: Console,
    /// What to listen on.
    pub listen: Listen,
    /// What holds for all sinks.
    pub alerts: Alerts,
    /// Who is told.
    pub sinks: Vec<Sink>,
    /// Whether logs are proved to be CloudTrail's.
    pub verify: Verify,
    /// What the program says of itself.
    pub log: Log,
}

impl Config {
    /// What `sink` wants to be told: its own rules, and those of `[alerts]` where it has none.
    pub fn policy(&self, sink: &Sink) -> Policy {
        Policy {
            min_severity: sink.rules.min_severity.unwrap_or(self.alerts.min_severity),
            quiet_period: sink.rules.quiet_period.unwrap_or(self.alerts.quiet_period),
        }
    }
}
