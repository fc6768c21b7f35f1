//! The picture of an incident: nodes and edges from left to right.

use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;

use crate::finding::{Color, Confidence};

/// Nodes and edges of an incident, in a fixed order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Graph {
    /// The nodes, origin first, then by rank and time.
    pub nodes: Vec<Node>,
    /// The edges, by time.
    pub edges: Vec<Edge>,
    /// Nodes that are not drawn because they are folded into groups.
    pub folded: u64,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NodeKind {
    /// A long-term key.
    AccessKey,
    /// An address that credentials were used from.
    Address,
    /// Something that was created or changed.
    Artifact,
    /// A service of AWS, or a workload that it runs.
    AwsService,
    /// An instance of EC2.
    Ec2Instance,
    /// An account without logs here.
    ExternalAccount,
    /// Several nodes of one kind.
    Group,
    /// An IAM user or root.
    IamUser,
    /// A provider that vouches for people or workloads.
    IdentityProvider,
    /// A role session, with its role.
    RoleSession,
    /// An origin that is not in the logs.
    Unknown,
}

/// A node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Node {
    /// Its name within the graph.
    pub id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// Title: a role's name, a key, an address.
    pub label: String,
    /// Second line: session name, key, account, time.
    pub subtitle: String,
    /// Whole names for a pop-up: ARNs, keys, times.
    pub details: Vec<(&'static str, String)>,
    /// Color of the hop that led here.
    pub color: Color,
    /// Number of the hop that led here.
    pub hop: u32,
    /// `NEW`, `MOD` or `DEL` for artifacts, a count for groups.
    pub badge: Option<String>,
    /// Distance from the origin in edges: the column.
    pub rank: u32,
    /// When it appeared.
    pub first_seen: Option<Timestamp>,
}

/// What an edge says.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum EdgeKind {
    /// A role was assumed.
    AssumedRole,
    /// Something was created.
    Created,
    /// A credential or session was handed out without a hop.
    Issued,
    /// Something was changed.
    Modified,
    /// Credentials were used from an address.
    UsedFrom,
}

/// An edge.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edge {
    /// Node it comes from.
    pub from: String,
    /// Node it goes to.
    pub to: String,
    /// What it says.
    pub kind: EdgeKind,
    /// Words on the edge, such as `2 · AssumeRole`.
    pub label: String,
    /// Number of the hop.
    pub hop: u32,
    /// Color of the hop.
    pub color: Color,
    /// The event that proves it.
    pub event_id: Option<String>,
    /// When.
    pub event_time: Option<Timestamp>,
    /// How sure it is; less than high is drawn dotted.
    pub confidence: Confidence,
}
