//! A web instance gave its key to a forged request, and the key led through three roles.

use crate::agents;
use crate::attacks::Story;
use crate::clock::HOUR;
use crate::iam;
use crate::identifiers::access_key_id;
use crate::log::Log;
use crate::network::{Instance, pets};
use crate::organization::{PROD, Role, SHARED, STAGING, User};
use crate::samples::{caller_identity, parameter};
use crate::truth::Attack;

/// The attack, unless the organization has no such instance.
pub(super) fn attack(log: &mut Log) -> Option<Attack> {
    let mut pets = pets(log.seed, log.start).into_iter();
    let instance = pets.find(|pet| pet.name == "web-1")?;
    // Just after a renewal, so that one key lasts for the whole attack.
    let begin = instance.renewed(log.end - 34 * HOUR) + 240;
    let mut story = Story::begin(log, "instance_ssrf_chain", begin);
    story.attack.scenario = Some(2);
    story.attack.detectors = alloc::vec!["role_chaining", "chain_to_persistence"];
    story.attack.color = "red";
    climb(&mut story, &instance);
    Some(story.finish())
}

/// Every call comes from the instance's own address: the intruder sits on it.
fn climb(story: &mut Story<'_>, instance: &Instance) {
    let place = instance.place(agents::CLI_ON_SERVER);
    let caller = instance.session(story.now, 1).caller(&place);
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(instance.id.clone());
    story.call(&caller, &caller_identity());
    story.look_around(&caller, 0, 4);

    let session = story.hop(&caller, &Role::new(PROD, "app-config-reader"), "config");
    let caller = session.caller(&place);
    story.call(&caller, &parameter("/orders/endpoints"));
    story.look_around(&caller, 7, 2);
    let session = story.hop(&caller, &Role::new(SHARED, "shared-services"), "config");
    let caller = session.caller(&place);
    story.look_around(&caller, 1, 3);
    let session = story.hop(&caller, &Role::new(STAGING, "deployment-admin"), "config");
    let caller = session.caller(&place);
    story.look_around(&caller, 8, 2);

    let user = User::new(story.log.seed, STAGING, "svc-backup");
    let key = access_key_id("AKIA", STAGING, &mut story.chance);
    story.wait(21);
    let call = iam::create_access_key(&user, &key, story.now);
    story.leave_key(&caller, &call, user.name, &key);
    let role = Role::new(STAGING, "telemetry-function");
    let call = iam::create_function("telemetry-export", &role.arn(), STAGING);
    story.leave(&caller, &call, "telemetry-export");
    let call = iam::put_role_policy(&role.name);
    story.leave(&caller, &call, &role.name);
}
