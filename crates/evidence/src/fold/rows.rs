//! Kinds of use as numbers, for whoever goes over all of them.

use alloc::sync::Arc;

use cloudtrail::Timestamp;

use super::Evidence;
use crate::credential::Credential;
use crate::usage::{Source, Use};

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
}

impl Evidence {
    /// Kinds of use, by the number that [`Evidence::usage`] takes.
    pub fn rows(&self) -> impl Iterator<Item = UseRow> {
        self.uses.iter().map(|(key, events)| UseRow {
            credential: key.credential,
            source: key.source,
            user_agent: key.user_agent,
            action: key.action,
            error_code: key.error_code,
            place: key.place,
            first: events.first,
            last: events.last,
        })
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
