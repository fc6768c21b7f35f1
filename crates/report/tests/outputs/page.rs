//! The HTML report: its parts, its policy, its picture.

use report::{Scan, html};

use crate::bob;

fn page() -> String {
    let (analysis, coverage) = (bob::analysis(), bob::coverage());
    html(&Scan { analysis: &analysis, coverage: &coverage, version: "0.1.0" })
}

#[test]
fn the_page_has_its_parts() {
    let page = page();
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let head = head.split("sha256-").next().unwrap();
    crate::golden::check("html", &format!("{head}…{body}"));
    if let Some(path) = std::env::var_os("REPORT_HTML") {
        std::fs::write(path, page).unwrap();
    }
}
