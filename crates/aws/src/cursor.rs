//! Where listing stands, so that it can go on after a restart.

use std::collections::BTreeMap;

use cloudtrail::Timestamp;
use serde::{Deserialize, Serialize};

use crate::trail::{Partition, PartitionHolds};

/// The last key listed of each partition.
///
/// To be kept with what was learned from the objects, and moved on only when everything up to a
/// key is dealt with or remembered: it decides where the next listing begins and nothing else.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Cursor {
    /// By the `base` of the partition.
    last_keys: BTreeMap<String, String>,
}

impl Cursor {
    /// Moves `partition` on to `key`. A cursor never goes back.
    pub fn advance(&mut self, partition: &Partition, key: &str) {
        let last = self.last_keys.entry(partition.base.clone()).or_default();
        if key > last.as_str() {
            key.clone_into(last);
        }
    }

    /// The last key of `partition`.
    pub fn last_key(&self, partition: &Partition) -> Option<&str> {
        self.last_keys.get(&partition.base).map(String::as_str)
    }

    /// After which key a listing of `partition` begins that looks `lookback_secs` before the last
    /// key for objects that came late, and at nothing delivered before `from`. `None` stands for
    /// the begin.
    ///
    /// Objects become visible in another order than that of their keys, so that a look back of
    /// some minutes belongs into every listing and one of two days into some. What is met again
    /// has to be known by its key.
    pub fn start(
        &self,
        partition: &Partition,
        from: Option<Timestamp>,
        lookback_secs: i64,
    ) -> Option<String> {
        let from = from.map(|from| first_key(partition, from));
        let last = self.last_key(partition).map(|last| match delivered(last) {
            Some(time) => first_key(partition, Timestamp(time.0.saturating_sub(lookback_secs))),
            None => last.to_owned(),
        });
        from.max(last)
    }
}

/// When an object of a trail was delivered, as its key tells: `…_20261018T2305Z_….json.gz`.
pub fn delivered(key: &str) -> Option<Timestamp> {
    let name = key.rsplit('/').next()?;
    name.split(['_', '.']).find_map(|part| {
        let time = part.strip_suffix('Z')?;
        let (day, clock) = time.split_once('T')?;
        let is_time = day.len() == 8
            && matches!(clock.len(), 4 | 6)
            && day.bytes().chain(clock.bytes()).all(|byte| byte.is_ascii_digit());
        let seconds = if clock.len() == 4 { "00" } else { "" };
        is_time.then(|| Timestamp::parse(&format!("{time}{seconds}Z")))?
    })
}

/// A key that comes before those of all objects of `partition` delivered at `time` or later, and
/// after those delivered on days before.
///
/// The name of a log begins `ACCOUNT_CloudTrail_REGION_TIME`; other names put the time elsewhere,
/// so that their day has to do.
pub fn first_key(partition: &Partition, time: Timestamp) -> String {
    let Partition { base, account, region, holds, .. } = partition;
    // Before the year 1970 there are no objects.
    let time = jiff::Timestamp::from_second(time.0.max(0)).unwrap_or(jiff::Timestamp::MAX);
    let day = time.strftime("%Y/%m/%d");
    match holds {
        PartitionHolds::Events => {
            let minute = time.strftime("%Y%m%dT%H%M");
            format!("{base}{day}/{account}_CloudTrail_{region}_{minute}")
        }
        PartitionHolds::Digests | PartitionHolds::NetworkActivity => format!("{base}{day}/"),
    }
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{Cursor, delivered};
    use crate::trail::{Partition, PartitionHolds};

    const BASE: &str = "AWSLogs/111122223333/CloudTrail/eu-central-1/";

    fn partition(holds: PartitionHolds) -> Partition {
        Partition {
            base: BASE.to_owned(),
            prefix: BASE.to_owned(),
            account: "111122223333".to_owned(),
            region: "eu-central-1".to_owned(),
            holds,
        }
    }

    fn key(day: &str, time: &str) -> String {
        format!("{BASE}{day}/111122223333_CloudTrail_eu-central-1_{time}Z_0123456789abcdef.json.gz")
    }

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_key_tells_when_it_was_delivered() {
        let expected = Some(time("2026-10-18T23:05:00Z"));
        assert_eq!(delivered(&key("2026/10/18", "20261018T2305")), expected);
        let digest = "a/111122223333_CloudTrail-Digest_eu-central-1_trail_eu-west-1_20261018T230500Z.json.gz";
        assert_eq!(delivered(digest), expected);
        for other in ["", "a/b.json.gz", "a/20261018T2305Z/b.json", "a_20269918T2305Z_b.json"] {
            assert_eq!(delivered(other), None, "{other}");
        }
    }

    #[test]
    fn a_cursor_goes_on_and_never_back() {
        let partition = partition(PartitionHolds::Events);
        let mut cursor = Cursor::default();
        assert_eq!(cursor.start(&partition, None, 0), None);
        let (early, late) =
            (key("2026/10/18", "20261018T0005"), key("2026/10/18", "20261018T2305"));
        cursor.advance(&partition, &late);
        cursor.advance(&partition, &early);
        assert_eq!(cursor.last_key(&partition), Some(late.as_str()));
        let text = serde_json::to_string(&cursor).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&text).unwrap(), cursor);
    }

    #[test]
    fn a_look_back_finds_what_came_late_and_nothing_much_older() {
        let partition = partition(PartitionHolds::Events);
        let mut cursor = Cursor::default();
        cursor.advance(&partition, &key("2026/10/18", "20261018T0005"));
        let start = cursor.start(&partition, None, 600).unwrap();
        assert!(start < key("2026/10/17", "20261017T2355"), "{start}");
        assert!(start > key("2026/10/17", "20261017T2354"), "{start}");
        let start = cursor.start(&partition, None, 2 * 86_400).unwrap();
        assert!(start < key("2026/10/16", "20261016T0005"), "{start}");
    }

    #[test]
    fn a_back_fill_begins_at_its_day() {
        let partition = partition(PartitionHolds::Events);
        let mut cursor = Cursor::default();
        let from = Some(time("2026-10-18T00:00:00Z"));
        let start = cursor.start(&partition, from, 0).unwrap();
        assert!(start < key("2026/10/18", "20261018T0000"));
        assert!(start > key("2026/10/17", "20261017T2355"));
        cursor.advance(&partition, &key("2026/10/18", "20261018T0005"));
        assert_eq!(cursor.start(&partition, from, 86_400), Some(start), "not before the day");
    }

    #[test]
    fn names_with_the_time_elsewhere_are_listed_by_day() {
        let partition = partition(PartitionHolds::Digests);
        let start = Cursor::default().start(&partition, Some(time("2026-10-18T12:00:00Z")), 0);
        assert_eq!(start, Some(format!("{BASE}2026/10/18/")));
    }

    #[test]
    fn an_object_of_an_unknown_name_is_not_listed_twice() {
        let partition = partition(PartitionHolds::Events);
        let mut cursor = Cursor::default();
        let odd = format!("{BASE}2026/10/18/odd.json.gz");
        cursor.advance(&partition, &odd);
        assert_eq!(cursor.start(&partition, None, 600), Some(odd));
    }
}
