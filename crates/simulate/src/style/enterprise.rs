//! A large company: people of Identity Center, a hub account, spokes in every other one.

use alloc::format;

use super::actor::{Actor, Entry, Rhythm, Task};
use super::cast::Cast;
use super::trade::Trade;
use crate::agents;
use crate::clock::{HOUR, MINUTE};
use crate::organization::{DEV, MANAGEMENT, PROD, Role, SECURITY, SHARED, STAGING, User};
use crate::workload::Platform;

pub(super) fn fill(cast: &mut Cast) {
    people(cast);
    automation(cast);
    machines(cast);
    cast.people_change();
    incident(cast);
}

/// Account, permission set and trade of the teams, whose members follow each other.
const TEAMS: [(&str, &str, Trade); 8] = [
    (DEV, "DeveloperAccess", Trade::Developer),
    (STAGING, "DeveloperAccess", Trade::Developer),
    (PROD, "ReadOnlyAccess", Trade::Developer),
    (SHARED, "OperationsAccess", Trade::Operations),
    (PROD, "DataAccess", Trade::Data),
    (SECURITY, "SecurityAudit", Trade::Security),
    (MANAGEMENT, "Billing", Trade::Finance),
    (SHARED, "NetworkAccess", Trade::Infrastructure),
];

fn people(cast: &mut Cast) {
    let (half, late) = (cast.after(1, 2), cast.after(5, 8));
    for number in 0..24 * cast.scale as usize {
        let Some((account, permission_set, trade)) = TEAMS.get(number % TEAMS.len()) else {
            continue;
        };
        let name = Cast::name(number);
        let mut actor = Cast::person(number, account, permission_set, *trade);
        let hop = |role: Role| Task::new(*trade, (6, 12), HOUR).through(&[role], name);
        match trade {
            // Through the hub into the spokes, day by day.
            Trade::Operations => {
                for account in [PROD, STAGING] {
                    let route = [Role::new(SHARED, "ops-hub"), Role::new(account, "ops-spoke")];
                    let task = Task::new(*trade, (6, 12), HOUR).through(&route, name);
                    actor = actor.does(task.one_in(2));
                }
            }
            Trade::Security => {
                for account in [PROD, DEV, STAGING] {
                    actor = actor.does(hop(Role::new(account, "audit")).one_in(3));
                }
            }
            Trade::Data => {
                // The team moves from one role to the other.
                let (old, new) = (Role::new(PROD, "data-analyst"), Role::new(PROD, "lake-reader"));
                actor = actor.does(hop(old).one_in(2).until(late));
                actor = actor.does(hop(new).one_in(2).from(late));
            }
            Trade::Developer if number % 3 == 0 => {
                actor = actor.does(hop(Role::new(STAGING, "service-debug")).one_in(4).from(half));
            }
            Trade::Deploy
            | Trade::Developer
            | Trade::Everything
            | Trade::Finance
            | Trade::Infrastructure
            | Trade::Server
            | Trade::Worker => {}
        }
        cast.add(actor);
    }
    cast.benign("new_role_of_a_team", &["data-analyst", "lake-reader", "service-debug"]);
}

fn automation(cast: &mut Cast) {
    let user = User::new(cast.seed, SHARED, "terraform");
    let mut plan = Actor::new("terraform", Entry::Key(user), Rhythm::Nightly(5), agents::TERRAFORM)
        .at(&["203.0.113.60"]);
    for account in [DEV, STAGING, PROD, SECURITY] {
        let route = [Role::new(SHARED, "terraform-hub"), Role::new(account, "terraform-spoke")];
        let task = Task::new(Trade::Infrastructure, (20, 34), 10 * MINUTE);
        plan = plan.does(task.through(&route, "terraform"));
    }
    cast.add(plan);
    let role = Role::new(SHARED, "github-actions");
    for (number, repository) in ["orders-service", "invoice-service"].into_iter().enumerate() {
        let entry = Entry::Pipeline { repository: repository.into(), role: role.clone() };
        let mut run = Actor::new(repository, entry, Rhythm::Runs(3), agents::GITHUB)
            .at(RUNNERS.get(number..).unwrap_or_default());
        for account in [DEV, PROD] {
            let route = [Role::new(SHARED, "deploy"), Role::new(account, "deploy-target")];
            let task = Task::new(Trade::Deploy, (6, 12), 5 * MINUTE);
            run = run.does(task.through(&route, "GitHubActions"));
        }
        cast.add(run);
    }
}

const RUNNERS: [&str; 6] =
    ["192.0.2.103", "192.0.2.115", "192.0.2.129", "192.0.2.144", "192.0.2.158", "192.0.2.176"];

fn machines(cast: &mut Cast) {
    let network = cast.network(PROD, 41);
    for number in 1..=3 * cast.scale {
        let name = format!("core-{number}");
        let core = cast.instance(&name, "core", &network);
        cast.add(core.does(Task::new(Trade::Server, (12, 20), HOUR)));
    }
    let staging = cast.network(STAGING, 42);
    let batch = cast.instance("batch-1", "batch", &staging);
    let reader = Role::new(SHARED, "artifact-reader");
    cast.add(batch.does(Task::new(Trade::Worker, (6, 12), HOUR)).does(
        Task::new(Trade::Worker, (2, 5), HOUR).through(&[reader], "botocore-session-{time}"),
    ));
    let role = Role::new(PROD, "ledger");
    let ledger = cast.program("ledger", Platform::Lambda, role, &[]);
    cast.add(ledger.does(Task::new(Trade::Server, (8, 14), HOUR)));
}

/// An administrator goes into an account with the role of last resort, and an auditor reads all.
fn incident(cast: &mut Cast) {
    let night = cast.working_hour(cast.after(5, 8), 0) + 2 * HOUR;
    let mut admin = Cast::person(30, MANAGEMENT, "AdministratorAccess", Trade::Operations);
    let role = Role::new(PROD, "OrganizationAccountAccessRole");
    let name = Cast::name(30);
    admin.rhythm = Rhythm::Office(9);
    cast.add(admin.clone());
    let mut at_night = admin;
    at_night.label = format!("{name} at night");
    at_night.rhythm = Rhythm::Once(night);
    at_night.tasks.clear();
    let task = Task::new(Trade::Everything, (30, 50), HOUR).through(&[role], name);
    cast.add(at_night.does(task));
    cast.emergency("break_glass", name, night);
    let day = cast.working_hour(cast.after(6, 8), 0) + 10 * HOUR;
    let mut auditor = Cast::person(31, SECURITY, "SecurityAudit", Trade::Everything);
    let name = Cast::name(31);
    auditor.label = format!("{name} audits");
    auditor.rhythm = Rhythm::Once(day);
    auditor.tasks.clear();
    for account in [PROD, DEV, STAGING, SHARED] {
        let audit = Task::new(Trade::Everything, (40, 70), 2 * HOUR);
        auditor = auditor.does(audit.through(&[Role::new(account, "audit")], name));
    }
    cast.add(auditor);
    cast.benign("audit_of_everything", &[name]);
}
