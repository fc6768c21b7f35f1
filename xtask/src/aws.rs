//! Runs everything that speaks to AWS against an endpoint that speaks AWS's protocols, and tries
//! what `deploy/` sets up.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::Output;
use crate::python;
use crate::workspace::Workspace;

/// Where tests find the address of the endpoint; without it they are skipped.
const ENDPOINT: &str = "ROLECALL_TEST_ENDPOINT";

/// What each test prints that has run.
const RAN: &str = "against http://";

/// The targets whose tests need the endpoint.
const TARGETS: [&str; 2] = ["buckets", "endpoint"];

/// What the tests see of AWS's own settings: nothing of whoever runs them.
const SETTINGS: [(&str, &str); 6] = [
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
];

/// What of them must not be there.
const ABSENT: [&str; 9] = [
    "AWS_CA_BUNDLE",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
];

/// Tries `deploy/`, starts the endpoint and runs the tests; returns how many ran.
pub(crate) fn run(workspace: &Workspace, output: &Output) -> Result<String> {
    let python = python::environment(workspace, output)?;
    let folder = workspace.root.join("xtask").join("aws");
    let mut deploy = Command::new(&python);
    deploy.current_dir(&folder).args(["-B", "-W", "ignore", "-m", "unittest", "--verbose"]);
    output.run(&mut deploy)?;
    for target in TARGETS {
        against_endpoint(workspace, output, target, &[])?;
    }
    note(&output.written()?)
}

/// Starts an endpoint, an account in which there is nothing, and runs the tests of `target`
/// against it, with `more` in their environment.
pub(crate) fn against_endpoint(
    workspace: &Workspace,
    output: &Output,
    target: &str,
    more: &[(&str, &Path)],
) -> Result<()> {
    let python = python::environment(workspace, output)?;
    let folder = workspace.root.join("xtask").join("aws");
    let mut command = Command::new(python);
    let endpoint = Endpoint::start(command.current_dir(folder).args(["-B", "endpoint.py"]))?;
    // All of the workspace, so that nothing is built with other features than in other gates.
    let arguments = ["test", "--workspace", "--test", target, "--", "--show-output"];
    let mut tests = workspace.cargo(arguments);
    tests.envs(SETTINGS).env("AWS_ENDPOINT_URL", &endpoint.url).env(ENDPOINT, &endpoint.url);
    tests.envs(more.iter().copied());
    for name in ABSENT {
        tests.env_remove(name);
    }
    output.run(&mut tests)
}

/// The endpoint's process, which ends with this value.
struct Endpoint {
    process: Child,
    url: String,
}

impl Endpoint {
    fn start(command: &mut Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the endpoint")?;
        let mut url = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        let endpoint = Self { process, url: url.trim().to_owned() };
        if !endpoint.url.starts_with("http://") {
            bail!("the endpoint does not say where it is");
        }
        Ok(endpoint)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn note(log: &str) -> Result<String> {
    let n_ran = ran_against_endpoint(log)?;
    let n_deploy = log.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next());
    match n_deploy.and_then(|number| number.parse::<usize>().ok()) {
        Some(n_deploy) if n_deploy > 0 => Ok(format!("{n_ran} tests, {n_deploy} of deploy/")),
        Some(_) | None => bail!("no test of `deploy/` ran"),
    }
}

/// How many tests ran. One that was skipped has proved nothing; each that ran says against what.
pub(crate) fn ran_against_endpoint(log: &str) -> Result<usize> {
    let n_ran = log.lines().filter(|line| line.starts_with(RAN)).count();
    let results = log.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    let passed = results.filter_map(|line| line.split_once(" passed")?.0.parse::<usize>().ok());
    let n_passed: usize = passed.sum();
    if n_ran == 0 {
        bail!("no test ran against the endpoint");
    }
    if n_ran != n_passed {
        bail!("{n_passed} tests passed, but {n_ran} say that they ran against the endpoint");
    }
    Ok(n_ran)
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn tests_that_were_skipped_have_not_passed() {
        let ran = "against http://127.0.0.1:5000\n";
        let skipped = "skipped: ROLECALL_TEST_ENDPOINT is not set\n";
        let passed = "test result: ok. 1 passed; 0 failed\n";
        let deploy = "Ran 4 tests in 13.045s\n";
        assert!(note("").is_err());
        assert!(note(&format!("{deploy}{skipped}{passed}")).is_err());
        assert!(note(&format!("{deploy}{ran}{passed}{skipped}{passed}")).is_err());
        assert!(note(&format!("{ran}{passed}")).is_err());
        assert!(note(&format!("Ran 0 tests in 0.000s\n{ran}{passed}")).is_err());
        let both = format!("{deploy}{ran}{passed}{ran}{passed}");
        assert_eq!(note(&both).unwrap(), "2 tests, 4 of deploy/");
    }
}
