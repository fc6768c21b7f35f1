//! Logs in which the same credentials do more often what they do.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use walkdir::WalkDir;

/// Writes the logs of `folder` beside it, with every call that leaves nothing behind `times` times,
/// and returns their folder.
///
/// The copies of a call differ from it in their `eventID` alone, so that events grow and
/// credentials do not.
pub(super) fn write(folder: &Path, times: u32) -> Result<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let to = folder.with_file_name(format!("{name}-times-{times}"));
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.path().extension().is_none_or(|extension| extension != "gz") {
            continue;
        }
        let path = to.join(entry.path().strip_prefix(folder)?);
        fs::create_dir_all(path.parent().context("a log lies in a folder")?)?;
        let reader = GzDecoder::new(BufReader::new(File::open(entry.path())?));
        let mut document: Value = serde_json::from_reader(BufReader::new(reader))?;
        repeat(&mut document, times);
        let file = BufWriter::new(File::create(path)?);
        let mut encoder = GzEncoder::new(file, Compression::default());
        serde_json::to_writer(&mut encoder, &document)?;
        encoder.finish()?;
    }
    Ok(to)
}

/// Adds copies to the records of a document.
fn repeat(document: &mut Value, times: u32) {
    let Some(records) = document.get_mut("Records").and_then(Value::as_array_mut) else {
        return;
    };
    let mut copies = Vec::new();
    for record in &*records {
        let leaves_nothing = record.get("responseElements").is_none_or(Value::is_null);
        let id =
            record.get("eventID").and_then(Value::as_str).and_then(|id| id.split_at_checked(8));
        let Some((begin, end)) = id.filter(|_| leaves_nothing) else {
            continue;
        };
        let Ok(begin) = u32::from_str_radix(begin, 16) else {
            continue;
        };
        for copy in 1..times {
            let mut record = record.clone();
            if let Some(id) = record.get_mut("eventID") {
                *id = Value::from(format!("{:08x}{end}", begin.wrapping_add(copy << 20)));
            }
            copies.push(record);
        }
    }
    records.append(&mut copies);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::repeat;

    #[test]
    fn calls_that_leave_nothing_behind_come_again_under_other_ids() {
        let mut document = json!({"Records": [
            {"eventID": "00000001-a", "eventName": "ListUsers", "responseElements": null},
            {"eventID": "00000002-a", "eventName": "CreateUser", "responseElements": {"user": {}}},
            {"eventName": "ListUsers"},
        ]});
        repeat(&mut document, 3);
        let records = document["Records"].as_array().unwrap();
        let ids: Vec<_> = records.iter().filter_map(|record| record["eventID"].as_str()).collect();
        assert_eq!(ids, ["00000001-a", "00000002-a", "00100001-a", "00200001-a"]);
        let names = records.iter().skip(3).map(|record| &record["eventName"]);
        assert!(names.eq([&Value::from("ListUsers"); 2]));
    }
}
