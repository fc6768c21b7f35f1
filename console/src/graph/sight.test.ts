import { expect, it } from "vitest";

import type { Graph, GraphEdge, GraphNode } from "../api/types";
import { cellsOf } from "./WholeMap";
import { columns } from "./columns";
import { inSight, linksOf, partOf } from "./sight";
import { extent } from "./sizes";

const node = (id: string, color: GraphNode["color"]): GraphNode => ({ id, kind: "role_session", label: id, color, hop: 0, rank: 0, on_path: true, finding_ids: [] });
const edge = (from: string, to: string, color: GraphEdge["color"]): GraphEdge => ({
  id: `${from}:${to}`,
  from,
  to,
  kind: "assumed_role",
  color,
  label: "AssumeRole",
  hop: 0,
  confidence: "high",
});

/** An origin with so many orange sessions, of which the one in the middle goes on to a red one. */
function fan(size: number): Pick<Graph, "nodes" | "edges"> {
  const names = [...Array(size).keys()].map((n) => `orange-${n}`);
  const middle = names[Math.floor(size / 2)]!;
  return {
    nodes: [node("origin", "none"), ...names.map((id) => node(id, "orange")), node("red", "red")],
    edges: [...names.map((id) => edge("origin", id, "orange")), edge(middle, "red", "red")],
  };
}

const hidden = { nodes: 0, edges: 0, groups: 0, of_nodes: 0, left_out: 0 };
const graph: Graph = { ...fan(5_000), hidden };
const positions = columns(graph);
const links = linksOf(graph.edges);
const room = { width: 1200, height: 560 };
const seenFrom = (y: number) => inSight(graph, links, positions, partOf([0, -y, 1], room));

it("what is given to be drawn does not grow with the graph", () => {
  const { nodes, edges } = seenFrom(0);
  expect(nodes.length).toBeLessThan(60);
  expect(edges.length).toBeLessThan(60);
});

it("the gravest way stands whole in the first row", () => {
  const ys = ["origin", "orange-2500", "red"].map((id) => positions[id]?.y);
  expect(new Set(ys).size).toBe(1);
  const { edges } = seenFrom(0);
  expect(edges.map(({ id }) => id)).toEqual(expect.arrayContaining(["origin:orange-2500", "orange-2500:red"]));
});

it("whoever goes through the whole graph sees every node, and every link", () => {
  const { height } = extent(positions);
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (let y = 0; y < height; y += room.height) {
    const seen = seenFrom(y);
    seen.nodes.forEach(({ id }) => nodes.add(id));
    seen.edges.forEach(({ id }) => edges.add(id));
  }
  expect([nodes.size, edges.size]).toEqual([graph.nodes.length, graph.edges.length]);
});

it("both ends of a link are given with it", () => {
  for (const y of [0, 5_000, 200_000]) {
    const { nodes, edges } = seenFrom(y);
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
  }
});

it("scrolling within a tile changes nothing", () => {
  expect(partOf([-10, -10, 1], room)).toEqual(partOf([-40, -40, 1], room));
  expect(partOf([-10, -10, 1], room)).not.toEqual(partOf([-10, -2_000, 1], room));
});

it("the map has every color, and few marks", () => {
  const cells = cellsOf(graph.nodes, positions, extent(positions));
  expect(new Set(cells.map(({ color }) => color))).toEqual(new Set(["none", "orange", "red"]));
  expect(cells.length).toBeLessThan(1_000);
});
