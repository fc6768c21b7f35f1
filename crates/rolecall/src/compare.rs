//! `rolecall compare`: what changed from one scan document to a later one.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::Outcome;
use crate::args::{CompareOptions, TraceFormat};
use crate::files;
use crate::output;

/// Largest document that is read, in bytes.
const DOCUMENT_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// How the name of every scan document's form begins.
const SCHEMA: &str = "rolecall.scan/";

pub(crate) fn run(options: &CompareOptions) -> Result<Outcome> {
    let (before, after) = (document(&options.before)?, document(&options.after)?);
    let comparison = report::compare(&before, &after);
    let text = match options.format {
        TraceFormat::Table => report::comparison_text(&comparison, &output::style(&options.output)),
        TraceFormat::Json => report::comparison_json(&comparison),
    };
    output::write(&text, &options.output)?;
    let fail_on = options.fail_on.map(detect::Severity::from);
    Ok(match comparison.gravest().zip(fail_on) {
        Some((gravest, fail_on)) if gravest >= fail_on => Outcome::Findings,
        Some(_) | None => Outcome::Done,
    })
}

fn document(path: &Path) -> Result<Value> {
    let bytes = files::read(path, DOCUMENT_BYTES_MAX)?;
    let context = || format!("`{}` is no scan document", path.display());
    let document: Value = serde_json::from_slice(&bytes).with_context(context)?;
    let schema = document.get("schema").and_then(Value::as_str).unwrap_or_default();
    if !schema.starts_with(SCHEMA) {
        bail!("`{}` is no scan document; `rolecall scan --format json` writes one", path.display());
    }
    Ok(document)
}
