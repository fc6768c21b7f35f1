//! `rolecall trace`: one credential, role, user or instance, both ways.

use anyhow::{Result, bail};

use crate::Outcome;
use crate::args::{TraceFormat, TraceOptions};
use crate::knowledge::Knowledge;
use crate::output;
use crate::scan;
use crate::sources::Sources;

pub(crate) fn run(options: &TraceOptions) -> Result<Outcome> {
    let sources = Sources::parse(&options.sources, &options.fetch)?;
    let mut knowledge = Knowledge::read(&options.knowledge, options.output.quiet)?;
    let name = Some(options.subject.as_str());
    let mut reading = scan::read_for(name, &sources, options.threads, options.output.quiet)?;
    knowledge.add_to(&mut reading);
    let trace = detect::trace(&reading.evidence, knowledge.settings(), &options.subject);
    if trace.parts.is_empty() {
        bail!(
            "`{}` is not in these logs ({} events); try a key, an ARN, a role, a user, a session \
             name or an instance",
            options.subject,
            reading.coverage.events
        );
    }
    let text = match options.format {
        TraceFormat::Table => report::trace_text(&trace, &output::style(&options.output)),
        TraceFormat::Json => report::trace_json(&trace),
    };
    output::write(&text, &options.output)?;
    Ok(if reading.is_partial { Outcome::Partial } else { Outcome::Done })
}
