/** From node to node by the arrow keys: along the edges, and up and down a column. */
import type { GraphEdge } from "../api/types";
import type { Positions } from "./sizes";

export type Direction = "left" | "right" | "up" | "down";

/** Nodes whose left edges are this close together stand in one column. */
const COLUMN = 60;

/** The node that lies next to `from`, or nothing where there is none. */
export function neighbor(
  from: string,
  direction: Direction,
  edges: Pick<GraphEdge, "from" | "to" | "kind">[],
  positions: Positions,
): string | undefined {
  const here = positions[from];
  if (here === undefined) {
    return undefined;
  }
  if (direction === "left" || direction === "right") {
    // Where a credential went comes before where it was used from.
    const onward = edges.filter(({ kind }) => kind !== "used_from");
    const ways = onward.some((edge) => (direction === "right" ? edge.from : edge.to) === from) ? onward : edges;
    const linked = ways.flatMap((edge) => {
      if (direction === "right") {
        return edge.from === from ? [edge.to] : [];
      }
      return edge.to === from ? [edge.from] : [];
    });
    return nearest(linked, here.y, positions);
  }
  const sign = direction === "up" ? -1 : 1;
  const column = Object.entries(positions).filter(
    ([id, at]) => id !== from && Math.abs(at.x - here.x) < COLUMN && (at.y - here.y) * sign > 0,
  );
  return nearest(
    column.map(([id]) => id),
    here.y,
    positions,
  );
}

function nearest(ids: string[], y: number, positions: Positions): string | undefined {
  const distance = (id: string) => Math.abs((positions[id]?.y ?? Number.POSITIVE_INFINITY) - y);
  return [...ids].sort((left, right) => distance(left) - distance(right))[0];
}
