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
        let bytes = text.as_bytes();
        rfc3339_utc(bytes).or_else(|| sts_date(bytes)).or_else(|| other_notation(text))
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
    moment([year, month.into(), day.into()], [two(h1, h2)?, two(n1, n2)?, two(s1, s2)?])
}

/// Months as STS begins its dates.
const MONTHS: [&[u8; 4]; 12] = [
    b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ",
    b"Nov ", b"Dec ",
];

/// `Jul 10, 2023, 12:31:14 PM`, the form in which STS says when a credential expires, likewise.
fn sts_date(text: &[u8]) -> Option<Timestamp> {
    let (name, rest) = text.split_first_chunk()?;
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let (day, rest) = one_or_two(rest)?;
    let (&[b',', b' ', y1, y2, y3, y4, b',', b' '], rest) = rest.split_first_chunk()? else {
        return None;
    };
    let year = i64::from(two(y1, y2)?) * 100 + i64::from(two(y3, y4)?);
    let (hour, rest) = one_or_two(rest)?;
    let &[b':', n1, n2, b':', s1, s2, b' ', half @ (b'A' | b'P'), b'M'] = rest else {
        return None;
    };
    let afternoon = if half == b'P' { 12 } else { 0 };
    let second = two(s1, s2).filter(|second| *second <= 59)?;
    let hour = (1..=12).contains(&hour).then_some(hour % 12 + afternoon)?;
    moment([year, month, day.into()], [hour, two(n1, n2)?, second])
}

/// A number of one or two digits, and what follows it.
fn one_or_two(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [tens, ones, rest @ ..] if ones.is_ascii_digit() => Some((two(*tens, *ones)?, rest)),
        [ones, rest @ ..] => Some((two(b'0', *ones)?, rest)),
        [] => None,
    }
}

/// The moment of a date and a time of day that exist.
fn moment([year, month, day]: [i64; 3], [hour, minute, second]: [u8; 3]) -> Option<Timestamp> {
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

const fn days_in(year: i64, month: i64) -> i64 {
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
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
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
        i64::from(datetime.month()),
        i64::from(datetime.day()),
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

    use super::{FORMATS, Timestamp, civil, sts_date};

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

    #[test]
    fn the_short_way_of_dates_agrees_with_the_library() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Sep", "Nov", "Dec", "jul"];
        let days = ["0", "1", "09", "28", "29", "30", "31", "32", "9x"];
        let times = ["0:00:00", "1:09:59", "01:59:00", "11:00:60", "12:00:01", "13:00:00", "7:5:5"];
        let dates = months.iter().flat_map(|month| days.map(|day| (month, day)));
        let moments = dates.flat_map(|date| times.map(|time| (date, time)));
        let mut n_read = 0;
        for ((month, day), time) in moments {
            for half in ["AM", "PM", "pm", "XM"] {
                let text = alloc::format!("{month} {day}, 2024, {time} {half}");
                let short = sts_date(text.as_bytes());
                n_read += u64::from(short.is_some());
                let library = civil(FORMATS[1], &text);
                assert!(short.is_none() || short == library, "{text} {short:?} {library:?}");
                assert_eq!(Timestamp::parse(&text), library, "{text}");
            }
        }
        // 54 days that exist, three times of day that do, before and after noon.
        assert_eq!(n_read, 54 * 3 * 2);
    }
}
