//! A company of many small programs: tasks, pods and functions that come and go.

use alloc::format;

use super::actor::{Entry, Rhythm, Task};
use super::cast::Cast;
use super::trade::Trade;
use crate::agents;
use crate::clock::HOUR;
use crate::network::Network;
use crate::organization::{DEV, PROD, Role, SHARED, STAGING};
use crate::workload::Platform;

const SERVICES: [&str; 6] = ["orders", "invoices", "catalog", "search", "ledger", "mailer"];

pub(super) fn fill(cast: &mut Cast) {
    programs(cast);
    nodes(cast);
    people(cast);
    cast.people_change();
    incident(cast);
}

fn programs(cast: &mut Cast) {
    let (half, zones) = (cast.after(1, 2), [cast.network(PROD, 44), cast.network(PROD, 45)]);
    let gateways: alloc::vec::Vec<&str> = zones.iter().map(Network::nat_address).collect();
    for number in 0..SERVICES.len() * cast.scale as usize {
        let service = SERVICES.get(number % SERVICES.len()).copied().unwrap_or_default();
        for (platform, kind, trade) in [
            (Platform::Fargate, "task", Trade::Server),
            (Platform::Kubernetes, "pod", Trade::Server),
            (Platform::Lambda, "function", Trade::Worker),
        ] {
            let name = format!("{service}-{kind}-{number}");
            let role = Role::new(PROD, &format!("{service}-{kind}"));
            let behind =
                if kind == "function" && number.is_multiple_of(2) { &[][..] } else { &gateways };
            let mut program = cast.program(&name, platform, role, behind);
            program = program.does(Task::new(trade, (6, 12), HOUR));
            match (number, kind) {
                // Fetches artifacts from another account: one hop, from its own key every time.
                (0, "pod") => {
                    let reader = Role::new(SHARED, "artifact-reader");
                    let fetch = Task::new(Trade::Worker, (2, 5), HOUR);
                    program = program.does(fetch.through(&[reader], "botocore-session-{time}"));
                }
                // Exports through two roles, every hour of every day.
                (4, "task") => {
                    let route =
                        [Role::new(SHARED, "export-hub"), Role::new(STAGING, "export-target")];
                    program = program.does(
                        Task::new(Trade::Worker, (2, 5), HOUR).through(&route, "export-{time}"),
                    );
                }
                (3, "task") => program = program.during(half, i64::MAX),
                _ => {}
            }
            cast.add(program);
        }
    }
    cast.benign("new_service", &["search-task-3"]);
}

fn nodes(cast: &mut Cast) {
    let network = cast.network(PROD, 46);
    for number in 1..=3 * cast.scale {
        let name = format!("node-{number}");
        let node = cast.instance(&name, "cluster-node", &network);
        cast.add(node.does(Task::new(Trade::Worker, (6, 10), HOUR)));
    }
    let jobs = Role::new(SHARED, "github-actions");
    let entry = Entry::Pipeline { repository: "platform".into(), role: jobs };
    let deploy = super::actor::Actor::new("platform", entry, Rhythm::Runs(8), agents::GITHUB)
        .at(&["192.0.2.106", "192.0.2.121", "192.0.2.139", "192.0.2.166"])
        .does(
            Task::new(Trade::Deploy, (6, 12), HOUR / 10)
                .through(&[Role::new(PROD, "deploy-target")], "GitHubActions"),
        );
    cast.add(deploy);
}

fn people(cast: &mut Cast) {
    for number in 0..10 * cast.scale as usize {
        let (account, set, trade) = match number % 4 {
            0 | 1 => (DEV, "DeveloperAccess", Trade::Developer),
            2 => (PROD, "OperationsAccess", Trade::Operations),
            _ => (PROD, "DataAccess", Trade::Data),
        };
        let name = Cast::name(number);
        let mut actor = Cast::person(number, account, set, trade);
        if trade == Trade::Operations {
            let task = Task::new(trade, (6, 12), HOUR);
            actor = actor.does(task.through(&[Role::new(PROD, "cluster-admin")], name).one_in(2));
        }
        cast.add(actor);
    }
}

/// Somebody looks at everything while the cluster is down at night.
fn incident(cast: &mut Cast) {
    let at = cast.working_hour(cast.after(5, 8), 0) + 3 * HOUR;
    let mut actor = Cast::person(2, PROD, "OperationsAccess", Trade::Everything);
    let name = Cast::name(2);
    actor.label = format!("{name} at night");
    actor.rhythm = Rhythm::Once(at);
    actor.tasks.clear();
    let task = Task::new(Trade::Everything, (40, 60), HOUR);
    cast.add(actor.does(task.through(&[Role::new(PROD, "cluster-admin")], name)));
    cast.benign("outage_at_night", &[name]);
}
