//! Findings one a line, as JSON and as CSV.

use std::path::Path;

use detect::Analysis;
use report::{Coverage, coverage_lines, csv, json, ndjson};
use serde_json::Value;

use crate::golden::check;
use crate::logs::{self, MISSION, analysis_of, scan};
use crate::{bob, hostile};

fn lines(analysis: &Analysis) -> String {
    ndjson(&scan(analysis, &Coverage::default()))
}

fn table(analysis: &Analysis) -> String {
    csv(&scan(analysis, &Coverage::default()))
}

#[test]
fn each_line_is_a_finding_of_the_scan_document_with_its_incident() {
    for (name, analysis) in logs::every_analysis() {
        let scanned = json(&scan(analysis, &Coverage::default()));
        let scanned: Value = serde_json::from_str(&scanned).unwrap();
        let text = lines(analysis);
        hostile::assert_inert("ndjson", &text);
        let mut written: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(text.ends_with('\n') && written.len() == analysis.findings.len(), "{name:.60}");
        for line in &mut written {
            let incident = line.as_object_mut().unwrap().remove("incident").unwrap();
            let of_it = scanned["incidents"].as_array().unwrap().iter().find(|one| {
                let findings = one["findings"].as_array().unwrap();
                findings.contains(&line["id"])
            });
            let of_it = of_it.unwrap();
            assert_eq!(incident["id"], of_it["id"]);
            assert_eq!(incident["severity"], of_it["severity"]);
        }
        assert_eq!(Value::Array(written), scanned["findings"], "{name:.60}");
    }
}

#[test]
fn members_of_a_line_stand_in_the_order_of_the_scan_document() {
    let text = lines(&bob::analysis());
    let first = text.lines().next().unwrap();
    assert!(first.starts_with(r#"{"id":"f1","detector":"chain_to_persistence","severity":"#));
    assert!(first.ends_with(r#""incident":{"id":"i1","severity":"critical"}}"#), "{first}");
}

/// The rows of a CSV file, read with a library that others use as well.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn each_row_is_a_finding() {
    for (name, analysis) in logs::every_analysis() {
        let text = table(analysis);
        let rows = rows(&text);
        assert_eq!(rows.len(), analysis.findings.len() + 1, "{name:.60}");
        assert_eq!(text.matches("\r\n").count(), rows.len());
        assert_eq!(text.replace("\r\n", "").matches(['\r', '\n']).count(), 0);
        for (row, finding) in rows.iter().skip(1).zip(&analysis.findings) {
            assert_eq!(row[0], finding.id);
            assert_eq!(row[3], finding.detector);
        }
    }
}

#[test]
fn no_cell_is_run_hides_anything_or_is_longer_than_a_spreadsheet_holds() {
    for (_, analysis) in logs::hostile() {
        let text = table(&analysis);
        hostile::assert_inert("csv", &text.replace("\r\n", ""));
        for cell in rows(&text).into_iter().flatten() {
            assert!(cell.encode_utf16().count() <= 32_767, "{}", cell.len());
            for begin in cell.split(';') {
                let first = begin.trim_start_matches([' ', '"']).chars().next().unwrap_or('x');
                assert!(!"=+-@\t\r\n＝＋－＠".contains(first), "{cell:.80}");
            }
        }
    }
}

#[test]
fn nothing_found_is_no_line_and_a_row_of_names() {
    assert_eq!(lines(&Analysis::default()), "");
    let text = table(&Analysis::default());
    assert!(text.starts_with("\"id\",\"incident_id\",") && text.ends_with(",\"reason\"\r\n"));
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn the_columns_are_those_of_the_document() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    let document = std::fs::read_to_string(path).unwrap();
    let list = document.split("Columns: ").nth(1).unwrap().split(".\n").next().unwrap();
    let told: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(rows(&table(&Analysis::default()))[0], told);
}

#[test]
fn what_was_not_read_is_said_in_lines() {
    let (analysis, coverage) = (bob::analysis(), bob::coverage());
    let lines = coverage_lines(&scan(&analysis, &coverage));
    assert_eq!(
        lines,
        [
            "Read 2,903 records in 55 files (4.1 MB): 2,900 events, 2 duplicates, 1 skipped.",
            "skipped: 1 record: JSON ends in the middle of a record (logs/broken.json.gz)",
            "note: 12 records: no responses: issuances cannot be read (logs/history.csv)",
            "set aside: CloudTrail digest file (logs/digest.json.gz)",
        ]
    );
    let skipped = vec![coverage.skipped[0].clone(); 9];
    let lines = coverage_lines(&scan(&analysis, &Coverage { skipped, ..Coverage::default() }));
    assert_eq!((lines.len(), lines[6].as_str()), (7, "… and 4 more"));
}

#[test]
fn the_incidents_of_the_mission_are_written_like_this() {
    for (name, log) in MISSION {
        let analysis = analysis_of(log);
        check(&format!("rows/{name}_ndjson"), &lines(&analysis));
        check(&format!("rows/{name}_csv"), &table(&analysis));
    }
}
