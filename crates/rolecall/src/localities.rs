//! Where addresses are, by databases in the format of `MaxMind`.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use detect::{Localities, Locality};
use maxminddb::{LookupResult, PathElement, Reader};

use crate::files;

/// Largest database that is read, in bytes: twice the largest that is sold.
const DATABASE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Characters of an operator's name.
const OWNER_MAX: usize = 120;

/// What a database knows about an address.
type Found<'d> = LookupResult<'d, Vec<u8>>;

/// Databases of countries and of networks; the first that knows a thing tells it.
pub(crate) struct Databases(Vec<Reader<Vec<u8>>>);

impl Databases {
    /// Reads the databases at `paths`.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self> {
        let read = |path: &PathBuf| {
            let bytes = files::read(path, DATABASE_BYTES_MAX)?;
            Reader::from_source(bytes)
                .with_context(|| format!("`{}` is no database of MaxMind's format", path.display()))
        };
        Ok(Self(paths.iter().map(read).collect::<Result<_>>()?))
    }

    /// What the databases call themselves.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|reader| &*reader.metadata().database_type)
    }
}

impl Localities for Databases {
    fn locality(&self, address: IpAddr) -> Option<Locality> {
        let mut known = Locality::default();
        for reader in &self.0 {
            // A damaged record says nothing, as does one that is not there.
            let Ok(found) = reader.lookup(address) else {
                continue;
            };
            known.country = known.country.or_else(|| country(&found));
            known.asn = known.asn.or_else(|| asn(&found));
            known.network_owner = known.network_owner.or_else(|| owner(&found));
        }
        (known != Locality::default()).then_some(known)
    }
}

/// `country.iso_code` of `GeoLite2`, `GeoIP2` and DB-IP, `country_code` or `country` of `IPinfo`.
fn country(found: &Found<'_>) -> Option<String> {
    let places: [&[&str]; 3] = [&["country", "iso_code"], &["country_code"], &["country"]];
    let is_code = |text: &&str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    let code = places.into_iter().find_map(|place| text(found, place).filter(is_code))?;
    Some(code.to_ascii_uppercase())
}

/// `autonomous_system_number` of `GeoLite2` and DB-IP, `asn` of `IPinfo`, such as `AS64500`.
fn asn(found: &Found<'_>) -> Option<u32> {
    let path = [PathElement::Key("autonomous_system_number")];
    let number = found.decode_path::<u32>(&path).ok().flatten();
    number.or_else(|| text(found, &["asn"])?.strip_prefix("AS")?.parse().ok())
}

/// `autonomous_system_organization` of `GeoLite2` and DB-IP, `as_name` or `name` of `IPinfo`.
fn owner(found: &Found<'_>) -> Option<String> {
    let places = ["autonomous_system_organization", "as_name", "name"];
    let name = places.into_iter().find_map(|place| text(found, &[place]))?;
    Some(name.chars().take(OWNER_MAX).collect())
}

/// The text at `place`, unless it is empty.
fn text<'d>(found: &Found<'d>, place: &[&str]) -> Option<&'d str> {
    let path: Vec<PathElement<'_>> = place.iter().map(|name| PathElement::Key(name)).collect();
    let text = found.decode_path::<&str>(&path).ok().flatten()?;
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use detect::{Localities as _, Locality};
    use maxminddb::Reader;

    use super::Databases;

    /// A value of a database (`MaxMind` DB file format, version 2.0).
    enum Value<'v> {
        Text(&'v str),
        Short(u16),
        Number(u32),
        Long(u64),
        Map(Vec<(&'v str, Value<'v>)>),
    }

    use Value::{Long, Map, Number, Short, Text};

    fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
        let size = u8::try_from(size).unwrap();
        let head = if size < 29 { size } else { 29 };
        out.push(kind << 5 | head);
        if size >= 29 {
            out.push(size - 29);
        }
    }

    fn encode(value: &Value<'_>, out: &mut Vec<u8>) {
        match value {
            Text(text) => {
                control(2, text.len(), out);
                out.extend(text.bytes());
            }
            Number(number) => {
                control(6, 4, out);
                out.extend(number.to_be_bytes());
            }
            Short(number) => {
                control(5, 2, out);
                out.extend(number.to_be_bytes());
            }
            Long(number) => {
                // An extended kind: 7 and 2.
                out.extend([8, 2]);
                out.extend(number.to_be_bytes());
            }
            Map(fields) => {
                control(7, fields.len(), out);
                for (name, value) in fields {
                    encode(&Text(name), out);
                    encode(value, out);
                }
            }
        }
    }

    /// A database that knows `record` about the lower half of all IPv4 addresses.
    fn database(record: &Value<'_>) -> Vec<u8> {
        // One node: to the left the data behind 16 zeros, to the right nothing.
        let mut bytes = vec![0, 0, 17, 0, 0, 1];
        bytes.extend([0; 16]);
        encode(record, &mut bytes);
        bytes.extend(b"\xab\xcd\xefMaxMind.com");
        let metadata = [
            ("node_count", Number(1)),
            ("record_size", Short(24)),
            ("ip_version", Short(4)),
            ("database_type", Text("Test")),
            ("binary_format_major_version", Short(2)),
            ("binary_format_minor_version", Short(0)),
            ("build_epoch", Long(1)),
            ("description", Map(Vec::new())),
        ];
        encode(&Map(metadata.into()), &mut bytes);
        // Languages are a list, which nothing else here is.
        let at = bytes.windows(12).position(|w| w == b"\xefMaxMind.com").unwrap() + 12;
        bytes[at] += 1;
        encode(&Text("languages"), &mut bytes);
        bytes.extend([0, 4]);
        bytes
    }

    fn databases(files: Vec<Vec<u8>>) -> Databases {
        Databases(files.into_iter().map(|file| Reader::from_source(file).unwrap()).collect())
    }

    fn asked(files: Vec<Vec<u8>>, address: &str) -> Option<Locality> {
        databases(files).locality(address.parse::<IpAddr>().unwrap())
    }

    fn city() -> Value<'static> {
        let names = Map(vec![("en", Text("Netherlands"))]);
        Map(vec![("country", Map(vec![("iso_code", Text("NL")), ("names", names)]))])
    }

    fn network() -> Value<'static> {
        Map(vec![
            ("autonomous_system_number", Number(64_500)),
            ("autonomous_system_organization", Text("Example Transit")),
        ])
    }

    fn known() -> Locality {
        Locality {
            country: Some("NL".into()),
            asn: Some(64_500),
            network_owner: Some("Example Transit".into()),
        }
    }

    #[test]
    fn several_databases_are_asked_in_turn() {
        let files = || vec![database(&city()), database(&network())];
        assert_eq!(asked(files(), "8.8.8.8"), Some(known()));
        assert_eq!(asked(files(), "198.51.100.7"), None, "the upper half is empty");
        assert_eq!(asked(files(), "2001:db8::1"), None, "the databases know IPv4 alone");
        assert_eq!(databases(files()).kinds().collect::<Vec<_>>(), ["Test", "Test"]);
    }

    #[test]
    fn the_layout_of_ipinfo_is_read() {
        let full = Map(vec![
            ("as_name", Text("Example Transit")),
            ("asn", Text("AS64500")),
            ("country", Text("Netherlands")),
            ("country_code", Text("nl")),
        ]);
        assert_eq!(asked(vec![database(&full)], "8.8.8.8"), Some(known()));
        let old = Map(vec![("country", Text("NL"))]);
        assert_eq!(asked(vec![database(&old)], "8.8.8.8").unwrap().country.unwrap(), "NL");
    }

    #[test]
    fn values_of_the_wrong_kind_say_nothing() {
        let wrong = Map(vec![
            ("asn", Text("64500")),
            ("autonomous_system_number", Text("many")),
            ("autonomous_system_organization", Text("")),
            ("country", Map(vec![("iso_code", Text("<script>"))])),
        ]);
        assert_eq!(asked(vec![database(&wrong)], "8.8.8.8"), None);
    }

    #[test]
    fn damaged_databases_never_panic() {
        let whole = database(&Map(vec![("country", city()), ("network", network())]));
        assert!(Reader::from_source(whole.clone()).is_ok());
        let addresses = ["8.8.8.8", "198.51.100.7", "2001:db8::1"];
        let ask = |bytes: Vec<u8>| {
            let Ok(reader) = Reader::from_source(bytes) else { return };
            let databases = Databases(vec![reader]);
            for address in addresses {
                databases.locality(address.parse().unwrap());
            }
        };
        for at in 0..whole.len() {
            ask(whole[..at].to_vec());
            for other in 0..=u8::MAX {
                let mut damaged = whole.clone();
                damaged[at] = other;
                ask(damaged);
            }
        }
    }
}
