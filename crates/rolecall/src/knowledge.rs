//! What the user knows beyond the logs: inventories, ways out, AWS's ranges, where addresses are.

use std::mem;
use std::net::IpAddr;

use anyhow::{Context, Result};
use detect::{Cores, Egress, Localities, Settings};
use evidence::{Evidence, INVENTORY_BYTES_MAX, InventoryCount};
use ipnet::IpNet;
use network::AwsRanges;
use report::Note;

use crate::args::KnowledgeOptions;
use crate::decisions::Decisions;
use crate::files;
use crate::localities::Databases;
use crate::output::whisper;
use crate::ranges;
use crate::scan::Reading;

/// What the user knows beyond the logs.
pub(crate) struct Knowledge {
    inventories: Evidence,
    egress: Vec<Egress>,
    aws_ranges: Option<AwsRanges>,
    localities: Option<Databases>,
    decisions: Decisions,
    notes: Vec<Note>,
}

impl Knowledge {
    /// Reads what `options` name, before any log is opened.
    pub(crate) fn read(options: &KnowledgeOptions, is_quiet: bool) -> Result<Self> {
        let mut notes = Vec::new();
        let mut inventories = Evidence::default();
        for path in &options.inventory {
            let name = files::name(path);
            let bytes = files::read(path, INVENTORY_BYTES_MAX as u64)?;
            let context = || format!("cannot read inventory `{}`", path.display());
            let held = inventories.inventory(&name, &bytes).with_context(context)?;
            notes.push(Note { source: name, text: inventory(&held), records: 0 });
        }
        notes.extend(options.egress.iter().map(|egress| Note {
            source: egress.name.clone(),
            text: format!("own way out by {}", egress.range),
            records: 0,
        }));
        let aws_ranges = ranges::of(options.ip_ranges.as_deref(), is_quiet, &mut notes)?;
        let localities = match options.geo.as_slice() {
            [] => None,
            paths => Some(Databases::read(paths)?),
        };
        let kinds = localities.iter().flat_map(Databases::kinds);
        notes.extend(options.geo.iter().zip(kinds).map(|(path, kind)| Note {
            source: files::name(path),
            text: format!("addresses are located by {kind}"),
            records: 0,
        }));
        let decisions = match &options.decisions {
            Some(path) => Decisions::read(path)?,
            None => Decisions::default(),
        };
        notes.extend(options.decisions.iter().map(|path| Note {
            source: files::name(path),
            text: decided(&decisions),
            records: 0,
        }));
        if !is_quiet {
            let told = notes.iter().filter(|note| note.text.starts_with("inventory"));
            told.for_each(|note| whisper(&format!("`{}`: {}", note.source, note.text)));
        }
        let egress = options.egress.clone();
        Ok(Self { inventories, egress, aws_ranges, localities, decisions, notes })
    }

    /// Adds inventories to the evidence of `reading`, and what was used to its coverage.
    pub(crate) fn add_to(&mut self, reading: &mut Reading) {
        reading.evidence.merge(mem::take(&mut self.inventories));
        reading.coverage.notes.append(&mut self.notes);
    }

    /// Inventories, as evidence.
    pub(crate) const fn inventories(&self) -> &Evidence {
        &self.inventories
    }

    /// The rest, as an analysis takes it.
    pub(crate) fn settings(&self) -> Settings<'_> {
        Settings {
            egress: &self.egress,
            aws_ranges: self.aws_ranges.as_ref(),
            localities: self.localities.as_ref().map(|databases| databases as &dyn Localities),
            accepted: &self.decisions.accepted,
            unusual_threshold: self.decisions.unusual_threshold,
            ..nothing()
        }
    }
}

/// Settings of an analysis where nothing is known beyond the logs.
pub(crate) fn nothing() -> Settings<'static> {
    Settings { cores: Cores::new(ingest::both), ..Settings::default() }
}

/// What a file of decisions holds, each with its owner and its end.
fn decided(decisions: &Decisions) -> String {
    let accepted = decisions.accepted.iter().map(|one| {
        format!("{} until {} by {}: {}", one.origin, one.expires, one.owner, one.reason)
    });
    let accepted: Vec<String> = accepted.collect();
    let accepted = if accepted.is_empty() { "nothing".to_owned() } else { accepted.join("; ") };
    format!("accepted: {accepted}")
}

/// `inventory of 1 instance, 2 NAT gateways`, or `inventory of nothing`.
fn inventory(held: &InventoryCount) -> String {
    let counts = [
        (held.instances, "instance"),
        (held.network_interfaces, "network interface"),
        (held.nat_gateways, "NAT gateway"),
        (held.endpoints, "VPC endpoint"),
        (held.route_tables, "route table"),
        (held.accounts, "account"),
        (held.addresses, "elastic IP"),
        (held.other, "other thing"),
    ];
    let held = counts.iter().filter(|(number, _)| *number > 0);
    let held = held.map(|(number, noun)| match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    });
    let held: Vec<String> = held.collect();
    let held = if held.is_empty() { "nothing".to_owned() } else { held.join(", ") };
    format!("inventory of {held}")
}

/// Reads `203.0.113.0/24` or `203.0.113.7`, and a name behind `=`.
pub(crate) fn egress(text: &str) -> Result<Egress, String> {
    let (range, name) = text.split_once('=').unwrap_or((text, text));
    let parsed = range.parse().or_else(|_| range.parse::<IpAddr>().map(IpNet::from));
    let range: IpNet = parsed.map_err(|_| {
        "expected an address or a range such as 203.0.113.0/24, with a name if you like: \
         203.0.113.0/24=vpn"
            .to_owned()
    })?;
    if name.is_empty() {
        return Err("the name behind `=` is missing".to_owned());
    }
    Ok(Egress { range, name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use evidence::InventoryCount;

    use super::{egress, inventory};

    #[test]
    fn a_way_out_is_a_range_with_a_name() {
        let parsed = |text: &str| {
            let egress = egress(text).unwrap();
            (egress.range.to_string(), egress.name)
        };
        let owned = |range: &str, name: &str| (range.to_owned(), name.to_owned());
        assert_eq!(parsed("203.0.113.0/24=vpn"), owned("203.0.113.0/24", "vpn"));
        assert_eq!(parsed("203.0.113.7"), owned("203.0.113.7/32", "203.0.113.7"));
        assert_eq!(parsed("2001:db8::/32=a=b"), owned("2001:db8::/32", "a=b"));
    }

    #[test]
    fn an_inventory_says_what_it_held() {
        let held = InventoryCount { instances: 1, nat_gateways: 2, ..InventoryCount::default() };
        assert_eq!(inventory(&held), "inventory of 1 instance, 2 NAT gateways");
        assert_eq!(inventory(&InventoryCount::default()), "inventory of nothing");
    }

    #[test]
    fn anything_else_is_refused_with_what_was_expected() {
        for text in ["", "vpn", "203.0.113.0/33", "203.0.113.0/24 vpn", "=vpn", "vpn=203.0.113.7"] {
            assert!(egress(text).unwrap_err().contains("203.0.113.0/24"), "{text}");
        }
        assert!(egress("203.0.113.0/24=").unwrap_err().contains("name"));
    }
}
