//! Addresses that come, go and move: elastic ones, a second interface, and version 6 beside 4.

use alloc::vec::Vec;

use crate::addresses::{ipv6, ipv6_subnet};
use crate::caller::Way;
use crate::clock::{HOUR, MINUTE};
use crate::ec2::{self, Target};
use crate::identifiers::ec2_resource;
use crate::network::{Elastic, Network};
use crate::organization::{DEV, EU_WEST_1, PROD, US_EAST_1};
use crate::world::{Built, World};

pub(super) fn build(world: &mut World) {
    let edge = world.network((DEV, US_EAST_1), 60, 1, Built::Before);
    moved(world, &edge);
    late(world, &edge);
    second_interface(world, &edge);
    own(world, &edge);
    dual_stack(world);
}

/// An address moves from one instance to another, which used the gateway before.
fn moved(world: &mut World, edge: &Network) {
    let mut first = world.new_host("proxy-1", edge, "moved_address").role("edge-proxy");
    let second = world.new_host("proxy-2", edge, "moved_address").role("edge-proxy");
    first.instance.take_own_address();
    let address = first.instance.own.clone().unwrap_or_default();
    let at = world.turn();
    let again =
        Elastic { association: ec2_resource("eipassoc", &mut world.chance), ..address.clone() };
    let to = Target::Instance(&second.instance.id);
    let calls = Vec::from([
        (at, ec2::disassociate_address(&address, &mut world.chance)),
        (at + 20, ec2::associate_address(&again, to, &mut world.chance)),
    ]);
    world.change(edge, at - 3 * MINUTE, calls);
    let nat = || Vec::from([Way::public(edge.nat_address())]);
    let own = || Vec::from([Way::public(&address.address)]);
    let first = first.always(&[], own()).exit((at, i64::MAX), &[], nat());
    let second = second.exit((at + 25, i64::MAX), &[], own());
    world.hosts.extend([first, second]);
}

/// Behind the gateway first, with an address of its own later.
fn late(world: &mut World, edge: &Network) {
    let host = world.old_host("mailer-1", edge, "late_address").role("mailer");
    let at = world.turn() + HOUR;
    let elastic = Elastic::new(US_EAST_1, &mut world.chance);
    let to = Target::Instance(&host.instance.id);
    let calls = Vec::from([
        (at, ec2::allocate_address(&elastic, US_EAST_1, &mut world.chance)),
        (at + 8, ec2::associate_address(&elastic, to, &mut world.chance)),
    ]);
    world.change(edge, at - 3 * MINUTE, calls);
    let own = Vec::from([Way::public(&elastic.address)]);
    world.hosts.push(host.exit((at + 15, i64::MAX), &[], own));
}

/// Some calls leave by an interface that was attached later, which has an address of its own.
fn second_interface(world: &mut World, edge: &Network) {
    let host = world.new_host("gateway-1", edge, "second_interface").role("edge-gateway");
    let at = world.turn() + 2 * HOUR;
    let interface = ec2_resource("eni", &mut world.chance);
    let elastic = Elastic::new(US_EAST_1, &mut world.chance);
    let chance = &mut world.chance;
    let instance = host.instance.id.as_str();
    let calls = Vec::from([
        (at, ec2::create_network_interface(edge, &interface, "10.60.70.12", chance)),
        (at + 10, ec2::attach_network_interface(instance, &interface, chance)),
        (at + 30, ec2::allocate_address(&elastic, US_EAST_1, chance)),
        (at + 40, ec2::associate_address(&elastic, Target::Interface(&interface), chance)),
    ]);
    world.change(edge, at - 3 * MINUTE, calls);
    let ways = [edge.nat_address(), &elastic.address].map(Way::public);
    world.hosts.push(host.exit((at + 60, i64::MAX), &[], Vec::from(ways)));
}

/// Instances with an address of their own from the first day: one is in the logs, one is not.
fn own(world: &mut World, edge: &Network) {
    let hosts = [
        world.new_host("relay-1", edge, "own_address"),
        world.old_host("relay-2", edge, "own_address"),
    ];
    for host in hosts {
        let mut host = host.role("edge-relay").victim();
        host.instance.take_own_address();
        let own = Vec::from([Way::public(&host.instance.address)]);
        world.hosts.push(host.always(&[], own));
    }
}

/// The same instance calls with both versions of the protocol.
fn dual_stack(world: &mut World) {
    let network = world.network((PROD, EU_WEST_1), 61, 1, Built::InTheLogs);
    let subnet = ipv6_subnet(EU_WEST_1, &mut world.chance);
    for name in ["stream-1", "stream-2"] {
        let mut host = world.new_host(name, &network, "dual_stack").role("stream-writer");
        let address = ipv6(&subnet, &mut world.chance);
        if name == "stream-1" {
            host.instance.ipv6.clone_from(&address);
        } else {
            let at = host.instance.launched + MINUTE;
            let interface = &host.instance.interface_id;
            let call = ec2::assign_ipv6_address(interface, &address, &mut world.chance);
            world.change(&network, at - MINUTE, Vec::from([(at, call)]));
        }
        let ways = [network.nat_address(), &address].map(Way::public);
        world.hosts.push(host.always(&[], Vec::from(ways)));
    }
}
