//! Places, clients and calls in the words that every written form for people shares.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::{Background, Count, ForeignUse, Locality, Origin, PlaceRef};

use crate::limits::{ADDRESSES_SHOWN_MAX, CALLS_SHOWN_MAX};
use crate::words;

/// Calls from one place.
pub(crate) struct Calls {
    /// `31 calls (25 failed)`.
    pub(crate) number: String,
    /// `GetCallerIdentity, ListBuckets and 3 more`.
    pub(crate) names: String,
}

impl Calls {
    /// The calls of `foreign`.
    pub(crate) fn of(foreign: &ForeignUse) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for action in &foreign.actions {
            if !names.contains(&&*action.event_name) {
                names.push(&action.event_name);
            }
        }
        let failed = foreign.actions.iter().filter(|action| !action.error_code.is_empty());
        let failed: Count = failed.map(|action| action.calls).sum();
        let number = words::calls(foreign.calls);
        let is_whole = foreign.actions_left_out == 0;
        Self {
            number: match failed {
                failed if failed.events > 0 && is_whole => {
                    format!("{number} ({} failed)", words::number(failed))
                }
                _ => number,
            },
            names: listed(&names, CALLS_SHOWN_MAX, foreign.actions_left_out),
        }
    }
}

/// The first of `names`, and how many more there are, beside those that were left out before.
fn listed(names: &[&str], shown_max: usize, left_out: u64) -> String {
    let shown = names.len().min(shown_max);
    let text = names.iter().take(shown).copied().collect::<Vec<_>>().join(", ");
    match (names.len() - shown) as u64 + left_out {
        0 => text,
        rest => format!("{text} and {} more", words::count(rest)),
    }
}

/// What a place is called.
pub(crate) fn name(place: &PlaceRef) -> String {
    let addresses: Vec<&str> = place.addresses.iter().map(String::as_str).collect();
    let addresses = listed(&addresses, ADDRESSES_SHOWN_MAX, 0);
    let Some(endpoint) = place.vpc_endpoint_id.as_deref() else {
        return if addresses.is_empty() { "an unknown address".to_owned() } else { addresses };
    };
    let account = place.vpc_endpoint_account_id.as_deref();
    let owner = account.map(|account| format!(" of account {account}")).unwrap_or_default();
    let inside = if addresses.is_empty() { addresses } else { format!(" ({addresses})") };
    format!("VPC endpoint {endpoint}{owner}{inside}")
}

/// `NL, AS64500 Example Transit`.
pub(crate) fn locality(locality: &Locality) -> String {
    let network = match (locality.asn, locality.network_owner.as_deref()) {
        (Some(asn), Some(owner)) => Some(format!("AS{asn} {owner}")),
        (Some(asn), None) => Some(format!("AS{asn}")),
        (None, owner) => owner.map(str::to_owned),
    };
    let parts: Vec<String> = locality.country.clone().into_iter().chain(network).collect();
    parts.join(", ")
}

/// What shows that somebody else called, in a few words.
pub(crate) fn signs(foreign: &ForeignUse) -> String {
    foreign.reasons.iter().map(|reason| sign(reason)).collect::<Vec<_>>().join(", ")
}

/// A reason of the scan document for a person; one that has no words of its own is shown as it is.
fn sign(reason: &str) -> String {
    let words = match reason {
        "after_termination" => "after its termination",
        "another_instance" => "another instance's address",
        "console_sign_in" => "signed in to the console",
        "elsewhere" => "not its address",
        "elsewhere_in_aws" => "elsewhere in AWS",
        "foreign_endpoint" => "another account's endpoint",
        "imds_v1_key" => "key of metadata version 1",
        "outside_aws" => "outside AWS",
        "personal_client" => "a person's client",
        "two_places" => "two places at once",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// `i-0a1b2c3d4e5f60718 (web-1)`.
pub(crate) fn subject(origin: &Origin, background: Option<&Background>) -> String {
    let name = words::origin_name(origin);
    let name = if name.is_empty() { words::origin_noun(origin.kind).to_owned() } else { name };
    match background.and_then(|background| background.name.as_deref()) {
        Some(tag) if !tag.is_empty() && tag != name => format!("{name} ({tag})"),
        Some(_) | None => name,
    }
}

/// Role and session of an assumed role, the name of anything else.
pub(crate) fn principal(arn: &str) -> &str {
    match arn.split_once(":assumed-role/") {
        Some((_, session)) => session,
        None => words::last_part(arn),
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned as _;
    use alloc::vec;

    use detect::{Locality, PlaceRef};

    use super::{listed, locality, name, principal, sign};

    #[test]
    fn a_place_is_named_by_its_endpoint_or_its_addresses() {
        let mut place = PlaceRef { addresses: vec!["10.0.0.1".to_owned()], ..PlaceRef::default() };
        assert_eq!(name(&place), "10.0.0.1");
        place.vpc_endpoint_id = Some("vpce-1".into());
        place.vpc_endpoint_account_id = Some("111122223333".into());
        assert_eq!(name(&place), "VPC endpoint vpce-1 of account 111122223333 (10.0.0.1)");
        assert_eq!(name(&PlaceRef::default()), "an unknown address");
    }

    #[test]
    fn a_list_says_how_much_it_leaves_out() {
        assert_eq!(listed(&["a", "b"], 2, 0), "a, b");
        assert_eq!(listed(&["a", "b", "c"], 2, 4), "a, b and 5 more");
    }

    #[test]
    fn a_locality_says_what_is_known() {
        let nowhere = Locality::default();
        assert_eq!(locality(&nowhere), "");
        let known = Locality { asn: Some(64_500), country: Some("NL".to_owned()), ..nowhere };
        assert_eq!(locality(&known), "NL, AS64500");
    }

    #[test]
    fn a_session_is_named_with_its_role() {
        assert_eq!(principal("arn:aws:sts::111122223333:assumed-role/ci/run-7"), "ci/run-7");
        assert_eq!(principal("arn:aws:iam::111122223333:user/it/bob"), "bob");
    }

    #[test]
    fn a_reason_without_words_is_shown_as_it_is() {
        assert_eq!(sign("outside_aws"), "outside AWS");
        assert_eq!(sign("never_heard_of"), "never heard of");
    }
}
