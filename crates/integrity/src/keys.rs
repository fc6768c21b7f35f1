//! Where public keys come from: files of `aws cloudtrail list-public-keys`, and AWS itself.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cloudtrail::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::key::PublicKey;
use crate::limits::{PUBLIC_KEYS_MAX, SIGNING_DELAY_SECS};

/// Asks `CloudTrail` for its public keys: the operation `ListPublicKeys`, all of its pages.
pub trait ListPublicKeys {
    /// The keys with which digests of `region` were signed at some moment from `start` to `end`.
    ///
    /// # Errors
    ///
    /// Why the keys could not be fetched, in words for a person.
    fn list_public_keys(
        &mut self,
        region: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<PublicKey>, String>;
}

/// The public keys that are at hand, and whom to ask for others.
#[derive(Default)]
pub struct PublicKeys<'l> {
    /// By fingerprint; those of one fingerprint are tried in turn.
    known: BTreeMap<String, Vec<PublicKey>>,
    len: usize,
    lister: Option<&'l mut dyn ListPublicKeys>,
    /// Regions and days that the lister was asked for.
    asked: BTreeSet<(String, i64)>,
}

/// What an output of `list-public-keys` held.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeyListing {
    /// The keys.
    pub keys: Vec<PublicKey>,
    /// Entries that are no keys: without a fingerprint or a value in base64.
    pub skipped: usize,
}

/// What looking for a key came to.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Lookup<'k> {
    /// Nobody could be asked for the key.
    Failed(String),
    Found(&'k PublicKey),
    /// There is no key at hand at all, and nobody to ask.
    NoKeys,
    /// There is none of this fingerprint that was valid then.
    NotFound,
}

/// Moments, first and last, of which one is the moment of a signature.
pub(crate) type Span = (Timestamp, Timestamp);

impl<'l> PublicKeys<'l> {
    /// No keys but those that `lister` gives.
    pub fn of_lister(lister: &'l mut dyn ListPublicKeys) -> Self {
        Self { lister: Some(lister), ..Self::default() }
    }

    /// Adds a key. Keys beyond [`PUBLIC_KEYS_MAX`] are left out.
    pub fn add(&mut self, key: PublicKey) {
        let of_fingerprint = self.known.entry(key.fingerprint.clone()).or_default();
        if self.len < PUBLIC_KEYS_MAX && !of_fingerprint.contains(&key) {
            of_fingerprint.push(key);
            self.len += 1;
        }
    }

    /// How many keys are at hand.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether no key is at hand.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether nothing can be found: no key is at hand and nobody can be asked.
    pub const fn is_hopeless(&self) -> bool {
        self.len == 0 && self.lister.is_none()
    }

    /// The key of `fingerprint` that may have signed a digest of `region` within `span`.
    pub(crate) fn find(
        &mut self,
        fingerprint: &str,
        region: &str,
        span: Option<Span>,
    ) -> Lookup<'_> {
        let failure = match span {
            Some(span) if self.at_hand(fingerprint, Some(span)).is_none() => self.ask(region, span),
            Some(_) | None => None,
        };
        let is_hopeless = self.is_hopeless();
        match (self.at_hand(fingerprint, span), failure) {
            (Some(key), _) => Lookup::Found(key),
            (None, Some(failure)) => Lookup::Failed(failure),
            (None, None) if is_hopeless => Lookup::NoKeys,
            (None, None) => Lookup::NotFound,
        }
    }

    fn at_hand(&self, fingerprint: &str, span: Option<Span>) -> Option<&PublicKey> {
        let mut keys = self.known.get(fingerprint)?.iter();
        keys.find(|key| span.is_none_or(|(start, end)| key.is_valid_between(start, end)))
    }

    /// Asks for the keys of a day, once, and returns why there was no answer.
    fn ask(&mut self, region: &str, (start, end): Span) -> Option<String> {
        let days = self.lister.is_some().then(|| start.day()..=end.day());
        for day in days.into_iter().flatten() {
            if self.asked.contains(&(region.into(), day)) {
                continue;
            }
            let midnight = Timestamp(day.saturating_mul(86_400));
            let evening = Timestamp(midnight.0.saturating_add(86_400 + SIGNING_DELAY_SECS));
            match self.lister.as_mut()?.list_public_keys(region, midnight, evening) {
                Ok(keys) => keys.into_iter().for_each(|key| self.add(key)),
                Err(failure) => return Some(failure),
            }
            self.asked.insert((region.into(), day));
        }
        None
    }
}

impl fmt::Debug for PublicKeys<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut keys = formatter.debug_struct("PublicKeys");
        keys.field("known", &self.known).field("can_ask", &self.lister.is_some()).finish()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    public_key_list: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    fingerprint: String,
    value: String,
    #[serde(default)]
    validity_start_time: Value,
    #[serde(default)]
    validity_end_time: Value,
}

impl KeyListing {
    /// Reads the output of `aws cloudtrail list-public-keys`, of version 1 or 2 of the AWS CLI:
    /// one page, or several one after the other.
    ///
    /// Returns nothing where the text is no such output.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut listing = Self::default();
        let mut n_pages = 0;
        for page in serde_json::Deserializer::from_slice(text).into_iter::<Page>() {
            n_pages += 1;
            for entry in page.ok()?.public_key_list {
                match Self::key(entry) {
                    Some(key) => listing.keys.push(key),
                    None => listing.skipped += 1,
                }
            }
        }
        (n_pages > 0).then_some(listing)
    }

    fn key(entry: Value) -> Option<PublicKey> {
        let entry: Entry = serde_json::from_value(entry).ok()?;
        let (start, end) = (moment(&entry.validity_start_time), moment(&entry.validity_end_time));
        PublicKey::of_base64(entry.fingerprint, &entry.value, start, end)
    }
}

/// Version 1 of the AWS CLI writes seconds since 1970, with a fraction, and version 2 RFC 3339.
fn moment(value: &Value) -> Option<Timestamp> {
    match value.as_str() {
        Some(text) => Timestamp::parse(text),
        None => value.as_f64().map(|seconds| Timestamp(seconds as i64)),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};
    use alloc::vec::Vec;

    use cloudtrail::Timestamp;

    use super::{KeyListing, ListPublicKeys, Lookup, PublicKeys};
    use crate::key::PublicKey;

    /// A key that AWS shows in its documents ("list-public-keys", AWS CLI reference).
    const PAGE: &str = r#"{"PublicKeyList": [{
        "ValidityStartTime": 1453076702.0, "ValidityEndTime": "2016-02-16T23:45:02+00:00",
        "Value": "MIIBCgKCAQEAlSS3cl92HDycr/MTj0moOhas8habjrraXw+KzlWF0axSI2tcF+3iJ9BKQAVSKxGwxwu3m0wG3J+kUl1xboEcEPHYoIYMbgfSw7KGnuDKwkLzsQWhUJ0cIbOHASox1vv/5fNXkrHhGbDCHeVXm804c83nvHUEFYThr1PfyP/8HwrCtR3FX5OANtQCP61C1nJtSSkC8JSQUOrIP4CuwJjc+4WGDk+BGH5m9iuiAKkipEHWmUl8/P7XpfpWQuk4h8g3pXZOrNXr08lbh4d39svj7UqdhvOXoBISp9t/EXYuePGEtBdrKD9Dz+VHwyUPtBQvYr9BnkF88qBnaPNhS44rzwIDAQAB",
        "Fingerprint": "7f3f401420072e50a65a141430817ab3"}]}"#;

    #[test]
    fn keys_are_read_as_both_versions_of_the_cli_print_them() {
        let listing = KeyListing::parse(PAGE.as_bytes()).unwrap();
        let key = &listing.keys[0];
        assert!(key.is_readable() && key.fingerprint == "7f3f401420072e50a65a141430817ab3");
        assert_eq!(key.validity_start, Some(Timestamp(1_453_076_702)));
        assert_eq!(key.validity_end, Some(Timestamp(1_455_666_302)));
        let two = PAGE.repeat(2);
        assert_eq!(KeyListing::parse(two.as_bytes()).unwrap().keys.len(), 2);
    }

    #[test]
    fn what_is_no_key_is_counted_and_what_is_no_listing_is_refused() {
        let listing = br#"{"PublicKeyList":[{"Fingerprint":"f","Value":"?"},{},1]}"#;
        let listing = KeyListing::parse(listing).unwrap();
        assert_eq!((listing.keys.len(), listing.skipped), (0, 3));
        for text in ["", "[]", "{}", "key", "{\"PublicKeyList\":[]} x"] {
            assert_eq!(KeyListing::parse(text.as_bytes()), None, "{text}");
        }
    }

    struct Lister(Vec<String>, Result<Vec<PublicKey>, String>);

    impl ListPublicKeys for Lister {
        fn list_public_keys(
            &mut self,
            region: &str,
            start: Timestamp,
            end: Timestamp,
        ) -> Result<Vec<PublicKey>, String> {
            self.0.push(alloc::format!("{region} {start} {end}"));
            self.1.clone()
        }
    }

    const NOON: Option<(Timestamp, Timestamp)> = Some((Timestamp(43_200), Timestamp(50_400)));

    #[test]
    fn a_day_is_asked_for_once() {
        let key = PublicKey::new("f".into(), b"", None, None);
        let mut lister = Lister(Vec::new(), Ok(alloc::vec![key.clone()]));
        let mut keys = PublicKeys::of_lister(&mut lister);
        assert_eq!(keys.find("f", "us-east-1", NOON), Lookup::Found(&key));
        assert_eq!(keys.find("f", "us-east-1", NOON), Lookup::Found(&key));
        assert_eq!(keys.find("g", "us-east-1", NOON), Lookup::NotFound);
        assert_eq!(keys.find("g", "eu-west-1", NOON), Lookup::NotFound);
        let day = "1970-01-01T00:00:00Z 1970-01-02T02:00:00Z".to_string();
        assert_eq!(
            lister.0,
            [alloc::format!("us-east-1 {day}"), alloc::format!("eu-west-1 {day}")]
        );
    }

    #[test]
    fn no_answer_is_not_an_absent_key() {
        let mut lister = Lister(Vec::new(), Err("no network".into()));
        let mut keys = PublicKeys::of_lister(&mut lister);
        assert_eq!(keys.find("f", "us-east-1", NOON), Lookup::Failed("no network".into()));
        assert_eq!(PublicKeys::default().find("f", "us-east-1", NOON), Lookup::NoKeys);
    }

    #[test]
    fn a_key_that_was_not_valid_then_is_not_found() {
        let mut keys = PublicKeys::default();
        keys.add(PublicKey::new("f".into(), b"", Some(Timestamp(60_000)), None));
        assert_eq!(keys.find("f", "us-east-1", NOON), Lookup::NotFound);
        assert!(matches!(keys.find("f", "us-east-1", None), Lookup::Found(_)));
    }
}
