//! Who else is affected by a step, in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use detect::{Count, Habitual};

use crate::step::Affected;

/// `others` in words, of which each did `noun`s.
pub(crate) fn affected(others: &[Habitual], left_out: u64, noun: &str) -> (Vec<Affected>, u64) {
    let one = |other: &Habitual| Affected {
        who: other.who.clone(),
        what: format!(
            "{} on {}{}",
            times(other.times, noun),
            counted(other.days, "day"),
            hours(other)
        ),
        last: other.last.to_string(),
        next: other.next.map(|next| match other.every_secs {
            Some(every) => format!("about {next}, {}", every_words(every)),
            None => format!("about {next}"),
        }),
    };
    (others.iter().map(one).collect(), left_out)
}

/// `1 session`, `2 sessions`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// As [`counted`], of a number that may be an estimate.
fn times(number: Count, noun: &str) -> String {
    if number.is_estimate { format!("{number} {noun}s") } else { counted(number.events, noun) }
}

/// The hours of the day, where they are few enough to say something.
fn hours(other: &Habitual) -> String {
    if other.hours.len() > 8 {
        return ", at all hours".into();
    }
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    for hour in &other.hours {
        match ranges.last_mut() {
            Some((_, end)) if *end == *hour => *end = hour + 1,
            Some(_) | None => ranges.push((*hour, hour + 1)),
        }
    }
    let range = |(start, end): &(u8, u8)| format!("{start:02}:00–{end:02}:00");
    let ranges: Vec<String> = ranges.iter().map(range).collect();
    format!(", {} UTC", ranges.join(", "))
}

/// A rhythm in words.
fn every_words(seconds: i64) -> String {
    let (number, unit) = match seconds {
        i64::MIN..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..129_600 => ((seconds + 1_800) / 3_600, "hour"),
        129_600.. => ((seconds + 43_200) / 86_400, "day"),
    };
    format!("every {}", counted(number.unsigned_abs(), unit))
}
