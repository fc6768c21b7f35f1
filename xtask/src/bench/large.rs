//! Measures the service on a store that holds a large organization.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::logs;
use crate::process::Output;
use crate::python;
use crate::workspace::{Profile, Workspace};

/// JSON of the week that the large organization has had last.
const LAST_WEEK_MIB: u64 = 1024;

/// Fills a store with `credentials` credentials, once, and prints how long a service takes to
/// start with it, and to tell people of an object.
pub(super) fn run(workspace: &Workspace, credentials: u64) -> Result<()> {
    let program = workspace.build(Profile::Release, &Output::Terminal)?;
    let bench = workspace.target_folder("bench")?;
    let store = bench.join(format!("store-{credentials}"));
    let filled = bench.join(format!("store-{credentials}.complete"));
    if !filled.exists() {
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        let mut fill = Command::new(&program);
        fill.arg("bench").arg(&store).args(["--stage", "fill"]);
        fill.args(["--credentials", &credentials.to_string()]);
        Output::Terminal.run(&mut fill)?;
        let week = logs::generate(&program, &bench, LAST_WEEK_MIB)?;
        let mut serve = Command::new(&program);
        serve.args(["serve", "--once", "--store"]).arg(&store).arg(week);
        Output::Terminal.run(&mut serve)?;
        fs::write(&filled, b"").with_context(|| format!("cannot write `{}`", filled.display()))?;
    }
    let python = python::environment(workspace, &Output::Terminal)?;
    let mut measure = Command::new(python);
    measure.current_dir(workspace.root.join("xtask").join("aws"));
    measure.args(["-B", "alerts.py"]).arg(&program).arg(&store);
    let printed = Output::Terminal.capture(&mut measure)?;
    let line = printed.lines().last().unwrap_or_default();
    let told: Value =
        serde_json::from_str(line).with_context(|| format!("it printed `{printed}`"))?;
    let get = |name: &str| told.get(name).cloned().unwrap_or_default();
    let mb = |name: &str| get(name).as_u64().unwrap_or_default() / 1_000_000;
    println!("{} credentials, of which {} are analyzed", get("credentials"), get("analyzed"));
    println!("start until ready          {} s", get("start_seconds"));
    println!("from notification to alert {} s", get("alert_seconds"));
    println!("the same while others come {} s", get("busy_alert_seconds"));
    println!("resident memory {} MB, at most {} MB", mb("rss_bytes"), mb("peak_rss_bytes"));
    Ok(())
}
