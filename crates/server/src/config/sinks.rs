//! Who is told: each `[[sink]]` has a name, a kind, rules, and the settings of its kind.

use std::path::PathBuf;
use std::time::Duration;

use detect::Severity;

use super::choice::choice;
use super::section::{Section as _, section};
use super::table::Table;
use super::values::{AccountId, BusName, Endpoint, Name, Region, VariableName};

choice! {
    /// What a sink is, and what the payload of a message to it is.
    SinkKind {
        /// An event bus: the payload is the detail of one event, a JSON object.
        EventBridge = "eventbridge",
        /// PagerDuty: the payload is an event of Events API v2 without its `routing_key`.
        PagerDuty = "pagerduty",
        /// Security Hub: the payload is one finding in ASFF.
        SecurityHub = "security_hub",
        /// Slack: the payload is a message of an incoming webhook, `text` and `blocks`.
        Slack = "slack",
        /// Standard output: the payload is one JSON object.
        Stdout = "stdout",
        /// An HTTP server of one's own: the payload is one JSON object.
        Webhook = "webhook",
    }
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Sink {
    /// Its name in metrics and logs, and in what is kept about it: a new name is a new sink.
    pub name: Name,
    /// What it wants to be told.
    pub rules: SinkRules,
    /// The rest.
    pub settings: SinkSettings,
}

/// The settings of a sink, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum SinkSettings {
    /// An event bus.
    EventBridge(EventBridgeSink),
    /// PagerDuty.
    PagerDuty(PagerDutySink),
    /// Security Hub.
    SecurityHub(SecurityHubSink),
    /// Slack.
    Slack(SlackSink),
    /// Standard output.
    Stdout(StdoutSink),
    /// An HTTP server of one's own.
    Webhook(WebhookSink),
}

section! {
    /// What a sink of any kind wants to be told.
    SinkRules {
        /// Incidents below it are not told; as in `[alerts]` unless given.
        min_severity: Option<Severity> => "high",
        /// How long nothing more is told about an incident; as in `[alerts]` unless given.
        quiet_period: Option<Duration> => "1h",
    }
}

section! {
    /// An HTTP server of one's own, which gets a JSON object, signed if there is a secret.
    WebhookSink {
        /// Its address. Where its path is a secret, give `url_env` or `url_file` instead.
        url: Option<Endpoint> => "https://alerts.example.com/rolecall",
        /// Environment variable that holds its address.
        url_env: Option<VariableName> => "ROLECALL_WEBHOOK_URL",
        /// File that holds its address.
        url_file: Option<PathBuf> => "secrets/webhook-url",
        /// Environment variable that holds the key of the signature.
        secret_env: Option<VariableName> => "ROLECALL_WEBHOOK_SECRET",
        /// File that holds the key of the signature; read for each message, so that it can change.
        secret_file: Option<PathBuf> => "secrets/webhook",
        /// Environment variable that holds a value for the header `Authorization`.
        authorization_env: Option<VariableName> => "ROLECALL_WEBHOOK_AUTHORIZATION",
        /// File that holds a value for the header `Authorization`; read for each message.
        authorization_file: Option<PathBuf> => "secrets/webhook-authorization",
        /// Certificates (PEM) that are trusted instead of those of the machine.
        ca_file: Option<PathBuf> => "certs/internal-ca.pem",
    }
}

section! {
    /// A channel of Slack, by an incoming webhook, whose address is the secret.
    ///
    /// An incoming webhook cannot change a message: what rose or was withdrawn comes as another
    /// one, with the same link.
    SlackSink {
        /// Environment variable that holds the address of the incoming webhook.
        url_env: Option<VariableName> => "ROLECALL_SLACK_URL",
        /// File that holds the address; read for each message, so that it can change.
        url_file: Option<PathBuf> => "secrets/slack-url",
    }
}

section! {
    /// A service of PagerDuty, by an integration of Events API v2.
    PagerDutySink {
        /// Where events go; in the EU `https://events.eu.pagerduty.com/v2/enqueue`.
        url: Endpoint = "https://events.pagerduty.com/v2/enqueue",
        /// Environment variable that holds the integration key.
        secret_env: Option<VariableName> => "ROLECALL_PAGERDUTY_KEY",
        /// File that holds the integration key; read for each message, so that it can change.
        secret_file: Option<PathBuf> => "secrets/pagerduty",
    }
}

section! {
    /// An event bus of EventBridge: `source` is `rolecall`, `detail-type` is `Rolecall Finding`.
    EventBridgeSink {
        /// Name or ARN of the bus.
        bus: BusName = "default",
        /// Region of the bus; that of the environment unless given.
        region: Option<Region> => "eu-central-1",
    }
}

section! {
    /// Security Hub, as a finding in the account that this runs in.
    SecurityHubSink {
        /// Region of the hub; that of the environment unless given.
        region: Option<Region> => "eu-central-1",
        /// Account of the findings; that of the caller unless given.
        account: Option<AccountId> => "111122223333",
    }
}

section! {
    /// Standard output, one JSON object a line.
    StdoutSink {}
}

/// Where a secret lies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SecretPlace {
    /// In a file.
    File(PathBuf),
    /// In a variable of the environment.
    Variable(VariableName),
}

impl SecretPlace {
    /// The place that two settings name; a variable where they name both, which is a problem.
    pub(crate) fn of(variable: Option<&VariableName>, file: Option<&PathBuf>) -> Option<Self> {
        let file = file.cloned().map(Self::File);
        variable.cloned().map(Self::Variable).or(file)
    }
}

impl SinkSettings {
    /// What it is.
    pub const fn kind(&self) -> SinkKind {
        match self {
            Self::EventBridge(_) => SinkKind::EventBridge,
            Self::PagerDuty(_) => SinkKind::PagerDuty,
            Self::SecurityHub(_) => SinkKind::SecurityHub,
            Self::Slack(_) => SinkKind::Slack,
            Self::Stdout(_) => SinkKind::Stdout,
            Self::Webhook(_) => SinkKind::Webhook,
        }
    }
}

impl Sink {
    /// What it is.
    pub const fn kind(&self) -> SinkKind {
        self.settings.kind()
    }

    pub(crate) fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let name = table.read("name", None);
        let kind = table.read("kind", None);
        let rules = SinkRules::read(table);
        let Some(kind) = kind else {
            table.ignore_the_rest();
            return None;
        };
        let settings = match kind {
            SinkKind::EventBridge => EventBridgeSink::read(table).map(SinkSettings::EventBridge),
            SinkKind::PagerDuty => PagerDutySink::read(table).map(SinkSettings::PagerDuty),
            SinkKind::SecurityHub => SecurityHubSink::read(table).map(SinkSettings::SecurityHub),
            SinkKind::Slack => SlackSink::read(table).map(SinkSettings::Slack),
            SinkKind::Stdout => StdoutSink::read(table).map(SinkSettings::Stdout),
            SinkKind::Webhook => WebhookSink::read(table).map(SinkSettings::Webhook),
        };
        Some(Self { name: name?, rules: rules?, settings: settings? })
    }

    pub(crate) fn show(&self) -> Vec<(&'static str, Option<String>)> {
        let settings = match &self.settings {
            SinkSettings::EventBridge(settings) => settings.show(),
            SinkSettings::PagerDuty(settings) => settings.show(),
            SinkSettings::SecurityHub(settings) => settings.show(),
            SinkSettings::Slack(settings) => settings.show(),
            SinkSettings::Stdout(settings) => settings.show(),
            SinkSettings::Webhook(settings) => settings.show(),
        };
        self.rules.show().into_iter().chain(settings).collect()
    }
}
