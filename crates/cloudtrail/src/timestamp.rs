//! A moment in whole seconds, in every notation that CloudTrail uses.

use alloc::string::String;
use core::fmt;

use jiff::civil::DateTime;
use jiff::fmt::strtime;

/// A moment in UTC, in whole seconds since 1970-01-01, which is CloudTrail's own resolution.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(pub i64);

/// Notations beside RFC 3339: basic notation (IAM user guide), the two forms of STS and IAM
/// dates, and the forms of tools that re-write records.
const FORMATS: [&str; 4] =
    ["%Y%m%dT%H%M%SZ", "%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S"];

impl Timestamp {
    /// Reads `text` in any notation that CloudTrail is known to use, or as epoch seconds or
    /// milliseconds.
    pub fn parse(text: &str) -> Option<Self> {
        rfc3339_utc(text.as_bytes()).or_else(|| other_notation(text))
    }

    /// The day, counted from 1970-01-01 in UTC.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(86_400)
    }

    /// Seconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// `YYYY-MM-DDTHH:MM:SSZ`, the form of nearly every record, without going through a parser.
fn rfc3339_utc(text: &[u8]) -> Option<Timestamp> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return None;
    };
    let year = i64::from(two(y1, y2)?) * 100 + i64::from(two(y3, y4)?);
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let in_range = (1..=12).contains(&month)
        && day >= 1
        && day <= days_in(year, month)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    in_range.then(|| Timestamp(days_from_civil(year, month, day) * 86_400 + of_day))
}

const fn two(tens: u8, ones: u8) -> Option<u8> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Some((tens - b'0') * 10 + (ones - b'0'))
    } else {
        None
    }
}

const fn days_in(year: i64, month: u8) -> u8 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (Hinnant, "chrono-compatible
/// low-level date algorithms").
const fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn other_notation(text: &str) -> Option<Timestamp> {
    // Java 20 and later write a narrow no-break space before AM and PM.
    let text = text.trim().replace('\u{202f}', " ");
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(timestamp.as_second()));
    }
    if let Some(epoch) = epoch(&text) {
        return Some(epoch);
    }
    let without_fraction = match text.split_once('.') {
        Some((head, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => head,
        Some(_) | None => &text,
    };
    FORMATS.iter().find_map(|format| civil(format, without_fraction))
}

fn civil(format: &str, text: &str) -> Option<Timestamp> {
    let datetime: DateTime = strtime::parse(format, text).ok()?.to_datetime().ok()?;
    let seconds = days_from_civil(
        i64::from(datetime.year()),
        datetime.month().unsigned_abs(),
        datetime.day().unsigned_abs(),
    ) * 86_400
        + i64::from(datetime.hour()) * 3600
        + i64::from(datetime.minute()) * 60
        + i64::from(datetime.second());
    Some(Timestamp(seconds))
}

/// Epoch seconds (version 1 of the AWS CLI prints them with a fraction) or milliseconds.
fn epoch(text: &str) -> Option<Timestamp> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        9 | 10 => Some(Timestamp(number)),
        13 => Some(Timestamp(number.div_euclid(1000))),
        _ => None,
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => write!(formatter, "{timestamp}"),
            Err(_) => write!(formatter, "{}", self.0),
        }
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        alloc::format!("{timestamp}")
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::Timestamp;

    #[test]
    fn every_notation_of_one_moment_is_the_same_moment() {
        for text in [
            "2023-07-10T12:31:14Z",
            "2023-07-10T12:31:14.000Z",
            "2023-07-10T14:31:14+02:00",
            "20230710T123114Z",
            "Jul 10, 2023, 12:31:14 PM",
            "Jul 10, 2023 12:31:14 PM",
            "Jul 10, 2023, 12:31:14\u{202f}PM",
            "2023-07-10 12:31:14",
            "2023-07-10 12:31:14.000000000",
            "1688992274",
            "1688992274.25",
            "1688992274000",
        ] {
            let timestamp = Timestamp::parse(text);
            assert_eq!(timestamp, Some(Timestamp(1_688_992_274)), "{text}");
        }
        assert_eq!(Timestamp(1_688_992_274).to_string(), "2023-07-10T12:31:14Z");
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "", "yesterday", "12"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        assert!(Timestamp::parse("2024-02-29T00:00:00Z").is_some());
    }

    #[test]
    fn the_short_way_agrees_with_the_library() {
        for day in 0..40_000_i64 {
            let text = Timestamp(day * 86_400 + 3_661).to_string();
            assert_eq!(Timestamp::parse(&text), Some(Timestamp(day * 86_400 + 3_661)));
        }
    }
}
