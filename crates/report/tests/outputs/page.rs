//! The HTML report: its parts, its policy, its picture.

use report::{Scan, html};
use sha2::{Digest as _, Sha256};

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

/// The text between `open` and the next `close`.
fn between<'t>(text: &'t str, open: &str, close: &str) -> &'t str {
    text.split_once(open).unwrap().1.split_once(close).unwrap().0
}

#[test]
fn the_policy_holds_the_hash_of_the_style_and_nothing_else_may_run() {
    let page = page();
    let policy =
        between(&page, "Content-Security-Policy\" content=\"", "\">").replace("&#39;", "'");
    let style = between(&page, "<style>", "</style>");
    let hash = base64(&Sha256::digest(style.as_bytes()));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
             form-action 'none'"
        )
    );
    assert!(!page.contains(" style=") && !page.contains("<script"));
    let addresses = page.matches("://").count();
    let names = page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count();
    assert_eq!(addresses, names, "the names of SVG are no addresses");
}

/// An encoder of its own, bit by bit, so that both cannot be wrong alike.
fn base64(bytes: &[u8]) -> String {
    const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<String> = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let bits = bits.concat();
    let mut text = String::new();
    for six in bits.as_bytes().chunks(6) {
        let six = format!("{:0<6}", std::str::from_utf8(six).unwrap());
        let at = usize::from_str_radix(&six, 2).unwrap();
        text.push(SYMBOLS.chars().nth(at).unwrap());
    }
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[test]
fn hops_have_their_color_and_width_in_the_picture() {
    let page = page();
    let svg = between(&page, "<svg class=\"graph\"", "</svg>");
    for (class, width, edges) in [("none", "1.5", 2), ("orange", "2.5", 2), ("red", "4", 4)] {
        let begin = format!("<path class=\"edge hop-{class}");
        let paths: Vec<&str> = svg.split(&begin).skip(1).collect();
        assert_eq!(paths.len(), edges, "{class}");
        for path in paths {
            assert_eq!(between(path, "stroke-width=\"", "\""), width, "{class}");
            assert_eq!(between(path, "marker-end=\"", "\""), format!("url(#arrow-{class})"));
        }
    }
    assert!(svg.contains("2 · AssumeRole ?"), "what is not proved has a question mark");
    assert!(svg.contains("edge hop-orange unsure") && svg.contains("edge hop-none used-from"));
}

#[test]
fn the_longest_way_is_a_straight_line() {
    let page = page();
    let svg = between(&page, "<svg class=\"graph\"", "</svg>");
    let top_of = |title: &str| {
        let (before, _) = svg.split_once(&format!(">{title}</text>")).unwrap();
        between(
            before
                .rsplit("transform=\"translate(")
                .find(|part| part.contains("class=\"shape\""))
                .unwrap(),
            " ",
            ")",
        )
    };
    let tops: Vec<&str> =
        ["ci-deploy", "org-admin", "break-glass", "Bob", "data-export"].map(top_of).to_vec();
    assert!(tops.windows(2).all(|pair| pair[0] == pair[1]), "{tops:?}");
    assert_ne!(top_of("audit-read"), tops[0]);
}

#[test]
fn every_wide_part_scrolls_alone_and_by_keyboard() {
    let page = page();
    for tag in
        page.split('<').filter(|tag| tag.starts_with("div class=\"") && tag.contains("scroll"))
    {
        assert!(tag.contains("tabindex=\"0\"") && tag.contains("aria-label"), "{tag}");
    }
    for table in page.split("<table").skip(1) {
        assert!(table.contains("scope=\"col\""));
    }
    let unlabelled = page.split("<svg").skip(1).filter(|svg| {
        let tag = svg.split('>').next().unwrap();
        let is_told = tag.contains("role=\"img\"") && tag.contains("aria-label");
        !is_told && !tag.contains("aria-hidden")
    });
    assert_eq!(unlabelled.count(), 0);
    assert!(page.contains("<html lang=\"en\">") && page.contains("name=\"viewport\""));
}
