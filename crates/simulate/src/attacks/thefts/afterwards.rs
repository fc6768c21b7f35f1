//! A key that outlives its instance, a key that opens the console, and a name that is no instance.

use alloc::format;

use super::instances::begin;
use super::{Thief, use_key};
use crate::agents;
use crate::attacks::Story;
use crate::call::Call;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::host::Host;
use crate::json::Json;
use crate::log::Log;
use crate::network::pets;
use crate::organization::{Role, STAGING, US_EAST_1, User};
use crate::residents::{REPORTER, console_login};
use crate::samples::look_around;
use crate::truth::Attack;
use crate::world::World;

/// The instance is gone, and its last key is still good.
pub(super) fn terminated(log: &mut Log, world: &World) -> Option<Attack> {
    let name = "instance_key_after_termination";
    let mut chance = Chance::of(log.seed, name, 1);
    let mut hosts: alloc::vec::Vec<&Host> =
        world.hosts.iter().filter(|host| host.situation == "terminated").collect();
    chance.shuffle(&mut hosts);
    let host = hosts.pop()?;
    let caller = host.caller(host.until - 1, 2, agents::CLI_ON_SERVER);
    let begin = host.until + chance.between(20 * MINUTE, 4 * HOUR);
    let mut story = Story::begin(log, name, begin);
    story.attack.detectors = alloc::vec!["instance_credential_exfiltration"];
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(host.instance.id.clone());
    let thief = Thief::outside(3, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    use_key(&mut story, &thief.with(&caller));
    Some(story.finish())
}

/// The key becomes a sign-in to the web console.
pub(super) fn console(log: &mut Log, host: &Host) -> Attack {
    let (mut story, caller) = begin(log, "instance_key_console", host, None);
    let thief = Thief::outside(4, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    let away = thief.with(&caller);
    let script = Caller { agent: agents::PYTHON_REQUESTS.into(), ..away.clone() };
    let credentials = Json::object().text("accessKeyId", &caller.access_key_id).end();
    let response =
        Json::object().raw("credentials", &credentials).text("GetSigninToken", "Success").end();
    let exchange = Call::sign_in("GetSigninToken")
        .response(response)
        .additional(r#"{"MobileVersion":"No","MFAUsed":"No"}"#.into());
    story.call(&script, &exchange);
    let agent = story.chance.word(&[agents::FIREFOX, agents::CHROME]);
    let browser = Caller { agent: agent.into(), ..away };
    story.call(&browser.without_key(), &console_login());
    let browser = browser.in_console();
    for _ in 0..story.chance.between(4, 12) {
        let call = look_around(&mut story.chance);
        story.call(&browser, &call);
    }
    story.finish()
}

/// Somebody who may assume a role calls the session like an instance.
pub(super) fn forged(log: &mut Log) -> Attack {
    let name = "forged_instance_session";
    let mut chance = Chance::of(log.seed, name, 1);
    let begin = super::taken(log, &mut chance);
    // Either an invented instance or one that has the same role.
    let real = pets(log.seed, log.start).into_iter().find(|pet| pet.name == "worker-1");
    let invented = format!("i-0{}", chance.hex(16));
    let session_name = match real {
        Some(pet) if chance.one_in(2) => pet.id,
        Some(_) | None => invented,
    };
    let mut story = Story::begin(log, name, begin);
    story.attack.detectors = alloc::vec!["forged_instance_session"];
    let thief = Thief::outside(5, &mut story.chance);
    story.attack.foreign_addresses.push(thief.address.clone());
    let place = Place { address: &thief.address, agent: thief.agent, region: US_EAST_1 };
    let user = User::new(story.log.seed, STAGING, REPORTER);
    let caller = Caller::of_user(&user, &place);
    story.set_origin("iam_user_access_key", &caller);
    let session = story.hop(&caller, &Role::new(STAGING, "queue-worker"), &session_name);
    use_key(&mut story, &session.caller(&place));
    story.finish()
}
