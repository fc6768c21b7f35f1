//! Somebody or something with a routine: how it gets in, when, from where, and what it does then.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::trade::Trade;
use crate::caller::{Caller, Place};
use crate::chance::Chance;
use crate::clock::{HOUR, MINUTE};
use crate::identity_center::Person;
use crate::issuance::{AssumeRole, Delivered};
use crate::json::Json;
use crate::log::Log;
use crate::network::Instance;
use crate::organization::{Role, US_EAST_1, User};
use crate::workload::{Platform, Workload};

/// How an actor gets its first credential.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// A long-term key.
    Key(User),
    /// The web console, with a password and a second factor.
    Console(User),
    /// Identity Center, into the role of a permission set.
    Person(Person, Role),
    /// A token of a repository, exchanged for a role.
    Pipeline { repository: String, role: Role },
    /// The metadata service.
    Instance(Box<Instance>),
    /// A service of AWS that runs a program. Pods and tasks are replaced every few days.
    Workload { workload: Workload, days: i64 },
}

/// Where an actor calls from, and with what, from a time on.
#[derive(Clone, Debug)]
pub(crate) struct Spell {
    pub(crate) from: i64,
    /// One of these on each day; none means that the place is the entry's own.
    pub(crate) addresses: Vec<String>,
    pub(crate) agent: &'static str,
    pub(crate) region: &'static str,
}

/// When an actor is at work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rhythm {
    /// On working days that are no holidays, twice a day from this hour on.
    Office(i64),
    /// On working days that are no holidays, so many times in working hours.
    Runs(i64),
    /// Every day at this hour, weekends and holidays as well.
    Nightly(i64),
    /// Every hour of every day.
    Always,
    /// Once, in the hour of this time.
    Once(i64),
}

/// Something that an actor does with its credential.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// From when until when it is done at all.
    pub(crate) time: (i64, i64),
    /// One session in so many does it.
    pub(crate) one_in: u64,
    /// The roles to go through first.
    pub(crate) route: Vec<Role>,
    pub(crate) session_name: String,
    pub(crate) trade: Trade,
    /// Fewest and most calls.
    pub(crate) calls: (i64, i64),
    /// Within so many seconds.
    pub(crate) during: i64,
}

/// Somebody or something that calls AWS.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) label: String,
    pub(crate) entry: Entry,
    pub(crate) spells: Vec<Spell>,
    pub(crate) rhythm: Rhythm,
    /// From when until when it is there at all.
    pub(crate) time: (i64, i64),
    pub(crate) tasks: Vec<Task>,
}

const ALWAYS: (i64, i64) = (i64::MIN, i64::MAX);

impl Task {
    /// Done in every session, with the first credential.
    pub(crate) fn new(trade: Trade, calls: (i64, i64), during: i64) -> Self {
        Self {
            time: ALWAYS,
            one_in: 1,
            route: Vec::new(),
            session_name: String::new(),
            trade,
            calls,
            during,
        }
    }

    pub(crate) fn through(mut self, route: &[Role], session_name: &str) -> Self {
        self.route = route.into();
        self.session_name = session_name.into();
        self
    }

    pub(crate) fn one_in(mut self, n: u64) -> Self {
        self.one_in = n;
        self
    }

    pub(crate) fn from(mut self, from: i64) -> Self {
        self.time.0 = from;
        self
    }

    pub(crate) fn until(mut self, until: i64) -> Self {
        self.time.1 = until;
        self
    }
}

impl Actor {
    pub(crate) fn new(label: &str, entry: Entry, rhythm: Rhythm, agent: &'static str) -> Self {
        let spell = Spell { from: i64::MIN, addresses: Vec::new(), agent, region: US_EAST_1 };
        Self {
            label: label.into(),
            entry,
            spells: Vec::from([spell]),
            rhythm,
            time: ALWAYS,
            tasks: Vec::new(),
        }
    }

    /// Calls from one of `addresses` each day.
    pub(crate) fn at(mut self, addresses: &[&str]) -> Self {
        for spell in &mut self.spells {
            spell.addresses = addresses.iter().map(|address| String::from(*address)).collect();
        }
        self
    }

    pub(crate) fn does(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    pub(crate) fn during(mut self, from: i64, until: i64) -> Self {
        self.time = (from, until);
        self
    }

    /// From `from` on it calls from somewhere else, with something else, or in another Region.
    pub(crate) fn moves(&mut self, from: i64, change: impl FnOnce(&mut Spell)) {
        if let Some(mut spell) = self.spells.last().cloned() {
            spell.from = from;
            change(&mut spell);
            self.spells.push(spell);
        }
    }

    /// Where it calls from at `at`; people stay in one place for a day.
    pub(crate) fn spell(&self, seed: u64, at: i64) -> (String, &'static str, &'static str) {
        let spell = self.spells.iter().rev().find(|spell| spell.from <= at);
        let Some(spell) = spell.or(self.spells.first()) else {
            return (String::new(), "", US_EAST_1);
        };
        let mut chance = Chance::of(seed, &self.label, at.div_euclid(24 * HOUR).unsigned_abs());
        let address = match &self.entry {
            Entry::Instance(instance) => instance.address.clone(),
            Entry::Workload { workload, .. } => workload.address(at, &mut chance),
            Entry::Console(_) | Entry::Key(_) | Entry::Person(..) | Entry::Pipeline { .. } => {
                chance.word_of(&spell.addresses)
            }
        };
        (address, spell.agent, spell.region)
    }

    /// Gets the first credential at `at`, with the records of it.
    pub(crate) fn enter(&self, log: &mut Log, place: &Place<'_>, at: i64) -> Caller {
        match &self.entry {
            Entry::Key(user) => Caller::of_user(user, place),
            Entry::Console(user) => {
                let signing_in = Caller::of_user_signing_in(user, place);
                log.emit(&signing_in, &crate::residents::console_login_of(user), at);
                let key = log.temporary_key(user.account);
                Caller::of_user_session(user, &key, at, place).in_console()
            }
            Entry::Person(person, role) => log.sign_in_at(person, role, place, at).caller(place),
            Entry::Pipeline { repository, role } => exchange(log, repository, role, place, at),
            Entry::Instance(instance) => instance.session(at, 2).caller(place),
            Entry::Workload { workload, days } => {
                self.running(workload, *days, at).session(at).caller(place)
            }
        }
    }

    /// The program that runs at `at`: another one than some days ago, but for functions.
    fn running(&self, workload: &Workload, days: i64, at: i64) -> Workload {
        let mut workload = workload.clone();
        let generation = (at / (24 * HOUR) / days).unsigned_abs();
        let mut chance = Chance::of(workload.seed, &self.label, generation);
        workload.session_name = match workload.platform {
            Platform::Fargate => chance.hex(32),
            Platform::Kubernetes => {
                format!("eks-orders-{}-{}-{}", self.label, chance.hex(5), chance.uuid())
            }
            Platform::Lambda => workload.session_name,
        };
        workload
    }

    /// An hour of its life.
    pub(crate) fn live(&self, log: &mut Log, start: i64, is_holiday: bool) {
        let mut chance = Chance::of(log.seed, &self.label, start.unsigned_abs());
        if start < self.time.0 || self.time.1 <= start {
            return;
        }
        self.renew(log, start);
        for _ in 0..self.rhythm.sessions(start, is_holiday, &mut chance) {
            let at = start + chance.between(0, HOUR - 1);
            self.session(log, at, &mut chance);
        }
    }

    /// Keys that come to it by themselves, once an hour.
    fn renew(&self, log: &mut Log, start: i64) {
        match &self.entry {
            Entry::Instance(instance) => {
                let request_id = log.chance.uuid();
                log.deliver_instance_keys(instance, start + instance.renewal, &request_id);
            }
            Entry::Workload { workload, days } => {
                let at = start + workload.renewal;
                let workload = self.running(workload, *days, at);
                log.deliver_session(&Delivered {
                    service: workload.service(),
                    session: &workload.session(at),
                    region: US_EAST_1,
                    seconds: 6 * HOUR,
                    request: &workload.request(),
                    request_id: "",
                });
            }
            Entry::Key(_) | Entry::Console(_) | Entry::Person(..) | Entry::Pipeline { .. } => {}
        }
    }

    fn session(&self, log: &mut Log, at: i64, chance: &mut Chance) {
        let (address, agent, region) = self.spell(log.seed, at);
        let place = Place { address: &address, agent, region };
        let first = self.enter(log, &place, at);
        for task in &self.tasks {
            let is_due = task.time.0 <= at && at < task.time.1;
            if is_due && chance.one_in(task.one_in) {
                let n_calls = chance.between(task.calls.0, task.calls.1);
                let (caller, begin) = walk(log, &first, task, &place, at);
                for _ in 0..n_calls {
                    let later = begin + chance.between(1, task.during);
                    let caller = self.renewed(&caller, task, later, &place);
                    log.emit(&caller, &task.trade.call(&caller, chance), later);
                }
            }
        }
    }

    /// Programs take their newest key for every call.
    fn renewed(&self, caller: &Caller, task: &Task, at: i64, place: &Place<'_>) -> Caller {
        if !task.route.is_empty() {
            return caller.clone();
        }
        match &self.entry {
            Entry::Instance(instance) => instance.session(at, 2).caller(place),
            Entry::Workload { workload, days } => {
                self.running(workload, *days, at).session(at).caller(place)
            }
            Entry::Console(_) | Entry::Key(_) | Entry::Person(..) | Entry::Pipeline { .. } => {
                caller.clone()
            }
        }
    }
}

/// Goes through the roles of `task`; gives back who calls then, and from when on.
fn walk(log: &mut Log, first: &Caller, task: &Task, place: &Place<'_>, at: i64) -> (Caller, i64) {
    let (mut caller, mut now) = (first.clone(), at + 20);
    for role in &task.route {
        let session_name = task.session_name.replace("{time}", &format!("{now}"));
        let wish = AssumeRole { caller: &caller, role, session_name: &session_name, at: now };
        let session = log.assume_role(&wish).session;
        caller = session.caller(place);
        now += 4;
    }
    (caller, now)
}

pub(crate) const PROVIDER_HOST: &str = "token.actions.githubusercontent.com";

fn exchange(log: &mut Log, repository: &str, role: &Role, place: &Place<'_>, at: i64) -> Caller {
    let provider = format!("arn:aws:iam::{}:oidc-provider/{PROVIDER_HOST}", role.account);
    let subject = format!("repo:example-org/{repository}:ref:refs/heads/main");
    let identity = Json::object()
        .text("type", "WebIdentityUser")
        .text("principalId", &format!("{provider}:sts.amazonaws.com:{subject}"))
        .text("userName", &subject)
        .text("identityProvider", &provider)
        .end();
    let wish = AssumeRole {
        caller: &Caller::with_identity(role.account, identity, place),
        role,
        session_name: "GitHubActions",
        at,
    };
    log.assume_role_with_web_identity(&wish, &provider, &subject).session.caller(place)
}

impl Rhythm {
    /// How many sessions begin in the hour that begins at `start`.
    fn sessions(self, start: i64, is_holiday: bool, chance: &mut Chance) -> u64 {
        let hour = crate::clock::hour_of_day(start);
        let is_working = crate::clock::is_working_day(start) && !is_holiday;
        match self {
            Self::Office(first) => u64::from(is_working && (hour == first || hour == first + 5)),
            Self::Runs(n) if is_working && (7..19).contains(&hour) => {
                let (whole, rest) = (n / 12, n % 12);
                whole.unsigned_abs() + u64::from(chance.between(0, 11) < rest)
            }
            Self::Nightly(at) => u64::from(hour == at),
            Self::Always => 1,
            Self::Once(at) => u64::from((start..start + 60 * MINUTE).contains(&at)),
            Self::Runs(_) => 0,
        }
    }
}
