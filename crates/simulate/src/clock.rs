//! Times as CloudTrail prints them, from seconds since 1970 UTC.

use alloc::format;
use alloc::string::String;

pub(crate) const MINUTE: i64 = 60;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time cut into its calendar parts.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// The form of `eventTime` and `creationDate`.
pub(crate) fn event_time(time: i64) -> String {
    let Parts { year, month, day, hour, minute, second } = parts(time);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The form of `expiration` in answers of STS: `Oct 18, 2026, 1:05:00 PM`.
pub(crate) fn expiration(time: i64) -> String {
    let parts = parts(time);
    let (month, clock) = (month_name(&parts), twelve_hours(&parts));
    format!("{month} {}, {}, {clock}", parts.day, parts.year)
}

/// The form of `createDate` in answers of IAM: `Oct 18, 2026 1:05:00 PM`.
pub(crate) fn create_date(time: i64) -> String {
    let parts = parts(time);
    let (month, clock) = (month_name(&parts), twelve_hours(&parts));
    format!("{month} {}, {} {clock}", parts.day, parts.year)
}

/// The folders of a day in the bucket.
pub(crate) fn day_folders(time: i64) -> String {
    let Parts { year, month, day, .. } = parts(time);
    format!("{year:04}/{month:02}/{day:02}")
}

/// The time in the name of a log file.
pub(crate) fn file_minute(time: i64) -> String {
    let parts = parts(time);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}Z",
        parts.year, parts.month, parts.day, parts.hour, parts.minute
    )
}

/// The time in the name of a digest file.
pub(crate) fn file_second(time: i64) -> String {
    event_time(time).replace(['-', ':'], "")
}

pub(crate) fn hour_of_day(time: i64) -> i64 {
    time.rem_euclid(DAY) / HOUR
}

/// Whether `time` lies on a Monday to Friday.
pub(crate) fn is_working_day(time: i64) -> bool {
    // 1970-01-01 was a Thursday.
    (time.div_euclid(DAY) + 3).rem_euclid(7) < 5
}

fn month_name(parts: &Parts) -> &'static str {
    let position = (parts.month - 1).unsigned_abs() as usize;
    MONTHS.get(position).copied().unwrap_or_default()
}

fn twelve_hours(parts: &Parts) -> String {
    let half = if parts.hour < 12 { "AM" } else { "PM" };
    let hour = (parts.hour + 11) % 12 + 1;
    format!("{hour}:{:02}:{:02} {half}", parts.minute, parts.second)
}

/// Civil date from days, after Howard Hinnant's `civil_from_days`.
fn parts(time: i64) -> Parts {
    let shifted = time.div_euclid(DAY) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let second_of_day = time.rem_euclid(DAY);
    Parts {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day: day_of_year - (153 * month_index + 2) / 5 + 1,
        hour: second_of_day / HOUR,
        minute: second_of_day % HOUR / MINUTE,
        second: second_of_day % MINUTE,
    }
}

#[cfg(test)]
mod tests {
    use super::{create_date, event_time, expiration, file_minute, file_second, is_working_day};

    #[test]
    fn the_default_end_prints_in_every_form() {
        let end = crate::DEFAULT_END;
        assert_eq!(event_time(end), "2026-10-18T23:05:00Z");
        assert_eq!(expiration(end), "Oct 18, 2026, 11:05:00 PM");
        assert_eq!(create_date(end), "Oct 18, 2026 11:05:00 PM");
        assert_eq!(file_minute(end), "20261018T2305Z");
        assert_eq!(file_second(end), "20261018T230500Z");
    }

    #[test]
    fn midnight_is_twelve_and_leap_days_exist() {
        assert_eq!(expiration(1_709_164_800), "Feb 29, 2024, 12:00:00 AM");
    }

    #[test]
    fn the_default_end_is_a_sunday() {
        assert!(!is_working_day(crate::DEFAULT_END));
        assert!(is_working_day(crate::DEFAULT_END + super::DAY));
    }
}
