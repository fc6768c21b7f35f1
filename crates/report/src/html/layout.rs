//! Where the cards of a picture lie: columns by distance from the origin, the longest way straight.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use detect::{EdgeKind, NodeKind};

use super::drawn::{Drawn, DrawnEdge, What};

/// Width of a card.
pub(super) const CARD_WIDTH: i64 = 196;
/// Height of a card.
pub(super) const CARD_HEIGHT: i64 = 52;
/// From the top of a card to the top of the next one below.
const ROW: i64 = 80;
/// Free space around the picture.
const MARGIN: i64 = 20;
/// Space between columns.
const GAP_MIN: i64 = 64;
const GAP_MAX: i64 = 190;
/// Width of a character on an edge, and space for the arrow.
const LABEL_CHARACTER: i64 = 6;
const LABEL_ROOM: i64 = 30;

/// Places of cards, in the order of the drawn nodes.
pub(super) struct Layout {
    /// Left upper corners.
    pub(super) corners: Vec<(i64, i64)>,
    /// Width of the picture.
    pub(super) width: i64,
    /// Height of the picture.
    pub(super) height: i64,
}

/// A card of a column on its way to a place.
struct Card {
    at: usize,
    wanted: i64,
    weight: i64,
}

/// Lays out what is drawn.
pub(super) fn layout(drawn: &Drawn<'_>) -> Layout {
    let columns = columns(drawn);
    let lefts = lefts(drawn, columns.len());
    let depths = depths(drawn);
    let mut tops = vec![0_i64; drawn.nodes.len()];
    for column in &columns {
        let mut cards: Vec<Card> = column
            .iter()
            .zip(0..)
            .map(|(at, row)| Card {
                at: *at,
                wanted: wanted(drawn, &tops, *at).unwrap_or(row * ROW),
                weight: depths.get(*at).map_or(1, |depth| 1 + 40 * depth * depth),
            })
            .collect();
        cards.sort_by_key(|card| (card.wanted, order(drawn, card.at)));
        for (card, top) in cards.iter().zip(spread(&cards)) {
            if let Some(place) = tops.get_mut(card.at) {
                *place = top;
            }
        }
    }
    let highest = tops.iter().copied().min().unwrap_or_default();
    let lowest = tops.iter().copied().max().unwrap_or_default();
    let corners: Vec<(i64, i64)> = drawn
        .nodes
        .iter()
        .zip(&tops)
        .map(|(node, top)| {
            let left = lefts.get(node.rank).copied().unwrap_or_default();
            (left, top - highest + MARGIN)
        })
        .collect();
    Layout {
        width: lefts.last().copied().unwrap_or_default() + CARD_WIDTH + MARGIN,
        height: lowest - highest + CARD_HEIGHT + 2 * MARGIN,
        corners,
    }
}

/// Positions of nodes, by column.
fn columns(drawn: &Drawn<'_>) -> Vec<Vec<usize>> {
    let mut columns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in drawn.nodes.iter().enumerate() {
        columns.entry(node.rank).or_default().push(at);
    }
    columns.into_values().collect()
}

/// Left edges of the columns, with room for the longest words between them.
fn lefts(drawn: &Drawn<'_>, number: usize) -> Vec<i64> {
    let mut gaps = vec![GAP_MIN; number];
    for edge in &drawn.edges {
        let Some((from, to)) = ranks(drawn, edge) else {
            continue;
        };
        let characters = edge.edge.map_or(0, |edge| edge.label.chars().take(64).count());
        let needed = characters as i64 * LABEL_CHARACTER + LABEL_ROOM;
        if to == from + 1
            && let Some(gap) = gaps.get_mut(from)
        {
            *gap = (*gap).max(needed).min(GAP_MAX);
        }
    }
    let mut left = MARGIN;
    let mut lefts = Vec::with_capacity(number);
    for gap in gaps {
        lefts.push(left);
        left += CARD_WIDTH + gap;
    }
    lefts
}

fn ranks(drawn: &Drawn<'_>, edge: &DrawnEdge<'_>) -> Option<(usize, usize)> {
    let from = drawn.nodes.get(edge.from)?.rank;
    let to = drawn.nodes.get(edge.to)?.rank;
    Some((from, to))
}

/// How many columns of cards hang on each card. The card with most of them lies straight behind
/// its parent, so that the longest way is a straight line.
fn depths(drawn: &Drawn<'_>) -> Vec<i64> {
    let mut edges: Vec<(usize, &DrawnEdge<'_>)> = drawn
        .edges
        .iter()
        .filter_map(|edge| {
            let (from, to) = ranks(drawn, edge)?;
            (from < to && !is_use(edge)).then_some((from, edge))
        })
        .collect();
    edges.sort_by_key(|(rank, _)| core::cmp::Reverse(*rank));
    let mut depths = vec![0_i64; drawn.nodes.len()];
    for (_, edge) in edges {
        let below = depths.get(edge.to).map_or(0, |depth| depth + 1);
        if let Some(depth) = depths.get_mut(edge.from) {
            *depth = (*depth).max(below);
        }
    }
    depths
}

fn is_use(edge: &DrawnEdge<'_>) -> bool {
    edge.edge.is_some_and(|edge| edge.kind == EdgeKind::UsedFrom)
}

/// The middle of the cards to the left that lead to the card at `at`.
fn wanted(drawn: &Drawn<'_>, tops: &[i64], at: usize) -> Option<i64> {
    let (mut sum, mut number) = (0, 0);
    for edge in &drawn.edges {
        let is_parent = edge.to == at && ranks(drawn, edge).is_some_and(|(from, to)| from < to);
        if is_parent && let Some(top) = tops.get(edge.from) {
            sum += top;
            number += 1;
        }
    }
    (number > 0).then(|| sum / number)
}

/// Order of cards that want the same place: what was done above where it was done from.
fn order(drawn: &Drawn<'_>, at: usize) -> (bool, Option<i64>, usize) {
    match drawn.nodes.get(at).map(|node| &node.what) {
        Some(What::Node(node)) => {
            let time = node.first_seen.map(|time| time.0);
            (node.kind == NodeKind::Address, time, at)
        }
        Some(What::Gap(_)) | None => (false, None, at),
    }
}

/// The places nearest to the wanted ones with a row between neighbors: weighted least squares,
/// by pooling neighbors that would collide.
fn spread(cards: &[Card]) -> Vec<i64> {
    struct Block {
        sum: i64,
        weight: i64,
        cards: usize,
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (card, row) in cards.iter().zip(0..) {
        let mut block =
            Block { sum: (card.wanted - row * ROW) * card.weight, weight: card.weight, cards: 1 };
        while let Some(above) = blocks.pop() {
            if above.sum * block.weight <= block.sum * above.weight {
                blocks.push(above);
                break;
            }
            block.sum += above.sum;
            block.weight += above.weight;
            block.cards += above.cards;
        }
        blocks.push(block);
    }
    let starts =
        blocks.iter().flat_map(|block| core::iter::repeat_n(block.sum / block.weight, block.cards));
    starts.zip(0..).map(|(start, row)| start + row * ROW).collect()
}

#[cfg(test)]
mod tests {
    use super::{Card, ROW, spread};

    fn card(wanted: i64, weight: i64) -> Card {
        Card { at: 0, wanted, weight }
    }

    #[test]
    fn cards_that_want_one_place_lie_around_it() {
        let places = spread(&[card(0, 1), card(0, 1), card(0, 1)]);
        assert_eq!(places, [-ROW, 0, ROW]);
    }

    #[test]
    fn the_heavy_card_keeps_its_place() {
        let places = spread(&[card(0, 1_000_000), card(0, 1), card(0, 1)]);
        assert_eq!(places, [0, ROW, 2 * ROW]);
    }

    #[test]
    fn cards_that_do_not_collide_lie_where_they_want() {
        let places = spread(&[card(0, 1), card(5 * ROW, 1)]);
        assert_eq!(places, [0, 5 * ROW]);
    }
}
