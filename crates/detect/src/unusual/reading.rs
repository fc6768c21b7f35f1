//! Kinds of use become features.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::{Evidence, UseRow};
use foldhash::fast::RandomState;
use indexmap::IndexSet;

use super::bursts::at_once;
use super::feature::{Category, Feature};
use crate::client;
use crate::settings::Settings;
use crate::words;
use crate::workload::Place;

/// Hours that are one feature.
const HOURS: i64 = 3;

/// The network, and the client, of kinds of use that are not told apart: of neither is it the name.
const MANY: &str = "";

/// Features that one kind of use shows by itself.
pub(super) const FEATURES: usize = 7;

/// What one kind of use shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    network: u32,
    pub(super) client: u32,
    pub(super) service: u32,
    pub(super) action: u32,
    pub(super) region: u32,
    account: u32,
    pub(super) is_denied: bool,
    /// Secrets that were read in ten minutes, at least.
    pub(super) secrets: u32,
}

/// What has been worked out for a number of the evidence once.
#[derive(Debug)]
struct Memo<T>(Vec<Option<T>>);

impl<T: Copy> Memo<T> {
    fn known(&self, number: u32) -> Option<T> {
        self.0.get(number as usize).copied().flatten()
    }

    fn get(&mut self, number: u32, make: impl FnOnce() -> T) -> Option<T> {
        let at = number as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, None);
        }
        self.0.get_mut(at).map(|slot| *slot.get_or_insert_with(make))
    }
}

type Texts = IndexSet<Arc<str>, RandomState>;

/// The texts behind features.
#[derive(Debug)]
pub(crate) struct Reading<'e> {
    evidence: &'e Evidence,
    settings: Settings<'e>,
    networks: Texts,
    clients: Texts,
    services: Texts,
    regions: Texts,
    accounts: Texts,
    of_source: Memo<Option<u32>>,
    of_client: Memo<u32>,
    of_action: Memo<u32>,
    of_place: Memo<(u32, u32)>,
    of_error: Memo<bool>,
    /// Whether each call reads a secret.
    of_secret: Memo<bool>,
    /// Numbers of calls and services that take roles, which paths tell of.
    taking: BTreeSet<(Category, u32)>,
}

impl<'e> Reading<'e> {
    pub(crate) fn of(evidence: &'e Evidence, settings: Settings<'e>) -> Self {
        Self {
            evidence,
            settings,
            networks: Texts::default(),
            clients: Texts::default(),
            services: Texts::default(),
            regions: Texts::default(),
            accounts: Texts::default(),
            of_source: Memo(Vec::new()),
            of_client: Memo(Vec::new()),
            of_action: Memo(Vec::new()),
            of_place: Memo(Vec::new()),
            of_error: Memo(Vec::new()),
            of_secret: Memo(Vec::new()),
            taking: BTreeSet::new(),
        }
    }

    /// Whether `feature` is that roles are taken, which paths tell of.
    pub(crate) fn is_taking(&self, feature: Feature) -> bool {
        self.taking.contains(&(feature.category, feature.value))
    }

    /// What `row`, of number `number`, shows; nothing where a service calls, for itself or for
    /// somebody.
    pub(crate) fn facts(&mut self, number: u32, row: UseRow) -> Option<Facts> {
        let evidence = self.evidence;
        let text = |number| evidence.text_of(number).map(|text| &**text).unwrap_or_default();
        let (network, client) = self.caller(row)?;
        let (services, taking) = (&mut self.services, &mut self.taking);
        let service = self.of_action.get(row.action, || {
            let action = evidence.action_of(row.action);
            let [source, name] = action.map_or(["", ""], |[source, name]| [source, name]);
            let source = service_of(source);
            let service = services.insert_full(source.into()).0 as u32;
            if source == "sts" {
                taking.insert((Category::Service, service));
            }
            if name == "AssumeRole" {
                taking.insert((Category::Call, row.action));
            }
            service
        })?;
        let (regions, accounts) = (&mut self.regions, &mut self.accounts);
        let (region, account) = self.of_place.get(row.place, || {
            let place = evidence.place_of(row.place).cloned().unwrap_or_default();
            let [account, region] = place;
            (regions.insert_full(region).0 as u32, accounts.insert_full(account).0 as u32)
        })?;
        let is_denied = self.of_error.get(row.error_code, || is_denial(text(row.error_code)))?;
        let is_secret = self.of_secret.get(row.action, || {
            evidence.action_of(row.action).is_some_and(|[source, name]| is_secret(source, name))
        })?;
        let count = || evidence.events_of(number).map(|events| events.count().events);
        let secs = row.last.seconds_since(row.first);
        let secrets = if is_secret && !is_denied { at_once(secs, count().unwrap_or(1)) } else { 0 };
        let action = row.action;
        Some(Facts { network, client, service, action, region, account, is_denied, secrets })
    }

    /// The network and the client of `row`; nothing where a service calls.
    fn caller(&mut self, row: UseRow) -> Option<(u32, u32)> {
        let (evidence, settings) = (self.evidence, &self.settings);
        let (networks, clients) = (&mut self.networks, &mut self.clients);
        if is_many(evidence, row) {
            let many = |texts: &mut Texts| texts.insert_full(MANY.into()).0 as u32;
            return Some((many(networks), many(clients)));
        }
        let network = self.of_source.get(row.source, || {
            let name = network_of(evidence, settings, row.source)?;
            Some(networks.insert_full(name.into()).0 as u32)
        })??;
        let client = self.of_client.get(row.user_agent, || {
            let text = evidence.text_of(row.user_agent).map(|text| &**text).unwrap_or_default();
            clients.insert_full(client::family(text).into()).0 as u32
        })?;
        Some((network, client))
    }

    /// The same of a row that was looked at before.
    fn known_caller(&self, row: UseRow) -> Option<(u32, u32)> {
        if is_many(self.evidence, row) {
            let many = |texts: &Texts| texts.get_index_of(MANY).map(|number| number as u32);
            return Some((many(&self.networks)?, many(&self.clients)?));
        }
        Some((self.of_source.known(row.source)??, self.of_client.known(row.user_agent)?))
    }

    /// Whether `row`, which was looked at before, shows `feature`.
    pub(crate) fn shows(&self, row: UseRow, feature: Feature) -> bool {
        let known = || {
            let (region, account) = self.of_place.known(row.place)?;
            let (network, client) = self.known_caller(row)?;
            Some(Facts {
                network,
                client,
                service: self.of_action.known(row.action)?,
                action: row.action,
                region,
                account,
                is_denied: self.of_error.known(row.error_code)?,
                secrets: u32::from(self.of_secret.known(row.action)?),
            })
        };
        known().is_some_and(|facts| facts.shows(feature, row.first))
    }

    /// What `feature` is, in words; nothing for what another part of the program names.
    pub(crate) fn words(&self, feature: Feature) -> Option<String> {
        let value = feature.value as usize;
        let named = |texts: &Texts| texts.get_index(value).map(ToString::to_string);
        let called = |noun: &str, texts: &Texts| {
            let name = named(texts)?;
            let is_many = name == MANY;
            Some(if is_many {
                format!("one of too many {noun}s")
            } else {
                format!("the {noun} {name}")
            })
        };
        let at_least = |noun: &str| format!("{} or more {noun} in 10 minutes", 1_u64 << value);
        Some(match feature.category {
            Category::Account => format!("an account, {}", named(&self.accounts)?),
            Category::Call => format!("the call {}", self.call(feature.value)?),
            Category::Calls => at_least("distinct calls"),
            Category::Client => called("client", &self.clients)?,
            Category::Denied => format!("a denial of {}", self.call(feature.value)?),
            Category::Denials => at_least("distinct denied calls"),
            Category::Hours => hours(feature.value),
            Category::Network => called("network", &self.networks)?,
            Category::Programs => format!("{value} or more programs with one credential"),
            Category::Region => format!("the Region {}", named(&self.regions)?),
            Category::Regions => at_least("Regions"),
            Category::Roles => at_least("roles taken"),
            Category::Secret => format!("a secret read by {}", self.call(feature.value)?),
            Category::Secrets => at_least("secrets read"),
            Category::Service => format!("the service {}", named(&self.services)?),
            Category::Services => at_least("services"),
            Category::Stranger => {
                format!("{}, whose calls are mostly new", called("client", &self.clients)?)
            }
            Category::Access | Category::Origin => return None,
        })
    }

    fn call(&self, action: u32) -> Option<String> {
        let [source, name] = self.evidence.action_of(action)?;
        Some(format!("{}:{name}", service_of(source)))
    }
}

impl Facts {
    /// What one kind of use shows by itself.
    pub(crate) fn features(self, first: Timestamp) -> [Feature; FEATURES] {
        let of = |category, value| Feature { category, value };
        let call = self.call();
        // A secret is one thing, and not a service and a call besides.
        let is_secret = call.category == Category::Secret;
        let service = if is_secret { call } else { of(Category::Service, self.service) };
        [
            of(Category::Network, self.network),
            of(Category::Client, self.client),
            service,
            call,
            of(Category::Region, self.region),
            of(Category::Account, self.account),
            of(Category::Hours, hours_of(first)),
        ]
    }

    /// The call, by what became of it.
    pub(super) fn call(self) -> Feature {
        let category = match (self.is_denied, self.secrets) {
            (true, _) => Category::Denied,
            (false, 0) => Category::Call,
            (false, _) => Category::Secret,
        };
        Feature { category, value: self.action }
    }

    /// Whether it shows `feature`.
    fn shows(self, feature: Feature, first: Timestamp) -> bool {
        match feature.category {
            // All of a session shows who has it; roles that were taken have proof of their own.
            Category::Calls
            | Category::Origin
            | Category::Programs
            | Category::Regions
            | Category::Services => true,
            Category::Stranger => self.client == feature.value,
            Category::Denials => self.is_denied,
            Category::Secrets => !self.is_denied && self.secrets > 0,
            Category::Access | Category::Roles => false,
            Category::Account
            | Category::Call
            | Category::Client
            | Category::Denied
            | Category::Hours
            | Category::Network
            | Category::Region
            | Category::Secret
            | Category::Service => self.features(first).contains(&feature),
        }
    }
}

/// Whether `row` is what its credential did from too many places, or with too many clients, to tell
/// them apart; what services do is not.
fn is_many(evidence: &Evidence, row: UseRow) -> bool {
    let is_direct = || evidence.source_of(row.source).is_some_and(|of| of.invoked_by.is_empty());
    evidence.is_folded(row.source, row.user_agent) && is_direct()
}

/// The network that a source lies in: by its owner where that is known, else a range.
fn network_of(evidence: &Evidence, settings: &Settings<'_>, source: u32) -> Option<String> {
    let (place, address) = Place::of(evidence.source_of(source)?)?;
    if let Place::Endpoint { id, .. } = place {
        return Some(format!("behind the endpoint {id}"));
    }
    let address = address?;
    if let Some(name) = settings.declared(address) {
        return Some(name.to_string());
    }
    if let Some((owner, asn)) =
        settings.locality(address).and_then(|l| Some((l.network_owner, l.asn?)))
    {
        return Some(format!("of {} (AS{asn})", owner.unwrap_or_default()));
    }
    Some(match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    })
}

/// `iam` of `iam.amazonaws.com`.
fn service_of(event_source: &str) -> &str {
    event_source.split('.').next().unwrap_or_default()
}

/// Whether a call reads what is kept in AWS Secrets Manager. Parameters are mostly none.
fn is_secret(event_source: &str, event_name: &str) -> bool {
    let is_read = matches!(event_name, "BatchGetSecretValue" | "GetSecretValue");
    is_read && service_of(event_source) == "secretsmanager"
}

/// Whether an `errorCode` says that the caller may not: services have many words for it.
fn is_denial(code: &str) -> bool {
    ["Denied", "Unauthorized", "NotAuthorized", "Forbidden"].iter().any(|word| code.contains(word))
}

/// Which three hours of a working day, or of a weekend, in UTC.
fn hours_of(time: Timestamp) -> u32 {
    let hour = time.0.rem_euclid(86_400) / 3_600;
    // The first day of all was a Thursday.
    let is_weekend = matches!((time.day() + 4).rem_euclid(7), 0 | 6);
    (hour / HOURS + if is_weekend { 24 / HOURS } else { 0 }) as u32
}

fn hours(value: u32) -> String {
    let blocks = 24 / HOURS as u32;
    let (day, block) =
        if value >= blocks { ("weekend", value - blocks) } else { ("working day", value) };
    let begin = block * HOURS as u32;
    let hours = words::count(HOURS as usize, "hour");
    format!("the {hours} from {begin:02}:00 UTC of a {day}")
}

#[cfg(test)]
mod tests {
    use cloudtrail::Timestamp;

    use super::{hours, hours_of, is_denial};

    #[test]
    fn hours_of_a_weekend_are_others() {
        // A Thursday and the Saturday after it.
        assert_eq!(hours_of(Timestamp(3_600)), 0);
        assert_eq!(hours_of(Timestamp(2 * 86_400 + 3_600)), 8);
        assert_eq!(hours(8), "the 3 hours from 00:00 UTC of a weekend");
        assert_eq!(hours(7), "the 3 hours from 21:00 UTC of a working day");
    }

    #[test]
    fn a_denial_has_many_words() {
        for code in ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"] {
            assert!(is_denial(code), "{code}");
        }
        assert!(!is_denial("") && !is_denial("ThrottlingException"));
    }
}
