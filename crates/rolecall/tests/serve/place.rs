//! Where `serve` runs, and what it left behind beside what a scan of the same objects finds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use store::Store;

use crate::hook::Hook;
use crate::organization::{Deliveries, as_files};

/// Longest wait for anything; it is never reached where all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// Longer than the quiet period.
const QUIET: Duration = Duration::from_millis(1_200);

/// The folder of one test.
pub(crate) struct Place {
    root: tempfile::TempDir,
}

impl Place {
    /// A place with a configuration that has `sources`, in TOML, and tells `hook`.
    pub(crate) fn new(sources: &str, hook: &Hook) -> Self {
        let root = tempfile::tempdir().unwrap();
        let toml = format!(
            "[store]\npath = \"store\"\n[analysis]\nsettle = \"1s\"\n\
             [listen]\nmetrics = \"127.0.0.1:0\"\n\
             [console]\naddress = \"127.0.0.1:0\"\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nquiet_period = \"1s\"\nurl = \"{}\"\n{sources}",
            hook.url
        );
        fs::write(root.path().join("rolecall.toml"), toml).unwrap();
        Self { root }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path("store")
    }

    /// `serve`, whose log goes to a file.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(&[&["serve"], arguments].concat());
        command.stdout(Stdio::null()).stderr(self.log_file());
        command
    }

    pub(crate) fn start(&self) -> Served {
        Served(self.serve(&[]).spawn().unwrap())
    }

    /// Serves until nothing is left, and says what the quiet period held back; gives the exit code.
    pub(crate) fn once(&self) -> Option<i32> {
        thread::sleep(QUIET);
        self.serve(&["--once"]).status().unwrap().code()
    }

    /// Serves with no file allowed to grow beyond `kib`, as on a disk that is full.
    pub(crate) fn start_within(&self, kib: usize) -> Served {
        let mut command = Command::new("sh");
        // Blocks are of 512 bytes.
        let limited = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$0\" serve", 2 * kib);
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_rolecall")]);
        command.current_dir(self.root.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(self.log_file());
        Served(command.spawn().unwrap())
    }

    fn log_file(&self) -> File {
        File::options().create(true).append(true).open(self.path("log")).unwrap()
    }

    /// Everything that `serve` has logged here.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).current_dir(self.root.path()).stdin(Stdio::null());
        // Nothing that lies in the cache of this machine may be read.
        command.env("XDG_CACHE_HOME", self.path("no-cache"));
        command
    }

    /// What `scan` prints of `sources`.
    pub(crate) fn scan(&self, sources: &[&str]) -> String {
        let arguments = [&["scan", "--format", "json", "-q"], sources].concat();
        let output = self.program(&arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.starts_with('{'), "scan {sources:?}: {errors}");
        text
    }

    /// Objects that are done.
    pub(crate) fn n_done(&self) -> u64 {
        let done = Store::open_beside(&self.store()).and_then(|store| store.objects_by_source());
        // There is no store before the first start.
        done.map(|by_source| by_source.values().sum()).unwrap_or_default()
    }

    /// Waits until `condition` holds.
    pub(crate) fn wait_for(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let began = Instant::now();
        while !condition() {
            assert!(began.elapsed() < PATIENCE, "{what}: waited in vain; {}", tail(&self.log()));
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Fails unless the store holds exactly what was put: what it found, what it knows, and what
    /// it read are those of a scan, and of a store that never was in trouble.
    pub(crate) fn check(&self, deliveries: &Deliveries) {
        let mut objects = deliveries.puts.clone();
        objects.sort();
        objects.dedup();
        as_files(&objects, &self.path("files"));
        let (of_store, of_files) = (self.scan(&["store"]), self.scan(&["files"]));
        let (kept, expected) = (found(&of_store), found(&of_files));
        assert!(kept == expected, "the store differs from a scan: {}", difference(kept, expected));
        let document: Value = serde_json::from_str(&of_files).unwrap();
        let n_findings = document["findings"].as_array().unwrap().len();
        assert!(n_findings > 5, "only {n_findings} findings: a comparison of little");

        let mut undisturbed = self.program(&["serve", "--once", "--config", "none.toml"]);
        fs::write(self.path("none.toml"), "").unwrap();
        undisturbed.args(["--store", "undisturbed", "files"]);
        let status = undisturbed.stderr(Stdio::null()).stdout(Stdio::null()).status().unwrap();
        let is_partial = !deliveries.damaged.is_empty();
        assert_eq!(status.code(), Some(if is_partial { 4 } else { 0 }));
        let named = |text: &str| text.replace("s3://", "files/");
        // Plans name a bucket as an example, too.
        let undisturbed = named(&self.scan(&["undisturbed"]));
        let difference = difference(&named(&of_store), &undisturbed);
        assert!(named(&of_store) == undisturbed, "the store is another one: {difference}");

        assert_eq!(self.n_done(), objects.len() as u64, "each object is done, and once");
        let document: Value = serde_json::from_str(&of_store).unwrap();
        let skipped = document["coverage"]["skipped"].to_string();
        for name in &deliveries.damaged {
            assert!(skipped.contains(&format!("\"s3://{name}\"")), "{name} is not named");
        }
    }

    /// Fails unless each incident that is open was told exactly once since it was withdrawn last,
    /// and none that is not.
    pub(crate) fn check_told(&self, hook: &Hook) {
        let document: Value = serde_json::from_str(&self.scan(&["store"])).unwrap();
        let is_told = |incident: &&Value| {
            ["medium", "high", "critical"].contains(&incident["severity"].as_str().unwrap())
        };
        let all = || document["incidents"].as_array().unwrap().iter();
        let id = |one: &'_ Value| one["id"].as_str().unwrap().to_owned();
        // One that fell below what is told is not withdrawn.
        let there: BTreeSet<String> = all().map(id).collect();
        let open: BTreeSet<String> = all().filter(is_told).map(id).collect();
        let told = hook.told();
        assert!(!told.is_empty(), "nobody was told anything");
        for (incident, kinds) in &told {
            let mut is_open = false;
            for kind in kinds {
                assert_eq!(is_open, kind != "opened", "{incident}: {kinds:?}");
                is_open = kind != "withdrawn";
            }
            let is_found = there.contains(incident);
            assert_eq!(is_open, is_found, "{incident}: {kinds:?}");
        }
        let untold: Vec<&String> = open.iter().filter(|id| !told.contains_key(*id)).collect();
        assert_eq!(untold, Vec::<&String>::new(), "incidents that nobody was told of");
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in told.values().flatten() {
            *kinds.entry(kind).or_default() += 1;
        }
        println!("{} incidents are open; messages: {kinds:?}", open.len());
    }
}

/// What a document says was found, byte for byte: everything behind the coverage, in which a store
/// estimates what a scan counts.
pub(crate) fn found(document: &str) -> &str {
    document.split_once("\"incidents\":").unwrap().1
}

/// Fails unless a process has ended by itself; some do so after they have read what is damaged.
pub(crate) fn assert_ends_well(code: Option<i32>) {
    assert!(matches!(code, Some(0 | 4)), "{code:?}");
}

/// A process that serves, and ends with this value at the latest.
pub(crate) struct Served(pub(crate) Child);

impl Served {
    /// Ends it as if the power had failed; fails where it had ended by itself.
    pub(crate) fn kill(mut self) {
        assert_eq!(self.0.try_wait().unwrap(), None, "it had ended by itself");
    }

    /// Asks it to end, and waits for it; gives the exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        assert!(asked.success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The end of a text.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// The first lines in which two texts differ that were compared.
pub(crate) fn difference(left: &str, right: &str) -> String {
    let lines = left.lines().zip(right.lines());
    lines.filter(|(left, right)| left != right).map(|it| format!("{it:?}")).take(3).collect()
}
