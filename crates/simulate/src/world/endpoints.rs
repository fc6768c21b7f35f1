//! VPC endpoints: beside a NAT gateway, created later, and shared by a network account.

use alloc::vec::Vec;

use crate::caller::{Endpoint, Way};
use crate::clock::MINUTE;
use crate::ec2::{self, EndpointOrder};
use crate::host::Host;
use crate::identifiers::ec2_resource;
use crate::network::Network;
use crate::organization::{DEV, NETWORK, PROD, STAGING, US_EAST_1};
use crate::world::{Built, World};

pub(super) fn build(world: &mut World) {
    beside_nat(world);
    created_later(world);
    shared(world);
}

impl World {
    /// An endpoint for `service` in the VPC of `network`, recorded at `at`.
    pub(super) fn endpoint(&mut self, network: &Network, service: &str, at: i64) -> Endpoint {
        let id = ec2_resource("vpce", &mut self.chance);
        let order = EndpointOrder { endpoint_id: &id, network, service };
        let call = ec2::create_vpc_endpoint(&order, at, &mut self.chance);
        self.change(network, at - MINUTE, Vec::from([(at, call)]));
        Endpoint { id, account: network.account }
    }
}

impl Host {
    /// Reaches `services` from its private address through `endpoint` from `from` on.
    fn behind(self, endpoint: &Endpoint, services: &'static [&'static str], from: i64) -> Self {
        let way = Way::through(endpoint, &self.instance.private_address);
        self.exit((from, i64::MAX), services, Vec::from([way]))
    }
}

/// Objects and tokens through endpoints, everything else through the gateway, in one session.
fn beside_nat(world: &mut World) {
    let vault = world.network((PROD, US_EAST_1), 50, 1, Built::InTheLogs);
    let at = world.start + 12 * MINUTE;
    let objects = world.endpoint(&vault, "s3", at);
    let tokens = world.endpoint(&vault, "sts", at + MINUTE);
    for name in ["vault-1", "vault-2", "vault-3"] {
        let host = world.later_host(name, &vault, "endpoint_beside_nat").role("vault-api");
        let always = i64::MIN;
        let host = host.behind(&objects, &["s3"], always).behind(&tokens, &["sts"], always);
        world.hosts.push(if name == "vault-3" { host.victim() } else { host });
    }
}

/// Endpoints that appear in the middle of the window and take the traffic over.
fn created_later(world: &mut World) {
    let catalog = world.network((STAGING, US_EAST_1), 51, 1, Built::Before);
    let at = world.turn();
    let systems = world.endpoint(&catalog, "ssm", at);
    let objects = world.endpoint(&catalog, "s3", at + 2 * MINUTE);
    for name in ["catalog-1", "catalog-2"] {
        let host = world.old_host(name, &catalog, "new_endpoint").role("catalog-api");
        let from = at + 6 * MINUTE;
        let host = host.behind(&systems, &["ssm"], from).behind(&objects, &["s3"], from);
        world.hosts.push(host);
    }
}

/// Endpoints of the network account that instances of other VPCs and accounts go through.
fn shared(world: &mut World) {
    let services = world.network((NETWORK, US_EAST_1), 52, 1, Built::Before);
    let at = world.start + 13 * MINUTE;
    let tokens = world.endpoint(&services, "sts", at);
    let systems = world.endpoint(&services, "ssm", at + MINUTE);
    for (account, block, name) in [(PROD, 53, "billing-1"), (DEV, 54, "billing-dev-1")] {
        let network = world.network((account, US_EAST_1), block, 1, Built::Before);
        let host = world.old_host(name, &network, "shared_endpoint").role("billing-api");
        let always = i64::MIN;
        let host = host.behind(&tokens, &["sts"], always).behind(&systems, &["ssm"], always);
        world.hosts.push(host);
    }
}
