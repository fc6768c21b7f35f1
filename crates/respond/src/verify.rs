//! What newer logs say about a response: does anything of the chain still work?

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cloudtrail::Timestamp;
use evidence::Evidence;
use lineage::{Lineage, Node};
use serde::Serialize;

use crate::plan::Plan;
use crate::step::Setting;
use crate::watch::Watch;

mod chain;
mod seen;
mod sought;
mod undone;

use chain::{Chain, stops};
use seen::Seen;
pub(crate) use sought::denials;
use undone::{Known, Meaning};
pub use undone::{Undone, Untold};

/// Seconds that a change of IAM takes to reach every place ("a few minutes", IAM user guide).
const SPREAD_SECS: i64 = 300;

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
    /// No call of it failed, and none succeeded since it was stopped.
    Silent,
    /// A call of it failed, and none succeeded since it was stopped.
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
        if self.verify_again.is_none() {
            return 0;
        }
        self.taken_back.iter().filter(|undone| undone.is_early).count()
    }
}

/// What `evidence` and `watch`, read from newer logs, say about the response `plan`; `unread` are
/// parts of these logs that could not be read.
///
/// The logs may hold the incident as well: what was set since it began is then the response.
pub fn verify(plan: &Plan, evidence: &Evidence, watch: &Watch, unread: Vec<String>) -> Verdict {
    let lineage = Lineage::of(evidence);
    let chain = Chain::of(plan, &lineage);
    let known = Known::of(plan, watch, chain.keys());
    let stopped = |node: &Node<'_>| {
        let found = known.seen.iter().filter(|seen| stops(seen.sought.setting, node));
        found.filter_map(Seen::set_at).min()
    };
    let credentials = chain.credentials(evidence, known.since, &stopped);
    let undone = known.undone();
    let meant = |wanted: Meaning| {
        let found = undone.iter().filter(|(meaning, _)| *meaning == wanted);
        found.map(|(_, undone)| undone.clone()).collect()
    };
    let span = evidence.span();
    let lives = known.all_live_until();
    let missing = known.seen.iter().filter(|one| one.sought.is_wanted && !known.is_set(one));
    let is_heard = credentials.iter().any(|one| one.standing != Standing::Silent);
    let is_set = known.seen.iter().any(|seen| seen.set_at().is_some());
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
        untold: known.untold(),
        is_of_store: watch.is_of_store(),
        is_unanswered: !is_heard && !is_set,
        not_seen: missing.map(|seen| seen.sought.setting.clone()).collect(),
        credentials,
    };
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
