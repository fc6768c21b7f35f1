//! Functions, tasks and pods: services of AWS hand them their keys.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::agents;
use crate::call::Call;
use crate::caller::{Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, hour_of_day};
use crate::identifiers::access_key_id;
use crate::issuance::Delivered;
use crate::json::Json;
use crate::log::Log;
use crate::network::{Instance, cattle};
use crate::organization::{PROD, Role, STAGING, US_EAST_1};
use crate::residents::Resident;
use crate::samples;
use crate::size::Size;

/// What runs the workload.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Platform {
    Fargate,
    Kubernetes,
    Lambda,
}

/// A workload and what it takes to know its key at any time.
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    platform: Platform,
    role: Role,
    pub(crate) session_name: String,
    pub(crate) address: &'static str,
    /// Seconds into the hour when the key is renewed.
    renewal: i64,
    seed: u64,
}

/// The three workloads of unit `number`.
fn unit(seed: u64, number: u64) -> [Workload; 3] {
    let mut chance = Chance::of(seed, "workloads", number);
    let account = if number % 4 == 3 { STAGING } else { PROD };
    let nat = if account == PROD { "198.51.100.101" } else { "198.51.100.103" };
    let pod = format!("eks-orders-invoices-{}-{}", chance.hex(5), chance.uuid());
    let shapes = [
        (Platform::Lambda, "invoices", format!("render-{number}"), "192.0.2.20"),
        (Platform::Fargate, "orders-task", chance.hex(32), nat),
        (Platform::Kubernetes, "invoices-pod", pod, nat),
    ];
    shapes.map(|(platform, role, session_name, address)| Workload {
        platform,
        role: Role::new(account, role),
        session_name,
        address,
        renewal: chance.between(0, HOUR - 1),
        seed,
    })
}

/// The task that runs the orders of the staging account.
pub(crate) fn staging_task(seed: u64) -> Workload {
    let mut chance = Chance::of(seed, "staging task", 0);
    Workload {
        platform: Platform::Fargate,
        role: Role::new(STAGING, "orders-task"),
        session_name: chance.hex(32),
        address: "198.51.100.103",
        renewal: chance.between(0, HOUR - 1),
        seed,
    }
}

impl Workload {
    /// The session at `time`; keys change once an hour.
    pub(crate) fn session(&self, time: i64) -> Session {
        let created = (time - self.renewal).div_euclid(HOUR) * HOUR + self.renewal;
        let mut chance = Chance::of(self.seed, &self.session_name, created.unsigned_abs());
        Session {
            role: self.role.clone(),
            name: self.session_name.clone(),
            access_key_id: access_key_id("ASIA", self.role.account, &mut chance),
            created,
            context: String::new(),
            members: self.scope(),
        }
    }

    fn scope(&self) -> String {
        match self.platform {
            Platform::Fargate | Platform::Kubernetes => String::new(),
            Platform::Lambda => {
                let account = self.role.account;
                let arn =
                    format!("arn:aws:lambda:{US_EAST_1}:{account}:function:{}", self.session_name);
                format!(
                    r#""inScopeOf":{{"sourceArn":"{arn}","sourceAccount":"{account}","issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"{arn}"}}"#
                )
            }
        }
    }

    fn service(&self) -> &'static str {
        match self.platform {
            Platform::Fargate => "ecs-tasks.amazonaws.com",
            Platform::Kubernetes => "pods.eks.amazonaws.com",
            Platform::Lambda => "lambda.amazonaws.com",
        }
    }

    fn agent(&self) -> &'static str {
        match self.platform {
            Platform::Fargate => agents::BOTO3_CONTAINER,
            Platform::Kubernetes => agents::GO_POD,
            Platform::Lambda => agents::BOTO3_LAMBDA,
        }
    }

    fn request(&self) -> String {
        match self.platform {
            Platform::Fargate | Platform::Lambda => String::new(),
            Platform::Kubernetes => pod_request(self),
        }
    }

    fn n_calls(&self) -> i64 {
        match self.platform {
            Platform::Fargate => 16,
            Platform::Kubernetes => 13,
            Platform::Lambda => 20,
        }
    }
}

pub(crate) struct Workloads {
    running: Vec<Workload>,
    /// Where pods run: their agent asks with the credentials of the instance.
    nodes: Vec<Instance>,
    size: Size,
    chance: Chance,
}

impl Workloads {
    pub(crate) fn new(seed: u64, start: i64, size: Size) -> Self {
        let mut running: Vec<Workload> =
            (0..u64::from(size.units())).flat_map(|n| unit(seed, n)).collect();
        running.push(staging_task(seed));
        Self {
            running,
            nodes: cattle(seed, start, size.units().min(2)),
            size,
            chance: Chance::of(seed, "workload calls", 0),
        }
    }
}

impl Resident for Workloads {
    fn live(&mut self, log: &mut Log, start: i64) {
        for workload in &self.running {
            let at = start + workload.renewal;
            if workload.platform == Platform::Kubernetes {
                ask_for_pod(log, workload, &self.nodes, at);
            }
            deliver(log, workload, at);
            work(log, workload, start, self.size, &mut self.chance);
        }
    }
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

fn work(log: &mut Log, source: &Workload, start: i64, size: Size, chance: &mut Chance) {
    let place = Place { address: source.address, agent: source.agent(), region: US_EAST_1 };
    let earlier = source.session(start).caller(&place);
    let mut later = source.session(start + HOUR - 1).caller(&place);
    if source.platform == Platform::Lambda && hour_of_day(start) % 8 == 5 {
        // Functions move between the addresses of the service.
        "192.0.2.21".clone_into(&mut later.address);
    }
    // Traffic follows the sun.
    let by_sun = 10 + 6 * i64::from(hour_of_day(start).abs_diff(14) < 5);
    let n_calls = source.n_calls() * by_sun / 12;
    for number in 0..size.calls(n_calls) {
        let at = start + chance.between(0, HOUR - 1);
        let is_renewed = start + source.renewal <= at;
        let caller = if is_renewed { &later } else { &earlier };
        let call = if number < size.calls_for_secrets(n_calls) {
            samples::workload(caller, chance)
        } else {
            samples::workload_with_cache(caller, chance)
        };
        samples::work(log, caller, &call, at);
    }
}

/// What Pod Identity adds to its request.
fn pod_request(workload: &Workload) -> String {
    let account = workload.role.account;
    let cluster = format!("arn:aws:eks:{US_EAST_1}:{account}:cluster/orders");
    let tag = |key: &str, value: &str| Json::object().text("key", key).text("value", value).end();
    let tags = [
        tag("eks-cluster-arn", &cluster),
        tag("eks-cluster-name", "orders"),
        tag("kubernetes-namespace", "invoices"),
        tag("kubernetes-service-account", "invoices"),
        tag("kubernetes-pod-name", "invoices-7d9f5b6c4-x2x8k"),
    ];
    format!(
        r#""durationSeconds":21600,"tags":[{}],"transitiveTagKeys":["eks-cluster-arn","eks-cluster-name","kubernetes-namespace","kubernetes-service-account","kubernetes-pod-name"]"#,
        tags.join(",")
    )
}
