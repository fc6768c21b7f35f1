//! Functions, tasks and pods, and what it takes to know their keys and addresses at any time.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::addresses::elastic;
use crate::agents;
use crate::caller::Session;
use crate::chance::Chance;
use crate::clock::HOUR;
use crate::identifiers::access_key_id;
use crate::json::Json;
use crate::network::networks;
use crate::organization::{DEV, PROD, Role, STAGING, US_EAST_1};
use crate::world::World;

/// What runs a workload.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Platform {
    Fargate,
    Kubernetes,
    Lambda,
}

/// A workload and what it takes to know its key at any time.
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    pub(crate) platform: Platform,
    pub(crate) role: Role,
    pub(crate) session_name: String,
    /// The addresses of the gateways that it leaves by, in turn; none means those of AWS itself.
    pub(crate) gateways: Vec<String>,
    /// Seconds into the hour when the key is renewed.
    pub(crate) renewal: i64,
    pub(crate) seed: u64,
}

/// A pod whose role comes with a token of the cluster's own identity provider.
#[derive(Clone, Debug)]
pub(crate) struct ServiceAccount {
    pub(crate) role: Role,
    pub(crate) provider: String,
    pub(crate) subject: &'static str,
    pub(crate) gateways: Vec<String>,
    pub(crate) renewal: i64,
}

/// The three workloads of unit `number`.
pub(crate) fn unit(seed: u64, number: u64) -> [Workload; 3] {
    let mut chance = Chance::of(seed, "workloads", number);
    let account = if number % 4 == 3 { STAGING } else { PROD };
    let pod = format!("eks-orders-invoices-{}-{}", chance.hex(5), chance.uuid());
    let shapes = [
        (Platform::Lambda, "invoices", format!("render-{number}")),
        (Platform::Fargate, "orders-task", chance.hex(32)),
        (Platform::Kubernetes, "invoices-pod", pod),
    ];
    shapes.map(|(platform, role, session_name)| Workload {
        platform,
        role: Role::new(account, role),
        session_name,
        gateways: match platform {
            Platform::Lambda => Vec::new(),
            Platform::Fargate | Platform::Kubernetes => gateway(seed, account),
        },
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
        gateways: gateway(seed, STAGING),
        renewal: chance.between(0, HOUR - 1),
        seed,
    }
}

/// Workloads that are there whatever the scale.
pub(crate) struct Fixed {
    pub(crate) outside_vpc: Workload,
    pub(crate) inside_vpc: Workload,
    pub(crate) task: Workload,
    /// A function whose key may be stolen, outside or inside of a VPC.
    pub(crate) victim_function: Workload,
    /// A task whose key may be stolen.
    pub(crate) victim_task: Workload,
}

pub(crate) fn fixed(world: &World) -> Fixed {
    let mut chance = Chance::of(world.seed, "fixed workloads", 0);
    let tasks = [chance.hex(32), chance.hex(32)];
    let is_inside = chance.one_in(2);
    let zones = || zone_addresses(world);
    let mut workload = |platform, account, role, session_name: &str, gateways| Workload {
        platform,
        role: Role::new(account, role),
        session_name: session_name.into(),
        gateways,
        renewal: chance.between(0, HOUR - 1),
        seed: world.seed,
    };
    let (function, fargate) = (Platform::Lambda, Platform::Fargate);
    let victim_gateways = if is_inside { zones() } else { Vec::new() };
    let [task, victim_task] =
        tasks.map(|name| workload(fargate, PROD, "reports-task", &name, zones()));
    Fixed {
        outside_vpc: workload(function, DEV, "webhook-relay", "webhook-relay", Vec::new()),
        inside_vpc: workload(function, PROD, "ledger-sync", "ledger-sync", zones()),
        victim_function: workload(function, PROD, "thumbnails", "thumbnails", victim_gateways),
        task,
        victim_task,
    }
}

/// The pods that have their roles by a service account; the token of the second may be stolen.
pub(crate) fn service_accounts(world: &World) -> [ServiceAccount; 2] {
    let mut chance = Chance::of(world.seed, "service account", 0);
    let provider = format!(
        "arn:aws:iam::{PROD}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/{}",
        Chance::of(0, "cluster", 0).upper_hex(32)
    );
    [
        ("ledger-exporter", "system:serviceaccount:ledger:exporter"),
        ("ledger-importer", "system:serviceaccount:ledger:importer"),
    ]
    .map(|(role, subject)| ServiceAccount {
        role: Role::new(PROD, role),
        provider: provider.clone(),
        subject,
        gateways: zone_addresses(world),
        renewal: chance.between(0, HOUR - 1),
    })
}

fn zone_addresses(world: &World) -> Vec<String> {
    world.zones.iter().map(|zone| zone.nat_address().into()).collect()
}

fn gateway(seed: u64, account: &str) -> Vec<String> {
    let networks = networks(seed);
    let network = networks.iter().find(|network| network.account == account);
    network.map(|network| network.nat_address().into()).into_iter().collect()
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

    /// An address that it has at `time`.
    ///
    /// Outside of a VPC that is the one of an execution environment: a few live at a time, and
    /// every other hour there are others.
    pub(crate) fn address(&self, time: i64, chance: &mut Chance) -> String {
        if let Some(gateway) = chance.pick(&self.gateways) {
            return gateway.clone();
        }
        let environment = time.div_euclid(2 * HOUR).unsigned_abs() * 4 + chance.below(3);
        elastic(US_EAST_1, &mut Chance::of(self.seed, &self.session_name, environment))
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

    pub(crate) fn service(&self) -> &'static str {
        match self.platform {
            Platform::Fargate => "ecs-tasks.amazonaws.com",
            Platform::Kubernetes => "pods.eks.amazonaws.com",
            Platform::Lambda => "lambda.amazonaws.com",
        }
    }

    pub(crate) fn agent(&self) -> &'static str {
        match self.platform {
            Platform::Fargate => agents::BOTO3_CONTAINER,
            Platform::Kubernetes => agents::GO_POD,
            Platform::Lambda => agents::BOTO3_LAMBDA,
        }
    }

    pub(crate) fn request(&self) -> String {
        match self.platform {
            Platform::Fargate | Platform::Lambda => String::new(),
            Platform::Kubernetes => pod_request(self),
        }
    }

    pub(crate) fn n_calls(&self) -> i64 {
        match self.platform {
            Platform::Fargate => 16,
            Platform::Kubernetes => 13,
            Platform::Lambda => 20,
        }
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
