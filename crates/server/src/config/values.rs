//! Values that have a grammar of their own: names, regions, accounts, ranges, addresses.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use hyper::Uri;
use ipnet::IpNet;
use jiff::civil::Date;

use super::setting::{Raw, Setting, quoted, text};
use crate::address::is_refused;

/// Declares a text with a grammar.
macro_rules! grammar {
    ($(#[doc = $doc:literal])+ $name:ident, $expected:literal, $is_valid:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// The text, where it is one.
            pub fn parse(text: &str) -> Option<Self> {
                let is_valid: fn(&str) -> bool = $is_valid;
                is_valid(text).then(|| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Setting for $name {
            fn expected() -> String {
                $expected.to_owned()
            }

            fn of(raw: &Raw) -> Result<Self, &Raw> {
                text(raw, Self::parse)
            }

            fn show(&self) -> Option<String> {
                Some(quoted(&self.0))
            }
        }
    };
}

grammar! {
    /// Name of a source or a sink: it stands in metrics and logs.
    Name, "a name of small letters, digits, `-` and `_`, at most 64", |text| {
        let is_of_name = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        (1..=64).contains(&text.len()) && text.bytes().all(is_of_name)
    }
}

grammar! {
    /// Number of an account.
    AccountId, "an account of 12 digits, in quotation marks", |text| {
        text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit())
    }
}

grammar! {
    /// A region, by its grammar: new ones need no new version.
    Region, "a region such as `eu-central-1`", is_region
}

grammar! {
    /// Name of a bucket
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>).
    BucketName, "the name of a bucket, without `s3://` and without a prefix", |text| {
        let is_end = |c: Option<&u8>| c.is_some_and(u8::is_ascii_alphanumeric);
        let is_of_name = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
        let bytes = text.as_bytes();
        (3..=63).contains(&bytes.len())
            && bytes.iter().copied().all(is_of_name)
            && is_end(bytes.first())
            && is_end(bytes.last())
    }
}

grammar! {
    /// Begin of the keys of objects.
    Prefix, "the begin of keys, without a leading `/`", |text| {
        text.len() <= 1024 && !text.starts_with('/') && !text.chars().any(char::is_control)
    }
}

grammar! {
    /// Name or ARN of an event bus.
    BusName, "the name or ARN of an event bus", |text| {
        let is_of_name = |c: u8| c.is_ascii_alphanumeric() || b"/._-:".contains(&c);
        (1..=400).contains(&text.len()) && text.bytes().all(is_of_name)
    }
}

/// Words between the first and the last part of a region's name.
const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

fn is_region(text: &str) -> bool {
    let mut parts = text.rsplitn(3, '-');
    let (number, direction, area) = (parts.next(), parts.next(), parts.next());
    let is_number = |text: &str| {
        (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit()) && text != "0"
    };
    // `eu`, `us-gov`, `us-isob`, and `eusc-de` of the sovereign cloud.
    let is_area = |text: &str| {
        let mut words = text.split('-');
        let is_first = words.next().is_some_and(|word| word.len() == 2 || word == "eusc");
        let is_second = words.next().is_none_or(|word| matches!(word.len(), 2..=4));
        let are_letters = text.bytes().all(|c| c.is_ascii_lowercase() || c == b'-');
        is_first && is_second && are_letters && words.next().is_none()
    };
    number.is_some_and(is_number)
        && direction.is_some_and(|word| DIRECTIONS.contains(&word))
        && area.is_some_and(is_area)
}

/// Name of an environment variable that holds a secret.
///
/// It must have a `_`, which keys do not have: whoever writes the secret itself here is told so,
/// and it is shown to nobody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VariableName(String);

impl VariableName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for VariableName {
    fn expected() -> String {
        "the name of a variable such as `ROLECALL_SECRET`: capital letters, digits and at least \
         one `_`, and not the secret itself"
            .to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| {
            let is_of_name = |c: u8| matches!(c, b'A'..=b'Z' | b'0'..=b'9' | b'_');
            let is_name = text.contains('_') && text.len() <= 128 && text.bytes().all(is_of_name);
            is_name.then(|| Self(text.to_owned()))
        })
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.0))
    }

    fn is_public() -> bool {
        false
    }
}

/// An address to send to: `https://`, or `http://` on this machine.
///
/// Its path may be a secret, as that of a chat's incoming webhook: neither `Debug` nor `Display`
/// shows more than the host.
#[derive(Clone, Eq, PartialEq)]
pub struct Endpoint(Uri);

impl Endpoint {
    /// The address that `text` is, if something may be sent there.
    ///
    /// A name is looked at again when it has become addresses: see [`is_refused`].
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('#') {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let authority = uri.authority()?;
        let host = host(&uri)?;
        let is_user_named = authority.as_str().contains('@');
        let is_refused = host.parse().is_ok_and(is_refused);
        let is_safe = match uri.scheme_str()? {
            "https" => true,
            "http" => is_this_machine(host),
            _ => false,
        };
        (is_safe && !is_user_named && !is_refused).then_some(Self(uri))
    }

    /// All of it, for the one who sends.
    pub const fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host, an address of IPv6 without its brackets.
    pub fn host(&self) -> &str {
        host(&self.0).unwrap_or_default()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }
}

fn host(uri: &Uri) -> Option<&str> {
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then_some(host)
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let authority = self.0.authority().map(hyper::http::uri::Authority::as_str);
        write!(f, "{scheme}://{}", authority.unwrap_or_default())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}/…")
    }
}

impl Setting for Endpoint {
    fn expected() -> String {
        "an address with `https://`, or with `http://` on this machine, without a user".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, Self::parse)
    }

    fn show(&self) -> Option<String> {
        let rest = if self.0.path() == "/" && self.0.query().is_none() { "" } else { "/***" };
        Some(quoted(&format!("{self}{rest}")))
    }

    fn is_public() -> bool {
        false
    }
}

/// Address of a queue: as an [`Endpoint`], but no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QueueUrl(String);

impl QueueUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for QueueUrl {
    fn expected() -> String {
        "the address of a queue, with `https://`, or with `http://` on this machine".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| Endpoint::parse(text).map(|_| Self(text.to_owned())))
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.0))
    }
}

/// An address that people open in a browser; links to incidents begin with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkBase(String);

impl LinkBase {
    /// The address, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for LinkBase {
    fn expected() -> String {
        "an address with `https://` or `http://`, without a user, `?` and `#`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| {
            let uri: Uri = text.parse().ok()?;
            let is_web = matches!(uri.scheme_str(), Some("https" | "http"));
            let is_plain = host(&uri).is_some() && !text.contains(['@', '?', '#']);
            (is_web && is_plain).then(|| Self(text.trim_end_matches('/').to_owned()))
        })
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.0))
    }
}

/// A range of addresses that one's own traffic leaves from, and its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EgressRange(pub detect::Egress);

impl Setting for EgressRange {
    fn expected() -> String {
        "an address or a range such as `203.0.113.0/24`, with a name if you like: \
         `203.0.113.0/24=vpn`"
            .to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| {
            let (range, name) = text.split_once('=').unwrap_or((text, text));
            let single = || range.parse::<IpAddr>().map(IpNet::from);
            let range: IpNet = range.parse().or_else(|_| single()).ok()?;
            let name = name.to_owned();
            (!name.is_empty()).then_some(Self(detect::Egress { range, name }))
        })
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&format!("{}={}", self.0.range, self.0.name)))
    }
}

/// Address and port to listen on.
impl Setting for SocketAddr {
    fn expected() -> String {
        "an address and a port such as `127.0.0.1:9464`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| text.parse().ok())
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.to_string()))
    }
}

/// The first day of a source that is read: back-fill begins there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StartDate(pub Date);

impl Setting for StartDate {
    fn expected() -> String {
        "a day such as `2026-10-01`".to_owned()
    }

    fn of(raw: &Raw) -> Result<Self, &Raw> {
        text(raw, |text| text.parse().ok().map(Self))
    }

    fn show(&self) -> Option<String> {
        Some(quoted(&self.0.to_string()))
    }
}
