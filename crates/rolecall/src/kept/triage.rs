//! `rolecall triage`: where an incident stands with people, and why.

use anyhow::Result;
use store::{Status, TriageChange};

use super::{find, incident, now, open, plain, who};
use crate::Outcome;
use crate::args::TriageOptions;
use crate::output;

pub(crate) fn run(options: &TriageOptions) -> Result<Outcome> {
    let who = who(options.who.as_deref())?;
    let mut store = open(&options.store)?;
    let id = find(&store, &options.incident)?.id;
    let before = store.set_triage(&TriageChange {
        incident: &id,
        status: options.status.map(Status::from),
        reason: options.reason.as_deref().unwrap_or_default(),
        note: options.note.as_deref(),
        who: &who,
        at: now(),
    })?;
    let after = store.triage(&id)?;
    let change = (&incident::triage(&before), &incident::triage(&after));
    let named = options.store.display().to_string();
    output::print(&report::triaged_text(&id, change, &named, &plain()))?;
    Ok(Outcome::Done)
}
