//! AWS's published address ranges, which anyone may fetch without credentials.

use std::io::Read as _;
use std::time::Duration;

use ureq::Agent;

/// Where AWS publishes its address ranges (Amazon VPC user guide, "AWS IP address ranges").
pub const IP_RANGES_URL: &str = "https://ip-ranges.amazonaws.com/ip-ranges.json";

/// Largest answer that is read, in bytes. The list of August 2026 has about two million.
pub const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Longest time that one fetch takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Redirects that are followed.
const REDIRECTS_MAX: u32 = 3;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server answered with a status that is no success.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// The answer is larger than [`ANSWER_BYTES_MAX`].
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    /// No whole answer came: no such host, no connection, no trust, no time.
    #[error(transparent)]
    Failed(ureq::Error),
    /// The answer ended early.
    #[error("the answer ended early")]
    Broken(#[source] std::io::Error),
}

/// The bytes at `url`, as they are published. A proxy is taken from the environment.
///
/// # Errors
///
/// Where no whole answer of a bearable size comes within a minute: see [`FetchError`].
pub fn fetch(url: &str) -> Result<Vec<u8>, FetchError> {
    let agent: Agent = Agent::config_builder()
        // A redirect may not lead from a trusted connection to an open one.
        .https_only(url.starts_with("https://"))
        .http_status_as_error(false)
        .max_redirects(REDIRECTS_MAX)
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let answer = agent.get(url).call().map_err(FetchError::Failed)?;
    if !answer.status().is_success() {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    let mut bytes = Vec::new();
    let mut body = answer.into_body().into_reader().take(ANSWER_BYTES_MAX + 1);
    body.read_to_end(&mut bytes).map_err(FetchError::Broken)?;
    if bytes.len() as u64 > ANSWER_BYTES_MAX {
        return Err(FetchError::TooLarge);
    }
    Ok(bytes)
}
