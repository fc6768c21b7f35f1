//! What of the world is harmless, for the truth.

use alloc::string::String;
use alloc::vec::Vec;

use crate::truth::{Attack, Benign};
use crate::workload::{fixed, service_account, unit};
use crate::world::World;

impl World {
    /// Every situation with those that show it and whose keys nobody stole in `attacks`.
    pub(crate) fn benign(&self, attacks: &[Attack]) -> Vec<Benign> {
        let is_stolen = |id: &str| {
            attacks.iter().any(|attack| attack.origin.instance_id.as_deref() == Some(id))
        };
        let mut benign: Vec<Benign> = Vec::new();
        let hosts = self.hosts.iter().map(|host| (host.situation, &host.instance.id));
        let nodes = self.hybrid_nodes.iter().map(|node| ("hybrid_node", &node.id));
        for (situation, id) in hosts.chain(nodes).filter(|(_, id)| !is_stolen(id)) {
            match benign.iter_mut().find(|known| known.situation == situation) {
                Some(known) => known.instance_ids.push(id.clone()),
                None => benign.push(Benign {
                    situation,
                    instance_ids: Vec::from([id.clone()]),
                    session_names: Vec::new(),
                }),
            }
        }
        benign.extend(self.sessions(attacks));
        benign
    }

    /// The situations of functions, tasks and pods.
    fn sessions(&self, attacks: &[Attack]) -> Vec<Benign> {
        let is_stolen = |name: &str| {
            attacks.iter().any(|attack| {
                attack.origin.principal_arn.rsplit('/').next() == Some(name)
                    || (attack.name == "pod_token_elsewhere" && name.starts_with("system:"))
            })
        };
        let [outside, inside, task] = fixed(self).map(|workload| workload.session_name);
        let [_, _, pod] = unit(self.seed, 0).map(|workload| workload.session_name);
        let exporter = String::from(service_account(self).subject);
        [
            ("lambda_outside_vpc", outside),
            ("lambda_in_vpc", inside),
            ("fargate_task", task),
            ("pod_identity", pod),
            ("service_account", exporter),
        ]
        .into_iter()
        .filter(|(_, name)| !is_stolen(name))
        .map(|(situation, name)| Benign {
            situation,
            instance_ids: Vec::new(),
            session_names: Vec::from([name]),
        })
        .collect()
    }
}
