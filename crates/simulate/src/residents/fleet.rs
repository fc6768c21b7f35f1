//! EC2 instances that renew their keys every hour and use them from where they run.

use alloc::format;
use alloc::vec::Vec;

use crate::agents;
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::issuance::AssumeRole;
use crate::log::Log;
use crate::network::{INSTANCE_PROGRAM, Instance, cattle, pets};
use crate::organization::{Role, SHARED};
use crate::residents::Resident;
use crate::samples::{self, instance_information, object};
use crate::size::Size;

const PULL_PERIOD: i64 = 50 * MINUTE;

/// Calls of an instance in an hour at scale 1.
const N_CALLS: i64 = 5;

pub(crate) struct Fleet {
    instances: Vec<Instance>,
    size: Size,
    chance: Chance,
}

impl Fleet {
    pub(crate) fn new(seed: u64, start: i64, size: Size) -> Self {
        let mut instances = pets(seed, start);
        instances.extend(cattle(seed, start, size.units()));
        Self { instances, size, chance: Chance::of(seed, "fleet", 0) }
    }
}

impl Resident for Fleet {
    fn live(&mut self, log: &mut Log, start: i64) {
        for instance in &self.instances {
            let request_id = log.chance.uuid();
            log.deliver_instance_keys(instance, start + instance.renewal, &request_id);
            work(log, instance, start, self.size, &mut self.chance);
            if instance.name == "build-1" {
                pull(log, instance, start, &mut self.chance);
            }
        }
    }
}

/// An hour of calls with the key of the second version, and of the agent's heartbeat.
fn work(log: &mut Log, instance: &Instance, start: i64, size: Size, chance: &mut Chance) {
    // One key before the renewal, another one after it.
    let place = instance.place(INSTANCE_PROGRAM);
    let earlier = instance.session(start, 2).caller(&place);
    let later = instance.session(start + HOUR - 1, 2).caller(&place);
    for number in 0..size.calls(N_CALLS) {
        let at = start + chance.between(0, HOUR - 1);
        let is_renewed = start + instance.renewal <= at;
        let caller = if is_renewed { &later } else { &earlier };
        let call = if number < size.calls_for_secrets(N_CALLS) {
            samples::workload(caller, chance)
        } else {
            samples::workload_with_cache(caller, chance)
        };
        samples::work(log, caller, &call, at);
    }
    if instance.name == "web-2" {
        // An old script that only knows version 1 of the metadata service, at home.
        let at = start + chance.between(0, HOUR - 1);
        let place = instance.place(agents::CLI_ON_SERVER);
        let caller = instance.session(at, 1).caller(&place);
        let call = object("GetObject", "example-assets", &caller, chance);
        log.emit(&caller, &call, at);
    }
    let at = start + chance.between(0, HOUR - 1);
    let agent = instance.place(agents::SSM_AGENT);
    let caller = instance.session(at, 2).caller(&agent);
    log.emit(&caller, &instance_information(&instance.id), at);
}

/// The build agent pulls from another account: one hop, from its own key again every time.
fn pull(log: &mut Log, instance: &Instance, start: i64, chance: &mut Chance) {
    let role = Role::new(SHARED, "artifact-reader");
    let mut at = (start + PULL_PERIOD - 1).div_euclid(PULL_PERIOD) * PULL_PERIOD;
    while at < start + HOUR {
        let place = instance.place(agents::CLI_ON_SERVER);
        let caller = instance.session(at, 2).caller(&place);
        let issued = log.assume_role(&AssumeRole {
            caller: &caller,
            role: &role,
            session_name: &format!("botocore-session-{at}"),
            at,
        });
        let caller = issued.session.caller(&place);
        for _ in 0..3 {
            let call = object("GetObject", "example-artifacts", &caller, chance);
            log.emit(&caller, &call, at + chance.between(1, 20 * MINUTE));
        }
        at += PULL_PERIOD;
    }
}
