//! Keys of instances that run on: used outside, from another account, or from two places at once.

use alloc::string::String;

use super::{Thief, gap, read_object, taken, use_key};
use crate::agents;
use crate::attacks::Story;
use crate::caller::{Caller, Endpoint, Way};
use crate::chance::Chance;
use crate::clock::MINUTE;
use crate::host::Host;
use crate::identifiers::ec2_resource;
use crate::log::Log;
use crate::network::pets;
use crate::organization::FOREIGN;
use crate::samples::{caller_identity, secret_value, workload};
use crate::truth::Attack;

/// The story of a stolen key of `host`, and the key's session before it leaves its network.
pub(super) fn begin<'a>(
    log: &'a mut Log,
    name: &'static str,
    host: &Host,
    version: Option<u8>,
) -> (Story<'a>, Caller) {
    let mut chance = Chance::of(log.seed, name, 1);
    let taken = taken(log, &mut chance);
    let version = version.unwrap_or(if chance.one_in(2) { 1 } else { 2 });
    let caller = host.caller(taken, version, agents::CLI_ON_SERVER);
    let mut story = Story::begin(log, name, taken + gap(&mut chance));
    story.attack.detectors = alloc::vec!["instance_credential_exfiltration"];
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(host.instance.id.clone());
    (story, caller)
}

/// From a computer outside of AWS.
pub(super) fn outside(log: &mut Log, host: &Host) -> Attack {
    let (mut story, caller) = begin(log, "instance_key_outside", host, None);
    let thief = Thief::outside(0, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    use_key(&mut story, &thief.with(&caller));
    story.finish()
}

/// From an instance of somebody else.
pub(super) fn inside_aws(log: &mut Log, host: &Host) -> Attack {
    let (mut story, caller) = begin(log, "instance_key_inside_aws", host, None);
    let thief = Thief::inside_aws(&mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    use_key(&mut story, &thief.with(&caller));
    story.finish()
}

/// Through an endpoint in a VPC of somebody else, which may have the victim's private address.
pub(super) fn foreign_endpoint(log: &mut Log, host: &Host) -> Attack {
    let (mut story, caller) = begin(log, "instance_key_foreign_endpoint", host, None);
    let endpoint = Endpoint { id: ec2_resource("vpce", &mut story.chance), account: FOREIGN };
    let address = if story.chance.one_in(2) {
        host.instance.private_address.clone()
    } else {
        String::from("10.0.1.17")
    };
    if address != host.instance.private_address {
        story.attack.foreign_addresses.push(address.clone());
    }
    story.attack.foreign_endpoints.push(endpoint.id.clone());
    let away = caller.leaving_by(&Way::through(&endpoint, &address));
    story.call(&away, &caller_identity());
    let call = secret_value(&away, "orders/database");
    story.call(&away, &call);
    for _ in 0..story.chance.between(3, 12) {
        read_object(&mut story, &away);
    }
    story.finish()
}

/// From another instance of the same organization, which has an address of its own.
pub(super) fn other_instance(log: &mut Log, host: &Host) -> Attack {
    let mut chance = Chance::of(log.seed, "instance_key_other_instance", 2);
    let name = chance.word(&["web-2", "web-eu-1"]);
    let other = pets(log.seed, log.start).into_iter().find(|pet| pet.name == name);
    let address = other.map(|pet| pet.address).unwrap_or_default();
    let (mut story, caller) = begin(log, "instance_key_other_instance", host, None);
    let thief = Thief { address, agent: agents::CLI_ON_SERVER };
    story.attack.foreign_addresses.push(thief.address.clone());
    use_key(&mut story, &thief.with(&caller));
    story.finish()
}

/// The instance and the thief take turns with one key.
pub(super) fn two_places(log: &mut Log, host: &Host) -> Attack {
    let version = host.metadata_version;
    let (mut story, _) = begin(log, "instance_key_two_places", host, Some(version));
    // Soon after a renewal, so that the instance has the key for the whole time as well.
    story.now = host.instance.renewed(story.now) + story.chance.between(4, 9) * MINUTE;
    let caller = host.caller(story.now, version, agents::JAVA_INSTANCE);
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(host.instance.id.clone());
    let thief = Thief::outside(1, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    let away = thief.with(&caller);
    story.call(&away, &caller_identity());
    for _ in 0..story.chance.between(4, 9) {
        be_at_home(&mut story, host, &caller);
        read_object(&mut story, &away);
        let pause = story.chance.between(20, 150);
        story.wait(pause);
    }
    story.finish()
}

/// The thief has the key of the first metadata service; the instance goes on with the other one.
pub(super) fn split_versions(log: &mut Log, host: &Host) -> Attack {
    let (mut story, _) = begin(log, "instance_key_split_versions", host, Some(1));
    let caller = host.caller(story.now - 2 * MINUTE, 1, agents::JAVA_INSTANCE);
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(host.instance.id.clone());
    let thief = Thief::outside(2, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    let at_home = host.caller(story.now, 2, agents::JAVA_INSTANCE);
    be_at_home(&mut story, host, &at_home);
    use_key(&mut story, &thief.with(&caller));
    let at_home = host.caller(story.now, 2, agents::JAVA_INSTANCE);
    be_at_home(&mut story, host, &at_home);
    story.finish()
}

/// A call of the instance itself between those of the thief, which is no part of the attack.
fn be_at_home(story: &mut Story<'_>, host: &Host, caller: &Caller) {
    let pause = story.chance.between(2, 30);
    story.wait(pause);
    let call = workload(caller, &mut story.chance);
    let way = host.way(call.service, story.now, &mut story.chance);
    story.log.emit(&caller.leaving_by(&way), &call, story.now);
}
