//! The networks of the organization with everything that makes an instance's address change.
//!
//! Each situation is one that somebody who looks for stolen keys could mistake for a theft.

mod addresses;
mod answers;
mod endpoints;
mod gateways;
mod life;
mod nodes;

use alloc::string::String;
use alloc::vec::Vec;

use crate::call::Call;
use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE};
use crate::ec2;
use crate::host::Host;
use crate::network::{Instance, Network};

/// How long before the end of the window something may change.
const LONGEST: i64 = 80 * HOUR;
/// How long everybody is at home first.
const QUIET: i64 = 26 * HOUR;

/// Changes that a person makes to the networks of an account.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    /// When the person signs in.
    pub(crate) at: i64,
    /// The calls, each with its time.
    pub(crate) calls: Vec<(i64, Call)>,
}

/// What was there before the logs begin, and what they tell about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Built {
    Before,
    InTheLogs,
}

/// A machine outside of AWS that Systems Manager looks after.
#[derive(Clone, Debug)]
pub(crate) struct HybridNode {
    pub(crate) id: String,
    pub(crate) account: &'static str,
    pub(crate) address: &'static str,
}

/// Everything with an address that the residents of the first days do not have.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) hosts: Vec<Host>,
    pub(crate) changes: Vec<Change>,
    pub(crate) hybrid_nodes: Vec<HybridNode>,
    /// A VPC with a gateway in each of two zones, where functions, tasks and pods run as well.
    pub(crate) zones: [Network; 2],
    chance: Chance,
}

impl World {
    pub(crate) fn new(seed: u64, start: i64, end: i64) -> Self {
        let mut chance = Chance::of(seed, "world", 0);
        let zones = gateways::zones(&mut chance);
        let mut world = Self {
            seed,
            start,
            end,
            hosts: Vec::new(),
            changes: Vec::new(),
            hybrid_nodes: Vec::new(),
            zones,
            chance,
        };
        gateways::build(&mut world);
        endpoints::build(&mut world);
        addresses::build(&mut world);
        nodes::build(&mut world);
        life::build(&mut world);
        world
    }

    /// A VPC of its own with a NAT gateway that has `n_addresses`.
    fn network(
        &mut self,
        place: (&'static str, &'static str),
        block: u8,
        n_addresses: usize,
        built: Built,
    ) -> Network {
        let (account, region) = place;
        let mut network = Network::new(account, region, block, &mut self.chance);
        for _ in 1..n_addresses {
            network.elastic.push(crate::network::Elastic::new(region, &mut self.chance));
        }
        self.build(&network, built);
        network
    }

    fn build(&mut self, network: &Network, built: Built) {
        if built == Built::InTheLogs {
            let at = self.start + 4 * MINUTE;
            let calls = network.calls(at + MINUTE, &mut self.chance);
            self.change(network, at, calls);
        }
    }

    fn change(&mut self, network: &Network, at: i64, calls: Vec<(i64, Call)>) {
        let (account, region) = (network.account, network.region);
        self.changes.push(Change { account, region, at, calls });
    }

    /// An instance named `name` that was launched at `launched`.
    fn instance(&mut self, name: &str, network: &Network, launched: i64) -> Instance {
        let launched = launched + self.chance.between(0, 9 * MINUTE);
        Instance::new(self.seed, name, network, launched)
    }

    /// A host that has run since long before the logs begin.
    fn old_host(&mut self, name: &str, network: &Network, situation: &'static str) -> Host {
        let days = self.chance.between(3, 60);
        let launched = self.start - days * DAY;
        Host::new(self.instance(name, network, launched), situation)
    }

    /// A host that is launched in the window, as early as anything changes.
    fn new_host(&mut self, name: &str, network: &Network, situation: &'static str) -> Host {
        let launched = (self.end - QUIET - LONGEST).max(self.start + 15 * MINUTE);
        Host::new(self.instance(name, network, launched), situation)
    }

    /// A host that is launched on one of the later days, where the window is long enough.
    fn later_host(&mut self, name: &str, network: &Network, situation: &'static str) -> Host {
        let hours = self.chance.between(72, 96);
        let launched = (self.end - hours * HOUR).max(self.start + 15 * MINUTE);
        Host::new(self.instance(name, network, launched), situation)
    }

    /// A time at which something changes: after a day of quiet, and before most thefts.
    fn turn(&mut self) -> i64 {
        let earliest = (self.end - LONGEST).max(self.start + QUIET);
        self.chance.between(earliest, self.end - 36 * HOUR)
    }
}

impl Network {
    /// The calls that build the way out through the NAT gateway.
    pub(crate) fn calls(&self, at: i64, chance: &mut Chance) -> Vec<(i64, Call)> {
        let mut calls = Vec::new();
        for elastic in &self.elastic {
            calls.push((at, ec2::allocate_address(elastic, self.region, chance)));
        }
        calls.push((at + 4, ec2::create_nat_gateway(self, at + 4, chance)));
        let gateway = ("natGatewayId", self.nat_id.as_str());
        calls.push((at + 130, ec2::route("CreateRoute", self, gateway, chance)));
        calls
    }
}
