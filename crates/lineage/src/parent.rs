//! Finds the node that handed out each node.

use alloc::vec::Vec;

use cloudtrail::{Arn, Timestamp};
use evidence::{ArtifactKind, Change, Evidence, IdentityKind, IssuanceKind};
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::Lineage;
use crate::issued::Issued;
use crate::node::{Join, Node, NodeKey, Step};

/// Longest life of a role session, in seconds (IAM user guide: 12 hours).
const SESSION_SECS_MAX: i64 = 12 * 3600;

/// Days in which whoever gave a user its password is held to be behind the user's sign-ins.
///
/// Users replace a password that somebody else knows, and `ChangePassword` is no lasting change.
const PASSWORD_DAYS: i64 = 7;

/// Nodes that may have made a call, by principal.
type ByPrincipal<'a> = HashMap<&'a str, Candidates, RandomState>;

/// Nodes of one principal with the times they were created at, oldest first.
#[derive(Default)]
struct Candidates {
    /// Sessions, which end.
    sessions: Vec<(Option<Timestamp>, usize)>,
    /// Long-term keys, and what bears no date: they live until somebody deletes them.
    lasting: Vec<(Option<Timestamp>, usize)>,
}

/// A parent, what leads from it, and how sure that is.
struct Found {
    parent: usize,
    step: Step,
    join: Join,
}

/// Attaches every node to the node that handed it out.
pub(crate) fn attach<'e>(lineage: &mut Lineage<'e>, evidence: &'e Evidence) {
    let found: Vec<Option<Found>> = {
        let principals = Principals::of(lineage, evidence);
        (0..lineage.nodes.len()).map(|index| principals.parent_of(lineage, index)).collect()
    };
    for (node, found) in lineage.nodes.iter_mut().zip(found) {
        let Some(found) = found else {
            continue;
        };
        node.parent = Some(found.parent);
        node.step = found.step;
        node.join = node.join.min(found.join);
    }
}

/// What a caller without key can be found by.
struct Principals<'a> {
    by_id: ByPrincipal<'a>,
    by_arn: ByPrincipal<'a>,
    /// Passwords by account and user.
    passwords: HashMap<(&'a str, &'a str), Vec<&'a Change>, RandomState>,
}

impl<'a> Principals<'a> {
    fn of(lineage: &'a Lineage<'_>, evidence: &'a Evidence) -> Self {
        let mut by_id = ByPrincipal::default();
        let mut by_arn = ByPrincipal::default();
        for (index, node) in lineage.nodes.iter().enumerate() {
            let is_own = !matches!(node.key, NodeKey::Foreign { .. });
            if is_own && !node.principal_id().is_empty() {
                by_id.entry(node.principal_id()).or_default().push(node, index);
            }
            if is_own && !node.arn.is_empty() {
                by_arn.entry(&node.arn).or_default().push(node, index);
            }
        }
        by_id.values_mut().chain(by_arn.values_mut()).for_each(Candidates::sort);
        let mut passwords: HashMap<_, Vec<&Change>, _> = HashMap::default();
        for change in evidence.changes().filter(|c| c.artifact == ArtifactKind::LoginProfile) {
            let account = account_of(change);
            passwords.entry((account, &*change.name)).or_default().push(change);
        }
        Self { by_id, by_arn, passwords }
    }

    fn parent_of(&self, lineage: &Lineage<'_>, index: usize) -> Option<Found> {
        let issued = lineage.nodes.get(index)?.issued.as_ref()?;
        if issued.service().is_some() {
            return None;
        }
        let found = match issued.issuance.kind {
            IssuanceKind::AssumeRole | IssuanceKind::AssumeRoot => {
                self.caller(lineage, issued, Step::Hop)
            }
            IssuanceKind::CreateAccessKey
            | IssuanceKind::GetFederationToken
            | IssuanceKind::GetSessionToken
            | IssuanceKind::GetSigninToken => self.caller(lineage, issued, Step::Continues),
            IssuanceKind::ConsoleLogin => {
                self.password_of(lineage, issued).or_else(|| self.signed_in(issued, index))
            }
            IssuanceKind::SwitchRole => self.switched(issued, index),
            IssuanceKind::AssumeRoleWithSaml
            | IssuanceKind::AssumeRoleWithWebIdentity
            | IssuanceKind::CreateSession
            | IssuanceKind::GetCredentialsForIdentity
            | IssuanceKind::GetRoleCredentials => None,
        };
        found.filter(|found| found.parent != index)
    }

    fn caller(&self, lineage: &Lineage<'_>, issued: &Issued<'_>, step: Step) -> Option<Found> {
        let caller = &issued.issuance.caller;
        if caller.kind == IdentityKind::AwsAccount {
            let time = issued.issuance.event.event_time;
            let known = self.by_id.get(&*caller.principal_id);
            let latest = known.and_then(|known| known.latest(time, SESSION_SECS_MAX, None));
            if let Some((parent, is_only)) = latest {
                let join = if is_only { Join::Strong } else { Join::Weak };
                return Some(Found { parent, step, join });
            }
        }
        let parent = lineage.of_identity(caller)?;
        Some(Found { parent, step, join: Join::Exact })
    }

    /// The session that a console sign-in of a role or federated user goes on from.
    fn signed_in(&self, issued: &Issued<'_>, index: usize) -> Option<Found> {
        let caller = &issued.issuance.caller;
        let goes_on =
            matches!(caller.kind, IdentityKind::AssumedRole | IdentityKind::FederatedUser);
        let nodes = self.by_id.get(&*caller.principal_id).filter(|_| goes_on)?;
        let time = issued.issuance.event.event_time;
        let (parent, is_only) = nodes.latest(time, SESSION_SECS_MAX * 3, Some(index))?;
        let join = if is_only { Join::Strong } else { Join::Weak };
        Some(Found { parent, step: Step::Continues, join })
    }

    /// Whoever gave the user the password that it signs in with.
    fn password_of(&self, lineage: &Lineage<'_>, issued: &Issued<'_>) -> Option<Found> {
        let caller = &issued.issuance.caller;
        let arn = Arn::parse(&caller.arn)?;
        let given = self.passwords.get(&(arn.account_id, arn.user_name()?))?;
        let time = issued.issuance.event.event_time;
        // Changes come by time.
        let n_before = given.partition_point(|change| change.event.event_time <= time);
        let last = given.get(..n_before)?.last()?;
        let is_recent = time.seconds_since(last.event.event_time) <= PASSWORD_DAYS * 24 * 3600;
        let parent = lineage.of_identity(&last.caller).filter(|_| is_recent)?;
        Some(Found { parent, step: Step::Continues, join: Join::Weak })
    }

    /// The console session that switched its role.
    fn switched(&self, issued: &Issued<'_>, index: usize) -> Option<Found> {
        let from = &issued.issuance.switch_from;
        let nodes = self.by_arn.get(&**from).filter(|_| !from.is_empty())?;
        let time = issued.issuance.event.event_time;
        let (parent, _) = nodes.latest(time, SESSION_SECS_MAX, Some(index))?;
        Some(Found { parent, step: Step::Hop, join: Join::Weak })
    }
}

fn account_of(change: &Change) -> &str {
    let account = &change.event.recipient_account_id;
    if account.is_empty() { &change.caller.account_id } else { account }
}

impl Candidates {
    fn push(&mut self, node: &Node<'_>, index: usize) {
        let created = node.created();
        let lasts = created.is_none() || node.is_long_term();
        let nodes = if lasts { &mut self.lasting } else { &mut self.sessions };
        nodes.push((created, index));
    }

    fn sort(&mut self) {
        self.sessions.sort_unstable();
        self.lasting.sort_unstable();
    }

    /// The node other than `except` that was created last before `time` and may still live, and
    /// whether it is the only one.
    fn latest(
        &self,
        time: Timestamp,
        life_secs: i64,
        except: Option<usize>,
    ) -> Option<(usize, bool)> {
        let before = |nodes: &[(Option<Timestamp>, usize)]| {
            nodes.partition_point(|(created, _)| *created <= Some(time))
        };
        let lives = |created: Option<Timestamp>| {
            created.is_none_or(|created| time.seconds_since(created) <= life_secs)
        };
        let sessions = self.sessions.iter().take(before(&self.sessions)).rev();
        let sessions = sessions.take_while(|(created, _)| lives(*created));
        let lasting = self.lasting.iter().take(before(&self.lasting)).rev();
        // Two of each tell which one is the last and whether there is another.
        let others = |node: &&(Option<Timestamp>, usize)| Some(node.1) != except;
        let mut found: Vec<_> =
            sessions.filter(others).take(2).chain(lasting.filter(others).take(2)).collect();
        found.sort_unstable();
        Some((found.last()?.1, found.len() == 1))
    }
}
