/** What the timeline shows: one lane for each session, and who was active when. */
import type { Color, Graph, GraphNode, Moment } from "../api/types";

/** A part of time in milliseconds. */
export type Range = readonly [from: number, to: number];

export interface Mark {
  entry: Moment;
  from: number;
  to: number;
}

export interface Lane {
  node: string;
  name: string;
  hop: number | undefined;
  color: Color;
  marks: Mark[];
}

/** One lane for each node with events: by hop, then by first event. */
export function lanesOf(entries: readonly Moment[], nodes: readonly GraphNode[]): Lane[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lanes = new Map<string, Lane>();
  for (const entry of entries) {
    const key = entry.node_id ?? entry.who;
    const node = byId.get(key);
    const lane = lanes.get(key) ?? {
      node: key,
      name: node?.label ?? entry.who,
      hop: node?.hop ?? entry.hop,
      color: node?.color ?? entry.color,
      marks: [],
    };
    lane.marks.push({ entry, from: Date.parse(entry.time), to: Date.parse(entry.last) });
    lanes.set(key, lane);
  }
  const sorted = [...lanes.values()];
  for (const lane of sorted) {
    lane.marks.sort((a, b) => a.from - b.from);
  }
  return sorted.sort((a, b) => (a.hop ?? 0) - (b.hop ?? 0) || start(a) - start(b));
}

/** Nodes that did something within `range`, were made in it, or are at the other end of such an edge. */
export function activeIn(range: Range | undefined, graph: Graph, entries: readonly Moment[]): Set<string> | undefined {
  if (range === undefined) {
    return undefined;
  }
  const [from, to] = range;
  const within = (time: string | undefined) => time !== undefined && Date.parse(time) >= from && Date.parse(time) <= to;
  const active = new Set<string>();
  for (const entry of entries) {
    if (Date.parse(entry.time) <= to && Date.parse(entry.last) >= from) {
      active.add(entry.node_id ?? entry.who);
    }
  }
  for (const node of graph.nodes) {
    if (within(node.first_seen)) {
      active.add(node.id);
    }
  }
  for (const edge of graph.edges) {
    if (within(edge.event_time)) {
      active.add(edge.from).add(edge.to);
    } else if (edge.kind === "used_from" && edge.event_time === undefined && active.has(edge.from)) {
      active.add(edge.to);
    }
  }
  return active;
}

function start(lane: Lane): number {
  return lane.marks[0]?.from ?? 0;
}
