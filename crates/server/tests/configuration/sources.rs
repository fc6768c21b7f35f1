//! Where values come from, and who wins.

use std::time::Duration;

use detect::Severity;
use server::config::{Flag, Origin, Request, SourceSettings, effective, load};

use crate::folder::{Folder, variables};

const FILE: &str = "\
[store]
path = \"in-file\"
memory = \"1GiB\"

[alerts]
quiet_period = \"1h 30m\"
min_severity = \"high\"

[[source]]
name = \"trail\"
kind = \"s3\"
bucket = \"example-trail\"
accounts = [\"111122223333\"]

[[sink]]
name = \"log\"
kind = \"stdout\"
quiet_period = \"5m\"
";

#[test]
fn flags_win_over_variables_and_those_over_the_file() {
    let folder = Folder::with(FILE);
    let environment = variables(&[
        ("ROLECALL_STORE_PATH", "in-variable"),
        ("ROLECALL_STORE_USAGE_DAYS", "7"),
        ("ROLECALL_ANALYSIS_EGRESS", "203.0.113.0/24=vpn, 198.51.100.7"),
        ("ROLECALL_VERIFY_CONTINUOUS", "false"),
        ("ROLECALL_SOMETHING_ELSE", "1"),
        ("ROLECALL_CONFIG", "elsewhere.toml"),
    ]);
    let flag = Flag { key: "store.path".into(), value: "in-flag".into(), name: "--store".into() };
    let file = Some(folder.path("rolecall.toml"));
    let request = Request { file, environment, flags: vec![flag], ..Request::default() };
    let loaded = load(&request);
    assert_eq!(loaded.problems, []);
    let config = loaded.config.clone().unwrap();
    assert_eq!(config.store.path.to_str(), Some("in-flag"));
    assert_eq!(config.store.memory.as_u64(), 1 << 30);
    assert_eq!(config.store.usage_days, 7);
    assert_eq!(config.store.lineage_months, 13);
    assert_eq!(config.analysis.egress.len(), 2);
    assert_eq!(config.analysis.egress[0].0.name, "vpn");
    assert_eq!(config.analysis.egress[1].0.name, "198.51.100.7");
    assert!(!config.verify.continuous);
    let policy = config.policy(&config.sinks[0]);
    assert_eq!(policy.min_severity, Severity::High);
    assert_eq!(policy.quiet_period, Duration::from_secs(300));

    let printed = effective(&config, &loaded.origins);
    let file = folder.path("rolecall.toml").display().to_string();
    for (value, origin) in [
        ("path = \"in-flag\"", "--store"),
        ("memory = \"1GiB\"", &*format!("{file}:3")),
        ("usage_days = 7", "ROLECALL_STORE_USAGE_DAYS"),
        ("lineage_months = 13", "default"),
        ("quiet_period = \"1h 30m\"", &*format!("{file}:6")),
        ("bucket = \"example-trail\"", &*format!("{file}:12")),
        ("accounts = [\"111122223333\"]", &*format!("{file}:13")),
        ("interval = \"1m\"", "default"),
        ("quiet_period = \"5m\"", &*format!("{file}:18")),
    ] {
        let is_there =
            |line: &str| line.starts_with(value) && line.ends_with(&format!("# {origin}"));
        assert!(printed.lines().any(is_there), "{value} from {origin} is not in\n{printed}");
    }
}

#[test]
fn it_runs_without_a_file_on_folders_that_are_given() {
    let folder = Folder::with("[[source]]\nname = \"folder-1\"\nkind = \"folder\"\npath = \".\"\n");
    let file = Some(folder.path("rolecall.toml"));
    let logs = folder.path("");
    for (file, names) in [(None, vec!["folder-1"]), (file, vec!["folder-1", "folder-2"])] {
        let loaded = load(&Request { file, folders: vec![logs.clone()], ..Request::default() });
        assert_eq!(loaded.problems, []);
        let config = loaded.config.unwrap();
        let found: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(found, names);
        let Some(SourceSettings::Folder(last)) =
            config.sources.last().map(|source| source.settings.clone())
        else {
            panic!("a folder is no folder");
        };
        assert_eq!(last.path, logs);
        let origin = &loaded.origins[&format!("source.{}.path", names.last().unwrap())];
        assert_eq!(*origin, Origin::Flag("argument".into()));
    }
}

#[test]
fn a_folder_that_is_given_and_missing_is_a_problem() {
    let folders = vec!["no/such/folder".into()];
    let problems = load(&Request { folders, ..Request::default() }).problems;
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("argument: `source.folder-1.path`: cannot open `no/such"));
}

#[test]
fn without_anything_only_a_source_is_missing() {
    let loaded = load(&Request::default());
    assert_eq!(loaded.problems.len(), 1, "{:?}", loaded.problems);
    let error = loaded.into_config().unwrap_err().to_string();
    assert!(error.starts_with("the configuration has 1 problem\n  `source`: there is no source"));
}
