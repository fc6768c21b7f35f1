//! Servers in a data center with keys from Systems Manager, whose issuance no trail shows.

use alloc::string::String;
use alloc::vec::Vec;

use crate::agents;
use crate::call::Call;
use crate::caller::{Place, Session};
use crate::chance::Chance;
use crate::clock::HOUR;
use crate::identifiers::access_key_id;
use crate::log::Log;
use crate::organization::{Role, US_EAST_1};
use crate::residents::Resident;
use crate::samples::{instance_information, object};
use crate::world::{HybridNode, World};

pub(crate) struct Hybrid {
    seed: u64,
    nodes: Vec<HybridNode>,
    chance: Chance,
}

impl Hybrid {
    pub(crate) fn new(world: &World) -> Self {
        let chance = Chance::of(world.seed, "hybrid nodes", 0);
        Self { seed: world.seed, nodes: world.hybrid_nodes.clone(), chance }
    }
}

impl Resident for Hybrid {
    fn live(&mut self, log: &mut Log, start: i64) {
        for node in &self.nodes {
            let session = session(self.seed, node, start);
            let place = Place {
                address: node.address,
                agent: agents::SSM_AGENT_ON_PREMISES,
                region: US_EAST_1,
            };
            let caller = session.caller(&place);
            let calls = [
                instance_information(&node.id),
                Call::read("ssm", "ListInstanceAssociations").request(r#"{"maxResults":20}"#),
                object("GetObject", "example-packages", &caller, &mut self.chance),
            ];
            for call in &calls {
                let at = start + self.chance.between(1, HOUR - 1);
                log.emit(&caller, call, at);
            }
        }
    }
}

/// Keys last an hour.
fn session(seed: u64, node: &HybridNode, start: i64) -> Session {
    let mut chance = Chance::of(seed, &node.id, start.unsigned_abs());
    Session {
        role: Role::at_path(node.account, "/service-role/", "HybridServers"),
        name: node.id.clone(),
        access_key_id: access_key_id("ASIA", node.account, &mut chance),
        created: start,
        context: String::new(),
        members: String::new(),
    }
}
