//! What of the world is harmless, for the truth.

use alloc::string::String;
use alloc::vec::Vec;

use crate::size::Size;
use crate::truth::{Attack, Benign};
use crate::workload::{fixed, service_accounts, unit};
use crate::world::World;

impl World {
    /// Every situation with those that show it and whose keys nobody stole in `attacks`.
    pub(crate) fn benign(&self, attacks: &[Attack], size: Size) -> Vec<Benign> {
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
                    emergency: None,
                }),
            }
        }
        benign.extend(self.sessions(size));
        benign
    }

    /// The situations of functions, tasks and pods whose keys nobody steals.
    fn sessions(&self, size: Size) -> Vec<Benign> {
        let fixed = fixed(self);
        let [exporter, _] = service_accounts(self);
        let [_, _, pod] = unit(self.seed, 0);
        let mut sessions = Vec::from([
            ("lambda_outside_vpc", fixed.outside_vpc.session_name),
            ("lambda_in_vpc", fixed.inside_vpc.session_name),
            ("fargate_task", fixed.task.session_name),
            ("service_account", String::from(exporter.subject)),
        ]);
        if size.units() > 0 {
            sessions.push(("pod_identity", pod.session_name));
        }
        let benign = |(situation, name)| Benign {
            situation,
            instance_ids: Vec::new(),
            session_names: Vec::from([name]),
            emergency: None,
        };
        sessions.into_iter().map(benign).collect()
    }
}
