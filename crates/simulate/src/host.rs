//! Instances with their ways out: which address AWS sees depends on the time and on the service.

use alloc::vec::Vec;

use crate::agents;
use crate::caller::{Caller, Way};
use crate::chance::Chance;
use crate::network::Instance;
use crate::organization::Role;

/// What the programs of a host call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    /// Objects, secrets, parameters and keys.
    Server,
    /// The same, and services that call on in the host's name.
    Forwarding,
    /// The many programs of a Kubernetes node and of the pods that use its role.
    KubernetesNode,
}

/// How calls leave from some time to another.
#[derive(Clone, Debug)]
pub(crate) struct Exit {
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// The services that are reached this way; none stands for all.
    pub(crate) services: &'static [&'static str],
    /// Calls alternate between these.
    pub(crate) ways: Vec<Way>,
}

/// An instance, how it leaves its network, and how long it lives.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) instance: Instance,
    /// The name of what it shows.
    pub(crate) situation: &'static str,
    /// The last one that fits a call is taken.
    pub(crate) exits: Vec<Exit>,
    /// The programs that call, in turn.
    pub(crate) agents: &'static [&'static str],
    /// The version of the metadata service that its programs ask.
    pub(crate) metadata_version: u8,
    /// When it is terminated.
    pub(crate) until: i64,
    pub(crate) work: Work,
    /// Whether Auto Scaling launches it, rather than a person.
    pub(crate) is_scaled: bool,
    /// Whether a thief may pick it.
    pub(crate) is_victim: bool,
    /// From when on a new program runs on it.
    pub(crate) deployed: i64,
}

impl Host {
    pub(crate) fn new(instance: Instance, situation: &'static str) -> Self {
        let home = Exit {
            from: i64::MIN,
            until: i64::MAX,
            services: &[],
            ways: Vec::from([Way::public(&instance.address)]),
        };
        Self {
            instance,
            situation,
            exits: Vec::from([home]),
            agents: &[agents::JAVA_INSTANCE],
            metadata_version: 2,
            until: i64::MAX,
            work: Work::Server,
            is_scaled: false,
            is_victim: false,
            deployed: i64::MAX,
        }
    }

    pub(crate) fn role(mut self, name: &str) -> Self {
        self.instance.role = Role::new(self.instance.network.account, name);
        self
    }

    /// Adds a way out that goes before those that it has.
    pub(crate) fn exit(
        mut self,
        time: (i64, i64),
        services: &'static [&'static str],
        ways: Vec<Way>,
    ) -> Self {
        self.exits.push(Exit { from: time.0, until: time.1, services, ways });
        self
    }

    /// The other ways out for the whole time.
    pub(crate) fn always(self, services: &'static [&'static str], ways: Vec<Way>) -> Self {
        self.exit((i64::MIN, i64::MAX), services, ways)
    }

    pub(crate) fn victim(mut self) -> Self {
        self.is_victim = true;
        self
    }

    /// How a call of `service` leaves at `time`.
    pub(crate) fn way(&self, service: &str, time: i64, chance: &mut Chance) -> Way {
        let fits = |exit: &&Exit| {
            exit.from <= time
                && time < exit.until
                && (exit.services.is_empty() || exit.services.contains(&service))
        };
        let ways = self.exits.iter().rev().find(fits).map_or(&[][..], |exit| &exit.ways);
        chance.pick(ways).cloned().unwrap_or_else(|| Way::public(&self.instance.address))
    }

    /// The host at `time` with the key of version `metadata_version`, before it leaves its network.
    pub(crate) fn caller(&self, time: i64, metadata_version: u8, agent: &str) -> Caller {
        self.instance.session(time, metadata_version).caller(&self.instance.place(agent))
    }

    pub(crate) fn is_alive(&self, time: i64) -> bool {
        self.instance.launched + 60 <= time && time < self.until
    }
}
