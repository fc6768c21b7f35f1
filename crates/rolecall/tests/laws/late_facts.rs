//! A fact about the network may arrive after the calls that it explains, or in an inventory: the
//! result is as if it had always been there.

use crate::logs::{Log, document, fixtures, folded};

/// Fixtures that are quiet because of events about the network, and what those events name.
const EXPLAINED: [(&str, &str); 3] = [
    ("quiet_when_the_instance_got_another_address", "eipalloc-0a1b2c3d4e5f60044"),
    ("quiet_when_another_nat_gateway_takes_over", "CreateNatGateway"),
    ("quiet_when_some_services_are_called_through_an_endpoint", "CreateVpcEndpoint"),
];

fn named(name: &str) -> Log {
    fixtures().into_iter().find(|log| log.name.contains(name)).unwrap()
}

/// The records of `log` that name `what`, and the others.
fn divide(log: &Log, what: &str) -> (Vec<String>, Vec<String>) {
    log.records.iter().cloned().partition(|record| record.contains(what))
}

#[test]
fn a_late_fact_withdraws_what_it_explains() {
    for (name, what) in EXPLAINED {
        let log = named(name);
        let (facts, calls) = divide(&log, what);
        assert!(!facts.is_empty(), "{name}");
        let mut evidence = folded(&calls);
        evidence.merge(folded(&facts));
        assert_eq!(document(&evidence), document(&folded(&log.records)), "{name}");
    }
}

#[test]
fn without_the_fact_there_is_a_finding() {
    let (name, what) = EXPLAINED[0];
    let log = named(name);
    let (_, calls) = divide(&log, what);
    let evidence = folded(&calls);
    let analysis = detect::analyze(&evidence, detect::Settings::default());
    let found = analysis.findings.iter().map(|finding| finding.detector);
    assert_eq!(found.collect::<Vec<_>>(), ["instance_credential_exfiltration"], "{name}");
}

#[test]
fn an_inventory_explains_as_an_event_does() {
    let (name, what) = EXPLAINED[0];
    let log = named(name);
    let (_, calls) = divide(&log, what);
    let addresses = br#"{"Addresses": [
        {"PublicIp": "203.0.113.22", "AllocationId": "eipalloc-0a1b2c3d4e5f60001",
         "Domain": "vpc", "InstanceId": "i-0a1b2c3d4e5f60718"},
        {"PublicIp": "203.0.113.44", "AllocationId": "eipalloc-0a1b2c3d4e5f60044",
         "Domain": "vpc", "InstanceId": "i-0a1b2c3d4e5f60718"}]}"#;
    for is_first in [true, false] {
        let mut inventory = evidence::Evidence::default();
        inventory.inventory("addresses.json", addresses).unwrap();
        let mut evidence = folded(&calls);
        if is_first {
            inventory.merge(evidence);
            evidence = inventory;
        } else {
            evidence.merge(inventory);
        }
        let analysis = detect::analyze(&evidence, detect::Settings::default());
        assert!(analysis.findings.is_empty(), "{:?}", analysis.findings);
    }
}
