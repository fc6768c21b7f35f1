//! Detectors, and what they make of evidence: findings and incidents.
#![no_std]

extern crate alloc;

mod analysis;
mod artifact;
pub mod attack;
mod background;
mod caller;
mod chain;
mod client;
mod context;
mod detector;
mod detectors;
mod draw;
mod elsewhere;
mod extent;
mod finding;
mod graph;
mod habits;
mod identity;
mod incident;
mod kin;
pub mod limits;
mod log_integrity;
mod reach;
mod settings;
mod theft;
mod timeline;
mod trace;
mod tracing;
mod unusual;
mod words;
mod workload;

pub use analysis::analyze;
pub use background::{Background, BackgroundChange, KnownAddress, LaunchedBy, WorkloadSession};
pub use context::Context;
pub use detector::{DETECTORS, Detector};
pub use elsewhere::{Action, Elsewhere, ForeignUse, HomeUse, PlaceRef};
pub use evidence::Count;
pub use extent::{
    Earlier, Extent, Habitual, Holder, InactiveKey, Left, Onward, RoleExtent, TrustEdge, UserExtent,
};
pub use finding::{
    Analysis, Caller, Candidate, Chain, Color, Confidence, CredentialRef, EvidenceEvent, Finding,
    Hop, Incident, LeftBehind, Moment, Origin, Severity, Unusual,
};
pub use graph::{Edge, EdgeKind, Graph, Node, NodeKind};
pub use lineage::{Cores, OriginKind, Work};
pub use log_integrity::{LOG_INTEGRITY, log_integrity_findings};
pub use settings::{Accepted, Egress, Localities, Locality, Settings};
pub use trace::{Part, Step, Trace};
pub use tracing::{is_known, trace};
pub use unusual::{BIT as UNUSUAL_BIT, MEDIUM as UNUSUAL_MEDIUM};
