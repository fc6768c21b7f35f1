//! What is known about one node or edge of an incident's graph.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::documents::{Kept, Picture};
use super::problem::Problem;
use super::wire::{ColorBody, EdgeBody, Fact, Inspector, Moment, NodeBody, Use};

/// Kinds of calls that are listed.
const USES_MAX: usize = 200;

/// Events, addresses and clients that are listed.
const LISTED_MAX: usize = 100;

/// Looks at the node `id`.
pub(super) fn node(kept: &Kept, picture: &Picture, id: &str) -> Result<Inspector, Problem> {
    let found = picture.nodes.iter().zip(&picture.details).find(|(node, _)| node.id == id);
    let (node, details) = found.ok_or_else(|| Problem::absent("the graph has no such node"))?;
    let (moments, _) = kept.timeline()?;
    let mut moments: Vec<Moment> =
        moments.into_iter().filter(|moment| moment.node_id.as_deref() == Some(id)).collect();
    let into: Vec<&EdgeBody> = picture.edges.iter().filter(|edge| edge.to == id).collect();
    let mut facts = vec![fact("kind", &node.kind, None)];
    if !node.sublabel.is_empty() {
        facts.push(fact("about", &node.sublabel, None));
    }
    for detail in details.iter().filter(|detail| !detail.value.is_empty()) {
        facts.push(fact(&detail.name, &detail.value, kind_of(&detail.name, &detail.value)));
    }
    if let Some(account) = &node.account {
        facts.push(fact("account", account, None));
    }
    if node.hop > 0 {
        facts.push(fact("hop", &node.hop.to_string(), None));
    }
    let mut events: BTreeSet<&str> =
        into.iter().filter_map(|edge| edge.event_id.as_deref()).collect();
    events.extend(moments.iter().filter_map(|moment| moment.event_id.as_deref()));
    let event_ids = events.iter().take(LISTED_MAX).map(|event| (*event).to_owned()).collect();
    let is_origin = node.rank == 0;
    moments.sort_by(|left, right| left.time.cmp(&right.time));
    Ok(Inspector {
        id: node.id.clone(),
        of: "node".to_owned(),
        kind: node.kind.clone(),
        title: node.label.clone(),
        why: why_node(node, &into),
        color: node.color,
        finding_ids: node.finding_ids.clone(),
        event_ids,
        addresses: listed(moments.iter().filter_map(|moment| moment.source_ip_address.clone())),
        clients: listed(moments.iter().filter_map(|moment| moment.user_agent.clone())),
        uses: uses(&moments),
        background: kept.member("background").filter(|_| is_origin),
        subject: subject(node, &facts),
        facts,
    })
}

/// Looks at the edge `id`.
pub(super) fn edge(picture: &Picture, id: &str) -> Result<Inspector, Problem> {
    let edge = picture.edges.iter().find(|edge| edge.id == id);
    let edge = edge.ok_or_else(|| Problem::absent("the graph has no such edge"))?;
    let label = |id: &str| {
        let node = picture.nodes.iter().find(|node| node.id == id);
        node.map_or_else(|| id.to_owned(), |node| node.label.clone())
    };
    let mut facts = vec![
        fact("from", &label(&edge.from), None),
        fact("to", &label(&edge.to), None),
        fact("kind", &edge.kind, None),
        fact("confidence", &edge.confidence, None),
    ];
    facts.extend(edge.event_time.iter().map(|time| fact("time", time, None)));
    facts.extend(edge.event_id.iter().map(|event| fact("event", event, Some("event"))));
    if edge.hop > 0 {
        facts.push(fact("hop", &edge.hop.to_string(), None));
    }
    let to = picture.nodes.iter().find(|node| node.id == edge.to);
    Ok(Inspector {
        id: edge.id.clone(),
        of: "edge".to_owned(),
        kind: edge.kind.clone(),
        title: edge.label.clone(),
        facts,
        why: vec![why_edge(edge)],
        color: edge.color,
        finding_ids: to.map(|node| node.finding_ids.clone()).unwrap_or_default(),
        event_ids: edge.event_id.iter().cloned().collect(),
        uses: Vec::new(),
        addresses: Vec::new(),
        clients: Vec::new(),
        background: None,
        subject: None,
    })
}

fn fact(label: &str, value: &str, kind: Option<&str>) -> Fact {
    Fact { label: label.to_owned(), value: value.to_owned(), kind: kind.map(str::to_owned) }
}

fn kind_of(name: &str, value: &str) -> Option<&'static str> {
    match name {
        "key" => Some("credential"),
        "ARN" if value.contains(":user/") => Some("user"),
        "ARN" => Some("role"),
        "origin" if value.starts_with("i-") => Some("instance"),
        _ => None,
    }
}

/// What a page of its own is asked for by: the key, or else the instance or principal.
fn subject(node: &NodeBody, facts: &[Fact]) -> Option<Fact> {
    if node.kind == "ec2_instance" && node.label.starts_with("i-") {
        return Some(fact("subject", &node.label, Some("instance")));
    }
    let of = |kind: &str| facts.iter().find(|fact| fact.kind.as_deref() == Some(kind)).cloned();
    of("credential").or_else(|| of("instance")).or_else(|| of("user")).or_else(|| of("role"))
}

fn why_node(node: &NodeBody, into: &[&EdgeBody]) -> Vec<String> {
    if node.kind == "address" && node.color == ColorBody::Red {
        return vec![format!(
            "Credentials were used from here that do not belong here: {}.",
            node.sublabel
        )];
    }
    let mut why: Vec<String> = into.iter().map(|edge| why_edge(edge)).collect();
    if node.rank == 0 {
        why.push("The chain begins here.".to_owned());
    }
    why.sort();
    why.dedup();
    why
}

fn why_edge(edge: &EdgeBody) -> String {
    let sure = match edge.confidence.as_str() {
        "high" => "",
        _ => " Its place in the chain is likely, and not proved by the logs.",
    };
    let what = match edge.color {
        ColorBody::None if edge.hop == 0 => "No role was assumed on the way here.".to_owned(),
        ColorBody::None => {
            format!("Hop {}: no session of a role had called for another role before.", edge.hop)
        }
        ColorBody::Orange => {
            format!("Hop {}: a session of a role called for another role, once in a row.", edge.hop)
        }
        ColorBody::Red if edge.kind == "used_from" => {
            "The credential does not belong to where it was used from.".to_owned()
        }
        ColorBody::Red => format!(
            "Hop {}: sessions of roles called for further roles twice in a row, or more often.",
            edge.hop
        ),
    };
    what + sure
}

fn uses(moments: &[Moment]) -> Vec<Use> {
    let mut uses: BTreeMap<(&str, &str, Option<&str>), Use> = BTreeMap::new();
    for moment in moments {
        let key = (&*moment.event_source, &*moment.event_name, moment.error_code.as_deref());
        let entry = uses.entry(key).or_insert_with(|| Use {
            event_source: moment.event_source.clone(),
            event_name: moment.event_name.clone(),
            error_code: moment.error_code.clone(),
            count: 0,
            first: moment.time.clone(),
            last: moment.last.clone(),
        });
        entry.count += moment.count;
        if moment.time < entry.first {
            entry.first.clone_from(&moment.time);
        }
        if moment.last > entry.last {
            entry.last.clone_from(&moment.last);
        }
    }
    let mut uses: Vec<Use> = uses.into_values().collect();
    uses.sort_by_key(|one| Reverse(one.count));
    uses.truncate(USES_MAX);
    uses
}

fn listed(values: impl Iterator<Item = String>) -> Vec<String> {
    let values: BTreeSet<String> = values.collect();
    values.into_iter().take(LISTED_MAX).collect()
}
