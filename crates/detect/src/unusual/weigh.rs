//! How unusual things add up.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::bits::{BIT, log2};
use super::feature::{Category, Feature, Group};
use super::population::Seen;

/// Surprise from which on a thing is rare: less than one session in 32.
pub(crate) const RARE: u32 = 5 * BIT;

/// Surprise from which on taking a role that the origin never had is enough by itself: less than
/// one session in 64.
pub(crate) const PATH_ALONE: u32 = 6 * BIT;

/// Services that were never called before from which on nothing else has to coincide.
const SPREAD_MIN: usize = 3;

/// Calls that were never made before of which a new version of a program makes no more.
const VERSION_CALLS_MAX: usize = 3;

/// The step of [`Category::Denials`] from which on denials are enough: eight distinct ones.
const STORM: u32 = 3;

/// The step of [`Category::Secrets`] from which on they are enough: eight, or four of who never
/// read any.
const HAUL: u32 = 3;

/// Sessions without any secret from which on the first one is enough by itself: a program has as
/// many, and people hardly do.
const READER_MIN: u32 = 64;

/// Surprise below which a thing is not told.
pub(crate) const TOLD: u32 = 3 * BIT;

/// What one group can add at most.
const GROUP_MAX: u32 = 12 * BIT;

/// What many rare things of one category add at most.
const MANY_MAX: u32 = 3 * BIT;

/// Surprise of one group from which on it is told without another.
const ALONE: u32 = 10 * BIT;

/// Surprise altogether, in sixteenths of a bit, from which on what coincides is medium, unless the
/// settings say otherwise.
pub const MEDIUM: u32 = 12 * BIT;

/// One unusual thing about a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) feature: Feature,
    /// The node whose session shows it.
    pub(crate) node: usize,
    /// Its surprise.
    pub(crate) surprise: u32,
    /// In the past of the same origin on the same path.
    pub(crate) own: Option<Seen>,
    /// In sessions of the same role.
    pub(crate) role: Option<Seen>,
    /// In sessions of its peers.
    pub(crate) peers: Option<Seen>,
    /// In sessions of its kind, where they stand in for a past.
    pub(crate) everyone: Option<Seen>,
}

impl Part {
    /// Whether the same origin never did it before, nor anybody with the same role.
    pub(crate) fn is_new(&self) -> bool {
        let past = [self.own, self.role, self.everyone];
        past.into_iter().flatten().all(|seen| seen.with == 0)
    }
}

/// A category with its most unusual thing.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) category: Category,
    /// Everything of the category that is as surprising as anything.
    pub(crate) parts: Vec<Part>,
    /// Other rare things of the category.
    pub(crate) n_others: usize,
    /// Distinct things of the category that nobody did before and that are enough to count them.
    pub(crate) n_new: usize,
    /// Distinct rare things of the category.
    pub(crate) n_distinct: usize,
    /// What the category comes to.
    pub(crate) surprise: u32,
}

/// Everything unusual about a unit, and how it adds up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weighed {
    /// By group, then most surprising first.
    pub(crate) lines: Vec<Line>,
    /// Each group and what it comes to, weightiest first.
    pub(crate) groups: Vec<(Group, u32)>,
    /// All of it.
    pub(crate) score: u32,
    /// Groups in which something is rare that was never done before.
    pub(crate) n_rare: usize,
}

impl Line {
    /// Whether it is one of the things that have to coincide: rare, and never done before by the
    /// same origin or with the same role.
    fn stands_alone(&self) -> bool {
        let is_new = self.parts.iter().any(Part::is_new);
        self.category.stands_alone() && self.surprise >= RARE && is_new
    }

    /// Whether more calls were denied at once than anybody ever had denied.
    fn is_storm(&self) -> bool {
        let is_many = |part: &Part| part.feature.value >= STORM;
        let is_denials = self.category == Category::Denials;
        is_denials && self.stands_alone() && self.parts.iter().any(is_many)
    }

    /// Whether more secrets were read at once than anybody ever read; a step fewer is enough where
    /// secrets are new altogether.
    fn is_haul(&self, is_new: bool) -> bool {
        let is_many = |part: &Part| part.feature.value + u32::from(is_new) >= HAUL;
        self.category == Category::Secrets && self.stands_alone() && self.parts.iter().any(is_many)
    }

    /// Whether who went without secrets for many sessions read one.
    fn is_first_secret(&self) -> bool {
        let past = |part: &Part| [part.own, part.role].into_iter().flatten().map(|seen| seen.of);
        let is_long = |part: &Part| past(part).any(|of| of >= READER_MIN);
        self.category == Category::Secret
            && self.stands_alone()
            && self.surprise >= PATH_ALONE
            && self.parts.iter().any(is_long)
    }
}

impl Weighed {
    pub(crate) fn of(parts: &[Part]) -> Self {
        let mut weighed = Self::default();
        for group in Group::ALL {
            let mut lines = lines(parts, group);
            let Some(first) = lines.first() else {
                continue;
            };
            weighed.n_rare += usize::from(lines.iter().any(Line::stands_alone));
            // What comes along with the most surprising thing is less of a surprise.
            let others: u32 = lines.iter().skip(1).map(|line| line.surprise / 2).sum();
            let comes_to = first.surprise.saturating_add(others).min(GROUP_MAX);
            let is_twice =
                matches!(group, Group::Path | Group::Secrets) || lines.iter().any(Line::is_storm);
            let counts = if is_twice { comes_to * 2 } else { comes_to };
            weighed.score += counts;
            weighed.groups.push((group, counts));
            weighed.lines.append(&mut lines);
        }
        weighed
    }

    /// The surprise of the most surprising category of `group`.
    pub(crate) fn most_of(&self, group: Group) -> u32 {
        let lines = self.lines.iter().filter(|line| line.category.group() == group);
        lines.map(|line| line.surprise).max().unwrap_or_default()
    }

    /// Whether it could be medium, were it only surprising enough altogether: independent things
    /// coincide, or the origin took what it never had.
    pub(crate) fn coincides(&self) -> bool {
        (self.n_rare >= 2 && !self.is_new_version())
            || self.is_storm()
            || self.is_stranger()
            || self.is_spread()
            || self.took_secrets()
            || self.most_of(Group::Path) >= PATH_ALONE
    }

    /// Whether all that is rare is what a new version of a program brings: its client, and one
    /// service that it never called before, with calls of it.
    fn is_new_version(&self) -> bool {
        let mut rare = self.lines.iter().filter(|line| line.stands_alone());
        let mut services = rare.clone().filter(|line| line.category == Category::Service);
        services.next().is_some_and(|line| line.n_distinct == 1)
            && rare.all(|line| {
                matches!(line.category, Category::Programs | Category::Service)
                    || (line.category == Category::Call && line.n_distinct <= VERSION_CALLS_MAX)
            })
    }

    /// Whether more calls were denied at once than anybody ever had denied.
    pub(crate) fn is_storm(&self) -> bool {
        self.lines.iter().any(Line::is_storm)
    }

    /// Whether who had nothing to do with secrets read one, or many at once.
    fn took_secrets(&self) -> bool {
        let is_first = |line: &Line| line.category == Category::Secret && line.stands_alone();
        let is_new = self.lines.iter().any(is_first);
        self.lines.iter().any(|line| line.is_first_secret() || line.is_haul(is_new))
    }

    /// Whether a new client makes little but new calls, which is two things by itself.
    fn is_stranger(&self) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| line.category == Category::Stranger && line.stands_alone())
    }

    /// Whether there are so many services at once that never were called before that no new
    /// version of a program would call them, or so many calls of a few.
    fn is_spread(&self) -> bool {
        let n_new = |category: Category| {
            let lines = self.lines.iter().filter(|line| line.category == category);
            lines.map(|line| line.n_new).sum::<usize>()
        };
        let n_services = n_new(Category::Service) + n_new(Category::Secret);
        n_services >= SPREAD_MIN
            || (n_services + 1 >= SPREAD_MIN
                && n_new(Category::Call) + n_new(Category::Secret) > VERSION_CALLS_MAX)
    }

    /// Whether it is medium by default, and so teaches nothing, whatever is worth an alert here.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.coincides() && self.score >= MEDIUM
    }

    /// Whether it is worth a line at all.
    pub(crate) fn is_told(&self) -> bool {
        let most = Group::ALL.iter().map(|group| self.most_of(*group)).max().unwrap_or_default();
        let is_path = self.most_of(Group::Path) >= RARE;
        let is_enough = self.took_secrets() || self.is_stranger();
        is_enough || self.n_rare >= 2 || is_path || most >= ALONE
    }

    /// Whether many calls were denied at once, or new ones were.
    pub(crate) fn is_denied(&self) -> bool {
        self.lines.iter().any(|line| {
            matches!(line.category, Category::Denials | Category::Denied) && line.surprise >= RARE
        })
    }
}

/// The categories of one group, most surprising first.
fn lines(parts: &[Part], group: Group) -> Vec<Line> {
    let mut of_group: Vec<&Part> = parts
        .iter()
        .filter(|part| part.feature.category.group() == group && part.surprise >= TOLD)
        .collect();
    of_group.sort_by_key(|part| (part.feature.category, Reverse(part.surprise)));
    let by_category = of_group.chunk_by(|l, r| l.feature.category == r.feature.category);
    let mut lines: Vec<Line> = by_category.filter_map(line).collect();
    lines.sort_by_key(|line| (Reverse(line.surprise), line.category));
    lines
}

fn line(parts: &[&Part]) -> Option<Line> {
    let first = parts.first()?;
    let n_rare = parts.iter().filter(|part| part.surprise >= RARE).count();
    // Several sessions of a unit may show the same thing.
    let distinct = |is_counted: &dyn Fn(&Part) -> bool| {
        let counted = parts.iter().filter(|part| is_counted(part));
        counted.map(|part| part.feature.value).collect::<BTreeSet<u32>>().len()
    };
    let many = log2(n_rare as u64).min(MANY_MAX);
    let most = |part: &&&Part| part.surprise == first.surprise;
    let told: Vec<Part> = parts.iter().filter(most).map(|part| **part).collect();
    Some(Line {
        category: first.feature.category,
        n_others: n_rare.saturating_sub(told.len()),
        n_new: distinct(&|part| part.surprise >= PATH_ALONE && part.is_new()),
        n_distinct: distinct(&|part| part.surprise >= RARE),
        surprise: first.surprise + many,
        parts: told,
    })
}

#[cfg(test)]
mod tests {
    use super::{MEDIUM, Part, Seen, Weighed};
    use crate::unusual::bits::BIT;
    use crate::unusual::feature::{Category, Feature, Group};

    fn part(category: Category, bits: u32) -> Part {
        let feature = Feature { category, value: 0 };
        Part {
            feature,
            node: 0,
            surprise: bits * BIT,
            own: None,
            role: None,
            peers: None,
            everyone: None,
        }
    }

    fn weighed(parts: &[(Category, u32)]) -> Weighed {
        let parts: alloc::vec::Vec<Part> = parts.iter().map(|(c, bits)| part(*c, *bits)).collect();
        Weighed::of(&parts)
    }

    #[test]
    fn one_service_that_several_sessions_call_is_one_service() {
        let called = |values: [u32; 3]| {
            let parts = [0, 1, 2].map(|node| {
                let value = values[node];
                let feature = Feature { category: Category::Service, value };
                Part { feature, node, ..part(Category::Service, 8) }
            });
            Weighed::of(&parts)
        };
        assert!(!called([4, 4, 4]).coincides());
        assert!(called([4, 5, 6]).coincides());
        assert!(called([4, 4, 4]).is_new_version() && !called([4, 4, 5]).is_new_version());
    }

    #[test]
    fn a_new_machine_is_one_thing_and_not_two() {
        let weighed = weighed(&[(Category::Network, 11), (Category::Client, 11)]);
        assert!(!weighed.coincides() && weighed.is_told());
        assert_eq!(weighed.groups, [(Group::Who, 12 * BIT)]);
    }

    #[test]
    fn a_new_version_of_a_program_is_one_thing_and_not_two() {
        assert!(!weighed(&[(Category::Client, 11), (Category::Call, 11)]).coincides());
    }

    #[test]
    fn who_and_what_together_are_two() {
        let weighed = weighed(&[(Category::Network, 6), (Category::Call, 7)]);
        assert!(weighed.coincides() && weighed.score >= MEDIUM);
    }

    #[test]
    fn a_role_that_the_origin_never_had_is_enough_and_counts_twice() {
        let path = weighed(&[(Category::Access, 6)]);
        assert!(path.coincides());
        assert_eq!(path.score, MEDIUM);
        assert!(!weighed(&[(Category::Access, 5)]).coincides());
    }

    #[test]
    fn many_denials_at_once_are_enough_and_count_twice() {
        let burst = |value| {
            let feature = Feature { category: Category::Denials, value };
            Weighed::of(&[Part { feature, ..part(Category::Denials, 6) }])
        };
        assert!(burst(3).coincides() && burst(3).score >= MEDIUM);
        assert!(!burst(2).coincides());
        let known = Some(Seen { with: 1, of: 100, new: 0, rarity: 2 });
        let feature = Feature { category: Category::Denials, value: 3 };
        let seen = Part { feature, own: known, ..part(Category::Denials, 6) };
        assert!(!Weighed::of(&[seen]).coincides());
    }

    #[test]
    fn several_new_services_are_enough() {
        let new = |category, n: u32| {
            let of =
                move |value| Part { feature: Feature { category, value }, ..part(category, 7) };
            (0..n).map(of)
        };
        let of = |services, calls| {
            let parts = new(Category::Service, services).chain(new(Category::Call, calls));
            Weighed::of(&parts.collect::<alloc::vec::Vec<Part>>()).coincides()
        };
        assert!(of(3, 3) && of(2, 4));
        assert!(!of(2, 3) && !of(1, 9));
    }
}
