//! Draws a lineage as text, so that a test shows what it expects.

use cloudtrail::read;
use evidence::Evidence;
use lineage::{Lineage, Node, Origin, Step};
use serde_json::json;

use crate::records::Event;

/// What `events` teach, in the order in which they are given, each under an `eventID` of its own.
pub(crate) fn learned(events: &[Event]) -> Evidence {
    let order: Vec<usize> = (0..events.len()).collect();
    folded(events, &order)
}

fn folded(events: &[Event], order: &[usize]) -> Evidence {
    let mut evidence = Evidence::default();
    for number in order {
        let mut record = events[*number].0.clone();
        record["eventID"] = json!(format!("{number:08x}-0000-4000-8000-000000000000"));
        let outcome = read(record.to_string().as_bytes(), &mut |record| {
            evidence.record(record);
        });
        assert_eq!(outcome.events, 1, "{record}");
    }
    evidence
}

/// The lineage of `events`, one line a node, children below their parents.
///
/// Delivery must not show: backward, twice, and in two parts merged the later first, the picture
/// is the same.
pub(crate) fn drawn(events: &[Event]) -> String {
    let forward: Vec<usize> = (0..events.len()).collect();
    let backward: Vec<usize> = forward.iter().copied().rev().collect();
    let twice = [forward.as_slice(), backward.as_slice()].concat();
    let (begin, end) = forward.split_at(events.len() / 2);
    let mut merged = folded(events, end);
    merged.merge(folded(events, begin));
    let drawing = draw(&folded(events, &forward));
    assert_eq!(drawing, draw(&folded(events, &backward)), "delivered backward");
    assert_eq!(drawing, draw(&folded(events, &twice)), "delivered twice");
    assert_eq!(drawing, draw(&merged), "merged, the later part first");
    drawing
}

pub(crate) fn draw(evidence: &Evidence) -> String {
    let lineage = Lineage::of(evidence);
    let mut roots: Vec<String> = Vec::new();
    for (index, node) in lineage.nodes().iter().enumerate() {
        if node.parent.is_some() {
            continue;
        }
        let mut tree = String::new();
        for member in lineage.descendants(index) {
            let depth = lineage.ancestry(member).len() - 1;
            assert_eq!(lineage.nodes()[member].root, index);
            tree += &[&"  ".repeat(depth), line(&lineage.nodes()[member]).as_str(), "\n"].concat();
        }
        roots.push(tree);
    }
    roots.sort();
    roots.concat()
}

/// What leads to the node, who it is, its keys, and how sure its place is.
fn line(node: &Node<'_>) -> String {
    let head = match (node.step, &node.origin) {
        (Step::Origin, Some(origin)) => name_of(origin),
        (Step::Origin, None) => "no origin".into(),
        (Step::Hop, _) => format!("hop {}", node.hop),
        (Step::Continues, _) => format!("same {}", node.hop),
    };
    let call = node.issued.as_ref().map_or("-", |issued| &*issued.issuance.event.event_name);
    let keys: Vec<&str> = node.access_key_ids.iter().map(|key| &**key).collect();
    let mut line = format!("{head}: {call} {} [{}]", who(node), keys.join(" "));
    if node.issued.is_some() {
        line = format!("{line} {:?}", node.join);
    }
    for (is_said, word) in [
        (node.step == Step::Hop && node.calls != node.hop, format!(" calls={}", node.calls)),
        (node.chained_calls > 0, format!(" chained={}", node.chained_calls)),
        (node.is_refresh, " refresh".into()),
        (node.is_root_session, " root".into()),
    ] {
        if is_said {
            line += &word;
        }
    }
    line
}

fn name_of(origin: &Origin) -> String {
    let mut name = format!("{:?}", origin.kind);
    for part in [&origin.instance_id, &origin.subject].into_iter().flatten() {
        name = format!("{name} {part}");
    }
    if origin.at_least {
        name += " >=";
    }
    name
}

fn who(node: &Node<'_>) -> String {
    match node.role() {
        Some((account, role)) => {
            format!("{account}/{role}/{}", node.role_session_name().unwrap_or_default())
        }
        None if !node.arn.is_empty() => node.arn.rsplit(':').next().unwrap_or_default().to_string(),
        None => node.principal_id().to_string(),
    }
}
