//! Graphs, their tables, timelines and inspectors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ColorBody;

/// A graph with groups in the place of what does not fit.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct GraphBody {
    /// Nodes, origin first, then by rank and time.
    pub nodes: Vec<NodeBody>,
    /// Edges, by time.
    pub edges: Vec<EdgeBody>,
    /// What is not drawn.
    pub hidden: Hidden,
}

/// What is not drawn: origins and what lies on an orange or red path always are.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Hidden {
    /// Nodes within groups.
    pub nodes: u64,
    /// Edges within groups, and those that were drawn as one.
    pub edges: u64,
    /// Groups that they are folded into.
    pub groups: u64,
    /// All nodes, drawn or not.
    pub of_nodes: u64,
    /// Nodes that are not even in the table, because the incident is too large.
    pub left_out: u64,
}

/// A node.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct NodeBody {
    /// Its name within the graph.
    pub id: String,
    /// `access_key`, `address`, `artifact`, `aws_service`, `ec2_instance`, `external_account`,
    /// `group`, `iam_user`, `identity_provider`, `role_session` or `unknown`.
    pub kind: String,
    /// Title: a role's name, a key, an address.
    pub label: String,
    /// Second line: session name, key, account, time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sublabel: String,
    /// Color of the hop that led here.
    pub color: ColorBody,
    /// Number of the hop that led here.
    pub hop: u32,
    /// `NEW`, `MOD` or `DEL` for artifacts, `ELSEWHERE` for addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// Distance from the origin: the column.
    pub rank: u32,
    /// When it appeared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    /// Its account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Whether it lies on an orange or red path.
    pub on_path: bool,
    /// Findings about it.
    pub finding_ids: Vec<String>,
    /// What is folded into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupBody>,
}

/// What is folded into a node.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct GroupBody {
    /// Nodes in it.
    pub size: u64,
    /// Kind of these nodes; `mixed` where there are several.
    pub of: String,
    /// Whether `expand` can draw them.
    pub can_expand: bool,
    /// What `expand` takes to draw the next 25 of them, with those that are drawn already.
    pub expand: String,
}

/// An edge.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct EdgeBody {
    /// Its name within the graph.
    pub id: String,
    /// Node it comes from.
    pub from: String,
    /// Node it goes to.
    pub to: String,
    /// `assumed_role`, `created`, `issued`, `modified` or `used_from`.
    pub kind: String,
    /// Words on it, such as `2 · AssumeRole`.
    pub label: String,
    /// Number of the hop.
    pub hop: u32,
    /// Color of the hop.
    pub color: ColorBody,
    /// The event that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
    /// How sure it is; less than `high` is drawn dotted.
    pub confidence: String,
    /// Edges that it stands for, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// A row of the table beside a graph: a node or an edge.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "row")]
pub enum GraphRow {
    /// A node.
    Node(NodeBody),
    /// An edge.
    Edge(EdgeBody),
}

/// A name and its value.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value. It may be text from logs.
    pub value: String,
    /// What can be done with it: `credential`, `role`, `user`, `instance`, `event`, `address`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Calls of one kind.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Use {
    /// The service.
    pub event_source: String,
    /// The call.
    pub event_name: String,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// How many.
    pub count: u64,
    /// First of them.
    pub first: String,
    /// Last of them.
    pub last: String,
}

/// A node or an edge looked at closely.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Inspector {
    /// Its name within the graph.
    pub id: String,
    /// `node` or `edge`.
    pub of: String,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// Its color.
    pub color: ColorBody,
    /// Why it has this color, a sentence each.
    pub why: Vec<String>,
    /// Findings about it.
    pub finding_ids: Vec<String>,
    /// Ids of the events that prove it.
    pub event_ids: Vec<String>,
    /// What this credential did, most frequent first.
    pub uses: Vec<Use>,
    /// Addresses that it was used from.
    pub addresses: Vec<String>,
    /// Clients that it was used with.
    pub clients: Vec<String>,
    /// What is known about the workload, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub background: Option<serde_json::Value>,
    /// What `/subjects` takes for a page of its own: kind and id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Fact>,
}

/// A line of a timeline: calls of one kind of one credential.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Moment {
    /// The first call.
    pub time: String,
    /// The last call.
    pub last: String,
    /// Calls.
    pub count: u64,
    /// The node that made them, if it is in the graph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_id: Option<String>,
    /// Role and session, or user.
    pub who: String,
    /// Hop of the credential.
    pub hop: u32,
    /// Color of the credential.
    pub color: ColorBody,
    /// The service.
    pub event_source: String,
    /// The call.
    pub event_name: String,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip_address: Option<String>,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// One of the calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// `key_moment` where it hands out a credential or leaves something behind, else `use`.
    pub kind: String,
}

/// A timeline.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct TimelineBody {
    /// Its lines, oldest first.
    pub items: Vec<Moment>,
    /// Lines that are not kept, because there were too many.
    pub left_out: u64,
}
