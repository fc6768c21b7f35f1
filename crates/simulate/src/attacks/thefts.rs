//! Thefts of the keys of instances, functions, tasks and pods, five to seven in an organization.

mod afterwards;
mod instances;
mod workloads;

use alloc::string::String;
use alloc::vec::Vec;

use crate::addresses::{EU_WEST_2, elastic};
use crate::agents;
use crate::attacks::Story;
use crate::caller::Caller;
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::host::Host;
use crate::iam::refusal;
use crate::log::Log;
use crate::organization::US_EAST_1;
use crate::samples::{caller_identity, object, parameter, recon, secret_value};
use crate::truth::Attack;
use crate::world::World;

/// A theft of the key of an instance that a host was drawn for.
type OfInstance = fn(&mut Log, &Host) -> Attack;

/// What there is to choose from; neighbours are unlike each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Theft {
    Outside,
    ForeignEndpoint,
    Terminated,
    FunctionKey,
    TwoPlaces,
    Console,
    Forged,
    InsideAws,
    SplitVersions,
    PodToken,
    OtherInstance,
    TaskKey,
}

const THEFTS: [Theft; 12] = [
    Theft::Outside,
    Theft::ForeignEndpoint,
    Theft::Terminated,
    Theft::FunctionKey,
    Theft::TwoPlaces,
    Theft::Console,
    Theft::Forged,
    Theft::InsideAws,
    Theft::SplitVersions,
    Theft::PodToken,
    Theft::OtherInstance,
    Theft::TaskKey,
];

/// The thefts of the organization of `seed`: seeds that follow each other begin five further on,
/// so that few of them show all there are.
pub(crate) fn chosen(seed: u64) -> Vec<Theft> {
    let mut chance = Chance::of(seed, "thefts", 0);
    let n = chance.between(5, 7).unsigned_abs() as usize;
    let first = (seed % 12 * 5 % 12) as usize;
    THEFTS.iter().cycle().skip(first).take(n).copied().collect()
}

/// Emits the thefts; each instance is robbed once at most.
pub(super) fn attacks(log: &mut Log, world: &World) -> Vec<Attack> {
    let mut chance = Chance::of(log.seed, "victims", 0);
    let mut victims: Vec<&Host> = world.hosts.iter().filter(|host| host.is_victim).collect();
    chance.shuffle(&mut victims);
    let mut attacks = Vec::new();
    for theft in chosen(log.seed) {
        let of_instance: Option<OfInstance> = match theft {
            Theft::Outside => Some(instances::outside),
            Theft::ForeignEndpoint => Some(instances::foreign_endpoint),
            Theft::TwoPlaces => Some(instances::two_places),
            Theft::InsideAws => Some(instances::inside_aws),
            Theft::SplitVersions => Some(instances::split_versions),
            Theft::OtherInstance => Some(instances::other_instance),
            Theft::Console => Some(afterwards::console),
            Theft::Terminated
            | Theft::FunctionKey
            | Theft::Forged
            | Theft::PodToken
            | Theft::TaskKey => None,
        };
        let attack = match (of_instance, theft) {
            (Some(rob), _) => {
                // Where both versions are told apart, the instance must use the second one.
                let fits =
                    |host: &&Host| theft != Theft::SplitVersions || host.metadata_version == 2;
                let position = victims.iter().position(fits);
                position.map(|position| rob(log, victims.remove(position)))
            }
            (None, Theft::Terminated) => afterwards::terminated(log, world),
            (None, Theft::Forged) => Some(afterwards::forged(log)),
            (None, Theft::FunctionKey) => Some(workloads::function(log, world)),
            (None, Theft::TaskKey) => Some(workloads::task(log, world)),
            (None, _) => Some(workloads::pod(log, world)),
        };
        attacks.extend(attack);
    }
    attacks
}

/// When a key is taken: at any time of day, after at least a day at home.
fn taken(log: &Log, chance: &mut Chance) -> i64 {
    log.end - chance.between(12 * HOUR, 40 * HOUR)
}

/// How long a thief waits before using a key.
fn gap(chance: &mut Chance) -> i64 {
    if chance.one_in(2) {
        return chance.between(3 * MINUTE, 25 * MINUTE);
    }
    chance.between(40 * MINUTE, 4 * HOUR)
}

/// A thief's own computer: an address outside of AWS and a client.
struct Thief {
    address: String,
    agent: &'static str,
}

impl Thief {
    /// Each theft has addresses of its own, from 198.51.100.0/24.
    fn outside(number: u64, chance: &mut Chance) -> Self {
        let last = 10 + 12 * number + chance.below(12);
        let agent = chance.word(&[
            agents::CLI_KALI,
            agents::CLI_WINDOWS,
            agents::BOTO3_MAC,
            agents::CLI_LINUX,
            agents::BOTO3_LINUX,
        ]);
        Self { address: alloc::format!("198.51.100.{last}"), agent }
    }

    /// An instance in an account that is not ours.
    fn inside_aws(chance: &mut Chance) -> Self {
        let region = if chance.one_in(2) { EU_WEST_2 } else { US_EAST_1 };
        let agent = chance.word(&[agents::BOTO3_SERVER, agents::CLI_ON_SERVER, agents::CLI_LINUX]);
        Self { address: elastic(region, chance), agent }
    }

    /// `caller` as it looks when the thief has its key.
    fn with(&self, caller: &Caller) -> Caller {
        Caller {
            address: self.address.clone(),
            agent: self.agent.into(),
            endpoint: None,
            ..caller.clone()
        }
    }
}

/// What a thief does with a key: looks around and reads, or only reads, or only tries the key.
fn use_key(story: &mut Story<'_>, caller: &Caller) {
    let style = story.chance.below(3);
    if style != 1 {
        story.call(caller, &caller_identity());
    }
    if style == 0 {
        let first = story.chance.below(4) as usize;
        story.look_around(caller, first, 3);
        let message = refusal(&caller.arn, "iam:ListUsers", "*");
        story.call(caller, &recon(1).denied("AccessDenied", message));
        let call = secret_value(caller, "orders/database");
        story.call(caller, &call);
    }
    if style == 2 {
        story.call(caller, &parameter("/orders/endpoints"));
        story.look_around(caller, 4, 2);
    }
    for _ in 0..story.chance.between(3, 16) {
        read_object(story, caller);
    }
}

fn read_object(story: &mut Story<'_>, caller: &Caller) {
    let call = object("GetObject", "example-exports", caller, &mut story.chance);
    story.call(caller, &call);
}
