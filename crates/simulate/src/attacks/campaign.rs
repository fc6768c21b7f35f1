//! Attacks on the organizations of the styles: one plan, acted out with more or less stealth.

mod moves;
mod plans;
mod timing;

use alloc::string::String;
use alloc::vec::Vec;

use crate::addresses::{EU_WEST_2, elastic};
use crate::agents;
use crate::attacks::Story;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::MINUTE;
use crate::log::Log;
use crate::organization::Role;
use crate::style::{Actor, Cast, Entry, Style};
use crate::truth::Attack;

use moves::Move;
use plans::{Plan, plans};
use timing::Timing;

/// How hard an attacker tries not to be seen.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stealth {
    /// At night, from an own address, with an own client, fast, asking for everything.
    Loud,
    /// Step by step, a day between them, asking for little.
    Careful,
    /// From an address of the victim.
    SameNetwork,
    /// With the client of the victim.
    SameClient,
    /// When the victim works.
    SameHours,
    /// All of these together.
    All,
}

impl Stealth {
    /// Every level.
    pub const ALL: [Self; 6] = [
        Self::Loud,
        Self::Careful,
        Self::SameNetwork,
        Self::SameClient,
        Self::SameHours,
        Self::All,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loud => "loud",
            Self::Careful => "careful",
            Self::SameNetwork => "same_network",
            Self::SameClient => "same_client",
            Self::SameHours => "same_hours",
            Self::All => "all",
        }
    }

    pub(crate) fn is(self, other: Self) -> bool {
        self == other || self == Self::All
    }
}

/// Every attack on the organization of `style`: each plan once, with levels of stealth that go on
/// from plan to plan and from seed to seed.
pub(super) fn attacks(log: &mut Log, cast: &Cast, style: Style) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for (number, plan) in plans(style).iter().enumerate() {
        let level = (log.seed as usize).wrapping_add(number) % Stealth::ALL.len();
        let stealth = Stealth::ALL.get(level).copied().unwrap_or(Stealth::Loud);
        let Some(victim) = cast.actor(plan.victim) else {
            continue;
        };
        let mut chance = Chance::of(log.seed, plan.name, 3);
        let timing = Timing::new(cast, victim, stealth, plan.n_rests(), &mut chance);
        let intruder = Intruder::new(number, victim, &mut chance);
        attacks.push(Campaign::begin(log, plan, (victim, stealth), timing, intruder).act());
    }
    attacks
}

/// The names of every plan on an organization of `style`.
#[cfg(test)]
pub(crate) fn names(style: Style) -> Vec<&'static str> {
    plans(style).iter().map(|plan| plan.name).collect()
}

/// An attacker's own computer.
struct Intruder {
    address: String,
    agent: &'static str,
}

impl Intruder {
    /// One in three rents a machine in AWS.
    fn new(number: usize, victim: &Actor, chance: &mut Chance) -> Self {
        let address = if chance.one_in(3) {
            elastic(EU_WEST_2, chance)
        } else {
            alloc::format!("198.51.100.{}", 10 + 12 * number as u64 + chance.below(12))
        };
        let own = [agents::CLI_KALI, agents::BOTO3_LINUX, agents::CLI_LINUX, agents::BOTO3_MAC];
        let used = victim.spells.iter().map(|spell| spell.agent).collect::<Vec<&str>>();
        let others: Vec<&'static str> =
            own.into_iter().filter(|agent| !used.contains(agent)).collect();
        Self { address, agent: chance.word(&others) }
    }
}

/// An attack while it happens.
struct Campaign<'a> {
    story: Story<'a>,
    plan: &'static Plan,
    victim: &'a Actor,
    stealth: Stealth,
    timing: Timing,
    intruder: Intruder,
    /// The credential in hand.
    caller: Caller,
    /// The roles assumed so far.
    walked: Vec<Role>,
    n_rests: usize,
    /// Questions asked so far.
    n_asked: usize,
}

impl<'a> Campaign<'a> {
    fn begin(
        log: &'a mut Log,
        plan: &'static Plan,
        (victim, stealth): (&'a Actor, Stealth),
        timing: Timing,
        intruder: Intruder,
    ) -> Self {
        let mut story = Story::begin(log, plan.name, timing.moment(0));
        story.attack.kind = plan.kind;
        story.attack.stealth = stealth.name();
        let place = Place { address: "", agent: "", region: crate::organization::US_EAST_1 };
        let caller = Caller::with_identity("", String::new(), &place);
        let mut campaign = Self {
            story,
            plan,
            victim,
            stealth,
            timing,
            intruder,
            caller,
            walked: Vec::new(),
            n_rests: 0,
            n_asked: 0,
        };
        campaign.enter();
        let (kind, origin) = (origin_of(victim), campaign.caller.clone());
        campaign.story.set_origin(kind, &origin);
        if let Entry::Instance(instance) = &victim.entry {
            campaign.story.attack.origin.instance_id = Some(instance.id.clone());
        }
        if !stealth.is(Stealth::SameNetwork) {
            let address = campaign.intruder.address.clone();
            campaign.story.attack.foreign_addresses.push(address);
        }
        campaign
    }

    fn act(mut self) -> Attack {
        for step in self.plan.moves {
            self.make(*step);
        }
        self.story.finish()
    }

    /// Gets hold of the victim's credential, which it got the usual way shortly before.
    fn enter(&mut self) {
        let now = self.story.now;
        let (home, agent, region) = self.victim.spell(self.story.log.seed, now);
        let place = Place { address: &home, agent, region };
        let caller = match &self.victim.entry {
            Entry::Instance(instance) => {
                // The old version of the metadata service needs no more than a forged request.
                let version = if self.stealth == Stealth::All { 2 } else { 1 };
                instance.session(now, version).caller(&place)
            }
            Entry::Console(_)
            | Entry::Key(_)
            | Entry::Person(..)
            | Entry::Pipeline { .. }
            | Entry::Workload { .. } => self.victim.enter(self.story.log, &place, now - 6 * MINUTE),
        };
        let mut stolen = Caller { from_console: false, ..caller };
        if !self.stealth.is(Stealth::SameNetwork) {
            stolen.address.clone_from(&self.intruder.address);
        }
        if !self.stealth.is(Stealth::SameClient) {
            stolen.agent = self.intruder.agent.into();
        }
        self.caller = stolen;
    }

    /// Lets time pass; whoever waits for a day has to come in again the same way.
    fn rest(&mut self) {
        self.n_rests += 1;
        // Whoever is found out meanwhile does not get to what comes after it.
        self.story.turn();
        if !self.stealth.is(Stealth::Careful) {
            let pause = self.story.chance.between(MINUTE, 5 * MINUTE);
            self.story.wait(pause);
            return;
        }
        self.story.now = self.timing.moment(self.n_rests).max(self.story.now + 10 * MINUTE);
        if matches!(self.victim.entry, Entry::Key(_)) && self.walked.is_empty() {
            return;
        }
        self.enter();
        for role in self.walked.clone() {
            self.hop(&role);
            // The chain tells the way once.
            self.story.attack.chain.pop();
        }
    }

    fn hop(&mut self, role: &Role) {
        let session_name = self.plan.session_name;
        let session = self.story.hop(&self.caller.clone(), role, session_name);
        let place = Place {
            address: &self.caller.address,
            agent: &self.caller.agent,
            region: self.caller.region,
        };
        self.caller = session.caller(&place);
    }
}

fn origin_of(victim: &Actor) -> &'static str {
    match &victim.entry {
        Entry::Key(_) => "iam_user_access_key",
        Entry::Console(_) => "console",
        Entry::Person(..) => "identity_center",
        Entry::Pipeline { .. } => "oidc",
        Entry::Instance(_) => "ec2_instance",
        Entry::Workload { workload, .. } => match workload.platform {
            crate::workload::Platform::Fargate => "ecs_task",
            crate::workload::Platform::Kubernetes => "eks_pod",
            crate::workload::Platform::Lambda => "lambda_function",
        },
    }
}
