//! The arguments of `verify`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{OutputOptions, SeverityChoice, TraceFormat};

/// What the exit codes of `verify` mean.
const VERIFY_CODES: &str = "Exit codes:
  0  everything is verified and as CloudTrail delivered it
  1  failed
  2  wrong usage
  3  something is changed, moved, missing or not named by a digest, at or above --fail-on
  4  nothing is seen to be changed, and part of it could not be verified";

/// Arguments of `verify`.
#[derive(Args, Debug)]
#[command(after_help = VERIFY_CODES)]
pub(crate) struct VerifyArguments {
    /// A trail's bucket, `s3://BUCKET/PREFIX`, or copies of one, with digests and log files:
    /// folders, files, globs.
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Output of `aws cloudtrail list-public-keys`; may be repeated, as for every Region. AWS is
    /// asked where a bucket is verified without.
    #[arg(long, value_name = "FILE")]
    pub(crate) public_keys: Vec<PathBuf>,
    /// Outputs of `aws s3api head-object` about digests, each with its `Key`; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) signatures: Vec<PathBuf>,
    /// The bucket that this is a copy of; digests of another one were moved. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) bucket: Vec<String>,
    /// Verifies what was delivered after this time (RFC 3339, UTC).
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Verifies what was delivered before this time (RFC 3339, UTC).
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Written form.
    #[arg(short, long, value_enum, default_value_t = TraceFormat::Table)]
    pub(crate) format: TraceFormat,
    /// Exits with 3 when a finding is at or above this severity; a gap is low.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityChoice::Medium)]
    pub(crate) fail_on: SeverityChoice,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// Worker threads; one for each core unless given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}
