//! Sinks as they send: one for each `[[sink]]` of the configuration.

mod aws;
mod http;
mod stdout;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use aws::{
    AwsSink, AwsSinks, BusEvent, CallFailure, Called, DETAIL_TYPE, EVENT_SOURCE, EntryFailure,
};

use super::outbox::Entry;
use crate::clock::WallTime;
use crate::config::{self, Environment, SecretPlace, SinkKind, SinkSettings};
use crate::output::Output;
use crate::secret::{Secret, SecretError};

/// A future that is kept behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What became of one message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The sink has taken it.
    Delivered,
    /// The sink does not take it and never will.
    Refused {
        /// Why, without secrets.
        why: String,
    },
    /// It may be taken later.
    Retry {
        /// How long the sink asks to wait.
        after: Option<Duration>,
        /// Why, without secrets.
        why: String,
    },
    /// It was not tried, because the batch was full: it goes with the next one.
    Untried,
}

/// What sends messages to one sink.
///
/// Dropping the future of [`send`](Self::send) stops it; each has an end of its own, whatever the
/// other side does.
pub trait Sender: Send + Sync {
    /// How many messages it sends at once, at most.
    fn batch_max(&self) -> usize {
        1
    }

    /// Sends `batch` at the time `now`, and says what became of each in the same order.
    fn send<'a>(&'a self, batch: &'a [Entry], now: WallTime) -> BoxFuture<'a, Vec<Outcome>>;
}

/// A sink that can send.
pub struct Sink {
    /// Its name in the configuration.
    pub name: String,
    /// What it is.
    pub kind: SinkKind,
    /// What sends to it.
    pub sender: Box<dyn Sender>,
}

/// What sinks need from outside.
#[derive(Clone, Copy)]
pub struct Outside<'o> {
    /// The environment, for secrets.
    pub environment: &'o Environment,
    /// AWS, in a region.
    pub aws: &'o dyn AwsSinks,
    /// Standard output.
    pub output: &'o Output,
}

/// Why there is no sink.
#[derive(Debug, thiserror::Error)]
#[error("sink `{name}`: {reason}")]
pub struct SinkError {
    /// Its name in the configuration.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

impl Sink {
    /// The sink that `settings` describe; nothing is connected to.
    ///
    /// # Errors
    ///
    /// Where a secret or a certificate that it names is not there.
    pub fn of(settings: &config::Sink, outside: Outside<'_>) -> Result<Self, SinkError> {
        let sender = sender(&settings.settings, outside);
        let name = settings.name.to_string();
        match sender {
            Ok(sender) => Ok(Self { name, kind: settings.kind(), sender }),
            Err(reason) => Err(SinkError { name, reason }),
        }
    }
}

fn sender(settings: &SinkSettings, outside: Outside<'_>) -> Result<Box<dyn Sender>, String> {
    let environment = outside.environment;
    Ok(match settings {
        SinkSettings::EventBridge(bus) => {
            let aws = outside.aws.of(bus.region.as_ref());
            Box::new(aws::EventBridge { aws, bus: bus.bus.to_string() })
        }
        SinkSettings::SecurityHub(hub) => {
            Box::new(aws::SecurityHub { aws: outside.aws.of(hub.region.as_ref()) })
        }
        SinkSettings::PagerDuty(pager) => Box::new(http::PagerDuty::of(pager, environment)?),
        SinkSettings::Slack(slack) => Box::new(http::Slack::of(slack, environment)?),
        SinkSettings::Stdout(_) => Box::new(stdout::Stdout { output: Arc::clone(outside.output) }),
        SinkSettings::Webhook(webhook) => Box::new(http::Webhook::of(webhook, environment)?),
    })
}

/// A secret as a sink holds it: a variable was read at the start, a file is read each time.
#[derive(Clone, Debug)]
enum HeldSecret {
    InFile(SecretPlace),
    Known(Secret),
}

impl HeldSecret {
    fn of(place: SecretPlace, environment: &Environment) -> Result<Self, SecretError> {
        // What is missing at the start is said at the start.
        let secret = place.read(environment)?;
        Ok(match place {
            SecretPlace::File(_) => Self::InFile(place),
            SecretPlace::Variable(_) => Self::Known(secret),
        })
    }

    fn secret(&self) -> Result<Secret, SecretError> {
        match self {
            Self::InFile(place) => place.read(&Environment::new()),
            Self::Known(secret) => Ok(secret.clone()),
        }
    }
}
