//! Virtual networks, and the instances in them with the addresses they call from.

mod launch;

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::addresses::elastic;
use crate::agents;
use crate::caller::{Caller, Place, Session};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::identifiers::{access_key_id, ec2_resource};
use crate::log::Log;
use crate::organization::{DEV, EU_WEST_1, PROD, Role, STAGING, US_EAST_1};

/// An elastic address and what AWS calls its parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elastic {
    pub(crate) address: String,
    pub(crate) allocation: String,
    pub(crate) association: String,
}

/// A subnet of a VPC with the NAT gateway that it leaves by.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    /// The letter of the availability zone.
    pub(crate) zone: char,
    pub(crate) vpc_id: String,
    pub(crate) subnet_id: String,
    pub(crate) route_table_id: String,
    pub(crate) nat_id: String,
    /// The addresses of the NAT gateway, the first one its primary.
    pub(crate) elastic: Vec<Elastic>,
    /// The second and third byte of private addresses.
    pub(crate) block: (u8, u8),
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
    pub(crate) interface_id: String,
    /// The address that is the instance's own from its launch on.
    pub(crate) own: Option<Elastic>,
    /// An address of version 6 that the instance has from its launch on, or empty.
    pub(crate) ipv6: String,
    pub(crate) launched: i64,
    /// Seconds into the hour when the keys are renewed.
    pub(crate) renewal: i64,
    pub(crate) seed: u64,
}

/// The instances that people look after, and whether an address is the instance's own.
const PETS: [(&str, &str, usize, bool); 6] = [
    ("web-1", "web-server", 0, true),
    ("web-2", "web-server", 0, true),
    ("batch-1", "batch-worker", 0, false),
    ("web-eu-1", "web-server", 1, true),
    ("worker-1", "queue-worker", 2, false),
    ("build-1", "build-agent", 3, false),
];

pub(crate) fn networks(seed: u64) -> Vec<Network> {
    let mut chance = Chance::of(seed, "networks", 0);
    [(PROD, US_EAST_1), (PROD, EU_WEST_1), (STAGING, US_EAST_1), (DEV, US_EAST_1)]
        .into_iter()
        .map(|(account, region)| Network::new(account, region, 20, &mut chance))
        .collect()
}

/// The instances that every organization of `seed` has.
pub(crate) fn pets(seed: u64, start: i64) -> Vec<Instance> {
    let networks = networks(seed);
    let mut pets = Vec::new();
    for (number, (name, role, network, has_own_address)) in PETS.into_iter().enumerate() {
        let Some(network) = networks.get(network) else {
            continue;
        };
        let mut pet = Instance::new(seed, name, network, start + 12 * MINUTE);
        pet.launched += number as i64 * 90;
        pet.role = Role::new(network.account, role);
        if has_own_address {
            pet.take_own_address();
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

impl Elastic {
    pub(crate) fn new(region: &str, chance: &mut Chance) -> Self {
        Self {
            address: elastic(region, chance),
            allocation: ec2_resource("eipalloc", chance),
            association: ec2_resource("eipassoc", chance),
        }
    }

    /// The same address, allocated or associated once more.
    pub(crate) fn again(&self, chance: &mut Chance) -> Self {
        Self {
            address: self.address.clone(),
            allocation: ec2_resource("eipalloc", chance),
            association: ec2_resource("eipassoc", chance),
        }
    }
}

impl Network {
    /// A VPC of its own with one subnet behind a NAT gateway with one address.
    pub(crate) fn new(
        account: &'static str,
        region: &'static str,
        block: u8,
        chance: &mut Chance,
    ) -> Self {
        Self {
            account,
            region,
            zone: 'a',
            vpc_id: ec2_resource("vpc", chance),
            subnet_id: ec2_resource("subnet", chance),
            route_table_id: ec2_resource("rtb", chance),
            nat_id: ec2_resource("nat", chance),
            elastic: Vec::from([Elastic::new(region, chance)]),
            block: (block, chance.below(64) as u8),
        }
    }

    /// Another subnet of the same VPC in `zone`, with a NAT gateway of its own.
    pub(crate) fn in_zone(&self, zone: char, chance: &mut Chance) -> Self {
        let (block, third) = self.block;
        Self {
            zone,
            vpc_id: self.vpc_id.clone(),
            block: (block, third.wrapping_add(64)),
            ..Self::new(self.account, self.region, block, chance)
        }
    }

    pub(crate) fn nat_address(&self) -> &str {
        self.elastic.first().map_or("", |elastic| &elastic.address)
    }

    pub(crate) fn availability_zone(&self) -> String {
        format!("{}{}", self.region, self.zone)
    }
}

impl Instance {
    pub(crate) fn new(seed: u64, name: &str, network: &Network, launched: i64) -> Self {
        let mut chance = Chance::of(seed, name, 1);
        let (second, third) = network.block;
        Self {
            name: name.to_owned(),
            id: ec2_resource("i", &mut chance),
            network: network.clone(),
            role: Role::new(network.account, "orders-node"),
            address: network.nat_address().to_owned(),
            private_address: format!("10.{second}.{third}.{}", chance.between(4, 250)),
            interface_id: ec2_resource("eni", &mut chance),
            own: None,
            ipv6: String::new(),
            launched,
            renewal: chance.between(0, HOUR - 1),
            seed,
        }
    }

    pub(crate) fn take_own_address(&mut self) {
        let mut chance = Chance::of(self.seed, &self.name, 2);
        let elastic = Elastic::new(self.network.region, &mut chance);
        self.address.clone_from(&elastic.address);
        self.own = Some(elastic);
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

/// The program on an instance that calls AWS.
pub(crate) const INSTANCE_PROGRAM: &str = agents::JAVA_INSTANCE;
