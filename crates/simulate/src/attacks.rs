//! The attacks hidden in the logs, each with its own record of what it did.

pub(crate) mod campaign;
mod federation_survivor;
mod instance_key_elsewhere;
mod instance_ssrf_chain;
mod leaked_key_chain;
mod role_juggling;
pub(crate) mod thefts;

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::call::Call;
use crate::caller::{Caller, Session};
use crate::chance::Chance;
use crate::clock::event_time;
use crate::issuance::AssumeRole;
use crate::log::Log;
use crate::organization::Role;
use crate::samples::recon;
use crate::style::{Cast, Style};
use crate::truth::{Artifact, Attack, Hop, Origin, Step};
use crate::world::World;

pub use campaign::Stealth;

/// Emits every attack, the earliest first.
pub(crate) fn attacks(log: &mut Log, world: &World) -> Vec<Attack> {
    let mut attacks = Vec::new();
    attacks.push(leaked_key_chain::attack(log));
    attacks.push(role_juggling::attack(log));
    attacks.extend(instance_ssrf_chain::attack(log));
    attacks.extend(instance_key_elsewhere::attack(log));
    attacks.push(federation_survivor::attack(log));
    attacks.extend(thefts::attacks(log, world));
    attacks.sort_by(|one, other| one.start.cmp(&other.start));
    attacks
}

/// Emits every attack on an organization of `style`, the earliest first.
pub(crate) fn campaigns(log: &mut Log, cast: &Cast, style: Style) -> Vec<Attack> {
    let mut attacks = campaign::attacks(log, cast, style);
    attacks.sort_by(|one, other| one.start.cmp(&other.start));
    attacks
}

/// An attack while it happens: time passes with every call, and every event is written down.
struct Story<'a> {
    log: &'a mut Log,
    chance: Chance,
    now: i64,
    attack: Attack,
    /// Whether the next event begins a step.
    turns: bool,
}

impl<'a> Story<'a> {
    fn begin(log: &'a mut Log, name: &'static str, now: i64) -> Self {
        let chance = Chance::of(log.seed, name, 0);
        let (kind, stealth) = (kind_of(name), "loud");
        let attack = Attack { name, kind, stealth, color: "none", ..Attack::default() };
        Self { log, chance, now, attack, turns: false }
    }

    fn finish(self) -> Attack {
        self.attack
    }

    fn wait(&mut self, seconds: i64) {
        self.now += seconds;
    }

    /// Makes `call` some seconds after the last one.
    fn call(&mut self, caller: &Caller, call: &Call) -> String {
        let pause = self.chance.between(4, 40);
        self.wait(pause);
        self.call_at_once(caller, call)
    }

    fn call_at_once(&mut self, caller: &Caller, call: &Call) -> String {
        let event_id = self.log.emit(caller, call, self.now);
        self.remember(event_id.clone(), tactic(call));
        event_id
    }

    /// Asks `n` of the questions that intruders ask, from the `first` one on.
    fn look_around(&mut self, caller: &Caller, first: usize, n: usize) {
        for step in first..first + n {
            self.call(caller, &recon(step));
        }
    }

    /// Assumes `role` as the next hop of the chain.
    fn hop(&mut self, caller: &Caller, role: &Role, session_name: &str) -> Session {
        let pause = self.chance.between(8, 60);
        self.wait(pause);
        let issued = self.log.assume_role(&AssumeRole { caller, role, session_name, at: self.now });
        let hop = self.attack.chain.len() as u32 + 1;
        let first = issued.event_ids.first().map_or("", String::as_str);
        self.attack.chain.push(Hop::new(hop, &issued.session, first));
        self.turn();
        for event_id in issued.event_ids {
            self.remember(event_id, LATERAL_MOVEMENT);
        }
        issued.session
    }

    /// Makes `call` and writes down what it leaves behind.
    fn leave(&mut self, caller: &Caller, call: &Call, name: &str) {
        self.turn();
        // The answer carries the time that `call` was made for.
        let event_id = self.call_at_once(caller, call);
        let pause = self.chance.between(4, 40);
        self.wait(pause);
        self.attack.artifacts.push(Artifact {
            event_name: call.name,
            name: name.to_owned(),
            access_key_id: None,
            event_id,
        });
    }

    /// Makes `call`, which creates the key `access_key_id` for the user `name`.
    fn leave_key(&mut self, caller: &Caller, call: &Call, name: &str, access_key_id: &str) {
        self.leave(caller, call, name);
        if let Some(artifact) = self.attack.artifacts.last_mut() {
            artifact.access_key_id = Some(access_key_id.to_owned());
        }
    }

    fn set_origin(&mut self, kind: &'static str, caller: &Caller) {
        self.attack.origin = Origin {
            kind,
            access_key_id: caller.access_key_id.clone(),
            principal_arn: caller.arn.clone(),
            instance_id: None,
        };
    }

    fn remember(&mut self, event_id: String, tactic: &'static str) {
        let now = event_time(self.now);
        if self.attack.event_ids.is_empty() {
            self.attack.start.clone_from(&now);
            self.step(INITIAL_ACCESS, &now);
        } else if self.is_turning(tactic) {
            self.step(tactic, &now);
        }
        if let Some(step) = self.attack.steps.last_mut() {
            step.end.clone_from(&now);
            step.event_ids.push(event_id.clone());
        }
        self.attack.end = now;
        self.attack.event_ids.push(event_id);
    }

    /// Makes the next event begin a step, whatever it is.
    fn turn(&mut self) {
        self.turns = true;
    }

    fn is_turning(&self, tactic: &'static str) -> bool {
        self.turns || self.attack.steps.last().is_none_or(|step| step.tactic != tactic)
    }

    fn step(&mut self, tactic: &'static str, now: &str) {
        self.turns = false;
        let start = String::from(now);
        self.attack.steps.push(Step { tactic, start, ..Step::default() });
    }
}

const INITIAL_ACCESS: &str = "initial-access";
const LATERAL_MOVEMENT: &str = "lateral-movement";

/// What a call is made for.
fn tactic(call: &Call) -> &'static str {
    match (call.service, call.name) {
        ("sts", "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetFederationToken")
        | ("signin", _) => LATERAL_MOVEMENT,
        ("s3", "GetObject") => "collection",
        // Cloud Secrets Management Stores.
        ("secretsmanager", "GetSecretValue") | ("ssm", "GetParameter" | "GetParameters") => {
            "credential-access"
        }
        ("cloudtrail" | "guardduty", _) if !call.is_read_only => "defense-evasion",
        ("ec2", "ModifySnapshotAttribute") => "exfiltration",
        _ if call.is_read_only => "discovery",
        _ => "persistence",
    }
}

/// The family of the stories of an organization of mixed style.
fn kind_of(name: &str) -> &'static str {
    match name {
        "federation_survivor" => "federation",
        "instance_key_console" => "console",
        "forged_instance_session"
        | "instance_ssrf_chain"
        | "leaked_key_chain"
        | "role_juggling" => "chain",
        _ => "credential_elsewhere",
    }
}
