//! The page and the example are what the program says; `UPDATE_GOLDEN=1` rewrites them.

use std::collections::BTreeSet;

use server::config::{self, Config, Request, effective, load};

use crate::folder::{Folder, document};

fn is_written(name: &str, text: &str) {
    let path = document(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/{name} is stale: run `cargo xtask golden`");
}

fn defaults() -> Config {
    load(&Request::default()).config.unwrap()
}

#[test]
fn the_page_and_the_example_are_those_of_the_program() {
    is_written("configuration.md", &config::document());
    is_written("rolecall.example.toml", &config::example());
}

#[test]
fn the_example_sets_what_holds_anyway() {
    let folder = Folder::with(&config::example());
    let loaded = folder.load(&[]);
    assert_eq!(loaded.config.unwrap(), defaults());
    let problems = loaded.problems.iter().map(|problem| problem.key.as_str());
    assert_eq!(problems.collect::<Vec<_>>(), ["source"], "only that there is no source");
}

/// The example with everything in it that is behind `#`.
fn everything() -> String {
    let example = config::example();
    let lines = example.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
        Some(_) | None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_setting_of_the_example_is_one() {
    let loaded = Folder::with(&everything()).load(&[]);
    let config = loaded.config.unwrap();
    assert_eq!((config.sources.len(), config.sinks.len()), (4, 6));
    // What it refers to is not there; every value is read all the same.
    let of_reading = ["expected", "is an unknown", "is missing", "is not TOML"];
    for problem in &loaded.problems {
        assert!(!of_reading.iter().any(|text| problem.text.starts_with(text)), "{problem}");
    }
    let kinds: BTreeSet<_> = config.sinks.iter().map(config::Sink::kind).collect();
    assert_eq!(kinds.len(), config::SinkKind::ALL.len());
    let kinds: BTreeSet<_> = config.sources.iter().map(config::Source::kind).collect();
    assert_eq!(kinds.len(), config::SourceKind::ALL.len());
}

#[test]
fn what_is_printed_is_a_configuration() {
    let folder = Folder::with(&everything());
    let loaded = folder.load(&[]);
    let config = loaded.config.unwrap();
    let printed = effective(&config, &loaded.origins);
    let again = Folder::with(&printed).load(&[]);
    let printed_again = effective(&again.config.unwrap(), &again.origins);
    let values = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split("  #").next().unwrap().trim().to_owned()).collect()
    };
    // The example's addresses have paths, which are masked once and for all.
    assert_eq!(values(&printed), values(&printed_again));
    assert!(printed.contains("kind = \"lookup_events\""));
    assert!(printed.contains("regions = [\"eu-central-1\", \"us-east-1\"]"), "{printed}");
}
