//! The walk along one chain of digests, from the newest to the oldest.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::mem;

use cloudtrail::Timestamp;

use crate::chain::{Chain, DigestResult, Gap, GapCause};
use crate::digest::LogFile;
use crate::judge::{Judged, Link, Trust, judge};
use crate::keys::PublicKeys;
use crate::name::{ChainName, DigestName, Location};
use crate::object::Fetched;
use crate::verdict::{Doubt, Fault, Verdict};

/// How long after the end of a window a digest may end that names log files of the window: one
/// hour, as with the AWS CLI.
const SPILL_SECS: i64 = 3600;

/// A walk along one chain of digests.
///
/// It takes digests of one [`ChainName`] that were listed somewhere, follows from each to the one
/// that it names as the digest before it, and where a chain begins or breaks goes on with the next
/// older one of the list, as the AWS CLI does. At the end it visits those of the list that no
/// digest led to. Each object is wanted once, so that no chain is endless.
#[derive(Debug)]
pub struct Walk {
    name: ChainName,
    /// Names of the list with their places in it, by time; the newest is the last.
    listed: Vec<(DigestName, usize)>,
    is_visited: Vec<bool>,
    /// Digests beyond the list that were wanted.
    asked: BTreeSet<Location>,
    window: Window,
    /// Hashes of digests whose log files were told: copies of one digest tell them once.
    told: BTreeSet<[u8; 32]>,
    /// By the name of the older digest.
    links: BTreeMap<DigestName, Link>,
    next: Option<Step>,
    /// Begin of the last digest that was believed, until it is known what comes before it.
    last_start: Option<Timestamp>,
    /// Whether digests before it were missing or invalid.
    is_broken: bool,
    is_sweeping: bool,
    chain: Chain,
}

/// Which digests to visit: those that end within it, or an hour later.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Window {
    /// First moment; from the beginning where there is none.
    pub from: Option<Timestamp>,
    /// Last moment; to the end where there is none.
    pub to: Option<Timestamp>,
}

/// The digest that a walk goes on with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// The one at this place of the list that the walk was given.
    Listed(usize),
    /// One that is not in the list, by the place that a newer digest names.
    Linked(Location),
}

/// What a walk says of the digest that it was given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Visited {
    /// Place of the digest in [`Chain::digests`].
    pub index: usize,
    /// The judgement.
    pub verdict: Verdict,
    /// The log files that it names; none where it is invalid, because then nobody knows who named
    /// them, and none where it is a copy of a digest that told them.
    pub log_files: Vec<LogFile>,
}

/// Fetches the digests that a walk wants.
pub trait DigestObjects {
    /// What came of fetching `wanted`.
    fn fetch(&mut self, wanted: &Wanted) -> Fetched;
}

#[derive(Clone, Debug)]
struct Step {
    name: DigestName,
    wanted: Wanted,
}

/// Walks to the end, and hands the log files of every digest on.
pub fn walk_chain(
    mut walk: Walk,
    objects: &mut dyn DigestObjects,
    keys: &mut PublicKeys<'_>,
    visit: &mut dyn FnMut(Visited),
) -> Chain {
    while let Some(wanted) = walk.wanted() {
        let fetched = objects.fetch(wanted);
        if let Some(visited) = walk.take(fetched, keys) {
            visit(visited);
        }
    }
    walk.finish()
}

impl Window {
    /// Whether a digest that ends at `end` may name log files of the window.
    fn holds(self, end: Timestamp) -> bool {
        let spilled = Timestamp(end.0.saturating_sub(SPILL_SECS));
        self.from.is_none_or(|from| end >= from) && self.to.is_none_or(|to| spilled <= to)
    }
}

impl Walk {
    /// A walk along the digests of `chain` that are in `list`. A name may be there more than once,
    /// as in two copies of a bucket: each copy is judged.
    pub fn new(chain: ChainName, list: &[DigestName], window: Window) -> Self {
        let named = list.iter().enumerate().filter(|(_, name)| name.chain == chain);
        let within = named.filter(|(_, name)| window.holds(name.end));
        let mut listed: Vec<_> = within.map(|(index, name)| (name.clone(), index)).collect();
        // Of copies, the first of the list is the last here, and so the one that is met first.
        listed.sort_by(|(left, at), (right, beside)| left.cmp(right).then(beside.cmp(at)));
        let mut walk = Self {
            is_visited: alloc::vec![false; list.len()],
            chain: Chain { name: chain.clone(), ..Chain::default() },
            name: chain,
            listed,
            asked: BTreeSet::new(),
            window,
            told: BTreeSet::new(),
            links: BTreeMap::new(),
            next: None,
            last_start: None,
            is_broken: false,
            is_sweeping: false,
        };
        walk.next = walk.older_than(None);
        walk
    }

    /// The digest to fetch next; none when the walk is over.
    pub fn wanted(&self) -> Option<&Wanted> {
        self.next.as_ref().map(|step| &step.wanted)
    }

    /// Judges the digest that was wanted, and goes on. Does nothing when none was.
    pub fn take(&mut self, fetched: Fetched, keys: &mut PublicKeys<'_>) -> Option<Visited> {
        let step = self.next.take()?;
        if let Wanted::Listed(index) = step.wanted
            && let Some(is_visited) = self.is_visited.get_mut(index)
        {
            *is_visited = true;
        }
        let (source, judged) = match fetched {
            Fetched::Found(object) => {
                let link = self.links.get(&step.name);
                let judged = judge(&object, &step.name, link, keys);
                (object.source, judged)
            }
            Fetched::NotFound => (step.place(), judged(Verdict::Invalid(Fault::NotFound))),
            Fetched::Unread { source, why } => {
                (source, judged(Verdict::Unverified(Doubt::Unread(why))))
            }
        };
        self.record(&step, source, &judged);
        self.go_on(&step.name, &judged);
        Some(self.visited(judged))
    }

    /// The chain, as far as the walk came.
    pub fn finish(self) -> Chain {
        self.chain
    }

    /// Keeps the judgement and what the digest says of the one before it.
    fn record(&mut self, step: &Step, source: String, judged: &Judged) {
        let digest = judged.digest.as_ref();
        let linked = match &step.wanted {
            Wanted::Linked(location) => Some(location),
            Wanted::Listed(_) => None,
        };
        self.chain.digests.push(DigestResult {
            source,
            location: digest.map(|digest| &digest.location).or(linked).cloned(),
            name: step.name.clone(),
            hour: digest.map(|digest| (digest.start, digest.end)),
            verdict: judged.verdict.clone(),
            signature_from: judged.signature_from,
            is_linked: self.links.contains_key(&step.name),
            is_start: digest.is_some_and(|digest| digest.previous.is_none()),
            log_files: digest.map_or(0, |digest| digest.log_files.len()),
        });
        let named = digest.and_then(|digest| Some((digest, digest.previous.as_ref()?)));
        if let Some((digest, previous)) = named
            && let Some(name) = DigestName::parse(previous.location.name())
        {
            let signature = digest.previous_signature.clone();
            let trust = Trust::of(&judged.verdict);
            let link = Link { signature, sha256: previous.sha256.clone(), trust };
            if self.links.get(&name).is_none_or(|known| known.trust < trust) {
                self.links.insert(name, link);
            }
        }
    }

    fn visited(&mut self, judged: Judged) -> Visited {
        let Judged { verdict, digest, .. } = judged;
        let believed = digest.filter(|_| verdict.fault().is_none());
        let untold = believed.filter(|digest| self.told.insert(digest.sha256));
        let log_files = untold.map(|digest| digest.log_files).unwrap_or_default();
        Visited { index: self.chain.digests.len().saturating_sub(1), verdict, log_files }
    }

    /// Finds the digest that comes after `name`, which was judged, on the way to the oldest.
    fn go_on(&mut self, name: &DigestName, judged: &Judged) {
        let believed = judged.digest.as_ref().filter(|_| judged.verdict.fault().is_none());
        if let Some(digest) = believed {
            self.close_gap(digest.end);
            self.last_start = Some(digest.start);
            if self.window.from.is_some_and(|from| digest.start < from) {
                return;
            }
        }
        let previous = believed.and_then(|digest| digest.previous.as_ref());
        self.next = previous.and_then(|previous| self.linked(&previous.location));
        if self.next.is_some() {
            return;
        }
        self.next = self.older_than(Some(name));
        match believed {
            Some(digest) if digest.previous.is_none() => self.begin_of_chain(digest.start),
            Some(_) | None => self.is_broken = true,
        }
        if self.next.is_none() {
            self.is_sweeping = true;
            self.next = self.older_than(None);
        }
    }

    /// Keeps the interval before the first digest of a chain, back to the end of the next older
    /// digest, as its name tells it.
    fn begin_of_chain(&mut self, until: Timestamp) {
        if let Some(step) = &self.next
            && !self.is_sweeping
        {
            let from = step.name.end;
            if from < until {
                self.chain.gaps.push(Gap { from, until, cause: GapCause::ChainStart });
            }
            self.last_start = Some(from.min(until));
        }
    }

    /// Keeps the interval between the end of a digest and the begin of the one before it on the
    /// walk, where digests between the two were lost.
    fn close_gap(&mut self, from: Timestamp) {
        let is_broken = mem::take(&mut self.is_broken) && !self.is_sweeping;
        if let Some(until) = self.last_start.filter(|until| is_broken && from < *until) {
            self.chain.gaps.push(Gap { from, until, cause: GapCause::DigestsLost });
        }
    }

    /// The digest that a newer one names, unless it was visited.
    fn linked(&mut self, location: &Location) -> Option<Step> {
        // A name of another chain is none that CloudTrail would write.
        let name = DigestName::parse(location.name()).filter(|name| name.chain == self.name)?;
        let end = self.listed.partition_point(|(listed, _)| *listed <= name);
        let copies = self.listed.iter().take(end).rev().take_while(|(listed, _)| *listed == name);
        let mut copies = copies.map(|(_, index)| *index).peekable();
        if copies.peek().is_some() {
            let index = copies.find(|index| !self.visited_at(*index))?;
            return Some(Step { name, wanted: Wanted::Listed(index) });
        }
        let is_new = self.asked.insert(location.clone());
        is_new.then(|| Step { name, wanted: Wanted::Linked(location.clone()) })
    }

    /// The newest digest of the list that was not visited and is older than `name`.
    fn older_than(&self, name: Option<&DigestName>) -> Option<Step> {
        let end = name.map_or(self.listed.len(), |name| {
            self.listed.partition_point(|(listed, _)| listed.end < name.end)
        });
        let mut older = self.listed.iter().take(end).rev();
        let unvisited = older.find(|(_, index)| !self.visited_at(*index));
        unvisited.map(|(name, index)| Step { name: name.clone(), wanted: Wanted::Listed(*index) })
    }

    fn visited_at(&self, index: usize) -> bool {
        self.is_visited.get(index).copied().unwrap_or(true)
    }
}

fn judged(verdict: Verdict) -> Judged {
    Judged { verdict, digest: None, signature_from: None }
}

impl Step {
    /// How a digest that is not there is named to people.
    fn place(&self) -> String {
        match &self.wanted {
            Wanted::Linked(location) => location.to_string(),
            Wanted::Listed(_) => self.name.to_string(),
        }
    }
}
