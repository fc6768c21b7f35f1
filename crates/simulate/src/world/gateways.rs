//! Ways out that several instances share: zones, pools of addresses, a hub, a company's own line.

use alloc::vec::Vec;

use crate::caller::Way;
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::ec2;
use crate::identifiers::ec2_resource;
use crate::network::{Elastic, Network};
use crate::organization::{DEV, EU_WEST_1, NETWORK, PROD, STAGING, US_EAST_1};
use crate::world::{Built, World};

/// The address by which the company's own data center leaves to the internet.
const CORPORATE: &str = "203.0.113.45";

pub(super) fn zones(chance: &mut Chance) -> [Network; 2] {
    let first = Network::new(PROD, US_EAST_1, 30, chance);
    let second = first.in_zone('b', chance);
    [first, second]
}

pub(super) fn build(world: &mut World) {
    fail_over(world);
    pools(world);
    hub(world);
    corporate(world);
}

/// For some hours the subnet of the first zone leaves by the gateway of the second one.
fn fail_over(world: &mut World) {
    let [first, second] = world.zones.clone();
    world.build(&first, Built::InTheLogs);
    world.build(&second, Built::InTheLogs);
    let from = world.turn();
    let until = from + world.chance.between(3, 6) * HOUR;
    for (at, gateway) in [(from, &second.nat_id), (until, &first.nat_id)] {
        let way = ("natGatewayId", gateway.as_str());
        let call = ec2::route("ReplaceRoute", &first, way, &mut world.chance);
        world.change(&first, at - 4 * MINUTE, Vec::from([(at, call)]));
    }
    for name in ["ledger-1", "ledger-2"] {
        let host = world.new_host(name, &first, "nat_fail_over").role("ledger-api");
        let other = Vec::from([Way::public(second.nat_address())]);
        let host = host.exit((from, until), &[], other);
        world.hosts.push(host);
    }
    let host = world.new_host("ledger-3", &second, "nat_fail_over").role("ledger-api");
    world.hosts.push(host);
    let host = world.new_host("ledger-batch", &second, "nat").role("ledger-batch");
    world.hosts.push(host.victim());
}

/// Gateways with several addresses: in one VPC the logs tell about them, in the other they do not.
fn pools(world: &mut World) {
    let mut intake = world.network((STAGING, US_EAST_1), 31, 2, Built::InTheLogs);
    let added = Elastic::new(US_EAST_1, &mut world.chance);
    let at = world.start + 9 * MINUTE;
    let calls = Vec::from([
        (at + 20, ec2::allocate_address(&added, US_EAST_1, &mut world.chance)),
        (at + 30, ec2::associate_nat_address(&intake, &added, &mut world.chance)),
    ]);
    world.change(&intake, at, calls);
    intake.elastic.push(added);
    let search = world.network((PROD, EU_WEST_1), 32, 3, Built::Before);
    for (name, network) in [("intake-1", &intake), ("intake-2", &intake)] {
        let host = world.new_host(name, network, "nat_pool").role("intake-worker");
        world.hosts.push(host.always(&[], pool(network)));
    }
    for name in ["search-1", "search-2", "search-3"] {
        let host = world.old_host(name, &search, "nat_pool").role("search-index");
        let host = host.always(&[], pool(&search));
        world.hosts.push(if name == "search-3" { host.victim() } else { host });
    }
}

fn pool(network: &Network) -> Vec<Way> {
    network.elastic.iter().map(|elastic| Way::public(&elastic.address)).collect()
}

/// Instances of three accounts leave by one address that a fourth account owns.
fn hub(world: &mut World) {
    let built = if world.seed.is_multiple_of(2) { Built::InTheLogs } else { Built::Before };
    let egress = world.network((NETWORK, US_EAST_1), 40, 1, built);
    let transit = ec2_resource("tgw", &mut world.chance);
    for (number, (account, name)) in
        [(DEV, "crm-dev-1"), (STAGING, "crm-stage-1"), (PROD, "crm-1")].into_iter().enumerate()
    {
        let mut spoke = Network::new(account, US_EAST_1, 41 + number as u8, &mut world.chance);
        spoke.elastic.clone_from(&egress.elastic);
        let way = ("transitGatewayId", transit.as_str());
        let call = ec2::route("CreateRoute", &spoke, way, &mut world.chance);
        let at = world.start + 5 * MINUTE;
        world.change(&spoke, at, Vec::from([(at + 30, call)]));
        let host = world.later_host(name, &spoke, "egress_hub").role("crm-app");
        world.hosts.push(host);
        if account == PROD {
            let host = world.old_host("crm-2", &spoke, "egress_hub").role("crm-app");
            world.hosts.push(host.victim());
        }
    }
}

/// A VPC without a way out of its own: its traffic goes through the company's data center.
fn corporate(world: &mut World) {
    let mut factory = Network::new(DEV, US_EAST_1, 45, &mut world.chance);
    factory.elastic = Vec::from([Elastic { address: CORPORATE.into(), ..Elastic::default() }]);
    let gateway = ec2_resource("vgw", &mut world.chance);
    let call = ec2::route("CreateRoute", &factory, ("gatewayId", &gateway), &mut world.chance);
    let at = world.start + 7 * MINUTE;
    world.change(&factory, at, Vec::from([(at + 30, call)]));
    for name in ["factory-1", "factory-2", "factory-3"] {
        let host = world.old_host(name, &factory, "corporate_egress").role("factory-line");
        world.hosts.push(if name == "factory-3" { host.victim() } else { host });
    }
}
