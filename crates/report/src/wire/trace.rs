//! The written form of a trace.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Background, ChainRole, Line, Origin, Time, is_false, is_zero};
use crate::words;

/// Number of the trace document's form.
const SCHEMA: &str = "rolecall.trace/1";

/// What the logs say about a subject.
#[derive(Serialize)]
pub(crate) struct Trace<'a> {
    schema: &'static str,
    subject: &'a str,
    parts: Vec<Part<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    parts_left_out: u64,
}

#[derive(Serialize)]
struct Part<'a> {
    origin: Origin<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<Background<'a>>,
    at_least: bool,
    ancestry: Vec<Step<'a>>,
    descendants: Vec<Step<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    descendants_left_out: u64,
    moments: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    moments_left_out: u64,
}

#[derive(Serialize)]
struct Step<'a> {
    depth: u32,
    who: &'a str,
    access_key_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_arn: Option<&'a str>,
    hop: u32,
    color: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop_call: Option<ChainRole<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    how: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Time>,
    confidence: &'static str,
    calls: u64,
    #[serde(skip_serializing_if = "is_false")]
    calls_is_estimate: bool,
    left_behind: &'a [String],
}

impl<'a> Trace<'a> {
    /// The written form of `trace`.
    pub(crate) fn of(trace: &'a detect::Trace) -> Self {
        Self {
            schema: SCHEMA,
            subject: &trace.subject,
            parts: trace.parts.iter().map(Part::of).collect(),
            parts_left_out: trace.parts_left_out,
        }
    }
}

impl<'a> Part<'a> {
    fn of(part: &'a detect::Part) -> Self {
        Self {
            origin: Origin::of(&part.origin),
            background: part.background.as_ref().map(Background::of),
            at_least: part.at_least,
            ancestry: part.ancestry.iter().map(Step::of).collect(),
            descendants: part.descendants.iter().map(Step::of).collect(),
            descendants_left_out: part.descendants_left_out,
            moments: part.moments.iter().map(Line::of).collect(),
            moments_left_out: part.moments_left_out,
        }
    }
}

impl<'a> Step<'a> {
    fn of(step: &'a detect::Step) -> Self {
        Self {
            depth: step.depth,
            who: &step.who,
            access_key_ids: &step.access_key_ids,
            principal_arn: step.principal_arn.as_deref(),
            hop: step.hop,
            color: words::color(step.color),
            hop_call: step.hop_call.as_ref().map(ChainRole::of),
            how: &step.how,
            time: step.time.map(Time),
            confidence: words::confidence(step.confidence),
            calls: step.calls.events,
            calls_is_estimate: step.calls.is_estimate,
            left_behind: &step.left_behind,
        }
    }
}
