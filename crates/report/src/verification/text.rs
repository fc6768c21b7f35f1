//! A verification as text for a terminal: each chain of digests, and what is wrong in it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use integrity::{Chain, Fault, GapCause, LogCounts, LogResult, Verdict, Verification};

use super::words;
use crate::escape;
use crate::limits::{CHAINS_SHOWN_MAX, NAME_COLUMNS_MAX, RESULTS_SHOWN_MAX, SOURCE_COLUMNS_MAX};
use crate::page::{Line, Page, Paint, Style};
use crate::table::{more, more_at};
use crate::words::counted;

/// Column in which what is said of a chain begins.
const HANG: usize = 13;

/// The verification as text for a terminal.
pub fn verification_text(verification: &Verification, style: &Style) -> String {
    let mut page = Page::of(style);
    headline(&mut page, verification);
    let mut logs: BTreeMap<usize, Vec<&LogResult>> = BTreeMap::new();
    for log in &verification.logs {
        logs.entry(log.chain).or_default().push(log);
    }
    let is_all = page.style().all;
    // Where something is wrong comes first: it may not drown in a thousand chains that are sound.
    let mut chains: Vec<_> = verification.chains.iter().enumerate().collect();
    chains.sort_by_key(|(index, chain)| gravity(chain, counts_of(verification, *index)));
    let shown = if is_all { chains.len() } else { CHAINS_SHOWN_MAX };
    for (index, chain) in chains.iter().take(shown) {
        page.gap();
        let logs = logs.get(index).map(Vec::as_slice).unwrap_or_default();
        self::chain(&mut page, chain, counts_of(verification, *index), logs);
    }
    more(&mut page, chains.len().saturating_sub(shown), "chain");
    unmentioned(&mut page, verification);
    unlisted(&mut page, verification);
    list(&mut page, "What this proves", &words::proves(verification));
    list(&mut page, "What it does not prove", &words::does_not_prove(verification));
    page.into_text()
}

fn counts_of(verification: &Verification, chain: usize) -> LogCounts {
    verification.logs_by_chain.get(chain).copied().unwrap_or_default()
}

/// Smaller is graver.
fn gravity(chain: &Chain, logs: LogCounts) -> u8 {
    let is = |judged: fn(&Verdict) -> bool| chain.digests.iter().any(|it| judged(&it.verdict));
    if logs.invalid > 0 || is(|verdict| verdict.fault().is_some()) {
        0
    } else if logs.unverified > 0 || is(|verdict| verdict.doubt().is_some()) {
        1
    } else {
        2
    }
}

fn headline(page: &mut Page, verification: &Verification) {
    let counts = &verification.counts;
    let n_invalid = counts.digests_invalid + counts.logs.invalid + counts.logs_unmentioned;
    let (paint, answer) = if n_invalid > 0 {
        (Paint::Red, "NOT as CloudTrail delivered it.")
    } else if verification.is_partial() {
        (Paint::Orange, "Nothing is seen to be changed, and part of it could not be verified.")
    } else {
        (Paint::Bold, "As CloudTrail delivered it.")
    };
    page.say(paint, answer);
    let said = |name: &str, valid: u64, invalid: u64, unverified: u64| {
        let all = counted(valid + invalid + unverified, name);
        format!("{all}: {valid} valid, {invalid} INVALID, {unverified} not verified.")
    };
    let logs = counts.logs;
    let (valid, invalid) = (counts.digests_valid, counts.digests_invalid);
    page.say(Paint::Plain, &said("digest", valid, invalid, counts.digests_unverified));
    page.say(Paint::Plain, &said("log file", logs.valid, logs.invalid, logs.unverified));
    if counts.logs_unmentioned > 0 {
        let logs = counted(counts.logs_unmentioned, "log file");
        page.say(Paint::Red, &format!("{logs} that no digest names."));
    }
}

fn chain(page: &mut Page, chain: &Chain, counts: LogCounts, logs: &[&LogResult]) {
    let name = &chain.name;
    let backfill = if name.is_backfill { ", backfill digests" } else { "" };
    let line = Line::new(0, 2)
        .word(Paint::Bold, &format!("Trail {}", escape::cut(&name.trail, NAME_COLUMNS_MAX)))
        .part(Paint::Plain, &format!("account {}", name.account_id))
        .part(Paint::Plain, &format!("{}{backfill}", name.region))
        .part(Paint::Faint, &counted(chain.digests.len() as u64, "digest"))
        .part(
            Paint::Faint,
            &counted(counts.valid + counts.invalid + counts.unverified, "log file"),
        );
    page.line(&line);
    let most = if page.style().all { usize::MAX } else { RESULTS_SHOWN_MAX };
    let proven = chain.proven();
    for (from, until) in proven.iter().take(most) {
        interval(page, Paint::Plain, "proven", &format!("{from} to {until}"));
    }
    more_at(page, 2, proven.len().saturating_sub(most), "time");
    for gap in chain.gaps.iter().take(most) {
        let cause = match gap.cause {
            GapCause::ChainStart => "no digests: logging or log file validation was off",
            GapCause::DigestsLost => "digests are missing or invalid",
        };
        let text = format!("{} to {}, {cause}", gap.from, gap.until);
        interval(page, Paint::Orange, "gap", &text);
    }
    more_at(page, 2, chain.gaps.len().saturating_sub(most), "gap");
    results(page, chain, logs, most);
}

fn interval(page: &mut Page, paint: Paint, label: &str, text: &str) {
    let line = Line::labelled(2, HANG, paint, label);
    page.line(&line.prose(paint, text, SOURCE_COLUMNS_MAX));
}

/// Digests and log files, invalid ones first; valid ones only where everything is listed.
fn results(page: &mut Page, chain: &Chain, logs: &[&LogResult], most: usize) {
    let is_all = page.style().all;
    let digests = chain.digests.iter().map(|it| ("digest", &*it.source, &it.verdict, None));
    let logs =
        logs.iter().map(|it| ("log file", &*it.source, &it.verdict, it.elsewhere.as_deref()));
    let mut results: Vec<_> =
        digests.chain(logs).filter(|(_, _, verdict, _)| is_all || !verdict.is_valid()).collect();
    results.sort_by_key(|(_, _, verdict, _)| match verdict {
        Verdict::Invalid(_) => 0,
        Verdict::Unverified(_) => 1,
        Verdict::Valid => 2,
    });
    for (what, source, verdict, elsewhere) in results.iter().take(most) {
        let (paint, label, reason) = match verdict {
            Verdict::Invalid(fault) => (Paint::Red, "INVALID", fault.text()),
            Verdict::Unverified(doubt) => (Paint::Orange, "unverified", doubt.text()),
            Verdict::Valid => (Paint::Faint, "valid", String::new()),
        };
        let mut line = Line::labelled(2, HANG, paint, label)
            .prose(paint, what, NAME_COLUMNS_MAX)
            .word(Paint::Plain, &escape::cut(shown(source, verdict, is_all), SOURCE_COLUMNS_MAX));
        if !reason.is_empty() {
            line = line.glued(paint, ":").prose(paint, &reason, SOURCE_COLUMNS_MAX);
        }
        if let Some(place) = elsewhere {
            line = line.prose(Paint::Plain, "; a file of that name lies at", NAME_COLUMNS_MAX);
            line = line.word(Paint::Plain, &escape::cut(place, SOURCE_COLUMNS_MAX));
        }
        page.line(&line);
    }
    more_at(page, 2, results.len().saturating_sub(most), "result");
}

/// The name, which tells account, Region and time; the whole path where the place matters.
fn shown<'a>(source: &'a str, verdict: &Verdict, is_all: bool) -> &'a str {
    let is_about_places = matches!(verdict.fault(), Some(Fault::Misplaced | Fault::Moved));
    if is_all || is_about_places {
        return source;
    }
    let name = source.rsplit_once(['/', '\\']).map(|(_, name)| name);
    name.filter(|name| !name.is_empty()).unwrap_or(source)
}

fn unmentioned(page: &mut Page, verification: &Verification) {
    let logs = &verification.unmentioned;
    if logs.is_empty() {
        return;
    }
    page.gap();
    page.say(Paint::Bold, "Log files that no digest names");
    let most = if page.style().all { usize::MAX } else { RESULTS_SHOWN_MAX };
    for log in logs.iter().take(most) {
        let line = Line::new(2, 4).word(Paint::Red, &escape::cut(&log.source, SOURCE_COLUMNS_MAX));
        page.line(&line);
    }
    more(page, logs.len().saturating_sub(most), "log file");
}

fn unlisted(page: &mut Page, verification: &Verification) {
    let unlisted = &verification.unlisted;
    if unlisted.is_empty() {
        return;
    }
    page.gap();
    page.say(Paint::Bold, "Could not be read");
    let most = if page.style().all { usize::MAX } else { RESULTS_SHOWN_MAX };
    for (source, reason) in unlisted.iter().take(most) {
        let line = Line::new(2, 4)
            .word(Paint::Plain, &escape::cut(source, SOURCE_COLUMNS_MAX))
            .glued(Paint::Orange, ":")
            .prose(Paint::Orange, reason, SOURCE_COLUMNS_MAX);
        page.line(&line);
    }
    more(page, unlisted.len().saturating_sub(most), "file");
}

fn list(page: &mut Page, heading: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    page.gap();
    page.say(Paint::Bold, heading);
    for sentence in sentences {
        let line = Line::new(2, 4).word(Paint::Faint, "*");
        page.line(&line.prose(Paint::Plain, sentence, SOURCE_COLUMNS_MAX));
    }
}
