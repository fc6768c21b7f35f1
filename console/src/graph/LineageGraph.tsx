/** The lineage graph: where a credential came from, what it became, and what it left behind. */
import {
  Background,
  BackgroundVariant,
  ControlButton,
  Controls,
  MiniMap,
  type NodeHandle,
  Position,
  ReactFlow,
  ReactFlowProvider,
  type Viewport,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { LocateFixed } from "lucide-react";
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Graph } from "../api/types";
import { focusOnceThere } from "../shell/focus";
import { useKeys } from "../shell/keys";
import { useSettings } from "../shell/settings";
import { Arrows, HopEdge, type LineEdge, edgeName } from "./HopEdge";
import { Legend } from "./Legend";
import { type CardNode, NodeCard, nodeName } from "./NodeCard";
import { WholeMap } from "./WholeMap";
import { inSight, isSamePart, linksOf, partOf } from "./sight";
import { CARD, type Point, type Positions, WHOLE_MAX, extent } from "./sizes";
import { useLayout } from "./useLayout";
import { type Direction, neighbor } from "./walk";

export interface Selection {
  kind: "node" | "edge";
  id: string;
}

interface Props {
  graph: Graph;
  selection: Selection | undefined;
  /** Nodes that did something in the part of time that is looked at; all, where nothing is given. */
  active: ReadonlySet<string> | undefined;
  /** Pixels at the right that something lies over. */
  coveredWidth: number;
  onSelect: (selection: Selection | undefined) => void;
  /** The graph can be looked at. */
  onDrawn: () => void;
}

type Shown = Pick<Graph, "nodes" | "edges">;

interface Room {
  width: number;
  height: number;
}

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { hop: HopEdge };
/** A graph that would be smaller than this is not shown whole at first: nobody could read it. */
const READABLE_ZOOM = 0.5;
const FIT = { padding: 0.03, maxZoom: 1.15, minZoom: 0.2 };
/** Nodes from which on a small map of all of them helps. */
const MAP_MIN = 24;
/** Pixels that are left free beside a graph that is not shown whole. */
const RIM = 20;
const NO_VIEW: Viewport = { x: 0, y: 0, zoom: 1 };
/** Where lines begin and end, as the style sheet has it: nothing has to be measured before they are drawn. */
const HANDLES: NodeHandle[] = [
  { type: "target", position: Position.Left, x: 0, y: CARD.height / 2, width: 0, height: 0 },
  { type: "source", position: Position.Right, x: CARD.width, y: CARD.height / 2, width: 0, height: 0 },
];
/** Above every line: in columns, lines pass where cards stand. */
const CARDS_LAYER = 4;
const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export function LineageGraph(props: Props) {
  const positions = useLayout(props.graph);
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>();
  useLayoutEffect(() => {
    const stage = box.current?.parentElement;
    if (positions !== undefined && stage != null) {
      stage.style.setProperty("--stage", `${stageHeight(positions, stage.clientWidth)}px`);
      setRoom((before) => before ?? { width: stage.clientWidth, height: stage.clientHeight });
    }
  }, [positions]);
  return (
    <div className="graph" ref={box} data-laid-out={positions !== undefined}>
      {positions !== undefined && room !== undefined && (
        <ReactFlowProvider initialWidth={room.width} initialHeight={room.height}>
          <Canvas {...props} positions={positions} room={room} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

interface CanvasProps extends Props {
  positions: Positions;
  /** The canvas when it is drawn first: what is out of sight there is not drawn at all. */
  room: Room;
}

function Canvas({ graph, selection, active, coveredWidth, onSelect, onDrawn, positions, room }: CanvasProps) {
  const { theme } = useSettings();
  const canvas = useRef<HTMLDivElement>(null);
  const [first] = useState(() => beginning(graph, positions, room) ?? NO_VIEW);
  const isLarge = graph.nodes.length > WHOLE_MAX;
  const shown = useShown(graph, positions, first, isLarge);
  const nodes = useNodes(shown, selection, active, positions, isLarge ? CARDS_LAYER : 0);
  const edges = useEdges(shown, selection, active, onSelect);
  const { show, start } = useView(canvas, positions, graph, coveredWidth);
  // The cards come first.
  const hasMap = useDeferredValue(graph.nodes.length > MAP_MIN, false);
  const selected = selection?.kind === "node" ? selection.id : undefined;
  useEffect(() => {
    if (selected !== undefined) {
      show(selected);
    }
  }, [selected, show]);
  useKeys({ f: () => void start() });
  const begin = async () => {
    await start();
    if (selected !== undefined) {
      show(selected);
    }
    onDrawn();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    const element = event.target as HTMLElement;
    const focused = element.closest<HTMLElement>(".react-flow__node")?.dataset.id;
    const line = element.closest<HTMLElement>(".react-flow__edge")?.dataset.id;
    if (event.key === "Enter" || event.key === " ") {
      pick(event, focused, line, onSelect);
      return;
    }
    if (direction === undefined || focused === undefined) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const next = neighbor(focused, direction, graph.edges, positions);
    if (next !== undefined) {
      onSelect({ kind: "node", id: next });
      focusOnceThere(() => canvas.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`));
    }
  };
  return (
    <div className="canvas" ref={canvas} onKeyDownCapture={onKeyDown} role="group" aria-label="Lineage graph">
      <Arrows />
      <ReactFlow<CardNode, LineEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={theme}
        defaultViewport={first}
        nodesDraggable={false}
        nodesConnectable={false}
        onlyRenderVisibleElements={isLarge}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={FIT.minZoom}
        maxZoom={2}
        zoomOnScroll={false}
        panOnScroll
        preventScrolling={false}
        zoomOnDoubleClick
        onInit={() => void begin()}
        onNodeClick={(_event, { id }) => onSelect({ kind: "node", id })}
        onEdgeClick={(_event, { id }) => onSelect({ kind: "edge", id })}
        onPaneClick={() => onSelect(undefined)}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
        <Controls showInteractive={false} showFitView={!isLarge} position="bottom-right">
          {isLarge && (
            <ControlButton onClick={() => void start()} title="Back to the gravest path" aria-label="Back to the gravest path">
              <LocateFixed aria-hidden="true" />
            </ControlButton>
          )}
        </Controls>
        {hasMap && !isLarge && <MiniMap pannable zoomable position="bottom-right" ariaLabel="The whole graph" />}
        {hasMap && isLarge && <WholeMap nodes={graph.nodes} positions={positions} />}
      </ReactFlow>
      <Legend />
    </div>
  );
}

/** Enter and Space select what has the focus. */
function pick(event: KeyboardEvent, node: string | undefined, edge: string | undefined, onSelect: Props["onSelect"]) {
  const id = node ?? edge;
  if (id !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    onSelect({ kind: node === undefined ? "edge" : "node", id });
  }
}

/** What is given to React Flow: of a very large graph what is in sight, and all of any other. */
function useShown(graph: Graph, positions: Positions, first: Viewport, isLarge: boolean): Shown {
  const part = useStore(({ transform, panZoom, width, height }) => {
    // Before the canvas is there, it stands where it will be looked at first.
    const view = panZoom === null ? ([first.x, first.y, first.zoom] as const) : transform;
    return isLarge ? partOf(view, { width, height }) : undefined;
  }, isSamePart);
  const links = useMemo(() => linksOf(graph.edges), [graph]);
  return useMemo(() => (part === undefined ? graph : inSight(graph, links, positions, part)), [graph, links, positions, part]);
}

function useNodes(
  graph: Shown,
  selection: Selection | undefined,
  active: Props["active"],
  positions: Positions,
  zIndex: number,
): CardNode[] {
  return useMemo(
    () =>
      graph.nodes.map((node) => ({
        id: node.id,
        type: "card" as const,
        position: positions[node.id] ?? { x: 0, y: 0 },
        width: CARD.width,
        height: CARD.height,
        zIndex,
        measured: CARD,
        handles: HANDLES,
        selected: selection?.kind === "node" && selection.id === node.id,
        ariaLabel: nodeName(node),
        data: { node, isDim: active !== undefined && !active.has(node.id) },
      })),
    [graph, selection, active, positions, zIndex],
  );
}

function useEdges(graph: Shown, selection: Selection | undefined, active: Props["active"], onSelect: Props["onSelect"]): LineEdge[] {
  return useMemo(() => {
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    return graph.edges.map((edge) => ({
      id: edge.id,
      type: "hop" as const,
      source: edge.from,
      target: edge.to,
      selected: selection?.kind === "edge" && selection.id === edge.id,
      ariaLabel: edgeName(edge, nodes.get(edge.from), nodes.get(edge.to)),
      zIndex: { red: 3, orange: 2, none: 1 }[edge.color],
      data: {
        edge,
        isDim: active !== undefined && !(active.has(edge.from) && active.has(edge.to)),
        onPick: () => onSelect({ kind: "edge", id: edge.id }),
      },
    }));
  }, [graph, selection, active, onSelect]);
}

/** Where the graph is looked at from. */
function useView(canvas: React.RefObject<HTMLDivElement | null>, positions: Positions, graph: Graph, coveredWidth: number) {
  const flow = useReactFlow();
  const start = useCallback(async () => {
    const box = canvas.current?.getBoundingClientRect();
    const view = box === undefined ? undefined : beginning(graph, positions, box);
    await (view === undefined ? flow.fitView({ ...FIT, duration: 0 }) : flow.setViewport(view, { duration: 0 }));
  }, [canvas, flow, graph, positions]);
  const show = useCallback(
    (id: string) => {
      const at = positions[id];
      const box = canvas.current?.getBoundingClientRect();
      if (at === undefined || box === undefined) {
        return;
      }
      const { x, y, zoom } = flow.getViewport();
      const left = at.x * zoom + x;
      const right = left + CARD.width * zoom;
      const top = at.y * zoom + y;
      const bottom = top + CARD.height * zoom;
      const room = { right: box.width - coveredWidth - 16, bottom: box.height - 16 };
      const dx = right > room.right ? room.right - right : left < 16 ? 16 - left : 0;
      const dy = bottom > room.bottom ? room.bottom - bottom : top < 16 ? 16 - top : 0;
      if (dx !== 0 || dy !== 0) {
        void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: isStill() ? 0 : 220 });
      }
    },
    [canvas, coveredWidth, flow, positions],
  );
  return { start, show };
}

/** Where a graph that is very large, or would not be readable as a whole, is looked at first: where its red path begins. */
function beginning(graph: Graph, positions: Positions, room: Room): Viewport | undefined {
  const { width, height } = extent(positions);
  if (graph.nodes.length <= WHOLE_MAX && Math.min(room.width / (width + 40), room.height / (height + 40)) >= READABLE_ZOOM) {
    return undefined;
  }
  const at = begun(graph, positions);
  if (at === undefined) {
    return undefined;
  }
  const zoom = 0.75;
  // Nothing lies before the origin and above the first row.
  const inside = (middle: number, size: number, whole: number) => {
    const least = Math.min(RIM, size - RIM - whole * zoom);
    return Math.min(RIM, Math.max(least, size / 2 - middle * zoom));
  };
  return {
    x: inside(at.x + CARD.width / 2, room.width, width),
    y: inside(at.y + CARD.height / 2, room.height, height),
    zoom,
  };
}

/** Where the first red node stands, or the origin where there is none; in columns the gravest path is the first row. */
function begun({ nodes }: Graph, positions: Positions): Point | undefined {
  const found = nodes.filter(({ color }) => color === "red").flatMap(({ id }) => positions[id] ?? []);
  const origin = positions[nodes[0]?.id ?? ""];
  if (nodes.length <= WHOLE_MAX) {
    return found[0] ?? origin;
  }
  const isBefore = (left: Point, right: Point) => left.y < right.y || (left.y === right.y && left.x < right.x);
  return found.reduce<Point | undefined>((first, at) => (first === undefined || isBefore(at, first) ? at : first), undefined) ?? origin;
}

/** As high as the graph is when it fills the width: what is below comes into view. */
function stageHeight(positions: Positions, width: number): number {
  const { width: wide, height } = extent(positions);
  const zoom = Math.min(FIT.maxZoom, (width * (1 - 2 * FIT.padding)) / Math.max(1, wide));
  return Math.round(height * zoom + 132);
}

function isStill(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
