//! Launches instances and builds the way out of their networks.

use alloc::format;
use alloc::string::ToString as _;

use serde_json::{Value, json};

use crate::call::Call;
use crate::caller::Caller;
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::ec2::{self, Target};
use crate::issuance::Delivered;
use crate::log::Log;
use crate::network::{Elastic, Instance, Network};

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
        let call = Call {
            request_id: request_id.clone(),
            ..run_instances(instance, &request_id, Profile::FromLaunch)
        };
        self.emit(&caller, &call, instance.launched - 1);
        self.deliver_instance_keys(instance, instance.launched, &request_id);
        if let Some(elastic) = &instance.own {
            self.give_address(&caller, elastic, Target::Instance(&instance.id), instance.launched);
        }
    }

    /// Launches `instance` without a profile, half an hour before it gets one and its first keys.
    pub(crate) fn launch_without_profile(&mut self, caller: &Caller, instance: &Instance) {
        let caller = caller.in_region(instance.network.region);
        let request_id = self.chance.uuid();
        let call = Call {
            request_id: request_id.clone(),
            ..run_instances(instance, &request_id, Profile::Later)
        };
        self.emit(&caller, &call, instance.launched - 30 * MINUTE);
        let (account, role) = (instance.network.account, &instance.role.name);
        let call = ec2::associate_instance_profile(&instance.id, account, role, &mut self.chance);
        self.emit(&caller, &call, instance.launched - 3);
        let request_id = self.chance.uuid();
        self.deliver_instance_keys(instance, instance.launched, &request_id);
    }

    /// Allocates an address and gives it to an instance or an interface some seconds later.
    pub(crate) fn give_address(
        &mut self,
        caller: &Caller,
        elastic: &Elastic,
        to: Target<'_>,
        at: i64,
    ) {
        let call = ec2::allocate_address(elastic, caller.region, &mut self.chance);
        self.emit(caller, &call, at + 5);
        let call = ec2::associate_address(elastic, to, &mut self.chance);
        self.emit(caller, &call, at + 9);
    }

    /// Builds the way out of `network`.
    pub(crate) fn build_network(&mut self, caller: &Caller, network: &Network, at: i64) {
        let caller = caller.in_region(network.region);
        for (at, call) in network.calls(at, &mut self.chance) {
            self.emit(&caller, &call, at);
        }
    }
}

/// When an instance gets its profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Profile {
    FromLaunch,
    Later,
}

fn run_instances(instance: &Instance, request_id: &str, profile: Profile) -> Call {
    let network = &instance.network;
    let arn = format!("arn:aws:iam::{}:instance-profile/{}", network.account, instance.role.name);
    let launched = match profile {
        Profile::FromLaunch => instance.launched - 1,
        Profile::Later => instance.launched - 30 * MINUTE,
    };
    let mut request = json!({
        "instancesSet": {"items": [{
            "imageId": "ami-0f3c9d1e7b5a24680", "minCount": 1, "maxCount": 1
        }]},
        "instanceType": "m7i.large", "blockDeviceMapping": {},
        "monitoring": {"enabled": false}, "subnetId": &network.subnet_id,
        "disableApiTermination": false,
        "tagSpecificationSet": {"items": [{
            "resourceType": "instance", "tags": [{"key": "Name", "value": &instance.name}]
        }]}
    });
    let mut item = instance_item(instance, launched);
    if profile == Profile::FromLaunch {
        for object in [&mut request, &mut item] {
            if let Some(members) = object.as_object_mut() {
                members.insert("iamInstanceProfile".into(), json!({"arn": &arn}));
            }
        }
    }
    let response = json!({
        "requestId": request_id, "reservationId": "r-0ac0088de73525c3c",
        "ownerId": network.account, "groupSet": {}, "instancesSet": {"items": [item]}
    });
    Call::write("ec2", "RunInstances").request(request.to_string()).response(response.to_string())
}

fn instance_item(instance: &Instance, launched: i64) -> Value {
    let network = &instance.network;
    json!({
        "instanceId": &instance.id, "imageId": "ami-0f3c9d1e7b5a24680",
        "instanceState": {"code": 0, "name": "pending"},
        "privateDnsName": format!("ip-{}.ec2.internal", instance.private_address.replace('.', "-")),
        "amiLaunchIndex": 0, "instanceType": "m7i.large", "launchTime": launched * 1_000,
        "placement": {"availabilityZone": network.availability_zone(), "tenancy": "default"},
        "monitoring": {"state": "disabled"}, "subnetId": &network.subnet_id,
        "vpcId": &network.vpc_id, "privateIpAddress": &instance.private_address,
        "architecture": "x86_64", "rootDeviceType": "ebs",
        "tagSet": {"items": [{"key": "Name", "value": &instance.name}]},
        "networkInterfaceSet": {"items": [interface_item(instance, launched)]},
        "metadataOptions": {"state": "pending", "httpTokens": "optional", "httpEndpoint": "enabled"}
    })
}

fn interface_item(instance: &Instance, launched: i64) -> Value {
    let network = &instance.network;
    let ipv6 = if instance.ipv6.is_empty() {
        json!({})
    } else {
        json!({"item": [{"ipv6Address": &instance.ipv6}]})
    };
    let mut chance = Chance::of(instance.seed, &instance.name, 3);
    json!({
        "networkInterfaceId": &instance.interface_id, "subnetId": &network.subnet_id,
        "vpcId": &network.vpc_id, "ownerId": network.account, "status": "in-use",
        "privateIpAddress": &instance.private_address, "sourceDestCheck": true,
        "interfaceType": "interface",
        "attachment": {
            "attachmentId": crate::identifiers::ec2_resource("eni-attach", &mut chance),
            "deviceIndex": 0, "networkCardIndex": 0, "status": "attaching",
            "attachTime": launched * 1_000, "deleteOnTermination": true
        },
        "privateIpAddressesSet": {"item": [
            {"privateIpAddress": &instance.private_address, "primary": true}
        ]},
        "ipv6AddressesSet": ipv6, "tagSet": {}
    })
}
