//! `rolecall doctor`: what the trail, the permissions and the configuration cannot see.

use anyhow::Result;
use report::{Check, CheckState};
use server::clients::Clients;
use server::clock::SystemClock;
use server::config::{self, Request};
use server::doctor::{Outside, examine, gravest, of_problems};

use crate::Outcome;
use crate::args::{DoctorOptions, TraceFormat};
use crate::output;
use crate::serve;

pub(crate) fn run(options: &DoctorOptions) -> Result<Outcome> {
    let flags = serve::store_flag(options.store.as_ref());
    let request = serve::request(options.config.as_ref(), flags, &options.sources)?;
    let checks = checks(&request)?;
    let text = match options.format {
        TraceFormat::Json => report::doctor_json(&checks, env!("CARGO_PKG_VERSION")),
        TraceFormat::Table => report::doctor_text(&checks, &output::style(&options.output)),
    };
    output::write(&text, &options.output)?;
    let fail_on = options.fail_on.map(detect::Severity::from);
    let is_unknown = checks.iter().any(|check| check.state == CheckState::Unknown);
    Ok(match gravest(&checks).zip(fail_on) {
        Some((gravest, fail_on)) if gravest >= fail_on => Outcome::Findings,
        Some(_) | None if is_unknown => Outcome::Partial,
        Some(_) | None => Outcome::Done,
    })
}

/// What is wrong with the configuration does not keep the rest of it from being looked at.
fn checks(request: &Request) -> Result<Vec<Check>> {
    let loaded = config::load(request);
    let mut checks = of_problems(&loaded.problems);
    let Some(config) = loaded.config else {
        return Ok(checks);
    };
    let environment = config::environment();
    checks.extend(serve::runtime()?.block_on(async {
        let clients = Clients::of(&config).await?;
        let outside = Outside {
            environment: &environment,
            connection: clients.connection(),
            clock: &SystemClock,
        };
        anyhow::Ok(examine(&config, outside).await)
    })?);
    Ok(checks)
}
