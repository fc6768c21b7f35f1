//! Logs that somebody wrote to take long.

use std::time::{Duration, Instant};

use evidence::Evidence;
use network::Network;
use serde_json::{Value, json};

use crate::records::{evidence, launch, record, state};

/// Far above what a debug build takes, and far below what anything quadratic takes.
const LONG: Duration = Duration::from_secs(20);

fn timed(evidence: &Evidence) -> Network {
    let started = Instant::now();
    let network = Network::of(evidence);
    println!("{} facts in {:?}", evidence.network_facts().len(), started.elapsed());
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
    network
}

fn assign(minute: i64, interface: &str, number: u32) -> Value {
    let address = std::net::Ipv4Addr::from_bits(0x0a01_0000 + number).to_string();
    record(
        minute,
        "AssignPrivateIpAddresses",
        &json!({"networkInterfaceId": interface, "privateIpAddressesSet":
            {"items": [{"privateIpAddress": address}]}}),
        &Value::Null,
    )
}

fn attach(minute: i64, interface: &str, instance: &str) -> Value {
    let request = json!({"networkInterfaceId": interface, "instanceId": instance});
    record(minute, "AttachNetworkInterface", &request, &Value::Null)
}

#[test]
fn an_interface_with_too_many_addresses_is_cut() {
    let mut records = vec![launch(0)];
    records.extend((0..10_000).map(|n| assign(1, "eni-1", n)));
    let instance = |n: i64| format!("i-{}", n % 7 + 1);
    records.extend((0..10_000).map(|n| attach(n + 2, "eni-1", &instance(n))));
    let network = timed(&evidence(&records));
    // Those that find no place, and those that have moved too often.
    assert_eq!(network.left_out(), 10_000 - (256 - 3) + 256);
    let address = "10.0.1.10".parse().unwrap();
    assert_eq!(network.holders(address).len(), 4096 / 256);
}

#[test]
fn an_instance_with_too_many_interfaces_is_cut() {
    let mut records = vec![launch(0)];
    records.extend((0..5_000).map(|n| attach(1, &format!("eni-x{n}"), "i-1")));
    records.extend((0..5_000).map(|n| state(n + 2, "StopInstances")));
    let network = timed(&evidence(&records));
    assert_eq!(network.left_out(), 5_000 - 127);
}

#[test]
fn a_large_organization_takes_no_time() {
    let text = launch(0).to_string();
    let launches = (0..15_000).map(|n| {
        let text = text.replace("\"i-1\"", &format!("\"i-{n}\""));
        let text = text.replace("\"eni-1\"", &format!("\"eni-{n}\""));
        serde_json::from_str(&text).unwrap()
    });
    let evidence = evidence(&launches.collect::<Vec<Value>>());
    assert!(evidence.network_facts().len() > 100_000);
    let network = timed(&evidence);
    assert!(network.instance("i-14999").is_some());
}
