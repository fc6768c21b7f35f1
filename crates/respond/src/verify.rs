//! What newer logs say about a response: does anything of the chain still work?

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::{Count, Evidence};
use lineage::{Lineage, Node};
use serde::Serialize;

use crate::plan::{Credential, Plan};
use crate::step::{Setting, SettingOn};
use crate::watch::Watch;

mod sought;
mod undone;

pub(crate) use sought::statements;
use undone::{Known, Meaning};
pub use undone::{Undone, Untold};

/// Seconds that a change of IAM takes to reach every place ("a few minutes", IAM user guide).
const SPREAD_SECS: i64 = 300;

/// Kinds of calls of one credential that a verdict lists.
const CALLS_MAX: usize = 10;

/// The one call that succeeds whatever is denied (STS API reference).
const ALWAYS: &str = "GetCallerIdentity";

/// What newer logs say about a response.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Verdict {
    /// Number of the form.
    pub schema: &'static str,
    /// The incident.
    pub incident_id: String,
    /// What it comes to.
    pub answer: Answer,
    /// Parts of the logs that could not be read, and why.
    pub unread: Vec<String>,
    /// Until when sessions of the chain may live, where these logs end before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_again: Option<String>,
    /// First and last event of the logs that were read; absent where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<(String, String)>,
    /// Accounts of the chain of which these logs hold no event since the response began: nothing
    /// can be said about them.
    pub unseen_accounts: Vec<String>,
    /// Each credential of the chain, and those that it handed out since.
    pub credentials: Vec<CredentialVerdict>,
    /// What was set and undone since, by time.
    pub undone: Vec<Undone>,
    /// What was taken back as the plan does in the end, or went with a user or role that was
    /// deleted.
    pub taken_back: Vec<Undone>,
    /// What somebody beside the chain wrote anew: whether it is right has to be looked at.
    pub written_again: Vec<Undone>,
    /// Calls that may have undone something: a store does not keep what they were about.
    pub untold: Vec<Untold>,
    /// Whether a store was read, which keeps neither what was deleted nor what was set in the
    /// organization.
    pub is_of_store: bool,
    /// Whether these logs show neither anything that the plan sets nor anything that the chain did
    /// since: what still works cannot be told from them.
    pub is_unanswered: bool,
    /// What the plan sets without a condition and these logs do not show to be set.
    pub not_seen: Vec<Setting>,
}

/// What a verification comes to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Everything that the plan sets is seen to be set, and nothing is seen to work.
    Clean,
    /// Something still works, or was undone and not set again.
    NotClean,
    /// Neither can be told from these logs alone.
    #[default]
    CannotTell,
}

/// How far a credential still works.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It made no call.
    Silent,
    /// Its calls were denied.
    Denied,
    /// A call succeeded while the change was spreading, and none later.
    Spreading,
    /// A call succeeded.
    StillSucceeding,
}

/// What a credential did since.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CredentialVerdict {
    /// ARN or id of its principal.
    pub who: String,
    /// Its keys.
    pub access_key_ids: Vec<String>,
    /// How far it still works.
    pub standing: Standing,
    /// Whether the chain handed it out after the plan was made.
    pub is_new: bool,
    /// Since when it should not work; absent where these logs do not show that it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Last success, `GetCallerIdentity` aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success: Option<String>,
    /// Last refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_denied: Option<String>,
    /// Calls that succeeded, latest first: the call, how often, from where.
    pub succeeded: Vec<String>,
}

impl Verdict {
    fn answer(&self) -> Answer {
        let works = self.credentials.iter().any(|one| one.standing == Standing::StillSucceeding);
        if works || self.undone.iter().any(|undone| !undone.is_set_again) {
            return Answer::NotClean;
        }
        let is_whole = self.unread.is_empty()
            && self.unseen_accounts.is_empty()
            && self.untold.is_empty()
            && self.written_again.is_empty()
            && self.not_seen.is_empty()
            && self.early() == 0
            && self.open() == 0;
        if is_whole && !self.is_unanswered { Answer::Clean } else { Answer::CannotTell }
    }

    /// Credentials that succeeded while a change was spreading, where these logs end before it is
    /// seen that they stopped.
    pub fn open(&self) -> usize {
        let parse = |text: &String| Timestamp::parse(text);
        let Some(end) = self.span.as_ref().and_then(|(_, last)| parse(last)) else {
            return 0;
        };
        let spreading = self.credentials.iter().filter(|one| one.standing == Standing::Spreading);
        let last = spreading.filter_map(|one| one.last_success.as_ref().and_then(parse));
        last.filter(|last| end.seconds_since(*last) < SPREAD_SECS).count()
    }

    /// How much was taken back while sessions may still be alive.
    pub fn early(&self) -> usize {
        let early = self.taken_back.iter().filter(|undone| undone.is_early);
        early.count().min(self.verify_again.as_ref().map_or(0, |_| usize::MAX))
    }
}

/// What `evidence` and `watch`, read from newer logs, say about the response `plan`; `unread` are
/// parts of these logs that could not be read.
///
/// The logs may hold the incident as well: what was set since it began is then the response.
pub fn verify(plan: &Plan, evidence: &Evidence, watch: &Watch, unread: Vec<String>) -> Verdict {
    let lineage = Lineage::of(evidence);
    let chain: BTreeSet<&str> =
        plan.credentials.iter().flat_map(|one| &one.access_key_ids).map(String::as_str).collect();
    let known = Known::of(plan, watch, &chain);
    let stopped = |node: &Node<'_>| {
        let found = known.sought.iter().filter(|sought| stops(sought.setting, node));
        found.filter_map(|sought| known.set_at(sought, &chain)).min()
    };
    let credentials = credentials(plan, evidence, &lineage, known.since, &stopped);
    let keys = credentials.iter().flat_map(|one| &one.access_key_ids).map(String::as_str);
    let keys: BTreeSet<&str> = keys.collect();
    let undone = known.undone(&keys);
    let meant = |wanted: Meaning| {
        let found = undone.iter().filter(|(meaning, _)| *meaning == wanted);
        found.map(|(_, undone)| undone.clone()).collect()
    };
    let span = evidence.span();
    let lives = known.all_live_until(&chain);
    let missing = known.sought.iter().filter(|one| one.is_wanted && !known.is_set(one, &chain));
    let is_heard = credentials.iter().any(|one| one.standing != Standing::Silent);
    let is_set = known.sought.iter().any(|sought| known.set_at(sought, &chain).is_some());
    let mut verdict = Verdict {
        schema: "rolecall.verdict/1",
        incident_id: plan.incident_id.clone(),
        answer: Answer::CannotTell,
        unread,
        verify_again: span.is_none_or(|(_, last)| last < lives).then(|| lives.to_string()),
        span: span.map(|(first, last)| (first.to_string(), last.to_string())),
        unseen_accounts: unseen_accounts(plan, evidence, known.since),
        undone: meant(Meaning::Undone),
        taken_back: meant(Meaning::TakenBack),
        written_again: meant(Meaning::WrittenAgain),
        untold: known.untold(&keys),
        is_of_store: watch.is_of_store(),
        is_unanswered: !is_heard && !is_set,
        not_seen: missing.map(|sought| sought.setting.clone()).collect(),
        credentials: Vec::new(),
    };
    drop(keys);
    verdict.credentials = credentials;
    verdict.answer = verdict.answer();
    verdict
}

/// Accounts of the chain without an event since the response began.
fn unseen_accounts(plan: &Plan, evidence: &Evidence, since: Timestamp) -> Vec<String> {
    let newer = evidence.uses().filter(|view| view.events.last >= since);
    let seen: BTreeSet<&str> = newer.map(|view| &**view.account_id).collect();
    let accounts = plan.accounts.iter();
    accounts.filter(|account| !seen.contains(account.as_str())).cloned().collect()
}

/// What each credential of the chain did since, those that still work first.
fn credentials(
    plan: &Plan,
    evidence: &Evidence,
    lineage: &Lineage<'_>,
    since: Timestamp,
    stopped: &dyn Fn(&Node<'_>) -> Option<Timestamp>,
) -> Vec<CredentialVerdict> {
    let members = members(plan, lineage);
    let mut uses: BTreeMap<usize, Used> = BTreeMap::new();
    for view in evidence.uses().filter(|view| view.events.last > since) {
        let node = lineage.of_credential(view.credential);
        if let Some(node) = node.filter(|node| members.contains_key(node)) {
            uses.entry(node).or_default().add(&view);
        }
    }
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    let mut credentials: Vec<CredentialVerdict> = Vec::new();
    for (number, is_new) in &members {
        let Some(node) = lineage.node(*number) else {
            continue;
        };
        keys.extend(node.access_key_ids.iter().map(|key| &**key));
        let deeds = uses.remove(number).unwrap_or_default();
        credentials.push(deeds.judged(node, *is_new, stopped(node)));
    }
    let is_unseen = |known: &&Credential| {
        let mut own = known.access_key_ids.iter();
        !known.access_key_ids.is_empty() && !own.any(|key| keys.contains(key.as_str()))
    };
    credentials.extend(plan.credentials.iter().filter(is_unseen).map(silent));
    credentials.sort_by(|left, right| {
        let rest = |one: &CredentialVerdict| (one.who.clone(), one.access_key_ids.clone());
        right.standing.cmp(&left.standing).then_with(|| rest(left).cmp(&rest(right)))
    });
    credentials
}

/// A credential that newer logs do not know.
fn silent(known: &Credential) -> CredentialVerdict {
    CredentialVerdict {
        who: known.principal_arn.clone().unwrap_or_else(|| known.principal_id.clone()),
        access_key_ids: known.access_key_ids.clone(),
        standing: Standing::Silent,
        is_new: false,
        stopped: None,
        last_success: None,
        last_denied: None,
        succeeded: Vec::new(),
    }
}

/// The credentials of the chain in `lineage`, and whether each is newer than the plan.
fn members(plan: &Plan, lineage: &Lineage<'_>) -> BTreeMap<usize, bool> {
    let keys: BTreeSet<&str> =
        plan.credentials.iter().flat_map(|one| &one.access_key_ids).map(String::as_str).collect();
    let sessions: BTreeSet<(&str, &str)> = plan
        .credentials
        .iter()
        .filter_map(|one| Some((one.principal_id.as_str(), one.created.as_deref()?)))
        .collect();
    let is_known = |node: &Node<'_>| {
        let has_key = node.access_key_ids.iter().any(|key| keys.contains(&**key));
        let date = node.creation_date().map(|date| date.to_string());
        has_key || date.is_some_and(|date| sessions.contains(&(&**node.principal_id(), &*date)))
    };
    let mut members: BTreeMap<usize, bool> = BTreeMap::new();
    for (number, node) in lineage.nodes().iter().enumerate() {
        if is_known(node) {
            members.insert(number, false);
        }
    }
    let known: Vec<usize> = members.keys().copied().collect();
    for root in known {
        // What lies below a credential that was walked already was walked with it.
        let is_below = lineage
            .node(root)
            .and_then(|node| node.parent)
            .is_some_and(|parent| members.contains_key(&parent));
        if is_below {
            continue;
        }
        for below in lineage.descendants(root) {
            members.entry(below).or_insert(true);
        }
    }
    members
}

/// Whether `setting` stops the credential `node`.
fn stops(setting: &Setting, node: &Node<'_>) -> bool {
    let user = Arn::parse(&node.arn).and_then(|arn| arn.user_name());
    let is_there = setting.account_id == *node.account_id;
    match setting.on {
        SettingOn::RolePolicy => {
            let is_revocation = !setting.detail.starts_with("RolecallNoChain");
            is_revocation && node.role() == Some((&setting.account_id, &setting.name))
        }
        SettingOn::AccessKey => node.access_key_ids.contains(setting.detail.as_str()),
        SettingOn::AttachedUserPolicy => is_there && user == Some(&setting.name),
        SettingOn::UserPolicy => {
            is_there
                && user == Some(&setting.name)
                && !node.is_long_term()
                && !setting.detail.starts_with("RolecallNoChain")
        }
        SettingOn::InstanceProfile
        | SettingOn::LoginProfile
        | SettingOn::OrganizationPolicy
        | SettingOn::TrustPolicy => false,
    }
}

/// What one credential did.
#[derive(Default)]
struct Used {
    succeeded: Vec<(Timestamp, Count, String, Arc<str>)>,
    last_denied: Option<Timestamp>,
}

impl Used {
    fn add(&mut self, view: &evidence::UseView<'_>) {
        let last = view.events.last;
        if !view.error_code.is_empty() {
            self.last_denied = self.last_denied.max(Some(last));
        } else if &**view.event_name != ALWAYS {
            let call = format!("{}:{}", view.event_source, view.event_name);
            self.succeeded.push((last, view.events.count(), call, Arc::clone(view.source.address)));
        }
    }

    fn judged(
        mut self,
        node: &Node<'_>,
        is_new: bool,
        stopped: Option<Timestamp>,
    ) -> CredentialVerdict {
        self.succeeded.sort_by(|left, right| right.cmp(left));
        let last = self.succeeded.first().map(|(last, ..)| *last);
        let standing = match (last, stopped) {
            (Some(last), Some(stopped)) if last.seconds_since(stopped) <= 0 => {
                if self.last_denied.is_some() { Standing::Denied } else { Standing::Silent }
            }
            (Some(last), Some(stopped)) if last.seconds_since(stopped) <= SPREAD_SECS => {
                Standing::Spreading
            }
            (Some(_), _) => Standing::StillSucceeding,
            (None, _) if self.last_denied.is_some() => Standing::Denied,
            (None, _) => Standing::Silent,
        };
        let who = if node.arn.is_empty() { node.principal_id() } else { &node.arn };
        CredentialVerdict {
            who: who.to_string(),
            access_key_ids: node.access_key_ids.iter().map(ToString::to_string).collect(),
            standing,
            is_new,
            stopped: stopped.map(|time| time.to_string()),
            last_success: last.map(|time| time.to_string()),
            last_denied: self.last_denied.map(|time| time.to_string()),
            succeeded: self
                .succeeded
                .iter()
                .take(CALLS_MAX)
                .map(|(last, count, call, address)| {
                    format!("{call}, {count} times until {last}, from {address}")
                })
                .collect(),
        }
    }
}
