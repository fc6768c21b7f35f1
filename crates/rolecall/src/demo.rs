//! `rolecall demo`: what this program is for, in two minutes.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;
use simulate::Settings;

use crate::Outcome;
use crate::args::{DemoOptions, Format};
use crate::output::{self, say};
use crate::sources::Sources;
use crate::written::{self, Form};
use crate::{console, knowledge, scan, simulate as simulation};

/// The report that the demo leaves in the current folder.
const REPORT: &str = "rolecall-demo.html";

pub(crate) fn run(options: &DemoOptions) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let logs = folder.path().join("logs");
    let talk = |text: &str| {
        if !options.output.quiet {
            say(text);
        }
    };
    talk("Inventing a week of an organization, with attacks in it …");
    let settings = Settings { seed: options.seed, ..Settings::default() };
    let truth = simulation::write(&logs, &settings)?;
    talk(&format!(
        "Scanning {} events of {} accounts in {} files; {} attacks are hidden in them …",
        truth.n_events,
        truth.accounts.len(),
        truth.n_files,
        truth.attacks.len(),
    ));
    let reading = scan::read(&Sources::path(&logs), None, options.output.quiet)?;
    let analysis = detect::analyze(&reading.evidence, knowledge::nothing());
    let form = Form { format: options.format, export: &options.export, output: &options.output };
    let text = written::render(form, &analysis, &reading.coverage);
    output::write(&text, &options.output)?;
    written::say_coverage(form, &analysis, &reading.coverage);
    if options.format == Format::Table && options.output.output.is_none() {
        let page = Form { format: Format::Html, ..form };
        let html = written::render(page, &analysis, &reading.coverage);
        let report = PathBuf::from(REPORT);
        output::write_file(&html, &report, true)?;
        talk(&format!("The same as a picture: {}", absolute(&report)));
        if !options.no_open && !options.console {
            open(report.as_os_str());
        }
    }
    if options.console {
        return console::over(&[logs.display().to_string()], options.no_open);
    }
    Ok(Outcome::Done)
}

fn absolute(path: &Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Opens a path or an address in the browser, where there is a desktop to show it on.
pub(crate) fn open(what: &OsStr) {
    let has_desktop =
        ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].iter().any(|name| env::var_os(name).is_some());
    let opener = match env::consts::OS {
        "macos" => "open".into(),
        "windows" => return,
        _ if has_desktop => env::var_os("BROWSER").unwrap_or_else(|| "xdg-open".into()),
        _ => return,
    };
    let silent = || Stdio::null();
    // A browser that does not start is no failure of the demo: the path has been told.
    let _ =
        Command::new(opener).arg(what).stdin(silent()).stdout(silent()).stderr(silent()).spawn();
}
