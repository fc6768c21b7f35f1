//! `rolecall serve`: watches sources, keeps what it learns, and tells people once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use evidence::Evidence;
use server::clients::Clients;
use server::config::{self, Config, Environment, Flag, Listed, Loaded, Request};
use server::engine::Knowledge as Beyond;
use server::health::Metrics;
use server::payload::Forms;
use server::service::{self, Ended, Mode, Service};
use tokio::sync::watch;

use crate::Outcome;
use crate::args::{ConfigAction, ConfigOptions, KnowledgeOptions, ServeOptions};
use crate::knowledge::Knowledge;
use crate::output;

impl Beyond for Knowledge {
    fn inventories(&self) -> Evidence {
        self.inventories().clone()
    }

    fn settings(&self) -> detect::Settings<'_> {
        Knowledge::settings(self)
    }
}

pub(crate) fn run(options: &ServeOptions) -> Result<Outcome> {
    let (config, settings) = configuration(options)?;
    server::logs::init(&config.log, std::env::var("RUST_LOG").ok().as_deref())?;
    if config.sources.is_empty() {
        bail!(
            "nothing to watch: name a folder, or a [[source]] in the configuration \
             (`rolecall config example` shows all there is)"
        );
    }
    let ended = runtime()?.block_on(serve((config, settings), options))?;
    for (source, reason) in &ended.failed {
        output::say(&format!("source `{source}` could not be read to its end: {reason}"));
    }
    let fail_on = options.fail_on.map(detect::Severity::from);
    Ok(match (ended.gravest.zip(fail_on), ended.is_partial || !ended.failed.is_empty()) {
        (Some((gravest, fail_on)), _) if gravest >= fail_on => Outcome::Findings,
        (_, true) => Outcome::Partial,
        (_, false) => Outcome::Done,
    })
}

/// What waits for sources, sinks and people.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start a runtime")
}

async fn serve((config, settings): (Config, Vec<Listed>), options: &ServeOptions) -> Result<Ended> {
    let on_console = |url: &str| output::say(&format!("The console: {url}"));
    let service = service((config, settings), Box::new(on_console)).await?;
    let mode = if options.once { Mode::Once } else { Mode::Continuous };
    Ok(service::run(service, mode, asked()).await?)
}

/// What a service of `folders` is configured to do where nobody configures anything.
pub(crate) fn bare(
    folders: Vec<PathBuf>,
    store: Option<&PathBuf>,
) -> Result<(Config, Vec<Listed>)> {
    with_settings(config::load(&Request {
        file: None,
        environment: Environment::default(),
        flags: store_flag(store),
        folders,
    }))
}

/// Serves what lies in `folder` into a new store at `store`, to its end: nothing else is
/// configured, and nobody is told.
pub(crate) fn back_fill(folder: &str, store: &Path) -> Result<Ended> {
    let (config, settings) = bare(vec![PathBuf::from(folder)], Some(&store.to_owned()))?;
    runtime()?.block_on(async {
        let service = service((config, settings), Box::new(|_| {})).await?;
        let (_stop, stopped) = watch::channel(false);
        Ok(service::run(service, Mode::Once, stopped).await?)
    })
}

/// Everything that a service of `config` is made of.
pub(crate) async fn service(
    (config, settings): (Config, Vec<Listed>),
    on_console: Box<dyn Fn(&str) + Send + Sync>,
) -> Result<Service> {
    let knowledge = Knowledge::read(&knowledge_options(&config), true)?;
    let environment = config::environment();
    let clients = Clients::of(&config).await?;
    let forms = Forms {
        base_url: config.alerts.base_url.as_ref().map(|base| base.as_str().to_owned()),
        security_hub: clients.security_hub(&config).await?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(Service {
        knowledge: Box::new(knowledge),
        payload: Box::new(forms),
        environment,
        connection: clients.connection().cloned(),
        aws: Arc::new(clients),
        output: server::output::stdout(),
        metrics: Metrics::new(env!("CARGO_PKG_VERSION"), ""),
        config,
        settings,
        on_console,
    })
}

/// Holds `true` once somebody asks to stop.
pub(crate) fn asked() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
        // The sender lives as long as somebody may want to stop.
        stop.closed().await;
    });
    stopped
}

/// Waits for `SIGINT` or `SIGTERM`.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Where no signal can be waited for, none is taken notice of.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The configuration that `options` ask for.
fn configuration(options: &ServeOptions) -> Result<(Config, Vec<Listed>)> {
    let flags = store_flag(options.store.as_ref());
    let request = request(options.config.as_ref(), flags, &options.sources)?;
    with_settings(config::load(&request))
}

/// The flag `--store`, where it was given.
pub(crate) fn store_flag(store: Option<&PathBuf>) -> Vec<Flag> {
    let flag = |store: &PathBuf| Flag {
        key: "store.path".to_owned(),
        value: store.display().to_string(),
        name: "--store".to_owned(),
    };
    store.into_iter().map(flag).collect()
}

/// The configuration and its settings, where nothing is wrong with it.
pub(crate) fn with_settings(loaded: Loaded) -> Result<(Config, Vec<Listed>)> {
    let origins = loaded.origins.clone();
    let config = settled(loaded)?;
    let settings = config::listed(&config, &origins);
    Ok((config, settings))
}

/// The configuration, where nothing is wrong with it; everything that is wrong is said.
fn settled(loaded: Loaded) -> Result<Config> {
    loaded.into_config().map_err(|problems| {
        for problem in &problems.0 {
            output::say(&problem.to_string());
        }
        anyhow!("the configuration cannot be used")
    })
}

pub(crate) fn request(
    given: Option<&PathBuf>,
    flags: Vec<Flag>,
    sources: &[String],
) -> Result<Request> {
    let environment = config::environment();
    let folder = std::env::current_dir().context("there is no current folder")?;
    let file = config::find(given.map(PathBuf::as_path), &environment, &folder);
    let folders = sources.iter().map(PathBuf::from).collect();
    Ok(Request { file, environment, flags, folders })
}

fn knowledge_options(config: &Config) -> KnowledgeOptions {
    KnowledgeOptions {
        inventory: config.analysis.inventory.clone(),
        ip_ranges: config.analysis.ip_ranges.clone(),
        egress: config.analysis.egress.iter().map(|range| range.0.clone()).collect(),
        geo: config.analysis.geo.clone(),
        decisions: config.analysis.decisions.clone(),
    }
}

/// `rolecall config`.
pub(crate) fn config(options: &ConfigOptions) -> Result<Outcome> {
    let request = request(options.config.as_ref(), Vec::new(), &[])?;
    let loaded = config::load(&request);
    let from = loaded.file.as_ref().map_or_else(
        || "defaults and the environment".to_owned(),
        |file| format!("`{}`", file.display()),
    );
    let text = match options.action {
        ConfigAction::Check => {
            settled(loaded)?;
            format!("{from}: nothing is wrong\n")
        }
        ConfigAction::Example => config::example(),
        ConfigAction::Print => {
            let origins = loaded.origins.clone();
            config::effective(&settled(loaded)?, &origins)
        }
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}
