//! The written form of what was found, in the format that the user chose.

use detect::Analysis;
use report::{Coverage, Per, Scan, asff, ocsf};

use crate::args::{ExportOptions, Format, OcsfVersion, OutputOptions, PerChoice};
use crate::output::{self, say};

/// Version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the user chose.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    pub(crate) format: Format,
    pub(crate) export: &'a ExportOptions,
    pub(crate) output: &'a OutputOptions,
}

/// The written form of what was found.
pub(crate) fn render(form: Form<'_>, analysis: &Analysis, coverage: &Coverage) -> String {
    let scan = Scan { analysis, coverage, version: VERSION };
    let per = match form.export.per {
        PerChoice::Finding => Per::Finding,
        PerChoice::Incident => Per::Incident,
    };
    match form.format {
        Format::Table => report::table(&scan, &output::style(form.output)),
        Format::Json => report::json(&scan),
        Format::Html => report::html(&scan),
        Format::Ndjson => report::ndjson(&scan),
        Format::Csv => report::csv(&scan),
        Format::Ocsf => ocsf::document(&scan, per, &ocsf_options(form.export)),
        Format::Asff => asff::document(&scan, per, &asff_options(form.export)),
    }
}

/// Says what was read and what was not, for formats that have no place for it.
pub(crate) fn say_coverage(form: Form<'_>, analysis: &Analysis, coverage: &Coverage) {
    let is_told = matches!(form.format, Format::Table | Format::Json | Format::Html);
    if is_told || form.output.quiet {
        return;
    }
    let scan = Scan { analysis, coverage, version: VERSION };
    for line in report::coverage_lines(&scan) {
        say(&line);
    }
}

fn ocsf_options(export: &ExportOptions) -> ocsf::Options<'static> {
    let version = match export.ocsf_version {
        OcsfVersion::V1_5_0 => ocsf::Version::V1_5_0,
        OcsfVersion::V1_6_0 => ocsf::Version::V1_6_0,
    };
    ocsf::Options { version, ..ocsf::Options::new(VERSION) }
}

fn asff_options(export: &ExportOptions) -> asff::Options<'_> {
    // The arguments ask for an account with this format.
    let account = export.asff_account.as_deref().unwrap_or_default();
    asff::Options::new(account, &export.asff_region, VERSION)
}

/// An account, as an argument.
pub(crate) fn account(text: &str) -> Result<String, String> {
    let is_right = asff::is_account_id(text);
    is_right.then(|| text.to_owned()).ok_or_else(|| "an account has 12 digits".to_owned())
}

/// A Region, as an argument.
pub(crate) fn region(text: &str) -> Result<String, String> {
    let is_right = asff::is_region(text);
    is_right.then(|| text.to_owned()).ok_or_else(|| "a Region is like `eu-central-1`".to_owned())
}
