//! A trace of the scenario's third role.

use detect::{Confidence, Count, Hop, Part, Step, Trace};

use super::{at, color, origin, roles, timeline};

fn step(depth: u32, who: &str, hop_call: Option<Hop>) -> Step {
    let hop = hop_call.as_ref().map_or(0, |hop| hop.hop);
    Step {
        depth,
        who: who.into(),
        access_key_ids: hop_call
            .iter()
            .filter_map(|hop| Some(hop.access_key_id.as_deref()?.to_owned()))
            .collect(),
        principal_arn: None,
        hop,
        color: color(hop),
        how: if hop == 0 { "long-term key".into() } else { "AssumeRole".into() },
        time: Some(at(i64::from(hop) * 120)),
        hop_call,
        confidence: Confidence::High,
        calls: Count::exactly(12),
        left_behind: Vec::new(),
    }
}

pub(crate) fn trace() -> Trace {
    let mut hops = roles().into_iter();
    let mut next = |depth, who: &str| step(depth, who, hops.next());
    let ancestry = vec![
        step(0, "user build-legacy", None),
        next(1, "ci-deploy/session-1"),
        next(2, "org-admin/session-2"),
    ];
    let subject = Step {
        left_behind: vec!["CreateUser Bob (IAM user, grants administrator access)".into()],
        ..next(0, "break-glass/session-3")
    };
    let child = Step { confidence: Confidence::Medium, ..next(1, "data-export/session-4") };
    Trace {
        subject: "ASIAQNZGKIQY5BREAKGL".into(),
        parts: vec![Part {
            background: None,
            origin: origin(),
            at_least: false,
            ancestry,
            descendants: vec![subject, child],
            descendants_left_out: 0,
            moments: timeline(),
            moments_left_out: 7,
        }],
        parts_left_out: 0,
    }
}
