/** An edge of the lineage graph: color and width by its hop, with the number in words on it. */
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";

import type { GraphEdge, GraphNode } from "../api/types";
import { colorWords } from "../text/words";
import { short } from "../text/visible";

export type LineEdge = Edge<{ edge: GraphEdge; isDim: boolean; onPick: () => void }, "hop">;

/** The diameter of the disc with the number of a hop, in pixels. */
const DISC = 20;

export const HopEdge = memo(function HopEdge(props: EdgeProps<LineEdge>) {
  const { data, selected } = props;
  const [path, x, y] = getBezierPath({ ...props, curvature: 0.32 });
  if (data === undefined) {
    return null;
  }
  const { edge, isDim } = data;
  const classes = ["hop", ...edgeClasses(edge), selected ? "is-selected" : "", isDim ? "is-dim" : ""];
  const { hop, name } = edgeLabel(edge);
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        className={classes.join(" ")}
        markerEnd={`url(#arrow-${edge.color})`}
        interactionWidth={18}
      />
      <EdgeLabelRenderer>
        <div
          className={["hop-label", ...classes.slice(1)].join(" ")}
          style={{ transform: `translate(-50%, -100%) translate(${x}px, ${y + (hop === undefined ? 0 : DISC / 2)}px)` }}
          onClick={data.onPick}
        >
          <span className="hop-name">{name}</span>
          {hop !== undefined && <span className="hop-number">{hop}</span>}
        </div>
      </EdgeLabelRenderer>
    </>
  );
});

/** How the line of an edge is drawn: its color, its kind, and dotted where the logs do not prove it. */
export function edgeClasses(edge: GraphEdge): string[] {
  const classes = [`color-${edge.color}`, `edge-${edge.kind}`];
  return isSure(edge) ? classes : [...classes, "edge-unsure"];
}

/** The number of a hop, where the edge is one, and the word for what happened. */
export function edgeLabel(edge: GraphEdge): { hop: number | undefined; name: string } {
  const label = edge.label === "" ? edge.kind.replaceAll("_", " ") : edge.label;
  const [, number, rest] = /^(\d+) · (.*)$/su.exec(label) ?? [];
  const name = short(rest ?? label, 28) + (isSure(edge) ? "" : " ?");
  return { hop: number === undefined ? undefined : Number(number), name };
}

/** Whether the logs prove it; less than that is likely, or one of several candidates. */
function isSure({ confidence }: GraphEdge): boolean {
  return confidence === "high";
}

/** What the question mark and the dots of an edge say, in words; nothing where it is sure. */
export function doubt(edge: GraphEdge): string | undefined {
  if (isSure(edge)) {
    return undefined;
  }
  return `${edge.confidence === "medium" ? "likely" : "uncertain"}, and not proved by the logs`;
}

/** What a screen reader says of an edge. */
export function edgeName(edge: GraphEdge, from: GraphNode | undefined, to: GraphNode | undefined): string {
  const { hop, name } = edgeLabel(edge);
  const color = edge.color === "none" ? "" : `, ${colorWords(edge.color, undefined)}`;
  const what = hop === undefined ? name : `hop ${hop}, ${name}`;
  const said = `${what}${color}, from ${short(from?.label ?? "?", 80)} to ${short(to?.label ?? "?", 80)}`;
  return [said, doubt(edge)].filter((part) => part !== undefined).join(", ");
}

/** The heads of the arrows; their size does not grow with the line. */
export function Arrows() {
  return (
    <svg className="arrows" aria-hidden="true">
      <defs>
        {(["none", "orange", "red"] as const).map((color) => (
          <marker
            key={color}
            id={`arrow-${color}`}
            className={`arrow color-${color}`}
            markerUnits="userSpaceOnUse"
            markerWidth="12"
            markerHeight="12"
            viewBox="0 0 12 12"
            refX="10"
            refY="6"
            orient="auto-start-reverse"
          >
            <path d="M1.5 1.5 L10.5 6 L1.5 10.5 Z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
