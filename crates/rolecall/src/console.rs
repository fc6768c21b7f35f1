//! `rolecall console`: opens the console over a store or over logs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use server::config::{self, Config, Flag, Listed};
use server::service::{self, Mode, ServiceError};
use store::Store;

use crate::args::ConsoleOptions;
use crate::serve::{asked, request, runtime, service, with_settings};
use crate::{Outcome, demo, output};

/// A port that is free, on this machine.
const FREE: &str = "127.0.0.1:0";

/// The setting that is missing where only a store is looked at.
const SOURCE: &str = "source";

pub(crate) fn run(options: &ConsoleOptions) -> Result<Outcome> {
    if let Some(wanted) = &options.new_token {
        return new_token(wanted);
    }
    open(options)
}

/// Opens the console over the logs in `sources`.
pub(crate) fn over(sources: &[String], no_open: bool) -> Result<Outcome> {
    open(&ConsoleOptions {
        sources: sources.to_vec(),
        config: None,
        address: None,
        no_open,
        new_token: None,
    })
}

fn open(options: &ConsoleOptions) -> Result<Outcome> {
    let stores: Vec<&String> =
        options.sources.iter().filter(|source| Store::is_store(Path::new(source))).collect();
    let made = tempfile::tempdir().context("there is no room for a store")?;
    let (store, sources): (PathBuf, &[String]) = match (stores.as_slice(), &*options.sources) {
        ([store], [_]) => (PathBuf::from(store), &[]),
        ([], sources) => (made.path().join("store"), sources),
        (_, _) => bail!("give one store, or logs: not both, and not several stores"),
    };
    let (config, settings) = configuration(options, (&store, sources))?;
    server::logs::init(&config.log, std::env::var("RUST_LOG").ok().as_deref())?;
    let no_open = options.no_open;
    let on_console = move |url: &str| {
        output::say(&format!("The console: {url}"));
        output::say("Press Ctrl-C to end it.");
        if !no_open {
            demo::open(url.as_ref());
        }
    };
    runtime()?.block_on(async {
        let wanted = (config.clone(), settings.clone());
        let ended =
            service::run(service(wanted, Box::new(on_console)).await?, Mode::Continuous, asked());
        match ended.await {
            Ok(_) => Ok(Outcome::Done),
            Err(ServiceError::Store { source: store::Error::InUse { .. }, .. }) => {
                output::say("The store is in use: the console shows what is in it beside that.");
                let beside = service((config, settings), Box::new(on_console)).await?;
                service::beside(beside, asked()).await?;
                Ok(Outcome::Done)
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// The configuration of the file, but for the store, the sources and the addresses.
fn configuration(
    options: &ConsoleOptions,
    (store, sources): (&Path, &[String]),
) -> Result<(Config, Vec<Listed>)> {
    let flag =
        |key: &str, value: String| Flag { key: key.to_owned(), value, name: "console".to_owned() };
    let address = options.address.clone().unwrap_or_else(|| FREE.to_owned());
    let flags = vec![
        flag("store.path", store.display().to_string()),
        flag("console.address", address),
        flag("console.enabled", "true".to_owned()),
        flag("listen.metrics", FREE.to_owned()),
    ];
    let mut loaded = config::load(&request(options.config.as_ref(), flags, sources)?);
    // What is watched is what was named: neither the sources of the file nor its sinks.
    if let Some(config) = &mut loaded.config {
        let n_named = sources.len();
        let n_of_file = config.sources.len().saturating_sub(n_named);
        config.sources.drain(..n_of_file);
        config.sinks.clear();
    }
    loaded.problems.retain(|problem| problem.key != SOURCE);
    with_settings(loaded)
}

fn new_token(wanted: &str) -> Result<Outcome> {
    let (token, line) = server::console::new_token(wanted)
        .context("a token is wanted as NAME=ROLE, with viewer, analyst or admin")?;
    output::say("The token, which is shown this once:");
    output::print(&format!("{token}\n"))?;
    output::say("Its line for the configuration, in the section [console]:");
    output::say(&format!("tokens = [\"{line}\"]"));
    Ok(Outcome::Done)
}
