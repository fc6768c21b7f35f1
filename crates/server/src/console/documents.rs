//! Documents of the store, as far as graphs, timelines and inspectors need their parts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use store::{FindingState, IncidentRow, Store};
use xxhash_rust::xxh3::xxh3_64;

use super::problem::Problem;
use super::wire::{ColorBody, EdgeBody, GroupBody, Moment, NodeBody};
use super::written;

/// A graph as `report` writes it.
#[derive(Debug, Default, Deserialize)]
struct GraphDocument {
    nodes: Vec<NodeDocument>,
    edges: Vec<EdgeDocument>,
    #[serde(default)]
    folded: u64,
}

#[derive(Debug, Deserialize)]
struct NodeDocument {
    id: String,
    kind: String,
    label: String,
    #[serde(default)]
    subtitle: String,
    hop: u32,
    color: ColorBody,
    badge: Option<String>,
    rank: u32,
    first_seen: Option<String>,
    #[serde(default)]
    details: Vec<Detail>,
}

/// A name and its value, for an inspector.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Detail {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
struct EdgeDocument {
    from: String,
    to: String,
    kind: String,
    label: String,
    hop: u32,
    color: ColorBody,
    event_id: Option<String>,
    event_time: Option<String>,
    confidence: String,
}

#[derive(Debug, Deserialize)]
struct Line {
    first: String,
    last: String,
    count: u64,
    node: Option<String>,
    who: String,
    hop: u32,
    color: ColorBody,
    event_source: String,
    event_name: String,
    error_code: Option<String>,
    source_ip_address: Option<String>,
    user_agent: Option<String>,
    event_id: Option<String>,
    is_key_moment: bool,
}

/// The whole graph of an incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    /// Nodes, origin first, then by rank and time.
    pub(super) nodes: Vec<NodeBody>,
    /// Details of each node.
    pub(super) details: Vec<Vec<Detail>>,
    /// Edges, by time.
    pub(super) edges: Vec<EdgeBody>,
    /// Nodes that the analysis left out.
    pub(super) left_out: u64,
}

/// An incident with what it was written as.
pub(super) struct Kept {
    pub(super) row: IncidentRow,
    pub(super) document: Value,
    /// Findings that hold.
    pub(super) findings: Vec<Value>,
}

impl Kept {
    /// The incident `id` of `store`.
    pub(super) fn of(store: &Store, id: &str) -> Result<Self, Problem> {
        let row = store.incident(id)?.ok_or_else(|| absent(id))?;
        let is_open = row.state == FindingState::Open;
        let findings = store.findings_of(id)?.into_iter();
        let findings = findings.filter(|one| !is_open || one.state == FindingState::Open);
        let findings = findings.map(|finding| written::document(&finding.document)).collect();
        let document = written::document(&row.document);
        Ok(Self { row, document, findings })
    }

    /// A member of the document.
    pub(super) fn member(&self, name: &str) -> Option<Value> {
        self.document.get(name).filter(|value| !value.is_null()).cloned()
    }

    /// The whole graph.
    pub(super) fn picture(&self, store: &Store) -> Result<Picture, Problem> {
        let whole = store.picture(&self.row.id)?.map(|text| written::document(&text));
        let graph = whole.or_else(|| self.member("graph")).unwrap_or_default();
        let graph: GraphDocument =
            serde_json::from_value(graph).map_err(|error| Problem::internal(&error))?;
        Ok(Picture::of(graph, &Mentions::of(&self.findings)))
    }

    /// The timeline, and how many lines were left out.
    pub(super) fn timeline(&self) -> Result<(Vec<Moment>, u64), Problem> {
        let lines = self.member("timeline").unwrap_or_else(|| Value::Array(Vec::new()));
        let left_out = self.member("timeline_left_out").and_then(|left_out| left_out.as_u64());
        Ok((moments(lines)?, left_out.unwrap_or_default()))
    }
}

/// What says that there is no such incident.
pub(super) fn absent(id: &str) -> Problem {
    let shown: String = id.chars().take(80).collect();
    Problem::absent(format!("no incident is called `{shown}`"))
}

/// Lines of a timeline as the API writes them.
pub(super) fn moments(lines: Value) -> Result<Vec<Moment>, Problem> {
    let lines: Vec<Line> =
        serde_json::from_value(lines).map_err(|error| Problem::internal(&error))?;
    Ok(lines.into_iter().map(moment).collect())
}

fn moment(line: Line) -> Moment {
    Moment {
        time: line.first,
        last: line.last,
        count: line.count,
        node_id: line.node,
        who: line.who,
        hop: line.hop,
        color: line.color,
        event_source: line.event_source,
        event_name: line.event_name,
        error_code: line.error_code,
        source_ip_address: line.source_ip_address,
        user_agent: line.user_agent,
        event_id: line.event_id,
        kind: if line.is_key_moment { "key_moment" } else { "use" }.to_owned(),
    }
}

/// Which findings name a key or an event.
struct Mentions(BTreeMap<String, BTreeSet<String>>);

impl Mentions {
    fn of(findings: &[Value]) -> Self {
        let mut mentions = Self(BTreeMap::new());
        for finding in findings {
            let Some(id) = finding.get("id").and_then(Value::as_str) else {
                continue;
            };
            let key =
                finding.get("credential").and_then(|credential| credential.get("access_key_id"));
            mentions.add(key, id);
            let chain = finding.get("chain").and_then(|chain| chain.get("roles"));
            for part in [chain, finding.get("left_behind")] {
                for item in part.and_then(Value::as_array).into_iter().flatten() {
                    mentions.add(item.get("event_id"), id);
                    mentions.add(item.get("access_key_id"), id);
                }
            }
        }
        mentions
    }

    fn add(&mut self, name: Option<&Value>, finding: &str) {
        if let Some(name) = name.and_then(Value::as_str) {
            self.0.entry(name.to_owned()).or_default().insert(finding.to_owned());
        }
    }

    fn about(&self, names: &BTreeSet<&str>) -> Vec<String> {
        let found: BTreeSet<&String> =
            names.iter().filter_map(|name| self.0.get(*name)).flatten().collect();
        found.into_iter().cloned().collect()
    }
}

impl Picture {
    fn of(graph: GraphDocument, mentions: &Mentions) -> Self {
        let edges = edges(graph.edges);
        let mut events: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for edge in &edges {
            let event = edge.event_id.as_deref();
            events.entry(&edge.to).or_default().extend(event);
        }
        let (mut nodes, mut details) = (Vec::new(), Vec::new());
        for node in graph.nodes {
            let mut names = events.get(node.id.as_str()).cloned().unwrap_or_default();
            let keys = node.details.iter().filter(|detail| detail.name == "key");
            names.extend(keys.map(|key| key.value.as_str()));
            names.insert(&node.label);
            let finding_ids = mentions.about(&names);
            let of_node = node.details.clone();
            nodes.push(body(node, finding_ids));
            details.push(of_node);
        }
        mark_paths(&mut nodes, &edges);
        Self { nodes, details, edges, left_out: graph.folded }
    }
}

fn edges(documents: Vec<EdgeDocument>) -> Vec<EdgeBody> {
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let edge = |edge: EdgeDocument| {
        let event = edge.event_id.as_deref().unwrap_or_default();
        let name = [&*edge.from, &*edge.to, &*edge.kind, event].join("\n");
        let hash = xxh3_64(name.as_bytes());
        let again = seen.entry(hash).and_modify(|again| *again += 1).or_default();
        EdgeBody {
            id: format!("e{hash:016x}-{again}"),
            from: edge.from,
            to: edge.to,
            kind: edge.kind,
            label: edge.label,
            hop: edge.hop,
            color: edge.color,
            event_id: edge.event_id,
            event_time: edge.event_time,
            confidence: edge.confidence,
            count: None,
        }
    };
    documents.into_iter().map(edge).collect()
}

fn body(node: NodeDocument, finding_ids: Vec<String>) -> NodeBody {
    let account = account(&node);
    let size = node.badge.as_ref().and_then(|badge| badge.parse().ok()).unwrap_or_default();
    let is_group = node.kind == "group";
    let group = is_group.then(|| GroupBody {
        size,
        of: "mixed".to_owned(),
        can_expand: false,
        expand: String::new(),
    });
    NodeBody {
        id: node.id,
        kind: node.kind,
        label: node.label,
        sublabel: node.subtitle,
        color: node.color,
        hop: node.hop,
        badge: node.badge.filter(|_| !is_group),
        rank: node.rank,
        first_seen: node.first_seen,
        account,
        on_path: false,
        finding_ids,
        group,
    }
}

fn account(node: &NodeDocument) -> Option<String> {
    let is_account = |text: &&str| text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit());
    let named = node.details.iter().find(|detail| detail.name == "account");
    let of_arn = || {
        let arn = node.details.iter().find(|detail| detail.name == "ARN")?;
        arn.value.split(':').nth(4)
    };
    let named = named.map(|detail| detail.value.as_str());
    let last = || node.subtitle.rsplit(" · ").next();
    named
        .filter(is_account)
        .or_else(|| of_arn().filter(is_account))
        .or_else(|| last().filter(is_account))
        .map(str::to_owned)
}

/// Marks what is orange or red, what such an edge touches, and everything on the way there.
pub(super) fn mark_paths(nodes: &mut [NodeBody], edges: &[EdgeBody]) {
    let places: BTreeMap<String, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.id.clone(), at)).collect();
    let mut waiting: Vec<usize> = Vec::new();
    let mut from: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    waiting.extend(
        (0..).zip(&*nodes).filter(|(_, node)| node.color != ColorBody::None).map(|at| at.0),
    );
    for edge in edges {
        let (Some(begin), Some(end)) = (places.get(&edge.from), places.get(&edge.to)) else {
            continue;
        };
        from.entry(*end).or_default().push(*begin);
        if edge.color != ColorBody::None {
            waiting.extend([*begin, *end]);
        }
    }
    while let Some(at) = waiting.pop() {
        let Some(node) = nodes.get_mut(at).filter(|node| !node.on_path) else {
            continue;
        };
        node.on_path = true;
        waiting.extend(from.get(&at).into_iter().flatten());
    }
}
