//! Whether sinks can be reached, without telling them anything.

use std::path::PathBuf;

use aws::Connection;
use report::Check;

use super::catalogue::SINK;
use crate::alerts::{Client, chain};
use crate::clients::in_region;
use crate::config::{
    Endpoint, Environment, Region, SecretPlace, Sink, SinkSettings, VariableName, certificates,
};

/// Looks at `sink`: a server is connected to and asked nothing, a service of AWS is asked about
/// itself.
pub(super) async fn look(
    sink: &Sink,
    environment: &Environment,
    connection: Option<&Connection>,
) -> Check {
    let name = sink.name.as_str();
    let at = |region: Option<&Region>| connection.map(|connection| in_region(connection, region));
    match &sink.settings {
        SinkSettings::Stdout(_) => SINK.ok(name, "standard output needs nothing"),
        SinkSettings::PagerDuty(pager) => {
            reach(name, Ok(pager.url.clone()), None, environment).await
        }
        SinkSettings::Slack(slack) => {
            let pair = (slack.url_env.as_ref(), slack.url_file.as_ref());
            reach(name, endpoint(None, pair, environment), None, environment).await
        }
        SinkSettings::Webhook(webhook) => {
            let pair = (webhook.url_env.as_ref(), webhook.url_file.as_ref());
            let endpoint = endpoint(webhook.url.as_ref(), pair, environment);
            reach(name, endpoint, webhook.ca_file.as_ref(), environment).await
        }
        SinkSettings::EventBridge(bus) => {
            let Some(connection) = at(bus.region.as_ref()) else {
                return SINK.unknown(name, "there is no connection to AWS", "");
            };
            let bus = bus.bus.as_str();
            there(name, &format!("the event bus `{bus}`"), connection.has_bus(bus).await)
        }
        SinkSettings::SecurityHub(hub) => {
            let Some(connection) = at(hub.region.as_ref()) else {
                return SINK.unknown(name, "there is no connection to AWS", "");
            };
            there(name, "Security Hub", connection.has_hub().await)
        }
    }
}

fn there(name: &str, what: &str, answer: Result<bool, aws::Error>) -> Check {
    match answer {
        Ok(true) => SINK.ok(name, format!("{what} is there")),
        Ok(false) => {
            let remedy = "Switch it on, or correct the name and the Region of the sink.";
            SINK.problem(name, format!("{what} is not there"), remedy)
        }
        Err(error) => SINK.untold(name, &error),
    }
}

/// The address of a sink, or why there is none; never the secret itself.
fn endpoint(
    open: Option<&Endpoint>,
    (variable, file): (Option<&VariableName>, Option<&PathBuf>),
    environment: &Environment,
) -> Result<Endpoint, String> {
    if let Some(endpoint) = open {
        return Ok(endpoint.clone());
    }
    let place = SecretPlace::of(variable, file).ok_or("it has no address")?;
    let secret = place.read(environment).map_err(|error| format!("its address {error}"))?;
    Endpoint::parse(secret.expose()).ok_or_else(|| "its address is none".to_owned())
}

async fn reach(
    name: &str,
    endpoint: Result<Endpoint, String>,
    ca_file: Option<&PathBuf>,
    environment: &Environment,
) -> Check {
    let authorities = ca_file.map(|path| certificates(path)).transpose();
    let (endpoint, authorities) = match (endpoint, authorities) {
        (Ok(endpoint), Ok(authorities)) => (endpoint, authorities.unwrap_or_default()),
        (Err(error), _) | (_, Err(error)) => {
            return SINK.problem(name, error, "Correct the configuration of the sink.");
        }
    };
    let client = match Client::new(authorities, environment) {
        Ok(client) => client,
        Err(error) => return SINK.problem(name, error.to_string(), "Correct `ca_file`."),
    };
    match client.reach(&endpoint).await {
        Ok(()) => SINK.ok(name, format!("{endpoint} can be reached")),
        Err(error) => {
            let remedy =
                "See whether the address is right, and whether the network lets it through.";
            SINK.problem(name, chain(&error), remedy)
        }
    }
}
