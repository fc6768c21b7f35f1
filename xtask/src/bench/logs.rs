//! Logs to measure on, generated once for each size and kept in the build folder.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::process::Output;

const SEED: &str = "7";
const DAYS: &str = "7";

/// A scale whose logs tell how they grow.
const PROBE_SCALE: u64 = 6;

/// Written last, so that logs of an interrupted run are not taken for complete.
const COMPLETE: &str = "complete";

/// Generates at least `mib` MiB of JSON, compressed, and returns its folder.
pub(super) fn generate(program: &Path, bench: &Path, mib: u64) -> Result<PathBuf> {
    // The size grows with the scale from a base: what people and pipelines do does not scale.
    let small = bytes_json(&at_scale(program, bench, 1)?)?;
    let probe = bytes_json(&at_scale(program, bench, PROBE_SCALE)?)?;
    let unit = probe.saturating_sub(small) / (PROBE_SCALE - 1);
    if unit == 0 {
        bail!("`rolecall simulate` wrote no gzip files that grow with the scale");
    }
    let mut scale = 1 + (mib << 20).saturating_sub(small).div_ceil(unit);
    let mut folder = at_scale(program, bench, scale)?;
    // Steps of the simulator make the estimate miss by a little.
    while bytes_json(&folder)? < mib << 20 {
        scale += 1 + scale / 20;
        folder = at_scale(program, bench, scale)?;
    }
    Ok(folder)
}

fn at_scale(program: &Path, bench: &Path, scale: u64) -> Result<PathBuf> {
    let name = format!("seed-{SEED}-days-{DAYS}-scale-{scale}");
    let complete = bench.join(format!("{name}.{COMPLETE}"));
    let folder = bench.join(name);
    if complete.exists() {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut command = Command::new(program);
    command.arg("simulate").arg(&folder).args(["--seed", SEED, "--days", DAYS]);
    command.args(["--scale", &scale.to_string()]);
    Output::Terminal.run(&mut command)?;
    File::create(&complete).with_context(|| format!("cannot write `{}`", complete.display()))?;
    Ok(folder)
}

/// The size of all gzip files below `folder` when they are decompressed.
fn bytes_json(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "gz") {
            bytes += u64::from(size_by_trailer(File::open(entry.path())?)?);
        }
    }
    Ok(bytes)
}

/// A gzip file of one member ends with its decompressed size (RFC 1952, `ISIZE`).
fn size_by_trailer(mut file: impl Read + Seek) -> Result<u32> {
    let mut size = [0; 4];
    file.seek(SeekFrom::End(-4))?;
    file.read_exact(&mut size)?;
    Ok(u32::from_le_bytes(size))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::size_by_trailer;

    #[test]
    fn the_trailer_tells_the_size() {
        assert_eq!(size_by_trailer(Cursor::new([9, 9, 1, 2, 0, 0])).unwrap(), 0x0201);
        assert!(size_by_trailer(Cursor::new([1])).is_err());
    }
}
