//! Kinds of use as numbers, for whoever goes over all of them.

use alloc::sync::Arc;

use cloudtrail::Timestamp;

use super::Evidence;
use crate::credential::Credential;
use crate::limits::USE_DAYS;
use crate::usage::{Source, Use, UseKey};

/// A kind of use, by the numbers of what it consists of. Equal numbers mean equal texts.
///
/// Numbers depend on the order of arrival, which must not show in a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UseRow {
    /// Number of the credential among [`Evidence::credentials`].
    pub credential: u32,
    /// Where the calls came from: [`Evidence::source_of`].
    pub source: u32,
    /// `userAgent`: [`Evidence::text_of`].
    pub user_agent: u32,
    /// `eventSource` and `eventName`: [`Evidence::action_of`].
    pub action: u32,
    /// `errorCode`: [`Evidence::text_of`].
    pub error_code: u32,
    /// `recipientAccountId` and `awsRegion`: [`Evidence::place_of`].
    pub place: u32,
    /// Time of the first event.
    pub first: Timestamp,
    /// Time of the last event.
    pub last: Timestamp,
    /// Days with events, modulo [`USE_DAYS`](crate::limits::USE_DAYS): one bit each.
    days: u64,
}

impl UseRow {
    /// Whether there were events on the day of number `day` ([`Timestamp::day`]).
    ///
    /// For uses that go on for longer than [`USE_DAYS`](crate::limits::USE_DAYS), a day between
    /// the first and the last counts where one that lies a multiple of that number away did.
    pub const fn is_on(&self, day: i64) -> bool {
        let bit = 1_u64 << day.rem_euclid(USE_DAYS);
        self.first.day() <= day && day <= self.last.day() && self.days & bit != 0
    }
}

impl Evidence {
    /// Kinds of use, by the number that [`Evidence::usage`] takes.
    pub fn rows(&self) -> impl Iterator<Item = UseRow> {
        self.uses.iter().map(|(key, events)| row(key, events))
    }

    /// The kind of use of number `number`, as numbers.
    pub fn row(&self, number: u32) -> Option<UseRow> {
        self.uses.get(number).map(|(key, events)| row(key, events))
    }

    /// The events of the kind of use with number `number`.
    pub fn events_of(&self, number: u32) -> Option<&Use> {
        self.uses.get(number).map(|(_, events)| events)
    }

    /// The credential of number `number`.
    pub fn credential_of(&self, number: u32) -> Option<&Credential> {
        self.credentials.get_index(number as usize).map(|(credential, _)| credential)
    }

    /// The source of number `number`.
    pub fn source_of(&self, number: u32) -> Option<Source<'_>> {
        let [address, vpc_endpoint_id, vpc_endpoint_account_id, invoked_by] =
            self.sources.row(number)?;
        Some(Source { address, vpc_endpoint_id, vpc_endpoint_account_id, invoked_by })
    }

    /// `eventSource` and `eventName` of the action of number `number`.
    pub fn action_of(&self, number: u32) -> Option<&[Arc<str>; 2]> {
        self.actions.row(number)
    }

    /// `recipientAccountId` and `awsRegion` of the place of number `number`.
    pub fn place_of(&self, number: u32) -> Option<&[Arc<str>; 2]> {
        self.places.row(number)
    }

    /// The text of number `number`.
    pub fn text_of(&self, number: u32) -> Option<&Arc<str>> {
        self.texts.row(number).map(|[text]| text)
    }
}

const fn row(key: &UseKey, events: &Use) -> UseRow {
    UseRow {
        credential: key.credential,
        source: key.source,
        user_agent: key.user_agent,
        action: key.action,
        error_code: key.error_code,
        place: key.place,
        first: events.first,
        last: events.last,
        days: events.days,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use cloudtrail::{EventId, Timestamp};

    use super::{UseKey, row};
    use crate::usage::Use;

    #[test]
    fn days_between_are_told_apart_whatever_the_order() {
        let day = |day: i64| Timestamp(day * 86_400 + 5);
        let key =
            UseKey { credential: 0, source: 0, user_agent: 0, action: 0, error_code: 0, place: 0 };
        let of = |days: &[i64]| {
            let mut all = Use::of(0, day(days[0]), EventId::Uuid(0));
            let others = days.iter().map(|at| Use::of(*at as u64, day(*at), EventId::Uuid(0)));
            others.for_each(|one| all.merge(one));
            row(&key, &all)
        };
        for days in [[100, 103, 130], [130, 100, 103]] {
            let row = of(&days);
            let on: Vec<i64> = (90..200).filter(|at| row.is_on(*at)).collect();
            assert_eq!(on, [100, 103, 130]);
        }
    }
}
