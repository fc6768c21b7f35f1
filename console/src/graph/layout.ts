/** Where the nodes of a graph stand: origin at the left, what came of it to the right. */
import { graphlib, layout } from "@dagrejs/dagre";

import { CARD, type LayoutInput, type Point, type Positions, byTime, labelWidth, weight } from "./sizes";

/** Lays out `input`; the same input gives the same positions. */
export function positions(input: LayoutInput): Positions {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 24, ranksep: 10, marginx: 12, marginy: 12, ranker: "network-simplex" });
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
  layout(graph);
  const found: Positions = {};
  for (const id of graph.nodes()) {
    const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
    found[id] = { x: x - CARD.width / 2, y: y - CARD.height / 2 };
  }
  return found;
}
