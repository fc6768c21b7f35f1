//! The strip above a timeline: a lane for each credential, a mark for each kind of call.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use detect::{Color, Moment};

use super::plain::Plain;
use crate::limits::LANES_MAX;
use crate::words;

/// Width of the strip, of the names at its left, and of the room at its right.
const WIDTH: i64 = 1_000;
const NAMES: i64 = 210;
const RIGHT: i64 = 24;
/// Height of a lane, and of the scale above.
const LANE: i64 = 26;
const SCALE: i64 = 26;
/// Times on the scale.
const TIMES: i64 = 4;

/// A strip.
pub(super) struct Strip {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) label: String,
    pub(super) times: Vec<TimeMark>,
    pub(super) lanes: Vec<Lane>,
    /// Credentials without a lane.
    pub(super) left_out: usize,
}

/// A time on the scale.
pub(super) struct TimeMark {
    pub(super) x: i64,
    pub(super) anchor: &'static str,
    pub(super) text: String,
}

/// What one credential did.
pub(super) struct Lane {
    pub(super) y: i64,
    pub(super) name: Plain,
    pub(super) whole: Plain,
    pub(super) ticks: Vec<Tick>,
}

/// One kind of call.
pub(super) struct Tick {
    pub(super) class: String,
    pub(super) x: i64,
    pub(super) length: i64,
    pub(super) is_key: bool,
    pub(super) whole: Plain,
}

/// The strip of `moments`, if there is a span of time to show.
pub(super) fn strip(moments: &[Moment]) -> Option<Strip> {
    let first = moments.iter().map(|moment| moment.first).min()?;
    let last = moments.iter().map(|moment| moment.last).max()?;
    let mut lanes: Vec<(u32, &str, Vec<&Moment>)> = Vec::new();
    let mut lane_of: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for moment in moments {
        let at = *lane_of.entry((&moment.who, moment.hop)).or_insert_with(|| {
            lanes.push((moment.hop, &moment.who, Vec::new()));
            lanes.len() - 1
        });
        if let Some((_, _, of_lane)) = lanes.get_mut(at) {
            of_lane.push(moment);
        }
    }
    lanes.sort_by_key(|(hop, _, _)| *hop);
    let left_out = lanes.len().saturating_sub(LANES_MAX);
    lanes.truncate(LANES_MAX);
    let height = SCALE + lanes.len() as i64 * LANE + 8;
    let label = format!(
        "Timeline of {}, {}. The table below says the same in words.",
        words::counted(lanes.len() as u64, "credential"),
        words::span(first, last),
    );
    Some(Strip {
        width: WIDTH,
        height,
        label,
        times: times(first, last),
        lanes: lanes
            .into_iter()
            .zip(0..)
            .map(|((hop, who, moments), row)| Lane {
                y: SCALE + row * LANE + LANE / 2,
                name: Plain::clipped(&format!("{hop} {who}"), 30),
                whole: Plain::of(who),
                ticks: ticks(&moments, first, last),
            })
            .collect(),
        left_out,
    })
}

fn place(time: Timestamp, first: Timestamp, last: Timestamp) -> i64 {
    let whole = last.seconds_since(first).max(1);
    let room = WIDTH - NAMES - RIGHT;
    let since = time.seconds_since(first).clamp(0, whole);
    // A span of hostile dates is wide; division first would lose the seconds of a short one.
    NAMES + i64::try_from(i128::from(since) * i128::from(room) / i128::from(whole)).unwrap_or(0)
}

fn times(first: Timestamp, last: Timestamp) -> Vec<TimeMark> {
    let whole = last.seconds_since(first);
    let steps = if whole < TIMES { 0 } else { TIMES };
    (0..=steps)
        .map(|step| {
            let time = Timestamp(first.0 + (whole / steps.max(1)).saturating_mul(step));
            TimeMark {
                x: place(time, first, last),
                anchor: if step == TIMES { "end" } else { "start" },
                text: if whole > 86_400 { words::minute(time) } else { words::clock(time) },
            }
        })
        .collect()
}

fn ticks(moments: &[&Moment], first: Timestamp, last: Timestamp) -> Vec<Tick> {
    moments
        .iter()
        .map(|moment| {
            let x = place(moment.first, first, last);
            let color = match moment.color {
                Color::None => "tick-none",
                Color::Orange => "tick-orange",
                Color::Red => "tick-red",
            };
            let failed = if moment.error_code.is_empty() { "" } else { " failed" };
            Tick {
                class: format!("tick {color}{failed}"),
                x,
                length: (place(moment.last, first, last) - x).max(2),
                is_key: moment.is_key_moment,
                whole: Plain::of(&format!(
                    "{} · {}:{} {} {}",
                    words::second(moment.first),
                    words::service(&moment.event_source),
                    moment.event_name,
                    words::times(moment.count),
                    moment.error_code,
                )),
            }
        })
        .collect()
}
