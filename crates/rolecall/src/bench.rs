//! `rolecall bench`: one stage of a scan, measured as one JSON line.

mod fill;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use ingest::{Options, Source};
use store::Store;

use crate::Outcome;
use crate::args::{BenchOptions, Stage};
use crate::knowledge;
use crate::output;
use crate::scan;
use crate::serve;
use crate::sources::Sources;

pub(crate) fn run(options: &BenchOptions) -> Result<Outcome> {
    let sources = [Source::Path(options.folder.clone().into())];
    let mut settings = Options::default();
    settings.threads = options.threads.unwrap_or(settings.threads);
    let start = Instant::now();
    let (stage, bytes, events) = match options.stage {
        Stage::Decompress => {
            ("decompress", ingest::decompress_only(&sources, &settings)?.bytes_read, 0)
        }
        Stage::Read => {
            let coverage = ingest::read_only(&sources, &settings)?;
            ("read", coverage.bytes_read, coverage.events_read)
        }
        Stage::Scan => {
            let folder = Sources::path(Path::new(&options.folder));
            let mut reading = scan::read(&folder, options.threads, true)?;
            black_box(detect::analyze(&reading.evidence, knowledge::nothing()));
            reading.keep();
            ("scan", reading.bytes_json, reading.coverage.events)
        }
        Stage::Fill => {
            let (config, _) = serve::bare(vec![".".into()], None)?;
            let memory = config.store.memory.as_u64();
            let store = Path::new(&options.folder);
            ("fill", 0, fill::fill(store, options.credentials, memory)?)
        }
        Stage::Serve => {
            let beside = tempfile::tempdir()?;
            serve::back_fill(&options.folder, beside.path())?;
            let coverage = Store::open_beside(beside.path())?.coverage()?;
            ("serve", coverage.bytes_read, coverage.events_read)
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let memory = peak_rss_bytes().unwrap_or_default();
    output::print(&format!(
        "{{\"stage\":\"{stage}\",\"bytes_json\":{bytes},\"events\":{events},\
         \"seconds\":{seconds:.3},\"peak_rss_bytes\":{memory}}}\n"
    ))?;
    Ok(Outcome::Done)
}

/// The most memory that this process has used, where the system tells.
fn peak_rss_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
