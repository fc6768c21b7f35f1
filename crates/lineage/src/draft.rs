//! The nodes of a lineage before anything is joined.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem;

use cloudtrail::Arn;
use evidence::{Credential, Evidence, IdentityKind, IssuanceKind};
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use indexmap::{IndexMap, IndexSet};

use crate::fragments;
use crate::issued::Issued;
use crate::known::{Keys, Known};
use crate::node::{Join, Node, NodeKey, Step};

/// Seconds by which a creation date may differ from the time of its issuance.
///
/// They were equal in every case that could be checked; a second of skew is thinkable.
pub(crate) const SKEW_SECS: i64 = 1;

/// Nodes, and the credentials that they stand for.
pub(crate) struct Drafts<'e> {
    pub(crate) nodes: Vec<Node<'e>>,
    pub(crate) by_credential: Vec<Option<usize>>,
    /// Whether a node was used at all, or only handed out.
    pub(crate) is_used: Vec<bool>,
}

/// What is known of one node.
#[derive(Default)]
pub(crate) struct Entry<'e> {
    pub(crate) credentials: Vec<(u32, &'e Credential)>,
    pub(crate) attributes: Known<'e>,
    issued: Vec<usize>,
}

/// What is known of each node, in no order that may be relied on.
pub(crate) type Entries<'e> = IndexMap<NodeKey, Entry<'e>, RandomState>;

/// What is known of each credential that was used.
pub(crate) fn used(evidence: &Evidence) -> Entries<'_> {
    let mut entries = Entries::default();
    // Many keys are handed out and never used.
    entries.reserve(evidence.credentials().len().max(evidence.issuances().len()));
    for (number, (credential, attributes)) in evidence.credentials().enumerate() {
        let Some(key) = key_of(credential) else {
            continue;
        };
        let entry = entries.entry(key).or_default();
        entry.credentials.push((number as u32, credential));
        entry.attributes.merge(Known::One(attributes));
    }
    fragments::fold(&mut entries);
    entries
}

/// One node for each credential that was `used` or handed out; there are `n_credentials` of the
/// evidence.
pub(crate) fn drafts<'e>(
    mut used: Entries<'e>,
    n_credentials: usize,
    issued: &[Issued<'e>],
) -> Drafts<'e> {
    assign(&mut used, issued);
    number(used, n_credentials, issued)
}

impl<'e> Entry<'e> {
    /// The credential that tells most.
    fn fullest(&self) -> Option<&'e Credential> {
        let credentials = self.credentials.iter().map(|(_, credential)| *credential);
        credentials.min_by_key(|credential| {
            let is_anybody = credential.principal_id.is_empty();
            let is_anything = credential.kind == IdentityKind::Unknown;
            (is_anybody, is_anything, credential.arn.is_empty(), *credential)
        })
    }
}

/// The node that a credential belongs to, where it is followed.
fn key_of(credential: &Credential) -> Option<NodeKey> {
    if !credential.kind.is_followed() {
        return None;
    }
    let principal_id = Arc::clone(&credential.principal_id);
    let access_key_id = Arc::clone(&credential.access_key_id);
    if credential.kind == IdentityKind::AwsAccount {
        let account_id = Arc::clone(&credential.account_id);
        return Some(NodeKey::Foreign { principal_id, account_id });
    }
    let creation_date = credential.creation_date;
    if cloudtrail::is_long_term(&access_key_id) {
        Some(NodeKey::LongTerm { access_key_id, principal_id })
    } else if !access_key_id.is_empty() || creation_date.is_some() {
        Some(NodeKey::Temporary { principal_id, creation_date, access_key_id })
    } else if principal_id.is_empty() && credential.arn.is_empty() {
        None
    } else {
        Some(NodeKey::Principal { principal_id, arn: Arc::clone(&credential.arn) })
    }
}

/// Finds the node of every hand-out with a key, and makes one where the key was never used.
fn assign<'e>(entries: &mut Entries<'e>, issued: &[Issued<'e>]) {
    let mut by_key: HashMap<Arc<str>, Vec<usize>, RandomState> = HashMap::default();
    for (number, key) in entries.keys().enumerate() {
        if let NodeKey::LongTerm { access_key_id, .. } | NodeKey::Temporary { access_key_id, .. } =
            key
        {
            by_key.entry(Arc::clone(access_key_id)).or_default().push(number);
        }
    }
    for (number, handed_out) in issued.iter().enumerate().filter(|(_, issued)| issued.has_key()) {
        let candidates = by_key.get(&handed_out.issuance.access_key_id);
        let mut is_used = false;
        // More than one fits where records tell too little of a key to see that they are of one.
        for candidate in candidates.into_iter().flatten() {
            let candidate = entries.get_index_mut(*candidate);
            if let Some((_, entry)) = candidate.filter(|(key, entry)| fits(key, entry, handed_out))
            {
                entry.issued.push(number);
                is_used = true;
            }
        }
        if !is_used {
            let entry = entries.entry(key_of_unused(handed_out));
            entry.or_default().issued.push(number);
        }
    }
}

fn key_of_unused(issued: &Issued<'_>) -> NodeKey {
    let access_key_id = Arc::clone(&issued.issuance.access_key_id);
    let is_caller = issued.issuance.kind == IssuanceKind::GetSessionToken;
    let caller = &issued.issuance.caller.principal_id;
    let principal_id = Arc::clone(if is_caller { caller } else { issued.principal_id() });
    if cloudtrail::is_long_term(&access_key_id) {
        return NodeKey::LongTerm { access_key_id, principal_id };
    }
    let creation_date = Some(issued.issuance.event.event_time);
    NodeKey::Temporary { principal_id, creation_date, access_key_id }
}

/// Whether the uses under `key` can be of the credential that was handed out: AWS uses key ids
/// again, so that the key alone does not tell.
fn fits(key: &NodeKey, entry: &Entry<'_>, issued: &Issued<'_>) -> bool {
    let issuance = issued.issuance;
    let time = issuance.event.event_time;
    let is_in_time = match key {
        NodeKey::Temporary { creation_date: Some(date), .. } => {
            date.seconds_since(time).abs() <= SKEW_SECS
        }
        NodeKey::Temporary { creation_date: None, .. }
        | NodeKey::Foreign { .. }
        | NodeKey::LongTerm { .. }
        | NodeKey::Principal { .. } => true,
    };
    let fullest = entry.fullest();
    let user_name = entry.attributes.user_name.as_deref();
    is_in_time && fullest.is_some_and(|credential| is_same_principal(credential, user_name, issued))
}

fn is_same_principal(
    credential: &Credential,
    user_name: Option<&str>,
    issued: &Issued<'_>,
) -> bool {
    let issuance = issued.issuance;
    if issuance.kind == IssuanceKind::CreateAccessKey {
        let user = Arn::parse(&credential.arn).and_then(|arn| arn.user_name()).or(user_name);
        return user
            .is_none_or(|user| issuance.user_name.is_empty() || *issuance.user_name == *user);
    }
    let is_caller = issuance.kind == IssuanceKind::GetSessionToken;
    let principal_id =
        if is_caller { &issuance.caller.principal_id } else { issued.principal_id() };
    if !principal_id.is_empty() && !credential.principal_id.is_empty() {
        return *principal_id == credential.principal_id;
    }
    // EC2 and Lambda leave `assumedRoleUser` out: role and session name decide.
    let used = Arn::parse(&credential.arn).and_then(|arn| arn.role_session());
    let asked = Arn::parse(&issuance.role_arn).and_then(|arn| arn.role_name());
    used.is_none_or(|used| {
        asked.is_none_or(|role| role == used.role_name)
            && (issuance.role_session_name.is_empty()
                || *issuance.role_session_name == *used.role_session_name)
    })
}

fn number<'e>(mut entries: Entries<'e>, n_credentials: usize, issued: &[Issued<'e>]) -> Drafts<'e> {
    let mut drafts = Drafts {
        nodes: Vec::with_capacity(entries.len()),
        by_credential: alloc::vec![None; n_credentials],
        is_used: Vec::with_capacity(entries.len()),
    };
    for (index, at) in in_order(&entries).into_iter().enumerate() {
        let Some((key, entry)) = entries.get_index_mut(at) else {
            continue;
        };
        for (number, _) in &entry.credentials {
            if let Some(slot) = drafts.by_credential.get_mut(*number as usize) {
                *slot = Some(index);
            }
        }
        // Of two hand-outs of one key to one principal the one at the creation date counts.
        let date = key.creation_date();
        let distance = |number: &&usize| {
            let time = issued.get(**number).map(|issued| issued.issuance.event.event_time);
            (date.unwrap_or_default().seconds_since(time.unwrap_or_default()).abs(), **number)
        };
        let best = entry.issued.iter().min_by_key(distance).and_then(|number| issued.get(*number));
        drafts.is_used.push(!entry.credentials.is_empty());
        drafts.nodes.push(node(key.clone(), mem::take(entry), best, index));
    }
    drafts
}

/// Where the entries lie, in the order of their keys.
///
/// Many keys begin with the same text, so that texts are put in order first and compared once.
fn in_order(entries: &Entries<'_>) -> Vec<usize> {
    let mut firsts: IndexSet<&str, RandomState> = IndexSet::default();
    let first_of: Vec<usize> =
        entries.keys().map(|key| firsts.insert_full(first_text(key)).0).collect();
    let mut sorted: Vec<(&str, usize)> = firsts.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let mut ranks = alloc::vec![0; sorted.len()];
    for (rank, (_, number)) in sorted.into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(number) {
            *slot = rank;
        }
    }
    let rank_of = |at: usize| first_of.get(at).and_then(|number| ranks.get(*number)).copied();
    let mut order: Vec<_> = entries
        .keys()
        .enumerate()
        .map(|(at, key)| ((kind_of(key), rank_of(at), key.creation_date()), key, at))
        .collect();
    order.sort_unstable_by(|(left, left_key, _), (right, right_key, _)| {
        left.cmp(right).then_with(|| left_key.cmp(right_key))
    });
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// Place of the kind of `key` among the kinds.
const fn kind_of(key: &NodeKey) -> u8 {
    match key {
        NodeKey::Foreign { .. } => 0,
        NodeKey::LongTerm { .. } => 1,
        NodeKey::Principal { .. } => 2,
        NodeKey::Temporary { .. } => 3,
    }
}

/// The text that keys of one kind are compared by first.
fn first_text(key: &NodeKey) -> &str {
    match key {
        NodeKey::LongTerm { access_key_id, .. } => access_key_id,
        NodeKey::Foreign { principal_id, .. }
        | NodeKey::Principal { principal_id, .. }
        | NodeKey::Temporary { principal_id, .. } => principal_id,
    }
}

fn node<'e>(key: NodeKey, entry: Entry<'e>, issued: Option<&Issued<'e>>, index: usize) -> Node<'e> {
    let credential = entry.fullest();
    let issued_arn = issued.map(Issued::principal_arn).filter(|arn| !arn.is_empty());
    let used_arn = credential.map(|credential| &credential.arn).filter(|arn| !arn.is_empty());
    let arn = used_arn.or(issued_arn).cloned().unwrap_or_default();
    let used_account = credential.map(|c| &c.account_id).filter(|account| !account.is_empty());
    let account_id = used_account.cloned().or_else(|| account_of(&arn, issued)).unwrap_or_default();
    let is_dated = matches!(key, NodeKey::Temporary { creation_date: Some(_), .. });
    let is_one_of_several = !is_dated && entry.issued.len() > 1;
    let mut access_key_ids = Keys::default();
    if let NodeKey::LongTerm { access_key_id, .. } | NodeKey::Temporary { access_key_id, .. } = &key
        && !access_key_id.is_empty()
    {
        access_key_ids.insert(Arc::clone(access_key_id));
    }
    Node {
        key,
        kind: credential.map(|credential| credential.kind).unwrap_or_default(),
        arn,
        account_id,
        unused_key_id: access_key_ids.first().filter(|_| credential.is_none()).cloned(),
        access_key_ids,
        attributes: entry.attributes,
        issued: issued.cloned(),
        join: if is_one_of_several { Join::Weak } else { Join::Exact },
        parent: None,
        step: Step::Origin,
        children: Vec::new(),
        root: index,
        hop: 0,
        calls: 0,
        chained_calls: 0,
        is_refresh: false,
        is_root_session: false,
        is_from_temporary: false,
        origin: None,
        role: None,
    }
}

/// Account of a credential that was never used.
fn account_of(arn: &str, issued: Option<&Issued<'_>>) -> Option<Arc<str>> {
    let of_arn = |arn: &str| Arn::parse(arn).map(|arn| Arc::from(arn.account_id));
    let issuance = issued?.issuance;
    of_arn(arn)
        .or_else(|| of_arn(&issuance.role_arn))
        .or_else(|| of_arn(&issuance.caller.arn))
        .or_else(|| Some(Arc::clone(&issuance.event.recipient_account_id)))
}
