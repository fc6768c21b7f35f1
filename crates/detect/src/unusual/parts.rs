//! Small things about what is unusual.

use alloc::vec::Vec;

use super::bits::{BIT, Chance};
use super::feature::{Category, Feature};
use super::groups::Member;
use super::weigh::{Part, TOLD};

/// Calls that nobody made before from which on a new client that makes hardly any other is not
/// the same program in another version.
const STRANGE_MIN: usize = 2;

/// Tells clients that nobody used before from those that moreover make little but calls that
/// nobody made before, which is a surprise of `surprise` at least: a new version of a program goes
/// on with most of the old ones.
pub(crate) fn stranger(
    features: &[Feature],
    by_client: &[(u32, Feature)],
    parts: &mut [Part],
    surprise: u32,
) {
    let is_call = |feature: &Feature| {
        matches!(feature.category, Category::Call | Category::Denied | Category::Secret)
    };
    let new: Vec<Feature> = parts
        .iter()
        .filter(|part| is_call(&part.feature) && part.is_new())
        .map(|part| part.feature)
        .collect();
    if new.len() < STRANGE_MIN {
        return;
    }
    // Who stole a credential uses it beside its owner, whose calls say nothing about him.
    let is_strange = |client: u32| {
        let own = by_client.iter().filter(|(one, _)| *one == client).map(|(_, call)| call);
        let all = features.iter().filter(|feature| by_client.is_empty() && is_call(feature));
        let calls: Vec<&Feature> = all.chain(own).collect();
        let n_new = calls.iter().filter(|call| new.contains(call)).count();
        n_new >= STRANGE_MIN && n_new * 2 >= calls.len()
    };
    let is_client = |part: &&mut Part| part.feature.category == Category::Client;
    for part in parts.iter_mut().filter(is_client) {
        if part.is_new() && is_strange(part.feature.value) {
            part.feature.category = Category::Stranger;
            part.surprise = part.surprise.max(surprise);
        }
    }
}

/// The most surprising thing of each category, in whole bits.
pub(crate) fn most(parts: &[Part]) -> [u8; Category::COUNT] {
    let mut most = [0; Category::COUNT];
    for part in parts {
        if let Some(slot) = most.get_mut(part.feature.category as usize) {
            *slot = (*slot).max((part.surprise / BIT) as u8);
        }
    }
    most
}

/// That something of `category` surprised by so many bits, as populations remember it.
pub(crate) const fn most_of(category: Category, bits: u32) -> Feature {
    Feature { category, value: u32::MAX - bits }
}

/// A session that surprises by many bits also surprises by fewer.
pub(crate) fn tail(most: [u8; Category::COUNT]) -> Vec<Feature> {
    let categories = Category::ALL.into_iter().zip(most);
    let steps = |(category, bits): (Category, u8)| {
        // Below that nothing is told. Zero bits count how many sessions were judged.
        let told = TOLD / BIT..=u32::from(bits);
        core::iter::once(0).chain(told).map(move |bits| most_of(category, bits))
    };
    categories.flat_map(steps).collect()
}

/// That a role was taken, as the role and as the origin remember it.
pub(crate) const fn access(member: Member) -> [Feature; 2] {
    [
        Feature { category: Category::Access, value: member.base },
        Feature { category: Category::Access, value: member.role },
    ]
}

/// The surprise of what has such chances in several populations.
pub(crate) fn surprise<const N: usize>(chances: [Option<Chance>; N], weights: [u64; N]) -> u32 {
    let known = chances.into_iter().zip(weights).filter_map(|(chance, w)| Some((chance?, w)));
    Chance::mixed(known).map_or(0, Chance::surprise)
}
