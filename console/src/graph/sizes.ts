/** What layouts of a graph agree on: sizes, weights and the order of nodes. */
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

/** Nodes beyond which nobody sees all of a graph, and everybody would wait for the best order of what is out of sight. */
export const WHOLE_MAX = 250;

/** The size of the whole graph in pixels at zoom 1. */
export function extent(found: Positions): { width: number; height: number } {
  const [x, y] = [{ least: Infinity, most: -Infinity }, { least: Infinity, most: -Infinity }];
  for (const at of Object.values(found)) {
    x.least = Math.min(x.least, at.x);
    x.most = Math.max(x.most, at.x);
    y.least = Math.min(y.least, at.y);
    y.most = Math.max(y.most, at.y);
  }
  return x.least > x.most ? { width: 0, height: 0 } : { width: x.most - x.least + CARD.width, height: y.most - y.least + CARD.height };
}

/** Room for the label of an edge; ranks open up by it, so that no label covers its edge. */
export function labelWidth(edge: LayoutInput["edges"][number]): number {
  const text = edge.label === "" ? edge.kind : edge.label;
  return Math.min(112, Math.max(40, text.replace(/^\d+ · /, "").length * 7));
}

/** Heavy edges are drawn straight: the path that matters is a line. */
export function weight(edge: LayoutInput["edges"][number]): number {
  if (edge.kind === "used_from") {
    return 1;
  }
  return { red: 12, orange: 8, none: 4 }[edge.color];
}

export function byTime(left: LayoutInput["nodes"][number], right: LayoutInput["nodes"][number]): number {
  const [first, second] = [left.first_seen ?? "", right.first_seen ?? ""];
  return first < second ? -1 : Number(first > second);
}
