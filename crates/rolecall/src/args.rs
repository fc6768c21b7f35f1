//! The arguments of every command.

mod bench;
mod doctor;
mod evaluate;
mod export;
mod serve;
mod simulate;
mod store;
mod tune;
mod verify;

pub(crate) use bench::{BenchOptions, Stage};
pub(crate) use doctor::DoctorOptions;
pub(crate) use evaluate::{EvaluateOptions, EvaluationFormat};
pub(crate) use export::{ExportOptions, OcsfVersion, PerChoice};
pub(crate) use serve::{ConfigAction, ConfigOptions, ConsoleOptions, ServeOptions};
pub(crate) use simulate::SimulateOptions;
pub(crate) use store::{
    AuditOptions, CheckOptions, IncidentsOptions, StoreCommand, SuppressOptions,
    SuppressionsOptions, TriageOptions,
};
pub(crate) use tune::TuneOptions;
pub(crate) use verify::VerifyArguments;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::knowledge;

/// Follows AWS credentials back to their origin and finds role chains that end in persistence.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scans a generated organization with the attacks that this program is made for.
    Demo(DemoOptions),
    /// Reads logs once: files, folders, globs, standard input, S3, event history; or what a store has
    /// read.
    Scan(ScanOptions),
    /// Watches folders, buckets and queues, keeps what it learns, and tells people once.
    Serve(ServeOptions),
    /// Opens the console over a store or over logs.
    Console(ConsoleOptions),
    /// Checks or prints the configuration of `serve`.
    Config(ConfigOptions),
    /// Says what the trail, the permissions and the configuration cannot see.
    Doctor(DoctorOptions),
    /// Follows one credential, role, user or instance: where it came from, what it handed out.
    Trace(TraceOptions),
    /// Says whether log files are the ones that CloudTrail delivered, by its signed digests.
    Verify(VerifyArguments),
    /// Compares two scan documents: what is new, what grew, what was withdrawn and why.
    Compare(CompareOptions),
    /// Prints the response plan of an incident: what to do, in order, and how to go back.
    Respond(RespondOptions),
    /// Lists the incidents of a store, or tells what became of one.
    Incidents(IncidentsOptions),
    /// Writes down where an incident of a store stands, and why.
    Triage(TriageOptions),
    /// Mutes alerts of a store for a time, or ends that.
    Suppress(SuppressOptions),
    /// Lists what is muted in a store.
    Suppressions(SuppressionsOptions),
    /// Lists what people changed in a store.
    Audit(AuditOptions),
    /// Looks after a store: how large it is, whether it is whole, and giving room back.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Finds how much surprise is worth an alert, by one's own history.
    Tune(TuneOptions),
    /// Tells what a detector sees, why, its blind spots and known false positives.
    Explain(ExplainOptions),
    /// Writes labelled logs of an invented organization, and the truth beside them.
    Simulate(SimulateOptions),
    /// Measures on generated organizations how well attacks are found, beside simple rules.
    Evaluate(EvaluateOptions),
    /// Fetches AWS's own list of its address ranges, which tells inside AWS from outside.
    UpdateIpRanges(UpdateOptions),
    /// Measures one stage of a scan.
    #[command(hide = true)]
    Bench(BenchOptions),
}

/// Written form of findings.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// Tables and trees for a terminal.
    Table,
    /// The scan document.
    Json,
    /// A report in one file that needs no network.
    Html,
    /// A finding of the scan document a line, with its incident.
    Ndjson,
    /// A finding a row, for spreadsheets.
    Csv,
    /// Detection Findings of OCSF: one JSON array.
    Ocsf,
    /// Findings for AWS Security Hub's `BatchImportFindings`: one JSON array.
    Asff,
}

/// Written form of a trace or a comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum TraceFormat {
    /// Trees for a terminal.
    Table,
    /// One JSON object.
    Json,
}

/// When to paint.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Severity, least urgent first.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SeverityChoice {
    /// Every finding.
    Informational,
    /// Low and above.
    Low,
    /// Medium and above.
    Medium,
    /// High and above.
    High,
    /// Critical.
    Critical,
}

/// Where the output goes and what it looks like.
#[derive(Args, Clone, Debug)]
pub(crate) struct OutputOptions {
    /// Writes to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replaces the output file if it exists.
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// When to paint.
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Columns of the output; those of the terminal unless given.
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) width: Option<usize>,
    /// Lists everything in full: informational incidents, habits, and what was skipped.
    #[arg(long)]
    pub(crate) all: bool,
    /// Says nothing on standard error but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Which findings to show, by the time of their events.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct WindowOptions {
    /// Shows findings with events after this time (RFC 3339, UTC).
    #[arg(long, value_name = "TIME", conflicts_with = "since")]
    pub(crate) from: Option<String>,
    /// Shows findings with events before this time (RFC 3339, UTC).
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Shows findings with events in this long before the newest event, such as `24h` or `7d`.
    #[arg(long, value_name = "DURATION")]
    pub(crate) since: Option<String>,
}

/// What the user knows beyond the logs.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Beyond the logs")]
pub(crate) struct KnowledgeOptions {
    /// What AWS's own tools list, such as `aws ec2 describe-instances`; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Vec<PathBuf>,
    /// AWS's address ranges; those of `update-ip-ranges` unless given, `none` for neither.
    #[arg(long, value_name = "FILE")]
    pub(crate) ip_ranges: Option<PathBuf>,
    /// A range that one's own traffic leaves from, such as a VPN's; may be repeated.
    #[arg(long, value_name = "CIDR[=NAME]", value_parser = knowledge::egress)]
    pub(crate) egress: Vec<detect::Egress>,
    /// Database of countries or networks (`.mmdb`); may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) geo: Vec<PathBuf>,
    /// What people accepted, and what `tune` found: TOML, see docs/unusual-use.md.
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
}

/// What to fetch of sources in AWS.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sources in AWS")]
pub(crate) struct FetchOptions {
    /// Fetches objects delivered, or event history that happened, from this time on (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) fetch_from: Option<String>,
    /// Fetches objects delivered, or event history that happened, up to this time (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) fetch_to: Option<String>,
}

/// Arguments of `scan`.
#[derive(Args, Debug)]
pub(crate) struct ScanOptions {
    /// Files, folders, globs, stores, or `-`; or `s3://BUCKET/PREFIX`, `cloudtrail://REGION,…`.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Exits with 3 when a finding is at or above this severity.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityChoice>,
    #[command(flatten)]
    pub(crate) window: WindowOptions,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) export: ExportOptions,
    #[command(flatten)]
    pub(crate) knowledge: KnowledgeOptions,
    #[command(flatten)]
    pub(crate) fetch: FetchOptions,
}

/// Arguments of `trace`.
#[derive(Args, Debug)]
pub(crate) struct TraceOptions {
    /// A key, ARN, role, user, role session name, instance or principal id.
    pub(crate) subject: String,
    /// Files, folders, globs, stores, or `-`; or `s3://BUCKET/PREFIX`, `cloudtrail://REGION,…`.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) knowledge: KnowledgeOptions,
    #[command(flatten)]
    pub(crate) fetch: FetchOptions,
}

/// Written form of a response plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For a terminal.
    Text,
    /// Markdown, for a ticket.
    Md,
    /// A script for a POSIX shell that stops at each step for a confirmation.
    Sh,
    /// One JSON object, for a runner.
    Json,
}

/// Arguments of `respond`.
#[derive(Args, Debug)]
pub(crate) struct RespondOptions {
    /// The id of an incident or its begin, or a key, instance or ARN that one incident is about.
    pub(crate) incident: String,
    /// A scan document, or logs as `scan` takes them.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Reads newer logs, or a store, and says what of the chain still works; exits with 3 if something does.
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    pub(crate) verify: Vec<String>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) fetch: FetchOptions,
}

/// Written form of an explanation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For a terminal.
    Text,
    /// For documents.
    Markdown,
    /// The ids of all detectors, one a line.
    Ids,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainOptions {
    /// Id of a detector; all of them unless given.
    pub(crate) detector: Option<String>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

/// Arguments of `compare`.
#[derive(Args, Debug)]
pub(crate) struct CompareOptions {
    /// The earlier scan document.
    pub(crate) before: PathBuf,
    /// The later scan document.
    pub(crate) after: PathBuf,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    /// Exits with 3 when a finding that is new or rose is at or above this severity.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityChoice>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// Arguments of `update-ip-ranges`.
#[derive(Args, Debug)]
pub(crate) struct UpdateOptions {
    /// Writes to this file instead of the one in the user's folder for caches.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Where to fetch from.
    #[arg(long, default_value = aws::IP_RANGES_URL)]
    pub(crate) url: String,
    /// Says nothing on standard error but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Arguments of `demo`.
#[derive(Args, Debug)]
pub(crate) struct DemoOptions {
    /// The same seed gives the same organization.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Written form; the table comes with a report beside it.
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Does not open the report or the console in a browser.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Serves the console over the organization until it is interrupted.
    #[arg(long)]
    pub(crate) console: bool,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) export: ExportOptions,
}
