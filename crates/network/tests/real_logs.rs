//! Logs that nobody on this project wrote, when `ROLECALL_REAL_LOGS` names their folder.
#![expect(clippy::print_stdout, reason = "a test that did not run says so")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test fail with it")]

use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use cloudtrail::Timestamp;
use evidence::Evidence;
use flate2::read::MultiGzDecoder;
use network::{AwsRanges, Holder, Instance, Network, RouteTarget};

/// The folder of real logs, or nothing when there is none.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ROLECALL_REAL_LOGS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: ROLECALL_REAL_LOGS is not set");
    }
    folder
}

/// The network of the lab in which Stratus Red Team ran.
fn lab(folder: &Path) -> Network {
    let mut evidence = Evidence::default();
    for file in fs::read_dir(folder.join("invictus_aws")).unwrap() {
        let mut log = Vec::new();
        let packed = fs::File::open(file.unwrap().path()).unwrap();
        MultiGzDecoder::new(packed).read_to_end(&mut log).unwrap();
        cloudtrail::read(&log, &mut |record| {
            evidence.record(record);
        });
    }
    Network::of(&evidence)
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn addresses(instance: &Instance) -> Vec<String> {
    instance.addresses.iter().map(|held| held.value.to_string()).collect()
}

#[test]
fn instances_of_a_lab_are_known_from_launch_to_end() {
    let Some(folder) = folder() else { return };
    let network = lab(&folder);
    let instance = network.instance("i-05c30218156bcc246").unwrap();
    assert_eq!(instance.vpc_id.as_deref(), Some("vpc-04ae35a334cd7ef4f"));
    assert_eq!(instance.subnet_id.as_deref(), Some("subnet-08752c8d74ae2c324"));
    assert_eq!(addresses(instance), ["10.0.1.10"]);
    assert_eq!(instance.launched_at, Some(at("2023-07-10T12:03:24Z")));
    let launch = instance.launch.as_ref().unwrap();
    assert_eq!(&*launch.event.request_id, "be5c6330-fa9a-4b1e-b4d2-695d5186a573");
    let profile =
        "arn:aws:iam::123837392027:instance-profile/stratus-red-team-ec2-enumerate-instance";
    assert_eq!(&*instance.profiles[0].value, profile);
    assert_eq!(instance.metadata_options[0].value.http_tokens.as_deref(), Some("optional"));

    let other = network.instance("i-0dbc91f429e48eeed").unwrap();
    assert!(other.launch.is_some() && other.profiles.len() == 1);
    let (ended, _) = other.terminated.as_ref().unwrap();
    assert_eq!(*ended, at("2023-07-10T12:08:06Z"));
}

#[test]
fn a_gateway_of_a_lab_is_known_by_its_address() {
    let Some(folder) = folder() else { return };
    let network = lab(&folder);
    let holders = network.holders("3.225.16.109".parse().unwrap());
    let gateway = holders.iter().find_map(|held| match &held.value {
        Holder::NatGateway { nat_gateway_id, vpc_id } => Some((held, nat_gateway_id, vpc_id)),
        Holder::Instance { .. } | Holder::Interface { .. } | Holder::Unattached { .. } => None,
    });
    let (held, id, vpc_id) = gateway.unwrap();
    assert_eq!(&**id, "nat-03575abbac42080d9");
    assert_eq!(vpc_id.as_deref(), Some("vpc-06fe1a64761a0f720"));
    assert_eq!(held.since, Some(at("2023-07-10T11:55:14Z")));
    let vpc = network.vpc("vpc-06fe1a64761a0f720").unwrap();
    assert_eq!(vpc.nat_addresses.len(), 1);
    assert!(vpc.routes.iter().any(|route| route.value.target == RouteTarget::NatGateway));
}

#[test]
fn the_ranges_of_aws_are_read_whole() {
    let Some(folder) = folder() else { return };
    let mut list = Vec::new();
    let packed = fs::File::open(folder.join("ip/aws-ip-ranges.json.gz")).unwrap();
    MultiGzDecoder::new(packed).read_to_end(&mut list).unwrap();
    let ranges = AwsRanges::parse(&list).unwrap();
    assert_eq!(ranges.created(), Some(at("2026-08-22T15:17:05Z")));
    let of = |address: &str| ranges.lookup(address.parse().unwrap());
    // The address of the lab's NAT gateway, which a customer held.
    let range = of("3.225.16.109").unwrap();
    assert_eq!(range.region, "us-east-1");
    assert!(range.services.iter().any(|service| &**service == "EC2"));
    assert!(of("8.8.8.8").is_none() && of("10.0.1.10").is_none());
    assert!(of("2600:1f18::1").is_some());

    // Every prefix is found at both its ends, with the service that it stands for.
    let file: serde_json::Value = serde_json::from_slice(&list).unwrap();
    for prefix in file["prefixes"].as_array().unwrap() {
        let (begin, length) = prefix["ip_prefix"].as_str().unwrap().split_once('/').unwrap();
        let begin: Ipv4Addr = begin.parse().unwrap();
        let size = (1_u64 << (32 - length.parse::<u32>().unwrap())) - 1;
        let end = Ipv4Addr::from_bits(begin.to_bits() + u32::try_from(size).unwrap());
        for address in [begin, end] {
            let range = ranges.lookup(address.into()).unwrap();
            let service = prefix["service"].as_str().unwrap();
            assert!(range.services.iter().any(|known| &**known == service), "{address}");
        }
    }
}
