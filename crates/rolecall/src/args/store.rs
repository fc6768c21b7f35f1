//! The arguments of the commands on a store.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use store::Status;

use super::{OutputOptions, SeverityChoice, TraceFormat};

/// Where an incident stands with people, in the words of OCSF.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum StatusChoice {
    /// Nobody has looked at it.
    New,
    /// Somebody works on it.
    InProgress,
    /// It is not to be told of.
    Suppressed,
    /// It was dealt with.
    Resolved,
    /// It is kept for the record.
    Archived,
}

/// Arguments of `incidents`.
#[derive(Args, Debug)]
#[command(mut_arg("all", |arg| arg.help(
    "Lists withdrawn incidents and those that were dealt with as well; of one, its whole history"
)))]
pub(crate) struct IncidentsOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// The id of an incident, or its begin: tells everything about it.
    #[arg(conflicts_with_all = ["min_severity", "limit", "fail_on"])]
    pub(crate) incident: Option<String>,
    /// Lists incidents of this severity and above.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<SeverityChoice>,
    /// Lists so many at most.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// Exits with 3 when a listed incident that holds is at or above this severity.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityChoice>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// Arguments of `triage`.
#[derive(Args, Debug)]
pub(crate) struct TriageOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// The id of an incident, or its begin.
    pub(crate) incident: String,
    /// Where it stands.
    #[arg(long, value_enum, requires = "reason", required_unless_present = "note")]
    pub(crate) status: Option<StatusChoice>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// What else to know, in the place of the note that is there.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Who says so; the user's name unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) who: Option<String>,
}

/// Arguments of `suppress`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("subject").required(true))]
pub(crate) struct SuppressOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// Mutes findings about this account.
    #[arg(long, group = "subject", value_name = "ID", value_parser = account)]
    pub(crate) account: Option<String>,
    /// Mutes this incident.
    #[arg(long, group = "subject", value_name = "ID")]
    pub(crate) incident: Option<String>,
    /// Mutes what begins at this key, ARN, instance or subject.
    #[arg(long, group = "subject", value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// Mutes chains that all lead to this role, by its name or ARN.
    #[arg(long, group = "subject", value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Ends the suppression of this number.
    #[arg(long, group = "subject", value_name = "N")]
    pub(crate) end: Option<i64>,
    /// Mutes findings of this detector alone.
    #[arg(long, value_name = "ID", conflicts_with = "end")]
    pub(crate) detector: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT", required = true)]
    pub(crate) reason: String,
    /// Who answers for it.
    #[arg(long, value_name = "NAME", required_unless_present = "end", conflicts_with = "end")]
    pub(crate) owner: Option<String>,
    /// For how long, such as `8h` or `30d`; 366 days at most.
    #[arg(
        id = "for",
        long = "for",
        value_name = "DURATION",
        required_unless_present = "end",
        conflicts_with = "end"
    )]
    pub(crate) lasts: Option<String>,
    /// Who ends it; the user's name unless given.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["account", "incident", "origin", "role"])]
    pub(crate) who: Option<String>,
}

/// Arguments of `suppressions`.
#[derive(Args, Debug)]
#[command(mut_arg("all", |arg| arg.help("Lists those that are over as well")))]
pub(crate) struct SuppressionsOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// Arguments of `audit`.
#[derive(Args, Debug)]
#[command(mut_arg("all", |arg| arg.help("Lists every change")))]
pub(crate) struct AuditOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// Lists so many of the last changes.
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub(crate) limit: u32,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// What to do with a store.
#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Says how large it is and what is in it.
    Show(CheckOptions),
    /// Reads everything once and says what is damaged; exits with 4 if something is.
    Check(CheckOptions),
    /// Merges all evidence and gives room back; nothing else may write evidence meanwhile.
    Compact(CheckOptions),
}

/// Arguments of `store show`, `store check` and `store compact`.
#[derive(Args, Debug)]
#[command(mut_arg("all", |arg| arg.hide(true)))]
pub(crate) struct CheckOptions {
    /// The folder of the store.
    pub(crate) store: PathBuf,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// Reads the number of an account.
fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err("expected the twelve digits of an account".to_owned())
}

impl From<StatusChoice> for Status {
    fn from(choice: StatusChoice) -> Self {
        match choice {
            StatusChoice::New => Self::New,
            StatusChoice::InProgress => Self::InProgress,
            StatusChoice::Suppressed => Self::Suppressed,
            StatusChoice::Resolved => Self::Resolved,
            StatusChoice::Archived => Self::Archived,
        }
    }
}
