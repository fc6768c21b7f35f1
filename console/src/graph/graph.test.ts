import { expect, it } from "vitest";

import type { GraphEdge } from "../api/types";
import { doubt, edgeClasses, edgeLabel, edgeName } from "./HopEdge";
import { columns } from "./columns";
import { positions } from "./layout";
import { CARD, extent } from "./sizes";
import { neighbor } from "./walk";

const edge = (from: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  id: `${from}:${to}`,
  from,
  to,
  kind: "assumed_role",
  color: "none",
  label: "AssumeRole",
  hop: 0,
  confidence: "high",
  ...more,
});
const nodes = ["origin", "one", "two", "three"].map((id) => ({ id }));
const edges = [
  edge("origin", "one", { label: "1 · AssumeRole" }),
  edge("one", "two", { color: "orange", label: "2 · AssumeRole" }),
  edge("two", "three", { color: "red", label: "3 · AssumeRole" }),
];

it("each hop stands to the right of the one before, with room for the label", () => {
  const found = positions({ nodes, edges });
  const xs = nodes.map(({ id }) => found[id]!.x);
  for (let index = 1; index < xs.length; index += 1) {
    expect(xs[index]! - xs[index - 1]!).toBeGreaterThan(CARD.width + 40);
  }
});

it("the same graph has the same layout, and a chain is a straight line", () => {
  const found = positions({ nodes, edges });
  expect(positions({ nodes, edges })).toEqual(found);
  expect(new Set(Object.values(found).map(({ y }) => Math.round(y))).size).toBe(1);
});

it("an edge to a node that is not drawn is left out", () => {
  expect(Object.keys(positions({ nodes, edges: [...edges, edge("three", "gone")] }))).toHaveLength(4);
});

it("no nodes have no extent", () => {
  expect(extent({})).toEqual({ width: 0, height: 0 });
});

it("the arrow keys follow the edges and go up and down a column", () => {
  const found = { a: { x: 0, y: 0 }, b: { x: 200, y: 0 }, c: { x: 200, y: 90 } };
  const links = [edge("a", "c", { kind: "used_from" }), edge("a", "b"), edge("a", "c")];
  expect(neighbor("a", "right", links, found)).toBe("b");
  expect(neighbor("b", "down", links, found)).toBe("c");
  expect(neighbor("c", "up", links, found)).toBe("b");
  expect(neighbor("c", "left", links, found)).toBe("a");
  expect(neighbor("a", "left", links, found)).toBeUndefined();
});

it("the number of a hop is told in words, too", () => {
  expect(edgeLabel(edges[2]!)).toEqual({ hop: 3, name: "AssumeRole" });
  expect(edgeLabel(edge("a", "b", { label: "used from" }))).toEqual({ hop: undefined, name: "used from" });
  expect(edgeLabel(edge("a", "b", { label: "1 · AssumeRole", confidence: "low" })).name).toBe("AssumeRole ?");
  const named = { kind: "role_session", color: "red" as const, hop: 3, rank: 3, on_path: true, finding_ids: [] };
  expect(edgeName(edges[2]!, { id: "two", label: "two", ...named }, { id: "three", label: "th\u202eree", ...named })).toBe(
    "hop 3, AssumeRole, red, from two to th\\u{202e}ree",
  );
});

it("what is not proved has a question mark and a line of its own", () => {
  for (const confidence of ["low", "medium"]) {
    const doubtful = edge("a", "b", { label: "1 · AssumeRole", confidence });
    expect(edgeLabel(doubtful).name).toBe("AssumeRole ?");
    expect(edgeClasses(doubtful)).toContain("edge-unsure");
    expect(edgeName(doubtful, undefined, undefined)).toMatch(/not proved by the logs$/);
  }
  expect(doubt(edge("a", "b", { confidence: "medium" }))).toMatch(/^likely/);
  expect(doubt(edge("a", "b", { confidence: "low" }))).toMatch(/^uncertain/);
  expect(doubt(edge("a", "b"))).toBeUndefined();
  expect(edgeLabel(edge("a", "b")).name).toBe("AssumeRole");
  expect(edgeClasses(edge("a", "b"))).toEqual(["color-none", "edge-assumed_role"]);
});

it("an edge that stands for several says so once", () => {
  expect(edgeLabel(edge("a", "b", { label: "×12", count: 12 })).name).toBe("×12");
});

it("a very large tree stands in columns, and nothing over anything else", () => {
  const children = [...Array(400).keys()].map((n) => edge("origin", `child-${n}`));
  const found = columns({ nodes: ["origin", ...children.map(({ to }) => to)].map((id) => ({ id })), edges: children });
  const column = children.map(({ to }) => found[to]);
  expect(new Set(column.map((at) => at?.x)).size).toBe(1);
  const heights = column.map((at) => at?.y ?? Number.NaN).sort((left, right) => left - right);
  const gaps = heights.slice(1).map((y, index) => y - (heights[index] ?? y));
  expect(Math.min(...gaps)).toBeGreaterThan(CARD.height);
});

it("in a very large graph what matters most is one line, and stands first", () => {
  const others = [...Array(300).keys()].map((n) => edge("origin", `other-${n}`));
  const found = columns({ nodes: [...others.map(({ to }) => ({ id: to })), ...nodes], edges: [...others, ...edges] });
  const line = nodes.map(({ id }) => found[id]!);
  expect(new Set(line.map(({ y }) => y)).size).toBe(1);
  expect(Math.min(...Object.values(found).map(({ y }) => y))).toBe(line[0]!.y);
  for (const [index, { x }] of line.slice(1).entries()) {
    expect(x - line[index]!.x).toBeGreaterThan(CARD.width + 40);
  }
});

it("a circle ends, and no two cards of a very large graph touch", () => {
  const names = [...Array(60).keys()].map((n) => `n${n}`);
  const links = names.flatMap((from, n) => [7, 11, 1].map((step) => edge(from, names[(n * step + step) % names.length]!)));
  const found = Object.values(columns({ nodes: names.map((id) => ({ id })), edges: [...links, edge("n1", "gone")] }));
  expect(found).toHaveLength(names.length);
  for (const [index, { x, y }] of found.entries()) {
    for (const other of found.slice(index + 1)) {
      expect(Math.abs(other.x - x) >= CARD.width || Math.abs(other.y - y) >= CARD.height).toBe(true);
    }
  }
});
