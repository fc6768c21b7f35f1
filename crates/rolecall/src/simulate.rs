//! `rolecall simulate`: labelled logs, and the truth beside them.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use simulate::{LogFile, Settings, Truth};

use crate::Outcome;
use crate::args::SimulateOptions;
use crate::output::say;

pub(crate) fn run(options: &SimulateOptions) -> Result<Outcome> {
    let settings = Settings {
        seed: options.seed,
        days: options.days,
        scale: options.scale,
        attacks: !options.benign,
        style: options.style,
        ..Settings::default()
    };
    let truth = write(&options.out, &settings)?;
    say(&format!(
        "{} events in {} files and truth.json in `{}`",
        truth.n_events,
        truth.n_files,
        options.out.display()
    ));
    Ok(Outcome::Done)
}

/// Fills `folder` with the logs that `settings` describe.
pub(crate) fn write(folder: &Path, settings: &Settings) -> Result<Truth> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let mut inside =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    if inside.next().is_some() {
        bail!("`{}` is not empty", folder.display());
    }
    let mut failed = None;
    let truth = simulate::simulate(settings, &mut |file| {
        if failed.is_none() {
            failed = write_log(folder, &file).err();
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let path = folder.join("truth.json");
    fs::write(&path, truth.to_json())
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(truth)
}

fn write_log(folder: &Path, file: &LogFile) -> Result<()> {
    let path = folder.join(format!("{}.gz", file.path));
    let context = || format!("cannot write `{}`", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(context)?;
    }
    let mut gzip =
        GzEncoder::new(File::create(&path).with_context(context)?, Compression::default());
    gzip.write_all(file.body.as_bytes()).with_context(context)?;
    gzip.finish().with_context(context)?;
    Ok(())
}
