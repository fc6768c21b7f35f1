//! Keys of functions, tasks and pods in the wrong hands.

use super::{Thief, gap, taken, use_key};
use crate::attacks::Story;
use crate::caller::Place;
use crate::chance::Chance;
use crate::clock::MINUTE;
use crate::log::Log;
use crate::organization::US_EAST_1;
use crate::residents::workloads::exchange;
use crate::truth::Attack;
use crate::workload::{Workload, fixed, service_accounts};
use crate::world::World;

const DETECTOR: &str = "workload_credential_exfiltration";

/// An exploit read the environment of a function.
pub(super) fn function(log: &mut Log, world: &World) -> Attack {
    rob(log, "function_key_outside", "lambda_function", &fixed(world).victim_function)
}

/// An exploit asked the task's own source of keys.
pub(super) fn task(log: &mut Log, world: &World) -> Attack {
    rob(log, "task_key_outside", "ecs_task", &fixed(world).victim_task)
}

fn rob(log: &mut Log, name: &'static str, kind: &'static str, victim: &Workload) -> Attack {
    let mut chance = Chance::of(log.seed, name, 1);
    let taken = taken(log, &mut chance);
    let mut story = Story::begin(log, name, taken + gap(&mut chance));
    story.attack.detectors = alloc::vec![DETECTOR];
    let number = if kind == "ecs_task" { 6 } else { 7 };
    let thief = Thief::outside(number, &mut story.chance);
    let place = Place { address: &thief.address, agent: thief.agent, region: US_EAST_1 };
    let caller = victim.session(taken).caller(&place);
    story.set_origin(kind, &caller);
    story.attack.foreign_addresses.push(thief.address.clone());
    use_key(&mut story, &caller);
    story.finish()
}

/// The token of a service account, copied from a pod, is exchanged somewhere else.
pub(super) fn pod(log: &mut Log, world: &World) -> Attack {
    let name = "pod_token_elsewhere";
    let mut chance = Chance::of(log.seed, name, 1);
    let begin = taken(log, &mut chance);
    let mut story = Story::begin(log, name, begin);
    story.attack.detectors = alloc::vec![DETECTOR];
    let thief = Thief::outside(8, &mut story.chance);
    let place = Place { address: &thief.address, agent: thief.agent, region: US_EAST_1 };
    let [_, account] = service_accounts(world);
    let issued = exchange(story.log, &account, &place, story.now);
    for event_id in issued.event_ids {
        story.remember(event_id, crate::attacks::LATERAL_MOVEMENT);
    }
    let caller = issued.session.caller(&place);
    story.set_origin("oidc", &caller);
    story.attack.foreign_addresses.push(thief.address.clone());
    story.wait(MINUTE);
    use_key(&mut story, &caller);
    story.finish()
}
