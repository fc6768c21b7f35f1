//! An instance's key was used from an address outside while the instance went on with its other key.

use alloc::string::String;

use crate::agents;
use crate::attacks::Story;
use crate::caller::{Caller, Place};
use crate::clock::{HOUR, MINUTE};
use crate::iam::refusal;
use crate::log::Log;
use crate::network::pets;
use crate::organization::US_EAST_1;
use crate::samples::{caller_identity, object, recon, secret_value};
use crate::truth::Attack;

const KALI: Place<'static> =
    Place { address: "198.51.100.222", agent: agents::CLI_KALI, region: US_EAST_1 };

/// The attack, unless the organization has no such instance.
pub(super) fn attack(log: &mut Log) -> Option<Attack> {
    let mut pets = pets(log.seed, log.start).into_iter();
    let instance = pets.find(|pet| pet.name == "batch-1")?;
    let begin = instance.renewed(log.end - 27 * HOUR) + 7 * MINUTE;
    let mut story = Story::begin(log, "instance_key_elsewhere", begin);
    story.attack.scenario = Some(3);
    story.attack.detectors = alloc::vec!["instance_credential_exfiltration"];
    story.attack.foreign_addresses = alloc::vec![String::from(KALI.address)];
    let caller = instance.session(story.now, 1).caller(&KALI);
    story.set_origin("ec2_instance", &caller);
    story.attack.origin.instance_id = Some(instance.id);
    take(&mut story, &caller);
    Some(story.finish())
}

fn take(story: &mut Story<'_>, caller: &Caller) {
    story.call(caller, &caller_identity());
    story.call(caller, &recon(0));
    let message = refusal(&caller.arn, "iam:ListUsers", "*");
    story.call(caller, &recon(1).denied("AccessDenied", message));
    story.call(caller, &recon(4));
    let call = secret_value(caller, "orders/database");
    story.call(caller, &call);
    for _ in 0..24 {
        let mut chance = story.chance.clone();
        let call = object("GetObject", "example-exports", caller, &mut chance);
        story.chance = chance;
        story.call(caller, &call);
    }
}
