//! A young company: two accounts, users with keys on laptops, a handful of machines.

use alloc::format;

use super::actor::{Actor, Entry, Rhythm, Task};
use super::cast::Cast;
use super::trade::Trade;
use crate::agents;
use crate::clock::{HOUR, MINUTE};
use crate::organization::{DEV, OFFICE, PROD, Role, User};
use crate::workload::Platform;

pub(super) fn fill(cast: &mut Cast) {
    people(cast);
    machines(cast);
    cast.people_change();
    incident(cast);
}

fn people(cast: &mut Cast) {
    let (half, scale) = (cast.after(1, 2), cast.scale as usize);
    for number in 0..6 + 2 * scale {
        let account = if number % 3 == 2 { DEV } else { PROD };
        let trade = if number % 4 == 3 { Trade::Data } else { Trade::Developer };
        let mut actor = cast.developer(number, account, trade);
        let name = Cast::name(number);
        if number % 2 == 0 {
            let role = if account == PROD { "prod-support" } else { "dev-support" };
            let support = Task::new(Trade::Operations, (5, 12), HOUR);
            actor = actor.does(support.through(&[Role::new(account, role)], name).one_in(3));
        }
        if number == 1 {
            // The one who brings up the new service.
            let search = Role::new(PROD, "search-admin");
            let bring_up = Task::new(Trade::Infrastructure, (6, 14), HOUR);
            actor = actor.does(bring_up.through(&[search], name).one_in(2).from(half));
        }
        cast.add(actor);
    }
    let user = User::new(cast.seed, PROD, "founder");
    let founder = Actor::new("founder", Entry::Console(user), Rhythm::Office(9), agents::FIREFOX)
        .at(&[OFFICE, "203.0.113.90"])
        .does(Task::new(Trade::Finance, (4, 10), HOUR))
        .does(Task::new(Trade::Operations, (4, 8), HOUR));
    cast.add(founder);
    let user = User::new(cast.seed, PROD, "deployer");
    let runners = ["192.0.2.101", "192.0.2.118", "192.0.2.134", "192.0.2.150", "192.0.2.171"];
    let deployer = Actor::new("deployer", Entry::Key(user), Rhythm::Runs(6), agents::TERRAFORM)
        .at(&runners)
        .does(
            Task::new(Trade::Deploy, (8, 16), 8 * MINUTE)
                .through(&[Role::new(PROD, "deploy")], "deploy"),
        );
    cast.add(deployer);
    let user = User::new(cast.seed, PROD, "backup");
    let backup = Actor::new("backup", Entry::Key(user), Rhythm::Nightly(2), agents::BOTO3_LINUX)
        .at(&["203.0.113.70"])
        .does(Task::new(Trade::Worker, (20, 40), HOUR));
    cast.add(backup);
}

fn machines(cast: &mut Cast) {
    let half = cast.after(1, 2);
    let network = cast.network(PROD, 40);
    for number in 1..=2 + cast.scale {
        let name = format!("app-{number}");
        let app = cast.instance(&name, "app", &network);
        cast.add(app.does(Task::new(Trade::Server, (10, 18), HOUR)));
    }
    let worker = cast.instance("worker-1", "worker", &network);
    cast.add(worker.does(Task::new(Trade::Worker, (8, 14), HOUR)));
    let mailer = cast.program("mailer", Platform::Lambda, Role::new(PROD, "mailer"), &[]);
    cast.add(mailer.does(Task::new(Trade::Worker, (4, 10), HOUR)));
    let indexer =
        cast.program("search-indexer", Platform::Lambda, Role::new(PROD, "search-indexer"), &[]);
    let indexer = indexer.during(half, i64::MAX);
    cast.add(indexer.does(Task::new(Trade::Server, (6, 12), HOUR)));
    cast.benign("new_service", &["search-indexer"]);
}

/// The founder repairs production at night with a role that nobody uses, and looks at everything.
fn incident(cast: &mut Cast) {
    let at = cast.working_hour(cast.after(11, 16), 0) + 3 * HOUR;
    let user = User::new(cast.seed, PROD, "founder");
    let role = Role::new(PROD, "break-glass");
    let actor = Actor::new("founder at night", Entry::Key(user), Rhythm::Once(at), agents::CLI_MAC)
        .at(&["203.0.113.90"])
        .does(Task::new(Trade::Everything, (30, 50), HOUR).through(&[role], "founder"));
    cast.add(actor);
    cast.emergency("break_glass", "founder", at);
}
