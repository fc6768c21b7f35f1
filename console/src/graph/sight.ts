/** What of a very large graph is in sight: no more of it is given to what draws. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";
import { CARD, type Positions, weight } from "./sizes";

/** A part of the graph, in its own pixels. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The links that each node begins or ends. */
export type Links = ReadonlyMap<string, readonly GraphEdge[]>;

/** Pixels of the graph in which a part grows and moves: whoever scrolls within them waits for nothing. */
const TILE = 512;

/** Links of one node that lead out of sight and are drawn: more would be one bundle of lines over each other. */
const BEYOND_MAX = 12;

/** What is seen of the graph from `x` and `y` at `zoom`, with a tile around it. */
export function partOf([x, y, zoom]: readonly [number, number, number], room: { width: number; height: number }): Part {
  const before = (at: number) => (Math.floor(at / TILE) - 1) * TILE;
  const after = (at: number) => (Math.ceil(at / TILE) + 1) * TILE;
  return {
    left: before(-x / zoom),
    top: before(-y / zoom),
    right: after((room.width - x) / zoom),
    bottom: after((room.height - y) / zoom),
  };
}

export function isSamePart(left: Part | undefined, right: Part | undefined): boolean {
  const isSame = (side: keyof Part) => left?.[side] === right?.[side];
  return isSame("left") && isSame("top") && isSame("right") && isSame("bottom");
}

export function linksOf(edges: readonly GraphEdge[]): Links {
  const links = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    for (const end of new Set([edge.from, edge.to])) {
      const known = links.get(end);
      if (known === undefined) {
        links.set(end, [edge]);
      } else {
        known.push(edge);
      }
    }
  }
  return links;
}

/**
 * The nodes in `part` with the links between them; of those that lead out of it, the gravest of each node, and then the
 * nearest, with the nodes that they lead to.
 */
export function inSight(graph: Graph, links: Links, positions: Positions, part: Part): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const near = new Set(graph.nodes.filter(({ id }) => isWithin(id, positions, part)).map(({ id }) => id));
  const edges = new Set<GraphEdge>();
  for (const id of near) {
    const all = links.get(id) ?? [];
    const isInside = ({ from, to }: GraphEdge) => near.has(from) && near.has(to);
    const beyond = all.filter((edge) => !isInside(edge));
    for (const edge of [...all.filter(isInside), ...foremost(beyond, id, positions)]) {
      edges.add(edge);
    }
  }
  const ends = new Set([...edges].flatMap(({ from, to }) => [from, to]));
  return { nodes: graph.nodes.filter(({ id }) => near.has(id) || ends.has(id)), edges: [...edges] };
}

function isWithin(id: string, positions: Positions, part: Part): boolean {
  const at = positions[id];
  return at !== undefined && at.x < part.right && at.x + CARD.width > part.left && at.y < part.bottom && at.y + CARD.height > part.top;
}

function foremost(edges: readonly GraphEdge[], id: string, positions: Positions): readonly GraphEdge[] {
  if (edges.length <= BEYOND_MAX) {
    return edges;
  }
  const y = positions[id]?.y ?? 0;
  const away = ({ from, to }: GraphEdge) => Math.abs((positions[from === id ? to : from]?.y ?? Number.POSITIVE_INFINITY) - y);
  return [...edges].sort((left, right) => weight(right) - weight(left) || away(left) - away(right)).slice(0, BEYOND_MAX);
}
