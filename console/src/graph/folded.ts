/** What the server draws as one card, and what it draws as one line because of it. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";

/** Whether a card stands for several nodes: the server has details of these, and none of the card. */
export function isFolded({ group }: Pick<GraphNode, "group">): boolean {
  return group?.can_expand === true;
}

/** Whether a line leads to or from such a card, and so stands for the links of what is in it. */
export function isMerged({ from, to }: Pick<GraphEdge, "from" | "to">, { nodes }: Pick<Graph, "nodes">): boolean {
  return nodes.some((node) => (node.id === from || node.id === to) && isFolded(node));
}
