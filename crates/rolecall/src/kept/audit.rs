//! `rolecall audit`: what people changed in a store.

use anyhow::Result;
use report::KeptAudit;

use super::{open, time};
use crate::Outcome;
use crate::args::{AuditOptions, TraceFormat};
use crate::output;

pub(crate) fn run(options: &AuditOptions) -> Result<Outcome> {
    let limit = if options.output.all { u32::MAX } else { options.limit };
    let entries = open(&options.store)?.audit(None, limit)?;
    let entries = entries.into_iter().map(|entry| KeptAudit {
        number: entry.number,
        at: time(entry.at),
        who: entry.who,
        action: entry.action,
        subject: entry.subject,
        before: entry.before,
        after: entry.after,
        reason: entry.reason,
    });
    let entries: Vec<KeptAudit> = entries.collect();
    let text = match options.format {
        TraceFormat::Json => report::audit_json(&entries),
        TraceFormat::Table => report::audit_text(&entries, &output::style(&options.output)),
    };
    output::write(&text, &options.output)?;
    Ok(Outcome::Done)
}
