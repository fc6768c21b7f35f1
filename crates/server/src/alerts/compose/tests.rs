//! Every short life of an incident, and what a sink is told of it.

use std::time::Duration;

use detect::Severity::{self, Critical, High, Low, Medium};

use super::{Composed, Message, Recipient, compose};
use crate::alerts::{Decision, MessageKind, NewEntry, Policy, Standing, Told};
use crate::clock::WallTime;
use crate::config::SinkKind;

const QUIET: Duration = Duration::from_secs(60);

fn sink() -> Recipient<'static> {
    let policy = Policy { min_severity: Medium, quiet_period: QUIET };
    Recipient { name: "pager", kind: SinkKind::PagerDuty, policy }
}

fn composed(standing: Standing, told: Option<Told>, now: WallTime) -> Composed {
    let payload = |message: &Message<'_>| {
        assert_eq!((message.incident_id, message.sink.name), ("839bcd21", "pager"));
        Ok(format!("{} {}", message.kind.name(), message.revision).into_bytes())
    };
    compose(("839bcd21", standing), told, sink(), now, &payload).unwrap()
}

/// What is sent while an incident goes through `standings`, one every `step`.
fn sent(standings: &[Standing], step: Duration) -> Vec<NewEntry> {
    let mut told = None;
    let mut sent = Vec::new();
    let mut now = WallTime(1_700_000_000_000);
    for standing in standings {
        if let Some((entry, after)) = composed(*standing, told, now).news {
            assert_eq!(entry.enqueued_at, now);
            sent.push(entry);
            told = Some(after);
        }
        now = now.after(step);
    }
    sent
}

fn standings() -> Vec<Standing> {
    let mut standings = Vec::new();
    for severity in [Low, Medium, High, Critical] {
        for (is_withdrawn, is_suppressed) in [(false, false), (false, true), (true, false)] {
            standings.push(Standing { severity, is_withdrawn, is_suppressed });
        }
    }
    standings
}

/// Every sequence of `length` standings.
fn lives(length: usize) -> Vec<Vec<Standing>> {
    let mut lives = vec![Vec::new()];
    for _ in 0..length {
        let longer = |life: &Vec<Standing>| {
            let life = life.clone();
            standings().into_iter().map(move |next| [life.clone(), vec![next]].concat())
        };
        lives = lives.iter().flat_map(longer).collect();
    }
    lives
}

/// What the sink shows after `entry`; it must be news.
fn shown(open: Option<Severity>, entry: &NewEntry) -> Option<Severity> {
    match (entry.kind, open) {
        (MessageKind::Opened, None) => Some(entry.severity),
        (MessageKind::Raised, Some(before)) if entry.severity > before => Some(entry.severity),
        (MessageKind::Withdrawn, Some(_)) => None,
        _ => panic!("{entry:?} after {open:?} is no news"),
    }
}

#[test]
fn nothing_is_told_twice_in_any_life() {
    for life in lives(4) {
        for step in [Duration::from_secs(1), QUIET] {
            let mut open = None;
            for (index, entry) in sent(&life, step).iter().enumerate() {
                open = shown(open, entry);
                assert_eq!(entry.revision, index as u32 + 1);
                assert_eq!(entry.key(), format!("839bcd21-{}", index + 1));
                let payload = format!("{} {}", entry.kind.name(), entry.revision);
                assert_eq!(entry.payload, payload.as_bytes());
                assert!(open.is_none() || entry.severity >= Medium);
            }
        }
    }
}

/// Given time, the sink shows what is there: it is as grave as it ever was since it was opened.
#[test]
fn in_the_end_the_sink_knows() {
    for life in lives(3) {
        let last = *life.last().unwrap();
        // The last standing lasts until every quiet period is over.
        let whole = [life.clone(), vec![last; 2]].concat();
        let open = sent(&whole, QUIET).iter().fold(None, shown);
        let is_there = !last.is_withdrawn && !last.is_suppressed && last.severity >= Medium;
        if last.is_withdrawn {
            assert_eq!(open, None, "{life:?}");
        } else if is_there {
            assert!(open >= Some(last.severity), "{life:?}");
        }
    }
}

#[test]
fn what_is_held_is_not_written() {
    let standing = |severity| Standing { severity, is_withdrawn: false, is_suppressed: false };
    let now = WallTime(1_700_000_000_000);
    let (_, told) = composed(standing(Medium), None, now).news.unwrap();
    let held = composed(standing(High), Some(told), now.after(Duration::from_secs(59)));
    assert_eq!(held.decision, Decision::Hold { until: now.after(QUIET) });
    assert!(held.news.is_none());
}

#[test]
fn a_message_that_cannot_be_written_says_which() {
    let standing = Standing { severity: High, is_withdrawn: false, is_suppressed: false };
    let payload = |_: &Message<'_>| Err("there is no incident".to_owned());
    let error = compose(("839bcd21", standing), None, sink(), WallTime(0), &payload).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the message about incident `839bcd21` for sink `pager`: there is no incident"
    );
}
