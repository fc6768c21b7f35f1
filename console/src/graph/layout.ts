/** Where the nodes of a graph stand: origin at the left, what came of it to the right. */
import { graphlib, layout } from "@dagrejs/dagre";

import type { GraphEdge, GraphNode } from "../api/types";

/** The size of a card in pixels at zoom 1. */
export const CARD = { width: 158, height: 74 };

export interface Point {
  x: number;
  y: number;
}

/** The upper left corner of each node, by its id. */
export type Positions = Record<string, Point>;

/** What the layout depends on, and nothing else of a graph. */
export interface LayoutInput {
  nodes: Pick<GraphNode, "id" | "first_seen">[];
  edges: Pick<GraphEdge, "from" | "to" | "kind" | "color" | "label">[];
}

/** Nodes beyond which nobody sees all of a graph, and everybody would wait for what is out of sight. */
export const WHOLE_MAX = 250;

/** Lays out `input`; the same input gives the same positions. */
export function positions(input: LayoutInput): Positions {
  const isRefined = input.nodes.length <= WHOLE_MAX;
  const ranker = isRefined ? "network-simplex" : "tight-tree";
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 24, ranksep: 10, marginx: 12, marginy: 12, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of [...input.nodes].sort(byTime)) {
    graph.setNode(node.id, { ...CARD });
  }
  for (const [index, edge] of input.edges.entries()) {
    if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) {
      const label = { width: labelWidth(edge), height: 18, labelpos: "c", weight: weight(edge) };
      graph.setEdge(edge.from, edge.to, label, String(index));
    }
  }
  layout(graph, { disableOptimalOrderHeuristic: !isRefined });
  const found: Positions = {};
  for (const id of graph.nodes()) {
    const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
    found[id] = { x: x - CARD.width / 2, y: y - CARD.height / 2 };
  }
  return found;
}

/** The size of the whole graph in pixels at zoom 1. */
export function extent(found: Positions): { width: number; height: number } {
  const all = Object.values(found);
  const size = (of: (point: Point) => number, card: number) =>
    all.length === 0 ? 0 : Math.max(...all.map(of)) - Math.min(...all.map(of)) + card;
  return { width: size(({ x }) => x, CARD.width), height: size(({ y }) => y, CARD.height) };
}

/** Room for the label of an edge; ranks open up by it, so that no label covers its edge. */
function labelWidth(edge: LayoutInput["edges"][number]): number {
  const text = edge.label === "" ? edge.kind : edge.label;
  return Math.min(112, Math.max(40, text.replace(/^\d+ · /, "").length * 7));
}

/** Heavy edges are drawn straight: the path that matters is a line. */
function weight(edge: LayoutInput["edges"][number]): number {
  if (edge.kind === "used_from") {
    return 1;
  }
  return { red: 12, orange: 8, none: 4 }[edge.color];
}

function byTime(left: LayoutInput["nodes"][number], right: LayoutInput["nodes"][number]): number {
  return (left.first_seen ?? "").localeCompare(right.first_seen ?? "");
}
