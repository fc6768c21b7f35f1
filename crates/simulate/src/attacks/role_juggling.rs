//! Two roles that trust each other kept a stolen session alive for fourteen hours.

use alloc::string::String;

use crate::agents;
use crate::attacks::Story;
use crate::caller::Place;
use crate::clock::{HOUR, MINUTE};
use crate::log::Log;
use crate::organization::{Role, STAGING, US_EAST_1};
use crate::samples::{caller_identity, object};
use crate::truth::Attack;
use crate::workload::staging_task;

const PLACE: Place<'static> =
    Place { address: "192.0.2.88", agent: agents::PYTHON_REQUESTS, region: US_EAST_1 };

/// Fourteen hours with 50 minutes between two of them.
const N_HOPS: usize = 18;

pub(super) fn attack(log: &mut Log) -> Attack {
    let begin = log.end - 40 * HOUR;
    let mut story = Story::begin(log, "role_juggling", begin);
    story.attack.detectors = alloc::vec!["role_chaining", "role_juggling"];
    // Two distinct roles, however often they alternate.
    story.attack.color = "orange";
    story.attack.foreign_addresses = alloc::vec![String::from(PLACE.address)];
    juggle(&mut story);
    story.finish()
}

/// Each child is the parent of the next one: a path, not a star.
fn juggle(story: &mut Story<'_>) {
    let stolen = staging_task(story.log.seed).session(story.now);
    let mut caller = stolen.caller(&PLACE);
    story.set_origin("ecs_task", &caller);
    story.call(&caller, &caller_identity());
    let roles = [Role::new(STAGING, "orders-admin"), stolen.role];
    for role in roles.iter().cycle().take(N_HOPS) {
        let session = story.hop(&caller, role, "orders-sync");
        caller = session.caller(&PLACE);
        let hour = story.now;
        for _ in 0..3 {
            let call = object("GetObject", "example-exports", &caller, &mut story.chance);
            story.call(&caller, &call);
        }
        story.now = hour + 49 * MINUTE;
    }
}
