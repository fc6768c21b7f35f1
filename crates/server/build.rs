//! Makes the folder of the console's pages, so that the program finds those that are built later.

use std::env;
use std::fs;
use std::path::Path;

/// Where `npm run build` writes, seen from this crate.
const PAGES: &str = "../../console/dist";

/// `rust-embed` resolves the folder's links when it is compiled and, where there is no folder,
/// refuses every file that is put there afterwards. Debug builds read the files at each request;
/// others hold them, and have to be built again for other files.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if !Path::new("../../console").is_dir() {
        return;
    }
    if let Err(error) = fs::create_dir_all(PAGES) {
        println!(
            "cargo::warning=cannot create `{PAGES}`, so that the console has no pages: {error}"
        );
        return;
    }
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={PAGES}");
    }
}
