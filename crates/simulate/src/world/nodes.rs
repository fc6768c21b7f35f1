//! Machines with many callers: Kubernetes nodes, forward access sessions, and hybrid nodes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::agents;
use crate::caller::Way;
use crate::clock::MINUTE;
use crate::host::Work;
use crate::organization::{DEV, PROD, STAGING, US_EAST_1};
use crate::world::{Built, HybridNode, World};

pub(super) fn build(world: &mut World) {
    kubernetes(world);
    forwarding(world);
    hybrid(world);
}

/// Pods that have no role of their own call with the node's: some from addresses of 100.64.0.0/10
/// through endpoints, the rest through the gateway.
fn kubernetes(world: &mut World) {
    let cluster = world.network((PROD, US_EAST_1), 70, 1, Built::InTheLogs);
    let at = world.start + 14 * MINUTE;
    let images = world.endpoint(&cluster, "ecr.api", at);
    let tokens = world.endpoint(&cluster, "sts", at + MINUTE);
    for name in ["node-1", "node-2"] {
        let mut host = world.later_host(name, &cluster, "eks_node").role("cluster-node");
        host.work = Work::KubernetesNode;
        host.is_scaled = true;
        let mut pods: Vec<String> = Vec::from([host.instance.private_address.clone()]);
        for _ in 0..3 {
            let (third, last) = (world.chance.below(64), world.chance.between(4, 250));
            pods.push(format!("100.64.{third}.{last}"));
        }
        for (endpoint, services) in [(&images, &["ecr"]), (&tokens, &["sts"])] {
            let ways = pods.iter().map(|pod| Way::through(endpoint, pod)).collect();
            host = host.always(services, ways);
        }
        world.hosts.push(host);
    }
}

/// Services of AWS call on in the name of the instance.
fn forwarding(world: &mut World) {
    let network = world.network((STAGING, US_EAST_1), 71, 1, Built::Before);
    let mut host = world.old_host("analytics-1", &network, "forward_access").role("analytics");
    host.work = Work::Forwarding;
    host.agents = &[agents::BOTO3_SERVER];
    world.hosts.push(host);
}

/// Servers in a data center, with sessions that begin with `mi-`.
fn hybrid(world: &mut World) {
    for account in [DEV, PROD] {
        let id = format!("mi-0{}", world.chance.hex(16));
        world.hybrid_nodes.push(HybridNode { id, account, address: "203.0.113.46" });
    }
}
