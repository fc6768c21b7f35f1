//! A company that builds all day: many repositories, matrix builds, roles that live for some days.

use alloc::format;

use super::actor::{Actor, Entry, Rhythm, Task};
use super::cast::Cast;
use super::trade::Trade;
use crate::addresses::elastic;
use crate::agents;
use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE};
use crate::organization::{DEV, PROD, Role, SHARED, STAGING, US_EAST_1};

/// Days that an environment for a preview, and the roles in it, live.
const PREVIEW_DAYS: i64 = 3;

pub(super) fn fill(cast: &mut Cast) {
    for number in 0..8 * cast.scale as usize {
        let repository = REPOSITORIES.get(number % REPOSITORIES.len()).copied().unwrap_or_default();
        let name = if number < REPOSITORIES.len() {
            repository.into()
        } else {
            format!("{repository}-{number}")
        };
        pipeline(cast, &name, number);
    }
    people(cast);
    machines(cast);
    cast.people_change();
    incident(cast);
}

const REPOSITORIES: [&str; 10] = [
    "orders", "invoices", "catalog", "search", "accounts", "gateway", "mobile", "ledger", "mailer",
    "platform",
];

fn pipeline(cast: &mut Cast, name: &str, number: usize) {
    let role = Role::new(SHARED, &format!("gha-{name}"));
    let entry = Entry::Pipeline { repository: name.into(), role };
    // Hosted runners have addresses of one provider, our own have whatever EC2 gives them.
    let mut chance = Chance::of(cast.seed, name, 11);
    let mut runners: alloc::vec::Vec<alloc::string::String> = alloc::vec::Vec::new();
    for _ in 0..24 {
        runners.push(if number % 3 == 2 {
            elastic(US_EAST_1, &mut chance)
        } else {
            format!("192.0.2.{}", chance.between(100, 180))
        });
    }
    let runners: alloc::vec::Vec<&str> = runners.iter().map(|text| &**text).collect();
    let agent = if number % 4 == 3 { agents::TERRAFORM } else { agents::GITHUB };
    let mut run = Actor::new(name, entry, Rhythm::Runs(7), agent).at(&runners);
    // A matrix: the same tests with the same role, several times at once.
    for _ in 0..3 {
        let test = Task::new(Trade::Deploy, (3, 6), 6 * MINUTE);
        run = run.does(test.through(&[Role::new(DEV, "ci-test")], "matrix-{time}"));
    }
    for account in [STAGING, PROD] {
        let route = [Role::new(SHARED, "deploy-hub"), Role::new(account, "deploy-target")];
        let task = Task::new(Trade::Deploy, (4, 8), 6 * MINUTE);
        run = run.does(task.through(&route, "GitHubActions").one_in(2));
    }
    if number.is_multiple_of(2) {
        let mut day = cast.start;
        while day < cast.end {
            let preview = Role::new(DEV, &format!("preview-{name}-{}", day / DAY % 1_000));
            let task = Task::new(Trade::Deploy, (3, 7), 6 * MINUTE);
            let task = task.through(&[Role::new(DEV, "preview-maker"), preview], "preview");
            run = run.does(task.from(day).until(day + PREVIEW_DAYS * DAY).one_in(3));
            day += PREVIEW_DAYS * DAY;
        }
    }
    if number == 5 {
        run = run.during(cast.after(1, 2), i64::MAX);
        cast.benign("new_pipeline", &[name]);
    }
    cast.add(run);
}

fn people(cast: &mut Cast) {
    for number in 0..10 * cast.scale as usize {
        let (account, set, trade) = match number % 5 {
            0 | 1 => (DEV, "DeveloperAccess", Trade::Developer),
            2 => (STAGING, "DeveloperAccess", Trade::Developer),
            3 => (PROD, "OperationsAccess", Trade::Operations),
            _ => (SHARED, "PlatformAccess", Trade::Infrastructure),
        };
        let name = Cast::name(number);
        let mut actor = Cast::person(number, account, set, trade);
        if trade == Trade::Operations {
            let support = Task::new(trade, (6, 12), HOUR);
            actor = actor.does(support.through(&[Role::new(PROD, "ops-support")], name).one_in(2));
        }
        cast.add(actor);
    }
}

fn machines(cast: &mut Cast) {
    let network = cast.network(SHARED, 43);
    for number in 1..=2 * cast.scale {
        let name = format!("builder-{number}");
        let builder = cast.instance(&name, "builder", &network);
        let cache = Role::new(SHARED, "cache-writer");
        cast.add(
            builder
                .does(Task::new(Trade::Worker, (10, 20), HOUR))
                .does(Task::new(Trade::Worker, (3, 6), HOUR).through(&[cache], "cache-{time}")),
        );
    }
}

/// Somebody deploys by hand at night what the pipeline cannot.
fn incident(cast: &mut Cast) {
    let at = cast.working_hour(cast.after(5, 8), 0) + HOUR;
    let mut actor = Cast::person(4, SHARED, "PlatformAccess", Trade::Deploy);
    let name = Cast::name(4);
    actor.label = format!("{name} deploys by hand");
    actor.rhythm = Rhythm::Once(at);
    actor.tasks.clear();
    let route = [Role::new(SHARED, "deploy-hub"), Role::new(PROD, "deploy-target")];
    let task = Task::new(Trade::Deploy, (12, 20), HOUR).through(&route, name);
    cast.add(actor.does(task));
    cast.emergency("deployment_by_hand", name, at);
}
