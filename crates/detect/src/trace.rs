//! One credential, role, user or instance: where it came from, what it handed out, what it did.

use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Count;

use crate::background::Background;
use crate::finding::{Color, Confidence, Hop, Moment, Origin};

/// What the logs say about a subject.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What was asked for.
    pub subject: String,
    /// One part for each credential or session that the subject stands for, oldest first.
    pub parts: Vec<Part>,
    /// Parts beyond [`TRACE_PARTS_MAX`](crate::limits::TRACE_PARTS_MAX).
    pub parts_left_out: u64,
}

/// One credential or session.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where its lineage begins.
    pub origin: Origin,
    /// What is known about the workload that its lineage begins at.
    pub background: Option<Background>,
    /// Whether hops may be missing before the first one.
    pub at_least: bool,
    /// The way from the origin to it; empty for an origin itself.
    pub ancestry: Vec<Step>,
    /// It, and what it handed out, depth first.
    pub descendants: Vec<Step>,
    /// Steps beyond [`TRACE_STEPS_MAX`](crate::limits::TRACE_STEPS_MAX).
    pub descendants_left_out: u64,
    /// What it did, oldest first.
    pub moments: Vec<Moment>,
    /// Moments beyond [`TIMELINE_MAX`](crate::limits::TIMELINE_MAX).
    pub moments_left_out: u64,
}

/// A credential or session on a walk.
#[derive(Clone, Debug)]
pub struct Step {
    /// Steps from where the walk began.
    pub depth: u32,
    /// Role and session, user, or key.
    pub who: String,
    /// Keys, in order.
    pub access_key_ids: Vec<String>,
    /// Its principal.
    pub principal_arn: Option<String>,
    /// Number of the hop that led to it.
    pub hop: u32,
    /// Color of that hop.
    pub color: Color,
    /// The hop that led to it, or nothing where no call of `AssumeRole` did.
    pub hop_call: Option<Hop>,
    /// How it was handed out, in words.
    pub how: String,
    /// When it was handed out, or first used.
    pub time: Option<Timestamp>,
    /// How sure it is that it came from the step before.
    pub confidence: Confidence,
    /// Successful and failed calls.
    pub calls: Count,
    /// What it left behind, in words.
    pub left_behind: Vec<String>,
}
