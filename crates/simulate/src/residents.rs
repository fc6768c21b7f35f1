//! Who lives in the organization: each resident fills the log hour by hour.

mod console;
mod fleet;
mod hosts;
mod hybrid;
mod keys;
mod people;
mod pipelines;
mod services;
mod vendor;
pub(crate) mod workloads;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::Settings;
use crate::clock::{DAY, HOUR, MINUTE};
use crate::identity_center::Person;
use crate::log::Log;
use crate::network::{auto_scaling, cattle, networks, pets};
use crate::organization::{DEV, PROD, Role, STAGING, User};
use crate::size::Size;
use crate::world::World;

pub(crate) use console::login as console_login_of;
pub(crate) use keys::{PUBLISHER, REPORTER, SYNC};
pub(crate) use people::{ADMINISTRATOR, console_login};

/// Somebody or something that calls AWS.
pub(crate) trait Resident {
    /// Emits what happens because of the hour that begins at `start`.
    ///
    /// Events may lie later than the hour, never before it.
    fn live(&mut self, log: &mut Log, start: i64);
}

/// Everybody in the organization.
pub(crate) fn residents(settings: &Settings, log: &Log, world: World) -> Vec<Box<dyn Resident>> {
    let (seed, size) = (settings.seed, Size::of(settings.scale));
    vec![
        Box::new(people::People::new(seed)),
        Box::new(pipelines::Pipelines::new(seed)),
        Box::new(console::Console::new(seed)),
        Box::new(keys::Keys::new(seed)),
        Box::new(services::Services::new(seed)),
        Box::new(vendor::Vendor::new(seed)),
        Box::new(fleet::Fleet::new(seed, log.start, size)),
        Box::new(workloads::Workloads::new(seed, log.start, size, &world)),
        Box::new(hybrid::Hybrid::new(&world)),
        Box::new(hosts::Hosts::new(world)),
    ]
}

/// Builds the networks, launches the instances, and once makes a user the proper way.
pub(crate) fn settle(log: &mut Log, size: Size, world: &World) {
    let start = log.start;
    for (number, account) in [PROD, STAGING, DEV].into_iter().enumerate() {
        let at = start + MINUTE + number as i64 * 40;
        let role = Role::of_permission_set(account, "AdministratorAccess");
        let session = log.sign_in(&ADMINISTRATOR, &role, at);
        let caller = session.caller(&ADMINISTRATOR.place());
        for network in networks(log.seed) {
            if network.account == account {
                log.build_network(&caller, &network, at + 2 * MINUTE);
            }
        }
        for pet in pets(log.seed, start) {
            if pet.network.account == account {
                log.launch(&caller, &pet);
                hosts::renew_early(log, &pet);
            }
        }
    }
    for instance in cattle(log.seed, start, size.units()) {
        let caller = auto_scaling(log, &instance.network, instance.launched - 20);
        log.launch(&caller, &instance);
        hosts::renew_early(log, &instance);
    }
    hosts::settle(log, world);
    make_a_user(log, &ADMINISTRATOR);
}

/// Persistence that is none: an administrator makes a service user in working hours.
fn make_a_user(log: &mut Log, person: &Person) {
    // A Wednesday afternoon when the window ends on a Sunday night.
    let at = log.end - 4 * DAY - 8 * HOUR - 17 * MINUTE;
    let user = User::new(log.seed, STAGING, "status-page-probe");
    let role = Role::of_permission_set(STAGING, "AdministratorAccess");
    let caller = log.sign_in(person, &role, at).caller(&person.place());
    let policy = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess";
    let calls = [
        crate::iam::create_user(&user, at + 70),
        crate::iam::attach_user_policy(&user, policy),
        crate::iam::create_access_key(&user, &user.access_key_id, at + 140),
    ];
    for (number, call) in calls.iter().enumerate() {
        log.emit(&caller, call, at + 70 + number as i64 * 35);
    }
}
