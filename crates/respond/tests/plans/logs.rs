//! Logs, and the plans of their incidents.

use std::fs;
use std::path::{Path, PathBuf};

use detect::Analysis;
use evidence::Evidence;
use respond::{Command, Plan, Step, Verdict, Watch};

/// Every log that a detector fires on.
pub(crate) fn firing() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    let mut paths = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.starts_with("fires_") && path.extension().is_some_and(|one| one == "jsonl") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 30, "{}", paths.len());
    paths
}

/// The log of `detector` named `name`.
pub(crate) fn log(detector: &str, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/fixtures");
    fs::read_to_string(root.join(detector).join(format!("{name}.jsonl"))).unwrap()
}

/// The log of the leaked key.
pub(crate) fn bob() -> String {
    log("role_chaining", "fires_leaked_key_to_the_user_bob")
}

/// What `log` tells.
pub(crate) fn analyzed(log: &str) -> Analysis {
    let mut evidence = Evidence::default();
    cloudtrail::read(log.as_bytes(), &mut |record| {
        evidence.record(record);
    });
    detect::analyze(&evidence, detect::Settings::default())
}

/// The plans of the incidents in `log`, gravest first.
pub(crate) fn plans(log: &str) -> Vec<Plan> {
    let analysis = analyzed(log);
    let incidents = analysis.incidents.iter();
    incidents
        .filter_map(|incident| Some(respond::plan(incident, analysis.extents.get(&incident.id)?)))
        .collect()
}

/// What `log` says about the response `plan`.
pub(crate) fn verified_by(plan: &Plan, log: &str) -> Verdict {
    let (mut evidence, mut watch) = (Evidence::default(), Watch::default());
    cloudtrail::read(log.as_bytes(), &mut |record| {
        watch.record(record);
        evidence.record(record);
    });
    respond::verify(plan, &evidence, &watch, Vec::new())
}

/// Every command of `step`.
pub(crate) fn commands(step: &Step) -> Vec<&Command> {
    let check = step.check.as_ref().map(|check| &check.command);
    let needed = step.precondition.as_ref().map(|precondition| &precondition.command);
    let commands = step.preview.iter().chain(&step.command).chain(check).chain(&step.undo);
    commands.chain(needed).collect()
}

/// The step of `plan` whose id begins with `begin`.
pub(crate) fn step<'p>(plan: &'p Plan, begin: &str) -> &'p Step {
    let ids: Vec<&String> = plan.steps.iter().map(|step| &step.id).collect();
    plan.steps
        .iter()
        .find(|step| step.id.starts_with(begin))
        .unwrap_or_else(|| panic!("{begin} in {ids:#?}"))
}
