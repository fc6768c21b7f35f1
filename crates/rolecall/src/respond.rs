//! `rolecall respond`: the response plan of one incident, from a document or from logs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cloudtrail::Record;
use detect::{Analysis, Extent, Incident};
use evidence::Evidence;
use ingest::Fold;
use respond::{Answer, Plan, Watch};

use crate::Outcome;
use crate::args::{PlanFormat, RespondOptions};
use crate::knowledge;
use crate::output;
use crate::scan;
use crate::sources::Sources;

/// Bytes at the begin of a document that hold its schema.
const BEGIN_BYTES: u64 = 4_096;

pub(crate) fn run(options: &RespondOptions) -> Result<Outcome> {
    let (plan, unread) = plan(options)?;
    if !options.verify.is_empty() {
        return verify(options, &plan, unread);
    }
    output::write(&written(options, &plan), &options.output)?;
    for part in report::unread_lines(&unread) {
        output::say(&format!("not read: {part}"));
    }
    Ok(if unread.is_empty() { Outcome::Done } else { Outcome::Partial })
}

/// Evidence of newer logs, with the calls that set or undo what plans set.
#[derive(Default)]
struct Newer {
    evidence: Evidence,
    watch: Watch,
}

impl Fold for Newer {
    fn record(&mut self, record: &Record<'_>) -> u64 {
        self.watch.record(record);
        self.evidence.record(record)
    }

    fn merge(&mut self, other: Self) {
        self.evidence.merge(other.evidence);
        self.watch.merge(other.watch);
    }
}

/// `unread` are the parts that could not be read of the logs behind the plan.
fn verify(options: &RespondOptions, plan: &Plan, mut unread: Vec<String>) -> Result<Outcome> {
    let sources = Sources::parse(&options.verify, &options.fetch)?;
    let scan = sources.scan::<Newer>(options.threads, options.output.quiet)?;
    let mut newer = scan.fold;
    let mut read = scan.coverage;
    for store in sources.stores() {
        let (evidence, coverage) = scan::learned(store)?;
        read.merge(coverage);
        newer.merge(Newer { watch: Watch::of(&evidence), evidence });
    }
    let is_partial = read.is_partial();
    // The plan may be of a part of these logs, or of the same store.
    let known: BTreeSet<String> = unread.iter().cloned().collect();
    let newer_unread = self::unread(is_partial, &server::coverage::told(read));
    unread.extend(newer_unread.into_iter().filter(|part| !known.contains(part)));
    let verdict = respond::verify(plan, &newer.evidence, &newer.watch, unread);
    let text = match options.format {
        PlanFormat::Json => report::verdict_json(&verdict),
        PlanFormat::Text => report::verdict_text(&verdict, &output::style(&options.output)),
        PlanFormat::Md | PlanFormat::Sh => {
            bail!("a verification is written as text or json");
        }
    };
    output::write(&text, &options.output)?;
    Ok(match verdict.answer {
        Answer::Clean => Outcome::Done,
        Answer::NotClean => Outcome::Findings,
        Answer::CannotTell => Outcome::Partial,
    })
}

/// What could not be read, a line each; none where all was.
fn unread(is_partial: bool, coverage: &report::Coverage) -> Vec<String> {
    let skipped = coverage.skipped.iter().filter(|_| is_partial);
    let mut unread: Vec<String> = skipped
        .map(|skipped| match skipped.records {
            0 => format!("{}: {}", skipped.source, skipped.reason),
            1 => format!("{}: {} (1 record)", skipped.source, skipped.reason),
            records => format!("{}: {} ({records} records)", skipped.source, skipped.reason),
        })
        .collect();
    if is_partial && unread.is_empty() {
        unread.push("a part of the logs".to_owned());
    }
    unread
}

fn written(options: &RespondOptions, plan: &Plan) -> String {
    match options.format {
        PlanFormat::Text => report::plan_text(plan, &output::style(&options.output)),
        PlanFormat::Md => report::plan_markdown(plan),
        PlanFormat::Sh => report::plan_shell(plan),
        PlanFormat::Json => report::plan_json(plan),
    }
}

/// The plan, and what could not be read of the logs behind it.
fn plan(options: &RespondOptions) -> Result<(Plan, Vec<String>)> {
    if let [source] = options.sources.as_slice()
        && is_document(Path::new(source))
    {
        let text = fs::read_to_string(source).with_context(|| format!("cannot read `{source}`"))?;
        let plan = of_document(&text, options).with_context(|| format!("in `{source}`"))?;
        return Ok((plan, Vec::new()));
    }
    let sources = Sources::parse(&options.sources, &options.fetch)?;
    let mut reading = scan::read(&sources, options.threads, options.output.quiet)?;
    let analysis = detect::analyze(&reading.evidence, knowledge::nothing());
    reading.keep();
    let names = analysis.incidents.iter().map(|one| (one.id.as_str(), names(&analysis, one)));
    let names: Vec<(&str, BTreeSet<&str>)> = names.collect();
    let id = find(&options.incident, names.iter().map(|(id, _)| *id), |id| {
        names.iter().any(|(other, names)| *other == id && names.contains(options.incident.as_str()))
    })?;
    let incident = analysis.incidents.iter().find(|incident| incident.id == id);
    let planned = incident.zip(analysis.extents.get(&id));
    let plan =
        planned.map(|(incident, extent): (&Incident, &Extent)| respond::plan(incident, extent));
    let unread = unread(reading.is_partial, &reading.coverage);
    Ok((plan.with_context(|| nothing_to_do(&id))?, unread))
}

fn nothing_to_do(id: &str) -> String {
    format!("incident {id} is informational: there is nothing to respond to")
}

/// Whether `path` is a scan document or a plan, and no log.
fn is_document(path: &Path) -> bool {
    let mut begin = Vec::new();
    let is_read = path.is_file()
        && fs::File::open(path)
            .is_ok_and(|file| file.take(BEGIN_BYTES).read_to_end(&mut begin).is_ok());
    let begin = String::from_utf8_lossy(&begin);
    let has = |schema: &str| begin.contains(&format!("\"schema\": \"rolecall.{schema}/"));
    is_read && (has("scan") || has("plan"))
}

fn of_document(text: &str, options: &RespondOptions) -> Result<Plan> {
    let planned = report::plan_of_json(text).map_err(anyhow::Error::msg)?;
    let wanted = serde_json_text(&options.incident);
    let id = find(&options.incident, planned.iter().map(|one| one.incident_id.as_str()), |id| {
        planned.iter().any(|one| one.incident_id == id && one.names.contains(&wanted))
    })?;
    let found = planned.into_iter().find(|one| one.incident_id == id);
    found.and_then(|one| one.plan).with_context(|| nothing_to_do(&id))
}

/// `text` as it stands in a JSON document that was written in one line.
fn serde_json_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The one of `ids` that begins with `wanted`, or the one that `is_about` it.
fn find<'i>(
    wanted: &str,
    ids: impl Iterator<Item = &'i str> + Clone,
    is_about: impl Fn(&str) -> bool,
) -> Result<String> {
    let by_id: Vec<&str> = ids.clone().filter(|id| id.starts_with(wanted)).collect();
    let found =
        if by_id.is_empty() { ids.clone().filter(|id| is_about(id)).collect() } else { by_id };
    match found.as_slice() {
        [id] => Ok((*id).to_owned()),
        [] => bail!(
            "no incident is called `{wanted}` or is about it; there are {}",
            listed(&ids.collect::<Vec<_>>())
        ),
        several => bail!("`{wanted}` is {} incidents: {}", several.len(), listed(several)),
    }
}

fn listed(ids: &[&str]) -> String {
    let shown: Vec<&str> = ids.iter().copied().take(20).collect();
    match (ids.len(), shown.len()) {
        (0, _) => "none".to_owned(),
        (all, shown_number) if all > shown_number => {
            format!("{} and {} more", shown.join(", "), all - shown_number)
        }
        _ => shown.join(", "),
    }
}

/// Keys, instances and ARNs that `incident` is about.
fn names<'a>(analysis: &'a Analysis, incident: &'a Incident) -> BTreeSet<&'a str> {
    let origin = &incident.origin;
    let of_origin = [&origin.access_key_id, &origin.principal_arn, &origin.instance_id];
    let mut names: BTreeSet<&str> = of_origin.into_iter().flatten().map(|name| &**name).collect();
    let Some(extent) = analysis.extents.get(&incident.id) else {
        return names;
    };
    for holder in &extent.credentials {
        names.extend(holder.access_key_ids.iter().map(|key| &**key));
        names.extend(holder.principal_arn.as_deref());
    }
    names.extend(extent.roles.iter().map(|role| &*role.arn));
    names.extend(extent.users.iter().filter_map(|user| user.arn.as_deref()));
    names.extend(extent.left_behind.iter().filter_map(|left| left.access_key_id.as_deref()));
    names
}
