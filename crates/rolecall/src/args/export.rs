//! The arguments that shape what is exported.

use clap::{Args, ValueEnum};

use crate::written;

/// What one object is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PerChoice {
    /// One finding.
    Finding,
    /// One incident, with all of its findings.
    Incident,
}

/// Version of OCSF's schema.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum OcsfVersion {
    /// Without attack graph and programmatic credentials.
    #[value(name = "1.5.0", alias = "1.5")]
    V1_5_0,
    /// The whole.
    #[value(name = "1.6.0", alias = "1.6")]
    V1_6_0,
}

/// How findings are written for other security products.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "For OCSF and ASFF")]
pub(crate) struct ExportOptions {
    /// What one object is about.
    #[arg(long, value_enum, default_value_t = PerChoice::Finding, value_name = "UNIT")]
    pub(crate) per: PerChoice,
    /// Version of the schema.
    #[arg(long, value_enum, default_value_t = OcsfVersion::V1_6_0, value_name = "VERSION")]
    pub(crate) ocsf_version: OcsfVersion,
    /// Account whose Security Hub gets the findings; no other can import them.
    #[arg(
        long,
        value_name = "ACCOUNT",
        value_parser = written::account,
        required_if_eq("format", "asff")
    )]
    pub(crate) asff_account: Option<String>,
    /// Region of that Security Hub.
    #[arg(long, value_name = "REGION", value_parser = written::region, default_value = "us-east-1")]
    pub(crate) asff_region: String,
}
