//! Simple rules on the same events: what one gets without lineage and without a population.
//!
//! Each says in its own words what public rule sets look for. A rule tells the same about the same
//! principal once an hour, as alerting systems group by default.

mod bursts;
mod calls;
mod chains;
mod networks;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;

use cloudtrail::{EventId, Timestamp};

use crate::event::Event;
use crate::label::Attack;
use crate::run::{RULES, Score, Sighting};

/// How long a rule is silent about a principal after an alert, in seconds.
const SILENCE: i64 = 3_600;

/// How far back rules remember what is not new, in seconds: ten days.
const MEMORY: i64 = 10 * 86_400;

/// A rule that looks at one event after the other.
trait Rule {
    /// Whether `event` is worth an alert.
    fn fires(&mut self, event: &Event) -> bool;
}

/// A rule without a memory is a function.
impl<F: Fn(&Event) -> bool> Rule for F {
    fn fires(&mut self, event: &Event) -> bool {
        self(event)
    }
}

/// A rule that the evaluation sets beside the detectors.
pub struct Baseline {
    /// Its name in tables.
    pub id: &'static str,
    /// What it looks for, and whose logic that is.
    pub describes: &'static str,
    /// Whether it is one of the rules that look at one event, for [`RULES`].
    pub is_single_event: bool,
    rule: fn() -> Box<dyn Rule>,
}

const fn baseline(
    id: &'static str,
    is_single_event: bool,
    rule: fn() -> Box<dyn Rule>,
    describes: &'static str,
) -> Baseline {
    Baseline { id, describes, is_single_event, rule }
}

/// Every baseline, in the order of tables.
pub const BASELINES: [Baseline; 16] = [
    baseline(
        "hop count",
        false,
        || Box::<chains::HopCount>::default(),
        "two or more roles assumed one from the other, whoever does it",
    ),
    baseline(
        "new role pair",
        false,
        || Box::<chains::NewPair>::default(),
        "a role session assumes a role that its role has not assumed for ten days (Elastic, role chaining)",
    ),
    baseline(
        "first-use lock",
        false,
        || Box::<networks::FirstUseLock>::default(),
        "a session is used from another address than its first (Netflix, 2018)",
    ),
    baseline(
        "AssumeRole by a role",
        true,
        || Box::new(chains::by_role),
        "any AssumeRole by a role session (Sigma, AssumeRole misuse)",
    ),
    baseline(
        "IAM user or key by a role",
        true,
        || Box::new(calls::user_or_key_by_role),
        "a role session makes a user, a key or a password, or gives a user a policy (Sigma, Elastic)",
    ),
    baseline(
        "trust or policy change",
        true,
        || Box::new(calls::trust_or_policy),
        "a trust policy, an inline policy of a role, or an identity provider is changed (Sigma, Elastic)",
    ),
    baseline(
        "function changed",
        true,
        || Box::new(calls::function),
        "code or permissions of a function are changed (Sigma, Elastic)",
    ),
    baseline(
        "logging or detection off",
        true,
        || Box::new(calls::impairs),
        "a trail, a detector or a recorder is stopped or deleted (Sigma, Elastic, Panther)",
    ),
    baseline(
        "snapshot shared",
        true,
        || Box::new(calls::shares),
        "a snapshot or an image is shared (Sigma, Elastic)",
    ),
    baseline(
        "federation token",
        true,
        || Box::<calls::FederationToken>::default(),
        "a user asks for a federation token and has not for ten days (Elastic)",
    ),
    baseline(
        "console without MFA",
        true,
        || Box::new(calls::console_without_mfa),
        "a console sign-in without a second factor, people of Identity Center aside (Sigma, Panther)",
    ),
    baseline(
        "console from keys",
        true,
        || Box::new(calls::console_from_keys),
        "keys are exchanged for a console sign-in, by another client than the portal (Sigma, Elastic)",
    ),
    baseline(
        "AssumeRole from a new network",
        true,
        || Box::<networks::NewNetwork>::default(),
        "a principal assumes a role from a /24 that it has not called from for ten days, in place of a new country (Panther, Elastic)",
    ),
    baseline(
        "instance asks who it is",
        true,
        || Box::<networks::InstanceIdentity>::default(),
        "a session named like an instance calls GetCallerIdentity from a network that is new for ten days (Elastic)",
    ),
    baseline(
        "key in two networks",
        false,
        || Box::<networks::TwoNetworks>::default(),
        "a temporary key is used from two networks within half an hour, consoles aside (Elastic)",
    ),
    baseline(
        "enumeration",
        false,
        || Box::<bursts::Enumeration>::default(),
        "five different calls denied within ten minutes, or more than ten different reads within ten seconds (Elastic)",
    ),
];

/// What each baseline says about `events`, which are in the order of their times; alerts count
/// from the time `from` on, so that rules with a memory have something to remember, and those about
/// `emergencies` apart.
pub fn baselines(
    events: &[Event],
    attacks: &[Attack],
    emergencies: &BTreeSet<EventId>,
    from: Timestamp,
) -> BTreeMap<String, Score> {
    let mut scores = BTreeMap::new();
    let mut rules = Score::blank(attacks.len());
    for baseline in &BASELINES {
        let score = judge(baseline, events, (attacks, emergencies), from);
        if baseline.is_single_event {
            rules.join(&score);
        }
        scores.insert(baseline.id.to_string(), score);
    }
    scores.insert(RULES.to_string(), rules);
    scores
}

fn judge(
    baseline: &Baseline,
    events: &[Event],
    (attacks, emergencies): (&[Attack], &BTreeSet<EventId>),
    from: Timestamp,
) -> Score {
    let mut score = Score::blank(attacks.len());
    let mut rule = (baseline.rule)();
    let mut told: BTreeMap<Arc<str>, Timestamp> = BTreeMap::new();
    for event in events {
        if !rule.fires(event) || event.time < from {
            continue;
        }
        let last = told.get(&event.principal);
        if last.is_some_and(|last| event.time.seconds_since(*last) < SILENCE) {
            continue;
        }
        told.insert(Arc::clone(&event.principal), event.time);
        let mut is_true = false;
        for (number, attack) in attacks.iter().enumerate() {
            if attack.events.contains(&event.id) {
                is_true = true;
                let is_before_last_step = event.time < attack.last_step();
                score.see(number, Sighting { at: event.time, is_before_last_step });
            }
        }
        score.true_alerts += u64::from(is_true);
        let is_emergency = !is_true && emergencies.contains(&event.id);
        score.false_alerts += u64::from(!is_true && !is_emergency);
        score.emergency_alerts += u64::from(is_emergency);
    }
    score
}

/// What was last seen when, so that it can be new once more.
#[derive(Debug, Default)]
struct Seen {
    last: BTreeMap<(Arc<str>, String), Timestamp>,
}

impl Seen {
    /// Notes that `who` did `what` at `time`; whether that is new for as long as rules remember.
    fn is_new(&mut self, who: &Arc<str>, what: &str, time: Timestamp) -> bool {
        let last = self.last.insert((Arc::clone(who), what.to_string()), time);
        last.is_none_or(|last| time.seconds_since(last) > MEMORY)
    }
}
