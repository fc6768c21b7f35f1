//! Functions, tasks and pods at work: services of AWS hand them their keys.

use alloc::vec::Vec;

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, hour_of_day};
use crate::issuance::{AssumeRole, Delivered, Issued};
use crate::json::Json;
use crate::log::Log;
use crate::network::{Instance, cattle};
use crate::organization::US_EAST_1;
use crate::residents::Resident;
use crate::samples;
use crate::size::Size;
use crate::workload::{
    Fixed, Platform, ServiceAccount, Workload, fixed, service_accounts, staging_task, unit,
};
use crate::world::World;

/// Calls in an hour of the workloads that are there whatever the scale.
const N_CALLS: i64 = 3;

pub(crate) struct Workloads {
    /// Each with its calls in an hour at scale 1, and the scale that counts for it.
    running: Vec<(Workload, i64, Size)>,
    /// Where pods run: their agent asks with the credentials of the instance.
    nodes: Vec<Instance>,
    /// Pods that have their role by a service account, each with its session.
    pods: Vec<(ServiceAccount, Option<Session>)>,
    chance: Chance,
}

impl Workloads {
    pub(crate) fn new(seed: u64, start: i64, size: Size, world: &World) -> Self {
        let Fixed { outside_vpc, inside_vpc, task, victim_function, victim_task } = fixed(world);
        let fixed = [outside_vpc, inside_vpc, task, victim_function, victim_task];
        let units = (0..u64::from(size.units())).flat_map(|n| unit(seed, n));
        let scaled = units.chain([staging_task(seed)]).map(|workload| {
            let n_calls = workload.n_calls();
            (workload, n_calls, size)
        });
        Self {
            running: scaled.chain(fixed.map(|workload| (workload, N_CALLS, Size::of(1)))).collect(),
            nodes: cattle(seed, start, size.units().min(2)),
            pods: service_accounts(world).into_iter().map(|account| (account, None)).collect(),
            chance: Chance::of(seed, "workload calls", 0),
        }
    }
}

impl Resident for Workloads {
    fn live(&mut self, log: &mut Log, start: i64) {
        for (workload, n_calls, size) in &self.running {
            let at = start + workload.renewal;
            if workload.platform == Platform::Kubernetes {
                ask_for_pod(log, workload, &self.nodes, at);
            }
            deliver(log, workload, at);
            work(log, (workload, *n_calls), start, *size, &mut self.chance);
        }
        for (account, session) in &mut self.pods {
            export(log, account, session, start, &mut self.chance);
        }
    }
}

/// An hour of a pod that exchanges a token for its role.
fn export(
    log: &mut Log,
    account: &ServiceAccount,
    held: &mut Option<Session>,
    start: i64,
    chance: &mut Chance,
) {
    let renewal = start + account.renewal;
    let address = chance.word_of(&account.gateways);
    let place = Place { address: &address, agent: agents::GO_POD, region: US_EAST_1 };
    let renewed = exchange(log, account, &place, renewal).session;
    let earlier = held.replace(renewed.clone());
    for _ in 0..N_CALLS {
        let at = start + chance.between(0, HOUR - 1);
        let Some(session) = (if renewal <= at { Some(&renewed) } else { earlier.as_ref() }) else {
            continue;
        };
        let address = chance.word_of(&account.gateways);
        let place = Place { address: &address, agent: agents::GO_POD, region: US_EAST_1 };
        let caller = session.caller(&place);
        let call = samples::object("PutObject", "example-exports", &caller, chance);
        log.emit(&caller, &call, at);
    }
}

/// Exchanges the token of `account`, wherever `place` is.
pub(crate) fn exchange(
    log: &mut Log,
    account: &ServiceAccount,
    place: &Place<'_>,
    at: i64,
) -> Issued {
    let (provider, subject) = (account.provider.as_str(), account.subject);
    let identity = Json::object()
        .text("type", "WebIdentityUser")
        .text("principalId", &alloc::format!("{provider}:sts.amazonaws.com:{subject}"))
        .text("userName", subject)
        .text("identityProvider", provider)
        .end();
    let wish = AssumeRole {
        caller: &Caller::with_identity(account.role.account, identity, place),
        role: &account.role,
        session_name: &alloc::format!("botocore-session-{at}"),
        at,
    };
    log.assume_role_with_web_identity(&wish, provider, subject)
}

/// The agent's side of Pod Identity, in the same second and without a common id.
fn ask_for_pod(log: &mut Log, workload: &Workload, nodes: &[Instance], at: i64) {
    let account = workload.role.account;
    let Some(node) = nodes.iter().find(|node| node.network.account == account) else {
        return;
    };
    let caller = node.session(at, 2).caller(&node.place(agents::GO_POD));
    let call = Call::read("eks-auth", "AssumeRoleForPodIdentity")
        .request(r#"{"clusterName":"orders","token":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#);
    log.emit(&caller, &call, at);
}

fn deliver(log: &mut Log, workload: &Workload, at: i64) {
    let session = workload.session(at);
    log.deliver_session(&Delivered {
        service: workload.service(),
        session: &session,
        region: US_EAST_1,
        seconds: 6 * HOUR,
        request: &workload.request(),
        request_id: "",
    });
}

fn work(
    log: &mut Log,
    (source, n_calls): (&Workload, i64),
    start: i64,
    size: Size,
    chance: &mut Chance,
) {
    let place = Place { address: "", agent: source.agent(), region: US_EAST_1 };
    let earlier = source.session(start).caller(&place);
    let later = source.session(start + HOUR - 1).caller(&place);
    // Traffic follows the sun.
    let by_sun = 10 + 6 * i64::from(hour_of_day(start).abs_diff(14) < 5);
    let n_calls = n_calls * by_sun / 12;
    for number in 0..size.calls(n_calls) {
        let at = start + chance.between(0, HOUR - 1);
        let is_renewed = start + source.renewal <= at;
        let caller = if is_renewed { &later } else { &earlier };
        let caller = &Caller { address: source.address(at, chance), ..caller.clone() };
        let call = if number < size.calls_for_secrets(n_calls) {
            samples::workload(caller, chance)
        } else {
            samples::workload_with_cache(caller, chance)
        };
        samples::work(log, caller, &call, at);
    }
}
