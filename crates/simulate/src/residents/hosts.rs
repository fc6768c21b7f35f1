//! The hosts of the world: they renew their keys every hour and call by the way that is open.

use alloc::format;
use alloc::string::ToString as _;

use serde_json::json;

use crate::agents;
use crate::call::Call;
use crate::caller::Caller;
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, hour_of_day};
use crate::ec2;
use crate::host::{Host, Work};
use crate::log::Log;
use crate::network::{Instance, Network, auto_scaling};
use crate::organization::{PROD, Role};
use crate::residents::{ADMINISTRATOR, Resident};
use crate::samples::{self, instance_information};
use crate::world::World;

pub(crate) struct Hosts {
    world: World,
    chance: Chance,
}

impl Hosts {
    pub(crate) fn new(world: World) -> Self {
        let chance = Chance::of(world.seed, "hosts", 0);
        Self { world, chance }
    }
}

impl Resident for Hosts {
    fn live(&mut self, log: &mut Log, start: i64) {
        for host in &self.world.hosts {
            let renewal = start + host.instance.renewal;
            if host.instance.launched < renewal && renewal < host.until {
                let request_id = log.chance.uuid();
                log.deliver_instance_keys(&host.instance, renewal, &request_id);
            }
            for _ in 0..self.chance.between(1, 2) {
                let at = start + self.chance.between(0, HOUR - 1);
                work(log, host, at, &mut self.chance);
            }
            if self.chance.one_in(4) {
                let at = start + self.chance.between(0, HOUR - 1);
                let call = instance_information(&host.instance.id);
                call_out(log, host, (agents::SSM_AGENT, &call), at, &mut self.chance);
            }
            if host.situation == "session_manager" && hour_of_day(start) == 13 {
                operate(log, host, start + 20 * MINUTE, &mut self.chance);
            }
            if (start..start + HOUR).contains(&host.until) {
                say_goodbye(log, host, &mut self.chance);
            }
        }
    }
}

/// Builds the networks of the world and launches what is launched in the window.
pub(crate) fn settle(log: &mut Log, world: &World) {
    for change in &world.changes {
        let caller = administrator(log, change.account, change.region, change.at);
        for (at, call) in &change.calls {
            log.emit(&caller, call, *at);
        }
    }
    for host in &world.hosts {
        let instance = &host.instance;
        if log.start <= instance.launched {
            let caller = owner(log, host, instance.launched - 50);
            if host.situation == "late_profile" {
                log.launch_without_profile(&caller, instance);
            } else {
                log.launch(&caller, instance);
            }
        }
        renew_early(log, instance);
        if host.until < log.end {
            let caller = owner(log, host, host.until - 40);
            let call = ec2::terminate_instances(&instance.id, &mut log.chance);
            log.emit(&caller, &call, host.until);
        }
    }
}

/// Renewals of the first hour, before the residents begin to live.
pub(crate) fn renew_early(log: &mut Log, instance: &Instance) {
    let first = (log.start + 45 * MINUTE + HOUR - 1).div_euclid(HOUR) * HOUR;
    let renewed = instance.renewed(first - 1);
    if instance.launched < renewed && log.start <= renewed {
        let request_id = log.chance.uuid();
        log.deliver_instance_keys(instance, renewed, &request_id);
    }
}

/// Who launches and ends a host.
fn owner(log: &mut Log, host: &Host, at: i64) -> Caller {
    let network: &Network = &host.instance.network;
    if host.is_scaled {
        return auto_scaling(log, network, at);
    }
    administrator(log, network.account, network.region, at)
}

fn administrator(log: &mut Log, account: &'static str, region: &'static str, at: i64) -> Caller {
    let role = Role::of_permission_set(account, "AdministratorAccess");
    log.sign_in(&ADMINISTRATOR, &role, at).caller(&ADMINISTRATOR.place()).in_region(region)
}

/// Makes `call` in the name of `host`, by the way that its service is reached at `at`.
fn call_out(
    log: &mut Log,
    host: &Host,
    (agent, call): (&str, &Call),
    at: i64,
    chance: &mut Chance,
) {
    if host.is_alive(at) {
        let way = host.way(call.service, at, chance);
        let caller = host.caller(at, host.metadata_version, agent).leaving_by(&way);
        samples::work(log, &caller, call, at);
    }
}

fn work(log: &mut Log, host: &Host, at: i64, chance: &mut Chance) {
    let agent = chance.word(host.agents);
    let at_home = host.caller(at, host.metadata_version, agent);
    match host.work {
        Work::Server if host.deployed <= at => {
            let call = start_execution(&at_home);
            call_out(log, host, (agents::GO_SERVER, &call), at, chance);
        }
        Work::Server => {
            let call = samples::workload(&at_home, chance);
            call_out(log, host, (agent, &call), at, chance);
        }
        Work::Forwarding => {
            let call = samples::workload(&at_home, chance);
            call_out(log, host, (agent, &call), at, chance);
            if host.is_alive(at) {
                forward(log, &at_home, at, chance);
            }
        }
        Work::KubernetesNode => {
            let (agent, call) = node_call(&at_home, chance);
            call_out(log, host, (agent, &call), at, chance);
        }
    }
}

/// Services take a request from the instance and call on in its name.
fn forward(log: &mut Log, caller: &Caller, at: i64, chance: &mut Chance) {
    let key = log.temporary_key(caller.account);
    let (first, service, then) = if chance.one_in(2) {
        (
            Call::write("cloudformation", "CreateStack")
                .request(r#"{"stackName":"report-table","capabilities":["CAPABILITY_NAMED_IAM"]}"#),
            "cloudformation.amazonaws.com",
            Call::read("dynamodb", "DescribeTable").request(r#"{"tableName":"reports"}"#),
        )
    } else {
        (
            Call::write("athena", "StartQueryExecution").request(
                r#"{"queryString":"HIDDEN_DUE_TO_SECURITY_REASONS","workGroup":"primary"}"#,
            ),
            "athena.amazonaws.com",
            Call::read("glue", "GetTable").request(r#"{"databaseName":"sales","name":"orders"}"#),
        )
    };
    log.emit(caller, &first, at + 1);
    log.emit(&caller.forwarded(service, key), &then, at + 3);
    if chance.one_in(4) {
        let key = log.temporary_key(caller.account);
        let internal = caller.forwarded("AWS Internal", key);
        log.emit(
            &internal,
            &Call::read("s3", "GetBucketLocation").request(
                r#"{"bucketName":"example-exports","Host":"s3.amazonaws.com","location":""}"#,
            ),
            at + 4,
        );
    }
}

/// One of the programs of a node, or of a pod without a role of its own.
fn node_call(caller: &Caller, chance: &mut Chance) -> (&'static str, Call) {
    match chance.below(6) {
        0 => (agents::IMAGE_PULLER, Call::read("ecr", "GetAuthorizationToken").request("{}")),
        1 => (
            agents::POD_NETWORK,
            Call::read("ec2", "DescribeNetworkInterfaces")
                .request(r#"{"networkInterfaceIdSet":{},"filterSet":{}}"#),
        ),
        2 => (
            agents::POD_VOLUMES,
            Call::read("ec2", "DescribeVolumes").request(r#"{"volumeSet":{},"filterSet":{}}"#),
        ),
        3 => (
            agents::AUTOSCALER,
            Call::read("autoscaling", "DescribeAutoScalingGroups").request(r#"{"maxRecords":100}"#),
        ),
        4 => (agents::BOTO3_LINUX, samples::caller_identity()),
        _ => (agents::GO_POD, samples::object("GetObject", "example-exports", caller, chance)),
    }
}

/// What a release taught the fleet.
fn start_execution(caller: &Caller) -> Call {
    let machine = format!("arn:aws:states:{}:{}:stateMachine:quote", caller.region, caller.account);
    Call::write("states", "StartExecution").request(
        json!({"stateMachineArn": machine, "input": "HIDDEN_DUE_TO_SECURITY_REASONS"}).to_string(),
    )
}

/// A person opens a shell on the instance and looks around with its role.
fn operate(log: &mut Log, host: &Host, at: i64, chance: &mut Chance) {
    let caller = administrator(log, PROD, host.instance.network.region, at);
    let session = format!("alice.moore@example.com-{}", chance.hex(17));
    let request = json!({"target": &host.instance.id});
    let response = json!({
        "sessionId": session, "tokenValue": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "streamUrl": "HIDDEN_DUE_TO_SECURITY_REASONS"
    });
    let call = Call::write("ssm", "StartSession")
        .request(request.to_string())
        .response(response.to_string());
    log.emit(&caller, &call, at + MINUTE);
    for number in 0..4 {
        let later = at + (2 + number) * MINUTE + chance.between(0, 50);
        let call =
            if number == 0 { samples::caller_identity() } else { samples::look_around(chance) };
        call_out(log, host, (agents::CLI_ON_SERVER, &call), later, chance);
    }
}

/// The last calls of an instance that is shutting down, after `TerminateInstances`.
fn say_goodbye(log: &mut Log, host: &Host, chance: &mut Chance) {
    for _ in 0..2 {
        let at = host.until + chance.between(5, 150);
        let way = host.way("s3", host.until - 1, chance);
        let caller = host
            .caller(host.until - 1, host.metadata_version, agents::CLI_ON_SERVER)
            .leaving_by(&way);
        let call = samples::object("PutObject", "example-logs", &caller, chance);
        log.emit(&caller, &call, at);
    }
}
