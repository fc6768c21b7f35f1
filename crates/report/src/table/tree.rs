//! A path as a small tree: the origin, its hops, and what was left behind under each.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Chain, Hop, LeftBehind, Origin};

use super::more;
use crate::cases::{Path, weightiest};
use crate::limits::{
    BRANCHES_SHOWN_MAX, KEY_COLUMNS_MAX, LEFT_BEHIND_SHOWN_MAX, NAME_COLUMNS_MAX,
    PATH_HOPS_SHOWN_MAX,
};
use crate::page::{Line, Page, Paint};
use crate::{escape, words};

/// Column where the tree begins, after the numbers of the hops.
const MARGIN: usize = 9;

/// Levels that are drawn deeper than the one before.
const LEVELS_MAX: usize = 4;

/// One line of a path.
pub(crate) enum Rung<'a> {
    /// A hop.
    Hop(&'a Hop),
    /// Hops that are not shown.
    Left(usize),
}

/// Adds a path.
pub(crate) fn path(page: &mut Page, origin: &Origin, path: &Path<'_>) {
    origin_rung(page, origin, path.chain.is_some_and(|chain| chain.at_least));
    let listed = weightiest(&path.left_behind, shown_max(page, LEFT_BEHIND_SHOWN_MAX));
    let mut rest = listed.as_slice();
    let roles = path.chain.map_or(&[][..], |chain| chain.roles.as_slice());
    let rungs = rungs(roles, shown_max(page, PATH_HOPS_SHOWN_MAX));
    let day = roles.first().map(|hop| hop.event_time.day());
    let mut level = 0;
    for (at, rung) in rungs.iter().enumerate() {
        // What a hop left behind stands between it and the next one.
        let next = hop_of(rung);
        let (done, later) = split(rest, |left| next.is_some_and(|next| left.hop < next));
        for left in done {
            artifact(page, left, level, day);
        }
        rest = later;
        match rung {
            Rung::Hop(hop) => hop_rung(page, hop, at),
            Rung::Left(number) => left_rung(page, *number, at),
        }
        level = at + 1;
    }
    for left in rest {
        artifact(page, left, level, day);
    }
    more(page, path.left_behind.len() - listed.len(), "lasting change");
    if let Some(chain) = path.chain {
        branches(page, chain);
    }
}

/// The hops of a path with gaps where hops are missing, at most `hops_max` of them.
pub(crate) fn rungs(roles: &[Hop], hops_max: usize) -> Vec<Rung<'_>> {
    let head = if roles.len() > hops_max { hops_max.div_ceil(2) } else { roles.len() };
    let tail = roles.len().min(hops_max) - head;
    let mut rungs = Vec::new();
    let mut before: Option<(usize, u32)> = None;
    for (at, hop) in roles.iter().enumerate() {
        if at >= head && at < roles.len() - tail {
            continue;
        }
        if let Some((last_at, last_hop)) = before {
            // Numbers jump where the analysis itself left hops out.
            let by_number = hop.hop.saturating_sub(last_hop + 1) as usize;
            let missing = (at - last_at - 1).max(by_number);
            if missing > 0 {
                rungs.push(Rung::Left(missing));
            }
        }
        rungs.push(Rung::Hop(hop));
        before = Some((at, hop.hop));
    }
    rungs
}

/// Number of the hop, or nothing for a gap.
fn hop_of(rung: &Rung<'_>) -> Option<u32> {
    match rung {
        Rung::Hop(hop) => Some(hop.hop),
        Rung::Left(_) => None,
    }
}

/// The beginning of `items` that `is_before` holds for, and the rest.
fn split<'s, 'a>(
    items: &'s [&'a LeftBehind],
    is_before: impl Fn(&LeftBehind) -> bool,
) -> (&'s [&'a LeftBehind], &'s [&'a LeftBehind]) {
    let at = items.iter().take_while(|left| is_before(left)).count();
    items.split_at(at)
}

fn shown_max(page: &Page, limit: usize) -> usize {
    if page.style().all { usize::MAX } else { limit }
}

fn origin_rung(page: &mut Page, origin: &Origin, at_least: bool) {
    let name = words::origin_name(origin);
    let key = origin.access_key_id.as_deref().unwrap_or_default();
    let mut line = Line::new(MARGIN - 2, MARGIN + 3).word(Paint::Faint, "0");
    let shown_name = escape::cut(&name, NAME_COLUMNS_MAX);
    line = if key.is_empty() || key == name {
        line.word(Paint::Bold, &shown_name)
    } else {
        let key = escape::cut(key, KEY_COLUMNS_MAX);
        line.word(Paint::Plain, &key).part(Paint::Bold, &shown_name)
    };
    line = line
        .part(Paint::Plain, words::origin_noun(origin.kind))
        .part(Paint::Plain, &account(origin.account_id.as_deref()));
    if at_least {
        line = line.part(Paint::Orange, "hops may be missing after it");
    }
    page.line(&line);
}

fn hop_rung(page: &mut Page, hop: &Hop, level: usize) {
    let paint = Paint::of_color(hop.color);
    let indent = MARGIN + 3 * level.min(LEVELS_MAX);
    let number = format!("{:>1$}", hop.hop, MARGIN - 1);
    let branch = format!("{}└─", " ".repeat(indent - MARGIN));
    let key = hop.access_key_id.as_deref().unwrap_or_default();
    let mut line = Line::new(0, indent + 3)
        .word(paint, &number)
        .word(paint, &branch)
        .word(paint, &hop.event_name)
        .word(paint, &escape::cut(words::last_part(&hop.role_arn), NAME_COLUMNS_MAX))
        .part(Paint::Plain, &escape::cut(&hop.role_session_name, NAME_COLUMNS_MAX))
        .part(Paint::Plain, &escape::cut(key, KEY_COLUMNS_MAX))
        .part(Paint::Plain, &words::second(hop.event_time));
    if !hop.source_ip_address.is_empty() {
        let address = escape::cut(&hop.source_ip_address, NAME_COLUMNS_MAX);
        line = line.part(Paint::Plain, &format!("from {address}"));
    }
    line = line.part(Paint::Plain, &account(words::account_of(&hop.role_arn)));
    if let Some(doubt) = words::doubt(hop.confidence) {
        line = line.part(Paint::Orange, &format!("({doubt})"));
    }
    page.line(&line);
}

fn left_rung(page: &mut Page, number: usize, level: usize) {
    let indent = MARGIN + 3 * level.min(LEVELS_MAX);
    let text = format!("… {} …", words::counted(number as u64, "hop"));
    page.line(&Line::new(indent, indent).prose(Paint::Faint, &text, 80));
}

fn artifact(page: &mut Page, left: &LeftBehind, level: usize, day: Option<i64>) {
    let indent = MARGIN + 3 * level.min(LEVELS_MAX + 1);
    let paint = Paint::of_color(color_of(left.hop));
    let key = left.access_key_id.as_deref().unwrap_or_default();
    let time = if day == Some(left.event_time.day()) {
        words::clock(left.event_time)
    } else {
        words::second(left.event_time)
    };
    let mut what = String::from(left.kind);
    for remark in &left.remarks {
        what.push_str(", ");
        what.push_str(remark);
    }
    let mut line = Line::new(indent, indent + 2)
        .word(paint, "✚")
        .word(Paint::Bold, &left.event_name)
        .word(Paint::Bold, &escape::cut(&left.name, NAME_COLUMNS_MAX));
    if key != &*left.name {
        line = line.word(Paint::Plain, &escape::cut(key, KEY_COLUMNS_MAX));
    }
    line = line
        .prose(Paint::Plain, &format!("({what})"), REASON_MAX)
        .part(Paint::Plain, &time)
        .part(Paint::Faint, left.technique.id);
    page.line(&line);
}

/// Columns of what makes a thing dangerous.
const REASON_MAX: usize = 240;

/// The color of a hop depends on its number alone.
const fn color_of(hop: u32) -> detect::Color {
    match hop {
        0 | 1 => detect::Color::None,
        2 => detect::Color::Orange,
        _ => detect::Color::Red,
    }
}

fn branches(page: &mut Page, chain: &Chain) {
    let shown = chain.branches.len().min(shown_max(page, BRANCHES_SHOWN_MAX));
    for branch in chain.branches.iter().take(shown) {
        let common =
            chain.roles.iter().zip(branch).take_while(|(ours, theirs)| ours == theirs).count();
        let from = branch.get(..common).and_then(<[Hop]>::last).map_or(0, |hop| hop.hop);
        page.line(&Line::new(MARGIN, MARGIN).prose(
            Paint::Faint,
            &format!("branch after hop {from}:"),
            80,
        ));
        let apart = branch.get(common..).unwrap_or_default();
        for (at, rung) in rungs(apart, shown_max(page, PATH_HOPS_SHOWN_MAX)).iter().enumerate() {
            match rung {
                Rung::Hop(hop) => hop_rung(page, hop, common + at),
                Rung::Left(number) => left_rung(page, *number, common + at),
            }
        }
    }
    more(page, chain.branches.len() - shown, "branch");
    if chain.branches_left_out > 0 {
        let left = words::count(chain.branches_left_out);
        let text = format!("… {left} more paths are not listed in any report");
        page.line(&Line::new(MARGIN, MARGIN).prose(Paint::Faint, &text, 120));
    }
}

/// `acct 111122223333`.
fn account(account: Option<&str>) -> String {
    match account {
        Some(account) if !account.is_empty() => {
            format!("acct {}", escape::cut(account, NAME_COLUMNS_MAX))
        }
        Some(_) | None => String::new(),
    }
}
