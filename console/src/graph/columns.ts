/**
 * Where the nodes of a very large graph stand: in columns, each node beside what it came from.
 *
 * It costs a walk over the links, where a search for the best order would cost a second.
 */
import { CARD, type LayoutInput, type Positions, byTime, labelWidth, weight } from "./sizes";

/** Pixels between two cards of a column, and on both sides of the label of a link. */
const APART = { cards: 24, label: 10 };

/** The rim around the graph in pixels. */
const RIM = 12;

interface Link {
  from: string;
  to: string;
  weight: number;
  width: number;
}

/** Stands the nodes of `input` in columns by how far they are from where the chain began: what matters most, first. */
export function columns(input: LayoutInput): Positions {
  const ids = [...input.nodes].sort(byTime).map(({ id }) => id);
  const links = linksOf(input, new Set(ids));
  const ranks = ranksOf(ids, links);
  const parents = parentsOf(links, ranks);
  const { weights, reaches } = outcomesOf(ids, parents, ranks);
  const heaviest = (left: string, right: string) =>
    (weights.get(right) ?? 0) - (weights.get(left) ?? 0) || (reaches.get(right) ?? 0) - (reaches.get(left) ?? 0);
  const children = new Map<string, string[]>();
  for (const id of [...ids].sort(heaviest)) {
    const parent = parents.get(id)?.from;
    if (parent !== undefined) {
      append(children, parent, id);
    }
  }
  const stage: Stage = { children, ranks, rows: new Map(), free: [] };
  for (const id of ids.filter((one) => !parents.has(one)).sort(heaviest)) {
    stand(id, stage);
  }
  const lefts = leftsOf(links, ranks);
  return Object.fromEntries(ids.map((id) => [id, { x: lefts[ranks.get(id) ?? 0] ?? RIM, y: stage.rows.get(id) ?? RIM }]));
}

function linksOf({ edges }: LayoutInput, ids: ReadonlySet<string>): Link[] {
  const drawn = edges.filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to));
  return drawn.map((edge) => ({ from: edge.from, to: edge.to, weight: weight(edge), width: labelWidth(edge) }));
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const known = lists.get(key);
  if (known === undefined) {
    lists.set(key, [item]);
  } else {
    known.push(item);
  }
}

/** How many links the longest way to each node has; a link that closes a circle counts for nothing. */
function ranksOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const onward = new Map<string, string[]>();
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of links) {
    append(onward, from, to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const ranks = new Map<string, number>();
  const done = new Set<string>();
  const ready = ids.filter((id) => waiting.get(id) === 0);
  let earliest = 0;
  while (done.size < ids.length) {
    while (done.has(ids[earliest] ?? "")) {
      earliest += 1;
    }
    // In a circle, the earliest begins.
    const id = ready.pop() ?? ids[earliest];
    if (id === undefined || done.has(id)) {
      continue;
    }
    done.add(id);
    const rank = ranks.get(id) ?? 0;
    ranks.set(id, rank);
    for (const next of onward.get(id) ?? []) {
      if (done.has(next)) {
        continue;
      }
      ranks.set(next, Math.max(ranks.get(next) ?? 0, rank + 1));
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) {
        ready.push(next);
      }
    }
  }
  return ranks;
}

/** The heaviest link to each node from a column before it. */
function parentsOf(links: readonly Link[], ranks: ReadonlyMap<string, number>): Map<string, Link> {
  const parents = new Map<string, Link>();
  for (const link of links) {
    const isOnward = (ranks.get(link.from) ?? 0) < (ranks.get(link.to) ?? 0);
    if (isOnward && link.weight > (parents.get(link.to)?.weight ?? 0)) {
      parents.set(link.to, link);
    }
  }
  return parents;
}

/** The weight of the heaviest link to each node, or to anything that came of it, and how far that came. */
function outcomesOf(ids: readonly string[], parents: ReadonlyMap<string, Link>, ranks: ReadonlyMap<string, number>) {
  const weights = new Map<string, number>();
  const reaches = new Map(ranks);
  const rank = (id: string) => ranks.get(id) ?? 0;
  for (const id of [...ids].sort((left, right) => rank(right) - rank(left))) {
    const link = parents.get(id);
    const most = Math.max(weights.get(id) ?? 0, link?.weight ?? 0);
    weights.set(id, most);
    if (link !== undefined) {
      weights.set(link.from, Math.max(weights.get(link.from) ?? 0, most));
      reaches.set(link.from, Math.max(reaches.get(link.from) ?? 0, reaches.get(id) ?? 0));
    }
  }
  return { weights, reaches };
}

interface Stage {
  children: ReadonlyMap<string, string[]>;
  ranks: ReadonlyMap<string, number>;
  rows: Map<string, number>;
  /** The first free row of each column. */
  free: number[];
}

/** Gives rows to `root` and to all that came of it. */
function stand(root: string, stage: Stage): void {
  const { children, ranks, rows, free } = stage;
  const ahead = [{ id: root, isSeen: false }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { id, isSeen } = next;
    const after = children.get(id) ?? [];
    if (!isSeen && after.length > 0) {
      ahead.push({ id, isSeen: true }, ...after.map((child) => ({ id: child, isSeen: false })).reverse());
      continue;
    }
    const rank = ranks.get(id) ?? 0;
    // Beside the first of what came of it, so that a way is one line from where it began.
    const row = Math.max(free[rank] ?? RIM, rows.get(after[0] ?? "") ?? RIM);
    rows.set(id, row);
    free[rank] = row + CARD.height + APART.cards;
  }
}

/** The left edge of each column; between two there is room for every label. */
function leftsOf(links: readonly Link[], ranks: ReadonlyMap<string, number>): number[] {
  const widths: number[] = [];
  for (const { to, width } of links) {
    const rank = ranks.get(to) ?? 0;
    widths[rank] = Math.max(widths[rank] ?? 0, width);
  }
  const lefts = [RIM];
  for (let rank = 1; rank < widths.length; rank++) {
    lefts.push((lefts[rank - 1] ?? RIM) + CARD.width + 2 * APART.label + (widths[rank] ?? 0));
  }
  return lefts;
}
