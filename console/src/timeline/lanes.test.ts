import { expect, it } from "vitest";

import type { Graph, Moment } from "../api/types";
import { activeIn, lanesOf } from "./lanes";

const entry = (node: string, first: string, hop: number): Moment => ({
  time: first,
  last: first,
  count: 1,
  node_id: node,
  who: node,
  hop,
  color: "none",
  event_source: "sts.amazonaws.com",
  event_name: "AssumeRole",
  kind: "use",
});

const plain = { label: "", hop: 0, confidence: "high" };

const graph: Graph = {
  nodes: ["a", "b", "c", "ip"].map((id) => ({ id, kind: "role_session", label: id, color: "none", hop: 0, rank: 0, on_path: true, finding_ids: [] })),
  edges: [
    { id: "1", from: "a", to: "b", kind: "assumed_role", color: "none", ...plain, event_time: "2026-01-01T00:00:00Z" },
    { id: "2", from: "b", to: "c", kind: "assumed_role", color: "orange", ...plain, event_time: "2026-01-02T00:00:00Z" },
    { id: "3", from: "c", to: "ip", kind: "used_from", color: "none", ...plain },
  ],
  hidden: { nodes: 0, edges: 0, groups: 0, of_nodes: 4, left_out: 0 },
};
const entries = [entry("c", "2026-01-02T01:00:00Z", 2), entry("a", "2026-01-01T00:00:00Z", 0)];

it("lanes are in the order of hops", () => {
  expect(lanesOf(entries, graph.nodes).map(({ node }) => node)).toEqual(["a", "c"]);
});

it("the whole of time leaves every node as it is", () => {
  expect(activeIn(undefined, graph, entries)).toBeUndefined();
});

it("a part of time keeps who acted in it, both ends of its links, and where it was used from", () => {
  const range = [Date.parse("2026-01-01T12:00:00Z"), Date.parse("2026-01-03T00:00:00Z")] as const;
  expect([...(activeIn(range, graph, entries) ?? [])].sort()).toEqual(["b", "c", "ip"]);
});
