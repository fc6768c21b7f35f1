//! Instances that come and go, and people and deployments that change what an instance does.

use alloc::format;
use alloc::vec::Vec;

use crate::agents;
use crate::caller::Way;
use crate::clock::{HOUR, MINUTE};
use crate::ec2;
use crate::host::Host;
use crate::network::Network;
use crate::organization::{DEV, PROD, STAGING, US_EAST_1};
use crate::world::{Built, World};

pub(super) fn build(world: &mut World) {
    replaced(world);
    reused_address(world);
    terminated(world);
    operated(world);
    configured(world);
}

/// Auto Scaling ends one instance and launches another; the old one says goodbye from home.
fn replaced(world: &mut World) {
    let network = world.network((PROD, US_EAST_1), 80, 1, Built::InTheLogs);
    let at = world.turn();
    for number in 1..=2 {
        let at = at + number * 25 * MINUTE;
        let mut old = world.new_host(&format!("cart-{number}"), &network, "replaced_instance");
        old.until = at;
        let launched = at + 2 * MINUTE;
        let mut new = Host::new(
            world.instance(&format!("cart-{}", number + 2), &network, launched),
            old.situation,
        );
        for host in [&mut old, &mut new] {
            host.is_scaled = true;
        }
        world.hosts.extend([old.role("cart-node"), new.role("cart-node")]);
    }
}

/// Two instances have the same elastic address one after the other: released, allocated again.
fn reused_address(world: &mut World) {
    let network = world.network((DEV, US_EAST_1), 81, 1, Built::Before);
    let mut old = world.new_host("preview-1", &network, "reused_address").role("preview");
    old.instance.take_own_address();
    let address = old.instance.own.clone().unwrap_or_default();
    let at = world.turn();
    old.until = at;
    let calls = Vec::from([
        (at + 3 * MINUTE, ec2::disassociate_address(&address, &mut world.chance)),
        (at + 4 * MINUTE, ec2::release_address(&address, US_EAST_1, &mut world.chance)),
    ]);
    world.change(&network, at, calls);
    let own = Vec::from([Way::public(&address.address)]);
    world.hosts.push(old.always(&[], own.clone()));

    let launched = at + 3 * HOUR;
    let instance = world.instance("preview-2", &network, launched);
    let mut new = Host::new(instance, "reused_address").role("preview");
    new.instance.own = Some(address.again(&mut world.chance));
    new.instance.address = address.address;
    world.hosts.push(new.always(&[], own));
}

/// Instances that are ended for good; a key of one of them may have been taken before.
fn terminated(world: &mut World) {
    let network = world.network((STAGING, US_EAST_1), 82, 1, Built::InTheLogs);
    for number in 1..=2 {
        let mut host = world.new_host(&format!("migration-{number}"), &network, "terminated");
        host.until = world.end - world.chance.between(14, 20) * HOUR;
        world.hosts.push(host.role("migration"));
    }
}

/// A person uses the command line on an instance, and a deployment brings a fleet a new API.
fn operated(world: &mut World) {
    let network = world.network((PROD, US_EAST_1), 83, 1, Built::Before);
    let host = world.old_host("bastion-1", &network, "session_manager").role("bastion");
    world.hosts.push(host);
    let at = world.turn();
    for number in 1..=3 {
        let mut host = world.old_host(&format!("quote-{number}"), &network, "fleet_deployment");
        host.deployed = at + number * 4 * MINUTE;
        host.agents = &[agents::JAVA_INSTANCE];
        world.hosts.push(host.role("quote-api"));
    }
}

/// One instance gets its role half an hour after its launch, one loses the old metadata service.
fn configured(world: &mut World) {
    let network: Network = world.network((STAGING, US_EAST_1), 84, 1, Built::InTheLogs);
    let mut host = world.later_host("kiosk-1", &network, "late_profile").role("kiosk");
    host.instance.launched += 35 * MINUTE;
    world.hosts.push(host);
    let host = world.new_host("kiosk-2", &network, "required_tokens").role("kiosk");
    let at = world.turn();
    let call = ec2::require_tokens(&host.instance.id, &mut world.chance);
    world.change(&network, at - MINUTE, Vec::from([(at, call)]));
    world.hosts.push(host);
    let mut host = world.old_host("kiosk-3", &network, "old_metadata_service").role("kiosk");
    host.metadata_version = 1;
    world.hosts.push(host.victim());
}
