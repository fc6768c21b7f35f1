/** A small map of a very large graph: its height and its width have scales of their own, for it is a narrow strip. */
import { Panel, useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useMemo } from "react";

import type { Color, GraphNode } from "../api/types";
import { CARD, type Point, type Positions, extent } from "./sizes";

interface Props {
  nodes: readonly GraphNode[];
  positions: Positions;
}

/** The map in pixels, and a cell of it: cards that fall into one are drawn as one, in the gravest color. */
const MAP = { width: 160, height: 120 };
const CELL = { width: 10, height: 2 };

const GRAVITY: Record<Color, number> = { none: 0, orange: 1, red: 2 };

export function WholeMap({ nodes, positions }: Props) {
  const flow = useReactFlow();
  const size = useMemo(() => extent(positions), [positions]);
  const cells = useMemo(() => cellsOf(nodes, positions, size), [nodes, positions, size]);
  const scale = { x: MAP.width / Math.max(1, size.width), y: MAP.height / Math.max(1, size.height) };
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: (event.clientX - box.left) / scale.x, y: (event.clientY - box.top) / scale.y };
    void flow.setCenter(at.x, at.y, { zoom: flow.getZoom(), duration: 0 });
  };
  return (
    <Panel position="bottom-right" className="react-flow__minimap whole-map">
      <svg
        width={MAP.width}
        height={MAP.height}
        role="img"
        aria-label="The whole graph"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => event.buttons > 0 && go(event)}
      >
        {cells.map(({ at, color }) => (
          <rect key={`${at.x} ${at.y}`} className={`cell color-${color}`} x={at.x} y={at.y} width={CELL.width} height={CELL.height} />
        ))}
        <Seen scale={scale} />
      </svg>
    </Panel>
  );
}

/** The part that is in sight. */
function Seen({ scale }: { scale: Point }) {
  const [x, y, zoom] = useStore(({ transform }) => transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return (
    <rect
      className="seen"
      x={(-x / zoom) * scale.x}
      y={(-y / zoom) * scale.y}
      width={(width / zoom) * scale.x}
      height={Math.max(CELL.height, (height / zoom) * scale.y)}
    />
  );
}

/** Where the map has something, and in which color. */
export function cellsOf(nodes: readonly GraphNode[], positions: Positions, size: { width: number; height: number }): { at: Point; color: Color }[] {
  const cells = new Map<string, { at: Point; color: Color }>();
  const place = (along: number, whole: number, pixels: number, cell: number) =>
    Math.min(pixels - cell, Math.floor(((along / Math.max(1, whole)) * pixels) / cell) * cell);
  for (const { id, color } of nodes) {
    const { x, y } = positions[id] ?? { x: 0, y: 0 };
    const at = {
      x: place(x + CARD.width / 2, size.width, MAP.width, CELL.width),
      y: place(y + CARD.height / 2, size.height, MAP.height, CELL.height),
    };
    const known = cells.get(`${at.x} ${at.y}`);
    if (known === undefined || GRAVITY[known.color] < GRAVITY[color]) {
      cells.set(`${at.x} ${at.y}`, { at, color });
    }
  }
  return [...cells.values()];
}
