//! Virtual networks, and the instances in them with the addresses they call from.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde_json::json;

use crate::agents;
use crate::call::Call;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE, event_time};
use crate::identifiers::{access_key_id, ec2_resource};
use crate::issuance::Delivered;
use crate::log::Log;
use crate::organization::{DEV, EU_WEST_1, PROD, Role, STAGING, US_EAST_1};

/// A VPC with one subnet behind one NAT gateway.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) nat_address: &'static str,
    pub(crate) vpc_id: String,
    pub(crate) subnet_id: String,
}

/// An instance and what it takes to know its keys at any time.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) network: Network,
    pub(crate) role: Role,
    /// The address that the world sees.
    pub(crate) address: String,
    pub(crate) private_address: String,
    pub(crate) has_own_address: bool,
    pub(crate) launched: i64,
    /// Seconds into the hour when the keys are renewed.
    pub(crate) renewal: i64,
    pub(crate) seed: u64,
}

/// The names of the instances that people look after; the first address is the instance's own.
const PETS: [(&str, &str, usize, &str); 6] = [
    ("web-1", "web-server", 0, "198.51.100.120"),
    ("web-2", "web-server", 0, "198.51.100.121"),
    ("batch-1", "batch-worker", 0, ""),
    ("web-eu-1", "web-server", 1, "198.51.100.122"),
    ("worker-1", "queue-worker", 2, ""),
    ("build-1", "build-agent", 3, ""),
];

pub(crate) fn networks(seed: u64) -> Vec<Network> {
    let mut chance = Chance::of(seed, "networks", 0);
    [
        (PROD, US_EAST_1, "198.51.100.101"),
        (PROD, EU_WEST_1, "198.51.100.102"),
        (STAGING, US_EAST_1, "198.51.100.103"),
        (DEV, US_EAST_1, "198.51.100.104"),
    ]
    .into_iter()
    .map(|(account, region, nat_address)| Network {
        account,
        region,
        nat_address,
        vpc_id: ec2_resource("vpc", &mut chance),
        subnet_id: ec2_resource("subnet", &mut chance),
    })
    .collect()
}

/// The instances that every organization of `seed` has.
pub(crate) fn pets(seed: u64, start: i64) -> Vec<Instance> {
    let networks = networks(seed);
    let mut pets = Vec::new();
    for (number, (name, role, network, own_address)) in PETS.into_iter().enumerate() {
        let Some(network) = networks.get(network) else {
            continue;
        };
        let mut pet = Instance::new(seed, name, network, start + 12 * MINUTE);
        pet.launched += number as i64 * 90;
        pet.role = Role::new(network.account, role);
        if !own_address.is_empty() {
            own_address.clone_into(&mut pet.address);
            pet.has_own_address = true;
        }
        pets.push(pet);
    }
    pets
}

/// The instances that Auto Scaling looks after: three for each of `units`.
pub(crate) fn cattle(seed: u64, start: i64, units: u32) -> Vec<Instance> {
    let networks = networks(seed);
    let mut cattle = Vec::new();
    for number in 0..i64::from(units) * 3 {
        let Some(network) = networks.get((number % 3) as usize) else {
            continue;
        };
        // One in four has been running since before the window.
        let launched =
            if number % 4 == 3 { start - 30 * HOUR } else { start + 25 * MINUTE + number % 600 };
        let name = format!("orders-node-{number}");
        cattle.push(Instance::new(seed, &name, network, launched));
    }
    cattle
}

impl Instance {
    fn new(seed: u64, name: &str, network: &Network, launched: i64) -> Self {
        let mut chance = Chance::of(seed, name, 1);
        Self {
            name: name.to_owned(),
            id: ec2_resource("i", &mut chance),
            network: network.clone(),
            role: Role::new(network.account, "orders-node"),
            address: network.nat_address.to_owned(),
            private_address: format!("10.20.{}.{}", chance.below(64), chance.between(4, 250)),
            has_own_address: false,
            launched,
            renewal: chance.between(0, HOUR - 1),
            seed,
        }
    }

    /// When the keys in use at `time` were handed out.
    pub(crate) fn renewed(&self, time: i64) -> i64 {
        let latest = (time - self.renewal).div_euclid(HOUR) * HOUR + self.renewal;
        latest.max(self.launched)
    }

    /// The session at `time`, fetched by version 1 or 2 of the metadata service.
    ///
    /// Both versions get a key of their own in the same second.
    pub(crate) fn session(&self, time: i64, metadata_version: u8) -> Session {
        let created = self.renewed(time);
        let number = created.unsigned_abs() * 4 + u64::from(metadata_version);
        let mut chance = Chance::of(self.seed, &self.id, number);
        Session {
            role: self.role.clone(),
            name: self.id.clone(),
            access_key_id: access_key_id("ASIA", self.network.account, &mut chance),
            created,
            context: format!("\"ec2RoleDelivery\":\"{metadata_version}.0\""),
            members: String::new(),
        }
    }

    pub(crate) fn place<'a>(&'a self, agent: &'a str) -> Place<'a> {
        Place { address: &self.address, agent, region: self.network.region }
    }
}

impl Log {
    /// The two records of a renewal at `time`, with one request id.
    pub(crate) fn deliver_instance_keys(
        &mut self,
        instance: &Instance,
        time: i64,
        request_id: &str,
    ) {
        for metadata_version in [1, 2] {
            let session = instance.session(time, metadata_version);
            self.deliver_session(&Delivered {
                service: "ec2.amazonaws.com",
                session: &session,
                region: instance.network.region,
                seconds: 6 * HOUR + 35 * MINUTE,
                request: "",
                request_id,
            });
        }
    }

    /// Launches `instance`: its first keys carry the request id of the launch.
    pub(crate) fn launch(&mut self, caller: &Caller, instance: &Instance) {
        let caller = caller.in_region(instance.network.region);
        let request_id = self.chance.uuid();
        let call = Call { request_id: request_id.clone(), ..run_instances(instance, &request_id) };
        self.emit(&caller, &call, instance.launched - 1);
        self.deliver_instance_keys(instance, instance.launched, &request_id);
        if instance.has_own_address {
            let address = instance.address.clone();
            let allocation = self.allocate_address(&caller, &address, instance.launched + 5);
            let call = self.associate_address(instance, &allocation);
            self.emit(&caller, &call, instance.launched + 9);
        }
    }

    /// Builds the way out of `network`.
    pub(crate) fn build_network(&mut self, caller: &Caller, network: &Network, at: i64) {
        let caller = caller.in_region(network.region);
        let allocation = self.allocate_address(&caller, network.nat_address, at);
        let nat_id = ec2_resource("nat", &mut self.chance);
        let token = self.chance.uuid();
        let request_id = self.chance.uuid();
        let request = json!({"CreateNatGatewayRequest": {
            "ConnectivityType": "public", "AllocationId": &allocation,
            "SubnetId": &network.subnet_id, "ClientToken": &token
        }});
        let response = json!({"CreateNatGatewayResponse": {
            "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
            "natGateway": {
                "connectivityType": "public", "subnetId": &network.subnet_id,
                "natGatewayAddressSet": {"item": {
                    "isPrimary": true, "allocationId": &allocation, "status": "associating"
                }},
                "createTime": event_time(at + 4), "vpcId": &network.vpc_id,
                "natGatewayId": nat_id, "state": "pending"
            },
            "requestId": &request_id, "clientToken": &token
        }});
        let call = Call { request_id, ..Call::write("ec2", "CreateNatGateway") };
        let call = call.request(request.to_string()).response(response.to_string());
        self.emit(&caller, &call, at + 4);
    }

    fn allocate_address(&mut self, caller: &Caller, address: &str, at: i64) -> String {
        let allocation = ec2_resource("eipalloc", &mut self.chance);
        let request_id = self.chance.uuid();
        let response = json!({
            "requestId": &request_id, "publicIp": address, "domain": "vpc",
            "allocationId": &allocation, "publicIpv4Pool": "amazon",
            "networkBorderGroup": caller.region
        });
        let call = Call { request_id, ..Call::write("ec2", "AllocateAddress") };
        let call = call.request(r#"{"domain":"vpc"}"#).response(response.to_string());
        self.emit(caller, &call, at);
        allocation
    }

    fn associate_address(&mut self, instance: &Instance, allocation: &str) -> Call {
        let request_id = self.chance.uuid();
        let association = ec2_resource("eipassoc", &mut self.chance);
        let request = json!({"instanceId": &instance.id, "allocationId": allocation});
        let response =
            json!({"requestId": &request_id, "_return": true, "associationId": association});
        Call { request_id, ..Call::write("ec2", "AssociateAddress") }
            .request(request.to_string())
            .response(response.to_string())
    }
}

/// The role that Auto Scaling launches instances with.
pub(crate) fn auto_scaling(log: &mut Log, network: &Network, at: i64) -> Caller {
    let role = Role::at_path(
        network.account,
        "/aws-service-role/autoscaling.amazonaws.com/",
        "AWSServiceRoleForAutoScaling",
    );
    let place = Place {
        address: "autoscaling.amazonaws.com",
        agent: "autoscaling.amazonaws.com",
        region: network.region,
    };
    let session = log.new_session(&role, "AutoScaling", at);
    session.caller(&place).through("autoscaling.amazonaws.com")
}

fn run_instances(instance: &Instance, request_id: &str) -> Call {
    let network = &instance.network;
    let profile =
        format!("arn:aws:iam::{}:instance-profile/{}", network.account, instance.role.name);
    let tags = json!({"items": [{"key": "Name", "value": &instance.name}]});
    let request = json!({
        "instancesSet": {"items": [{
            "imageId": "ami-0f3c9d1e7b5a24680", "minCount": 1, "maxCount": 1
        }]},
        "instanceType": "m7i.large", "blockDeviceMapping": {},
        "monitoring": {"enabled": false}, "subnetId": &network.subnet_id,
        "disableApiTermination": false, "iamInstanceProfile": {"arn": &profile},
        "tagSpecificationSet": {"items": [{
            "resourceType": "instance", "tags": [{"key": "Name", "value": &instance.name}]
        }]}
    });
    let response = json!({
        "requestId": request_id, "reservationId": "r-0ac0088de73525c3c",
        "ownerId": network.account, "groupSet": {},
        "instancesSet": {"items": [{
            "instanceId": &instance.id, "imageId": "ami-0f3c9d1e7b5a24680",
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": format!("ip-{}.ec2.internal", instance.private_address.replace('.', "-")),
            "amiLaunchIndex": 0, "instanceType": "m7i.large",
            "launchTime": (instance.launched - 1) * 1_000,
            "placement": {"availabilityZone": format!("{}a", network.region), "tenancy": "default"},
            "monitoring": {"state": "disabled"}, "subnetId": &network.subnet_id,
            "vpcId": &network.vpc_id, "privateIpAddress": &instance.private_address,
            "architecture": "x86_64", "rootDeviceType": "ebs",
            "iamInstanceProfile": {"arn": &profile}, "tagSet": tags,
            "metadataOptions": {"state": "pending", "httpTokens": "optional", "httpEndpoint": "enabled"}
        }]}
    });
    Call::write("ec2", "RunInstances").request(request.to_string()).response(response.to_string())
}

/// The program on an instance that calls AWS.
pub(crate) const INSTANCE_PROGRAM: &str = agents::JAVA_INSTANCE;
