//! Where logs are read from: this machine, a bucket, or event history.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use aws::{ConnectionOptions, Remote, RemoteOptions, RemoteSource};
use ingest::limits::DOCUMENT_BYTES_MAX;
use ingest::{Fold, Options, Scan, Source};
use store::Store;

use crate::args::FetchOptions;
use crate::filter;
use crate::output::whisper;
use crate::progress::Bar;

/// Everything that a command reads logs from.
pub(crate) struct Sources {
    logs: Logs,
    stores: Vec<PathBuf>,
}

enum Logs {
    Local(Vec<Source>),
    Remote(Vec<RemoteSource>, RemoteOptions),
}

impl Sources {
    /// Reads the arguments, before anything is opened.
    pub(crate) fn parse(sources: &[String], fetch: &FetchOptions) -> Result<Self> {
        let (stores, sources): (Vec<&String>, Vec<&String>) =
            sources.iter().partition(|source| Store::is_store(Path::new(source)));
        let stores = stores.into_iter().map(PathBuf::from).collect();
        let parsed = sources.iter().map(|source| RemoteSource::parse(source));
        let parsed: Vec<Option<RemoteSource>> = parsed.collect::<Result<_, _>>()?;
        let n_sources = parsed.len();
        let remote: Vec<RemoteSource> = parsed.into_iter().flatten().collect();
        if remote.is_empty() {
            let local = sources.iter().map(|source| Source::parse(source));
            return Ok(Self { logs: Logs::Local(local.collect::<Result<_, _>>()?), stores });
        }
        if remote.len() < n_sources {
            bail!("sources on this machine and sources in AWS are read by one command each");
        }
        let options = RemoteOptions {
            from: filter::time(fetch.fetch_from.as_deref())?,
            to: filter::time(fetch.fetch_to.as_deref())?,
            bytes_max: DOCUMENT_BYTES_MAX,
        };
        Ok(Self { logs: Logs::Remote(remote, options), stores })
    }

    /// One file or folder.
    pub(crate) fn path(path: &Path) -> Self {
        Self { logs: Logs::Local(vec![Source::Path(path.to_owned())]), stores: Vec::new() }
    }

    /// The stores among them, which hold what was learned and no records.
    pub(crate) fn stores(&self) -> &[PathBuf] {
        &self.stores
    }

    /// Reads every record of the logs among them once. A connection is opened only where the sources are in AWS.
    pub(crate) fn scan<F: Fold + Default>(
        &self,
        threads: Option<NonZeroUsize>,
        is_quiet: bool,
    ) -> Result<Scan<F>> {
        let mut options = Options::default();
        options.threads = threads.unwrap_or(options.threads);
        let bar = Bar::new(is_quiet);
        let scan = match &self.logs {
            Logs::Local(sources) => ingest::scan(sources, &options, &bar),
            Logs::Remote(sources, fetch) => {
                if !is_quiet {
                    warn(sources, fetch);
                }
                let remote = Remote::open(&ConnectionOptions::default(), sources, fetch)?;
                ingest::scan_objects(&remote, &options, &bar)
            }
        };
        bar.finish();
        Ok(scan?)
    }
}

/// Says that event history takes its time, where nothing bounds it.
fn warn(sources: &[RemoteSource], fetch: &RemoteOptions) {
    let is_history = |source: &RemoteSource| matches!(source, RemoteSource::EventHistory(_));
    if fetch.from.is_none() && sources.iter().any(is_history) {
        whisper(
            "event history comes at 100 events a second and Region at most, and reaches 90 days \
             back; --fetch-from bounds it",
        );
    }
}
