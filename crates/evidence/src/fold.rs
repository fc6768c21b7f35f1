//! The evidence itself: how records fold into it, and how it merges.

mod event;
mod kinds;
mod rows;

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{EventId, Record, Timestamp, UserIdentity};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::Value;

use crate::catalogue::{self, CatalogueRow};
use crate::change::Change;
use crate::count::Count;
use crate::credential::{Attributes, Credential};
use crate::issuance::{EventRef, Issuance, IssuanceKind};
use crate::issuance_read::{self, Caller};
use crate::key_status::{self, KeyStatus};
use crate::memo::{Client, Identity, Memo, Slot};
use crate::network::{self, FactProof, NetworkCall, NetworkFact};
use crate::table::Table;
use crate::usage::{Use, UseKey, UseView};
use crate::uses::Uses;

pub(crate) use kinds::KindsOfUse;
pub use rows::UseRow;

/// What stands for the service that forwards a call where it came by a presigned URL.
const PRESIGNED: &str = "presigned URL";

const S3: &str = "s3.amazonaws.com";

/// What records teach, in a form that merges.
///
/// `merge` is commutative, associative and idempotent, and folding a union of records is the
/// merge of folding its parts: every member is a set, a smallest value, a first or a last time.
/// Whole records are kept for issuances and for changes that last; everything else becomes
/// counts. Memory grows with credentials and what they do, and not with how often they do it
/// ([`USE_EVENTS_MAX`](crate::limits::USE_EVENTS_MAX)) or from how many places and with how many
/// clients ([`USE_KINDS_MAX`](crate::limits::USE_KINDS_MAX)).
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub(crate) texts: Table<1>,
    pub(crate) sources: Table<4>,
    pub(crate) actions: Table<2>,
    pub(crate) places: Table<2>,
    /// What each action is, by its number.
    pub(crate) kinds: Vec<ActionKind>,
    /// What is known of each in a box, because a map moves its members about.
    pub(crate) credentials: IndexMap<Credential, Box<Attributes>, RandomState>,
    pub(crate) uses: Uses,
    pub(crate) kinds_of_use: KindsOfUse,
    /// In boxes, because a set moves its members about.
    pub(crate) issuances: BTreeSet<Box<Issuance>>,
    pub(crate) changes: BTreeSet<Change>,
    pub(crate) key_statuses: BTreeSet<KeyStatus>,
    pub(crate) network: BTreeSet<NetworkFact>,
    /// The latest time up to which details of use were forgotten.
    pub(crate) kept_from: Option<Timestamp>,
    pub(crate) memo: Memo,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ActionKind {
    issuance: Option<IssuanceKind>,
    change: Option<&'static CatalogueRow>,
    network: Option<network::Reader>,
    /// Hash of its two names.
    hash: u64,
    sets_key_status: bool,
}

impl ActionKind {
    const fn is_kept(self) -> bool {
        self.issuance.is_some()
            || self.change.is_some()
            || self.network.is_some()
            || self.sets_key_status
    }
}

impl Evidence {
    /// Adds what `record` teaches, and gives the fingerprint of its event.
    ///
    /// Two records have one fingerprint, in any evidence, where they agree in `eventID`, time,
    /// credential, source, client, call, outcome, account and Region: they are one event, that was
    /// delivered twice. Of 2^26 events the chance that any two others share a fingerprint is one
    /// in eight thousand, of 2^30 about 3 %.
    pub fn record(&mut self, record: &Record<'_>) -> u64 {
        // The first text of all is probably this one, of a call that succeeded.
        let error_code = self.texts.number_near(0, [&record.error_code]);
        let (identity, slot) = self.identity(record);
        let client = self.client(record, identity, slot);
        let key = UseKey {
            credential: identity.credential,
            source: client.source,
            user_agent: client.user_agent,
            action: self.action(&record.event_source, &record.event_name),
            error_code,
            place: client.place,
        };
        let original_id = original_id(record);
        let event_id = original_id.as_ref().unwrap_or(&record.event_id);
        let hash = event::hash_of(event_id, record.event_time);
        self.count(record, key, event_id, hash);
        let kind = self.kinds.get(key.action as usize).copied().unwrap_or_default();
        if kind.is_kept() && record.succeeded() {
            self.keep(record, key, kind, original_id);
        }
        self.tidy();
        event::fingerprint(hash, record, [identity.hash, client.hash, kind.hash])
    }

    /// Adds everything that `other` knows.
    pub fn merge(&mut self, mut other: Self) {
        let texts = self.texts.merge(other.texts);
        let sources = self.sources.merge(other.sources);
        let places = self.places.merge(other.places);
        let actions: Vec<u32> =
            other.actions.rows().map(|[source, name]| self.action(source, name)).collect();
        let mut credentials = Vec::with_capacity(other.credentials.len());
        for (credential, attributes) in other.credentials {
            credentials.push(self.credential(credential, *attributes));
        }
        let at = |numbers: &[u32], number: u32| {
            numbers.get(number as usize).copied().unwrap_or_default()
        };
        self.uses.reserve(other.uses.len());
        for (key, events) in other.uses.into_iter() {
            let key = UseKey {
                credential: at(&credentials, key.credential),
                source: at(&sources, key.source),
                user_agent: at(&texts, key.user_agent),
                action: at(&actions, key.action),
                error_code: at(&texts, key.error_code),
                place: at(&places, key.place),
            };
            self.add_use(key, events, Use::merge, |events| events);
        }
        self.kinds_of_use.add_stale(&other.kinds_of_use);
        self.issuances.append(&mut other.issuances);
        self.changes.append(&mut other.changes);
        self.key_statuses.append(&mut other.key_statuses);
        self.network.append(&mut other.network);
        self.kept_from = self.kept_from.max(other.kept_from);
        self.tidy();
    }

    /// Distinct events; about, where a kind of use has more than are counted one by one.
    pub fn events(&self) -> Count {
        self.uses.iter().map(|(_, events)| events.count()).sum()
    }

    /// Credentials with what is known about them, by number.
    pub fn credentials(&self) -> impl ExactSizeIterator<Item = (&Credential, &Attributes)> {
        self.credentials.iter().map(|(credential, attributes)| (credential, &**attributes))
    }

    /// The number of `credential`, if it was used.
    pub fn number_of(&self, credential: &Credential) -> Option<u32> {
        self.credentials.get_index_of(credential).map(|number| number as u32)
    }

    /// Kinds of use, in no order that may be relied on.
    pub fn uses(&self) -> impl Iterator<Item = UseView<'_>> {
        self.uses.iter().filter_map(|(key, events)| self.view(*key, events))
    }

    /// The kind of use with number `number`.
    pub fn usage(&self, number: u32) -> Option<UseView<'_>> {
        let (key, events) = self.uses.get(number)?;
        self.view(*key, events)
    }

    /// Issuances, by time.
    pub fn issuances(&self) -> impl ExactSizeIterator<Item = &Issuance> {
        self.issuances.iter().map(|issuance| &**issuance)
    }

    /// Changes that last, by time.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = &Change> {
        self.changes.iter()
    }

    /// Long-term keys that were made active or inactive, by time.
    pub fn key_statuses(&self) -> impl ExactSizeIterator<Item = &KeyStatus> {
        self.key_statuses.iter()
    }

    /// What events and inventories state about networks: what was so before anything is known,
    /// then by time.
    pub fn network_facts(&self) -> impl ExactSizeIterator<Item = &NetworkFact> {
        self.network.iter()
    }

    /// Accounts whose trails delivered events, in order.
    pub fn accounts(&self) -> BTreeSet<Arc<str>> {
        let accounts = self.places.rows().map(|[account, _]| account);
        accounts.filter(|account| !account.is_empty()).cloned().collect()
    }

    /// Times of the first and the last event; what was forgotten is no history.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let spans = self.uses.iter().map(|(_, events)| (events.first, events.last));
        let span = spans.reduce(|(first, last), (other_first, other_last)| {
            (first.min(other_first), last.max(other_last))
        });
        span.map(|(first, last)| (self.kept_from.unwrap_or(first).clamp(first, last), last))
    }

    fn view<'a>(&'a self, key: UseKey, events: &'a Use) -> Option<UseView<'a>> {
        let [event_source, event_name] = self.actions.row(key.action)?;
        let [account_id, region] = self.places.row(key.place)?;
        let [user_agent] = self.texts.row(key.user_agent)?;
        let [error_code] = self.texts.row(key.error_code)?;
        Some(UseView {
            credential: key.credential,
            of: self.credentials.get_index(key.credential as usize)?.0,
            source: self.source_of(key.source)?,
            user_agent,
            event_source,
            event_name,
            error_code,
            account_id,
            region,
            events,
        })
    }

    fn identity(&mut self, record: &Record<'_>) -> (Identity, Slot) {
        let raw = raw_identity(record);
        let is_from_console = &*record.session_credential_from_console == "true";
        let (known, slot) = self.memo.find(raw, is_from_console);
        if let Some(identity) = known {
            return (identity, slot);
        }
        let parsed = UserIdentity::parse(raw);
        let mut shared = |text: &str| self.texts.shared(text);
        let credential = Credential::of(&parsed, &mut shared);
        let mut attributes = Attributes::of(&parsed, &mut shared);
        attributes.is_from_console = is_from_console;
        let invoked_by = self.texts.number([parsed.invoked_by.as_deref().unwrap_or_default()]);
        let hash = event::hash_of_credential(&credential);
        let credential = self.credential(credential, attributes);
        let identity = Identity { credential, invoked_by, hash };
        self.memo.insert(slot, raw, is_from_console, identity);
        (identity, slot)
    }

    /// Where the call came from, looked up anew only where the identity called from elsewhere
    /// before.
    fn client(&mut self, record: &Record<'_>, identity: Identity, slot: Slot) -> Client {
        let guess = self.memo.client(slot);
        let user_agent = self.texts.number_near(guess.user_agent, [&record.user_agent]);
        let forwarded = self.texts.row(identity.invoked_by).map_or("", |[text]| text);
        let invoked_by = if is_presigned(record) { PRESIGNED } else { forwarded };
        let source = [
            &*record.source_ip_address,
            &*record.vpc_endpoint_id,
            &*record.vpc_endpoint_account_id,
            invoked_by,
        ];
        let place = [&*record.recipient_account_id, &*record.aws_region];
        let mut client = Client {
            source: self.sources.number_near(guess.source, source),
            user_agent,
            place: self.places.number_near(guess.place, place),
            hash: guess.hash,
        };
        if client.hash == 0 || client != guess {
            client.hash = event::hash_of_client(record, invoked_by);
        }
        self.memo.set_client(slot, client);
        client
    }

    pub(crate) fn credential(&mut self, credential: Credential, attributes: Attributes) -> u32 {
        let entry = self.credentials.entry(credential);
        let number = entry.index() as u32;
        entry.or_default().merge(attributes);
        number
    }

    pub(crate) fn action(&mut self, event_source: &str, event_name: &str) -> u32 {
        let action = self.actions.number([event_source, event_name]);
        if self.kinds.len() < self.actions.len() {
            self.kinds.push(ActionKind {
                issuance: issuance_read::kind_of(event_source, event_name),
                change: catalogue::row_of(event_source, event_name),
                network: network::reader_of(event_source, event_name),
                hash: event::hash_of_texts([event_source, event_name]),
                sets_key_status: key_status::sets_status(event_source, event_name),
            });
        }
        action
    }

    fn count(&mut self, record: &Record<'_>, key: UseKey, event_id: &EventId, hash: u64) {
        let time = record.event_time;
        let insert = |events: &mut Use, event_id: &EventId| events.insert(hash, time, event_id);
        let of = |event_id: &EventId| Use::of(hash, time, event_id.clone());
        self.add_use(key, event_id, insert, of);
    }

    /// Keeps the parts of a record that lineage and persistence need.
    fn keep(
        &mut self,
        record: &Record<'_>,
        key: UseKey,
        kind: ActionKind,
        original_id: Option<EventId>,
    ) {
        let Some(event) = self.event_ref(record, key, original_id) else {
            return;
        };
        let Some((credential, _)) = self.credentials.get_index(key.credential as usize) else {
            return;
        };
        let mut shared = |text: &str| self.texts.shared(text);
        if let Some(reader) = kind.network {
            let call = NetworkCall { event: event.clone(), caller: credential.clone() };
            let proof = FactProof::Event(Arc::new(call));
            self.network.extend(network::read(reader, record, &proof, &mut shared));
        }
        if let Some(row) = kind.change {
            let change = Change::read(row, record, event.clone(), credential, &mut shared);
            self.changes.extend(change);
        }
        if kind.sets_key_status {
            let status = KeyStatus::read(record, event.clone(), credential, &mut shared);
            self.key_statuses.extend(status);
        }
        if let Some(kind) = kind.issuance {
            let identity = UserIdentity::parse(raw_identity(record));
            let caller = Caller { credential, identity: &identity };
            let issuance = issuance_read::read(kind, record, event, &caller, &mut shared);
            self.issuances.extend(issuance.map(Box::new));
        }
    }

    fn event_ref(
        &mut self,
        record: &Record<'_>,
        key: UseKey,
        original_id: Option<EventId>,
    ) -> Option<EventRef> {
        let shared_event_id = self.texts.shared(&record.shared_event_id);
        let [source_ip_address, ..] = self.sources.row(key.source)?;
        let [event_source, event_name] = self.actions.row(key.action)?;
        let [recipient_account_id, aws_region] = self.places.row(key.place)?;
        let [user_agent] = self.texts.row(key.user_agent)?;
        Some(EventRef {
            event_time: record.event_time,
            event_id: Some(original_id.unwrap_or_else(|| record.event_id.clone())),
            event_source: Arc::clone(event_source),
            event_name: Arc::clone(event_name),
            aws_region: Arc::clone(aws_region),
            recipient_account_id: Arc::clone(recipient_account_id),
            source_ip_address: Arc::clone(source_ip_address),
            user_agent: Arc::clone(user_agent),
            // Requests are told apart by it, so that sharing it would save nothing.
            request_id: Arc::from(&*record.request_id),
            shared_event_id,
        })
    }
}

/// Whether the call came by a presigned URL, from whoever was given it: `AuthenticationMethod` in
/// the additional data of S3's events.
fn is_presigned(record: &Record<'_>) -> bool {
    let data = record.additional_event_data.as_ref().filter(|_| &*record.event_source == S3);
    data.is_some_and(|data| data.0.contains(r#""QueryString""#))
}

fn raw_identity<'a>(record: &'a Record<'_>) -> &'a str {
    record.user_identity.as_ref().map_or("{}", |json| &*json.0)
}

/// The `eventID` of the record that this one corrects, if it is a correction.
fn original_id(record: &Record<'_>) -> Option<EventId> {
    let addendum = record.addendum.as_ref()?.parse()?;
    let original = addendum.get("originalEventID").and_then(Value::as_str)?;
    (!original.is_empty()).then(|| EventId::of(original))
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::Evidence;

    /// The first half of a sign-in through Identity Center, which bears neither key nor principal.
    fn sign_in(event_id: &str, user_id: &str) -> String {
        alloc::format!(
            r#"{{"eventTime":"2026-01-01T00:00:00Z","eventSource":"sso.amazonaws.com",
            "eventName":"GetRoleCredentials","eventID":"{event_id}","userIdentity":{{
            "type":"IdentityCenterUser","accountId":"111122223333",
            "onBehalfOf":{{"userId":"{user_id}"}}}}}}"#
        )
    }

    fn subjects(logs: &[String]) -> Vec<String> {
        let mut evidence = Evidence::default();
        for log in logs {
            cloudtrail::read(log.as_bytes(), &mut |record| {
                evidence.record(record);
            });
        }
        evidence.issuances().map(|issuance| String::from(&*issuance.subject)).collect()
    }

    #[test]
    fn an_issuance_tells_what_its_own_record_tells() {
        let [first, second] = [sign_in("1", "b"), sign_in("2", "a")];
        assert_eq!(subjects(&[first.clone(), second.clone()]), ["b", "a"]);
        assert_eq!(subjects(&[second, first]), ["b", "a"]);
    }
}
