//! Who lives in an organization of a style, and the parts that styles have in common.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::actor::{Actor, Entry, Rhythm, Spell, Task};
use super::trade::Trade;
use super::{Style, ci_heavy, container_heavy, enterprise, startup};
use crate::agents;
use crate::chance::Chance;
use crate::clock::{DAY, HOUR, MINUTE, event_time};
use crate::identity_center::Person;
use crate::network::{Instance, Network};
use crate::organization::{OFFICE, Role, US_EAST_1, User};
use crate::truth::Benign;
use crate::workload::{Platform, Workload};

/// The way out of the company's network before it moved.
pub(crate) const VPN: &str = "203.0.113.8";
/// The one after it.
pub(crate) const NEW_VPN: &str = "192.0.2.14";

const NAMES: [&str; 32] = [
    "ada.koch",
    "ben.ito",
    "carla.diaz",
    "dev.patel",
    "elif.aydin",
    "finn.berg",
    "gita.rao",
    "hugo.leroy",
    "elena.silva",
    "jonas.vogt",
    "kofi.mensah",
    "lena.wolf",
    "mei.tan",
    "nils.holm",
    "olga.petrova",
    "pablo.ruiz",
    "quinn.kelly",
    "rosa.conti",
    "sami.haddad",
    "tara.singh",
    "uma.joshi",
    "viktor.nagy",
    "wen.zhao",
    "ximena.soto",
    "yuki.mori",
    "zoe.martin",
    "aron.levi",
    "bea.fischer",
    "cem.kaplan",
    "dora.novak",
    "emil.olsen",
    "fay.young",
];

/// The window, its chances, and who was found for it so far.
pub(crate) struct Cast {
    pub(crate) seed: u64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Multiplies the number of people, pipelines and programs.
    pub(crate) scale: u32,
    pub(crate) chance: Chance,
    pub(crate) actors: Vec<Actor>,
    /// Situations that could be mistaken for attacks.
    pub(crate) benign: Vec<Benign>,
    /// The days on which nobody is in the office, beside weekends.
    holidays: [i64; 2],
}

impl Cast {
    /// The organization of `style`.
    pub(crate) fn of(style: Style, seed: u64, (start, end): (i64, i64), scale: u32) -> Self {
        let mut chance = Chance::of(seed, style.name(), 0);
        let day = |part: i64| (start + (end - start) * part / 8).div_euclid(DAY);
        let holidays = [day(2) + chance.between(0, 2), day(5) + chance.between(0, 2)];
        let mut cast = Self {
            seed,
            start,
            end,
            scale: scale.max(1),
            chance,
            actors: Vec::new(),
            benign: Vec::new(),
            holidays,
        };
        match style {
            Style::Mixed => {}
            Style::CiHeavy => ci_heavy::fill(&mut cast),
            Style::ContainerHeavy => container_heavy::fill(&mut cast),
            Style::Enterprise => enterprise::fill(&mut cast),
            Style::Startup => startup::fill(&mut cast),
        }
        cast
    }

    pub(crate) fn is_holiday(&self, at: i64) -> bool {
        self.holidays.contains(&at.div_euclid(DAY))
    }

    /// The time at which `part` of `whole` parts of the window are over.
    pub(crate) fn after(&self, part: i64, whole: i64) -> i64 {
        self.start + (self.end - self.start) * part / whole
    }

    /// A working hour soon after `at`.
    pub(crate) fn working_hour(&self, at: i64, hour: i64) -> i64 {
        let mut day = at.div_euclid(DAY) + 1;
        while !crate::clock::is_working_day(day * DAY) || self.is_holiday(day * DAY) {
            day += 1;
        }
        day * DAY + hour * HOUR
    }

    pub(crate) fn actor(&self, label: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.label == label)
    }

    pub(crate) fn add(&mut self, actor: Actor) {
        self.actors.push(actor);
    }

    /// A name for person number `number`; every name stands for one person.
    pub(crate) fn name(number: usize) -> &'static str {
        NAMES.get(number % NAMES.len()).copied().unwrap_or_default()
    }

    /// Person number `number` of Identity Center in the role of a permission set.
    pub(crate) fn person(
        number: usize,
        account: &'static str,
        permission_set: &str,
        trade: Trade,
    ) -> Actor {
        let agent = agent_of(number);
        let name = Self::name(number);
        let person = Person { name, address: OFFICE, agent };
        let role = Role::of_permission_set(account, permission_set);
        // A person may have several roles, each of them with a life of its own.
        let label = format!("{name} {permission_set} {account}");
        let home = format!("203.0.113.{}", 100 + number % 100);
        Actor::new(
            &label,
            Entry::Person(person, role),
            Rhythm::Office(7 + number as i64 % 3),
            agent,
        )
        .at(&[OFFICE, OFFICE, VPN, &home])
        .does(Task::new(trade, (14, 30), 3 * HOUR))
    }

    /// A user with a long-term key on a laptop.
    pub(crate) fn developer(&self, number: usize, account: &'static str, trade: Trade) -> Actor {
        let (name, agent) = (Self::name(number), agent_of(number));
        let user = User::new(self.seed, account, name);
        let home = format!("203.0.113.{}", 100 + number % 100);
        Actor::new(name, Entry::Key(user), Rhythm::Office(7 + number as i64 % 3), agent)
            .at(&[OFFICE, OFFICE, &home])
            .does(Task::new(trade, (14, 30), 3 * HOUR))
    }

    /// An instance that has run for long, behind `network`.
    pub(crate) fn instance(&self, name: &str, role: &str, network: &Network) -> Actor {
        let mut instance = Instance::new(self.seed, name, network, self.start - 40 * DAY);
        instance.role = Role::new(network.account, role);
        Actor::new(name, Entry::Instance(Box::new(instance)), Rhythm::Always, agents::JAVA_INSTANCE)
    }

    /// A program that a service of AWS runs, behind the address `gateway`, if it has one.
    pub(crate) fn program(
        &self,
        name: &str,
        platform: Platform,
        role: Role,
        gateways: &[&str],
    ) -> Actor {
        let mut chance = Chance::of(self.seed, name, 7);
        let workload = Workload {
            platform,
            role,
            session_name: name.into(),
            gateways: gateways.iter().map(|address| String::from(*address)).collect(),
            renewal: chance.between(0, HOUR - 1),
            seed: self.seed,
        };
        let (agent, days) = (workload.agent(), chance.between(2, 6));
        Actor::new(name, Entry::Workload { workload, days }, Rhythm::Always, agent)
    }

    pub(crate) fn network(&mut self, account: &'static str, block: u8) -> Network {
        Network::new(account, US_EAST_1, block, &mut self.chance)
    }

    pub(crate) fn benign(&mut self, situation: &'static str, session_names: &[&str]) {
        self.benign.push(Benign {
            situation,
            instance_ids: Vec::new(),
            session_names: session_names.iter().map(|name| String::from(*name)).collect(),
            emergency: None,
        });
    }

    /// Somebody uses access that is kept for emergencies, in the two hours from `at` on.
    pub(crate) fn emergency(&mut self, situation: &'static str, name: &str, at: i64) {
        let at = at.div_euclid(HOUR) * HOUR;
        self.benign.push(Benign {
            situation,
            instance_ids: Vec::new(),
            session_names: Vec::from([String::from(name)]),
            emergency: Some((event_time(at), event_time(at + 2 * HOUR + MINUTE))),
        });
    }

    /// What happens to people in every company: some come, some go, the VPN moves, programs are
    /// renewed, and somebody is called at night.
    pub(crate) fn people_change(&mut self) {
        let (half, late, end) = (self.after(1, 2), self.after(5, 8), self.end);
        let at_night = self.working_hour(self.after(3, 5), 0) + 2 * HOUR + 40 * MINUTE;
        let mut seen = 0;
        let mut names = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        let mut called = None;
        for actor in &mut self.actors {
            if !matches!(actor.entry, Entry::Key(_) | Entry::Console(_) | Entry::Person(..))
                || !matches!(actor.rhythm, Rhythm::Office(_))
            {
                continue;
            }
            seen += 1;
            let [joined, left, moved, renewed] = &mut names;
            match seen % 6 {
                1 => {
                    actor.moves(half, move_vpn);
                    moved.push(actor.label.clone());
                }
                2 if seen > 6 => {
                    actor.time.0 = half + 7 * HOUR;
                    joined.push(actor.label.clone());
                }
                3 if seen > 6 => {
                    actor.time.1 = late.min(end);
                    left.push(actor.label.clone());
                }
                4 => {
                    actor.moves(late, |spell| spell.agent = agents::CLI_NEWER);
                    renewed.push(actor.label.clone());
                }
                5 if called.is_none() => called = Some(actor.clone()),
                _ => {}
            }
        }
        if let Some(actor) = called {
            let mut at_home = actor.clone();
            at_home.label = format!("{} on call", actor.label);
            at_home.rhythm = Rhythm::Once(at_night);
            at_home.tasks = Vec::from([Task::new(Trade::Operations, (25, 40), HOUR)]);
            self.benign("on_call_night", &[&actor.label]);
            self.actors.push(at_home);
        }
        let situations = ["new_employee", "leaver", "new_vpn", "new_client"];
        for (situation, names) in situations.into_iter().zip(&names) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if !names.is_empty() {
                self.benign(situation, &names);
            }
        }
    }
}

/// The company's networks get another way out; homes stay where they are.
fn move_vpn(spell: &mut Spell) {
    let of_company = |address: &&mut String| [VPN, OFFICE].contains(&address.as_str());
    for address in spell.addresses.iter_mut().filter(of_company) {
        *address = NEW_VPN.into();
    }
}

/// The client of person number `number`.
fn agent_of(number: usize) -> &'static str {
    let agents = [
        agents::CLI_MAC,
        agents::BOTO3_MAC,
        agents::CLI_LINUX,
        agents::CLI_WINDOWS,
        agents::BOTO3_LINUX,
    ];
    agents.get(number % agents.len()).copied().unwrap_or(agents::CLI_MAC)
}
