//! `serve` verifies log files as digests come, and tells once of what is wrong.

use std::fs;

use serde_json::{Value, json};

use crate::copies::{Copy, four_hours, gzip};
use crate::running::{Ran, run};

/// Serves what is there once: the copy, the keys, and the messages on standard output.
fn serve(copy: &Copy, more: &str) -> Ran {
    let (root, keys, store) = (copy.root(), copy.beside("keys.json"), copy.beside("store"));
    let text = format!(
        "[store]\npath = '{}'\n[verify]\npublic_keys = ['{}']\n{more}\n\
         [[source]]\nname = 'copy'\nkind = 'folder'\npath = '{}'\n\
         [[sink]]\nname = 'out'\nkind = 'stdout'\nmin_severity = 'low'\n",
        store.display(),
        keys.display(),
        root.display()
    );
    let config = copy.beside("rolecall.toml");
    fs::write(&config, text).unwrap();
    run(&["serve", "--once", "--config", config.to_str().unwrap()])
}

/// The findings about log files that the store holds, and how often somebody was told.
fn kept(copy: &Copy) -> Vec<Value> {
    let store = copy.beside("store");
    let ran = run(&["incidents", store.to_str().unwrap(), "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let incidents = ran.json()["incidents"].as_array().unwrap().clone();
    incidents.into_iter().filter(|one| one["title"].as_str().unwrap().contains("audit")).collect()
}

#[test]
fn a_missing_log_file_is_told_once_and_stays() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    copy.remove(&trail.log_key(2, 0));
    let ran = serve(&copy, "");
    assert_eq!(ran.stdout.lines().count(), 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("cloudtrail_log_integrity"), "{}", ran.stdout);
    let first = kept(&copy);
    assert_eq!((first.len(), &first[0]["severity"]), (1, &json!("high")));
    // Again, and again when the file is back: what was missing once is for a person to settle.
    assert_eq!(serve(&copy, "").stdout, "");
    copy.write(&trail.log_key(2, 0), &gzip(&objects[&trail.log_key(2, 0)].content));
    assert_eq!(serve(&copy, "").stdout, "");
    assert_eq!(kept(&copy).len(), 1);
}

#[test]
fn a_sound_copy_and_a_check_that_is_off_find_nothing() {
    let (objects, trail) = four_hours();
    let copy = Copy::with_metadata(&objects);
    serve(&copy, "");
    assert_eq!(kept(&copy), Vec::<Value>::new());
    copy.write(&trail.log_key(2, 0), &gzip(b"{\"Records\":[]}"));
    serve(&copy, "continuous = false");
    assert_eq!(kept(&copy), Vec::<Value>::new());
    serve(&copy, "");
    assert_eq!(kept(&copy).len(), 1);
}
