//! When somebody comes again, from when they came.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Count;

use super::Habitual;

/// Times that make a rhythm.
const TIMES_MIN: usize = 4;

/// Share of the typical gap, in percent, by which a gap may differ from it.
const TOLERANCE_PERCENT: i64 = 25;

impl Habitual {
    /// The habit of `who`, who came `times` times at `moments`; nothing where there is no moment.
    pub(super) fn of(who: String, times: Count, mut moments: Vec<Timestamp>) -> Option<Self> {
        moments.sort_unstable();
        let (first, last) = (*moments.first()?, *moments.last()?);
        let days: BTreeSet<i64> = moments.iter().map(|moment| moment.day()).collect();
        let hour = |moment: &Timestamp| (moment.0.rem_euclid(86_400) / 3_600) as u8;
        let hours: BTreeSet<u8> = moments.iter().map(hour).collect();
        let every_secs = rhythm(&moments);
        Some(Self {
            who,
            times,
            days: days.len() as u64,
            first,
            last,
            hours: hours.into_iter().collect(),
            next: every_secs.map(|every| Timestamp(last.0.saturating_add(every))),
            every_secs,
        })
    }
}

/// The typical seconds between `moments`, where two of three gaps are about as long.
fn rhythm(moments: &[Timestamp]) -> Option<i64> {
    let mut distinct = moments.to_vec();
    distinct.dedup();
    if distinct.len() < TIMES_MIN {
        return None;
    }
    let mut gaps: Vec<i64> = distinct
        .iter()
        .zip(distinct.iter().skip(1))
        .map(|(earlier, later)| later.seconds_since(*earlier))
        .collect();
    gaps.sort_unstable();
    let typical = *gaps.get(gaps.len() / 2)?;
    let is_near = |gap: &&i64| (**gap - typical).abs() * 100 <= typical * TOLERANCE_PERCENT;
    let n_near = gaps.iter().filter(is_near).count();
    (n_near * 3 >= gaps.len() * 2).then_some(typical)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;
    use evidence::Count;

    use super::Habitual;

    fn habit(moments: &[i64]) -> Habitual {
        let moments: Vec<Timestamp> = moments.iter().copied().map(Timestamp).collect();
        let times = Count::exactly(moments.len() as u64);
        Habitual::of(String::from("x"), times, moments).unwrap()
    }

    #[test]
    fn who_comes_daily_comes_again_tomorrow() {
        let day = 86_400;
        let daily =
            habit(&[6 * 3_600, day + 6 * 3_600 + 200, 2 * day + 6 * 3_600, 3 * day + 21_660]);
        assert_eq!((daily.days, daily.hours), (4, [6].to_vec()));
        let next = daily.next.unwrap().0;
        assert!((4 * day..4 * day + 12 * 3_600).contains(&next), "{next}");
    }

    #[test]
    fn who_comes_at_any_time_has_no_rhythm() {
        assert_eq!(habit(&[0, 60, 86_400, 90_000, 500_000]).next, None);
        assert_eq!(habit(&[0, 3_600, 7_200]).next, None);
    }
}
