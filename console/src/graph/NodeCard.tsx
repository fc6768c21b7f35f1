/** A node of the lineage graph: one card for each credential, workload, address or thing left behind. */
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";

import type { GraphNode } from "../api/types";
import { Line } from "../text/Untrusted";
import { colorWords, kindWords } from "../text/words";
import { short, shortKey } from "../text/visible";
import { NodeIcon } from "./icons";

export type CardNode = Node<{ node: GraphNode; isDim: boolean }, "card">;

export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<CardNode>) {
  const { node, isDim } = data;
  const [first, second] = lines(node);
  const classes = ["card", `kind-${node.kind}`, `color-${node.color}`];
  if (selected) {
    classes.push("is-selected");
  }
  if (isDim) {
    classes.push("is-dim");
  }
  if (node.badge !== undefined) {
    classes.push("has-badge");
  }
  return (
    <div className={classes.join(" ")}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="card-head">
        <span className="card-icon">
          <NodeIcon node={node} size={15} />
        </span>
        <span className="card-title">
          <Line text={shortKey(node.label)} limit={60} />
        </span>
      </span>
      <span className="card-line">
        <Line text={first} limit={60} />
      </span>
      {second !== undefined && (
        <span className="card-line">
          <Line text={second} limit={60} />
        </span>
      )}
      {node.badge !== undefined && <span className="card-badge">{short(node.badge, 12)}</span>}
      {node.group !== undefined && <span className="card-badge">×{node.group.size.toLocaleString("en")}</span>}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

/** What a card says below its title: who, with which key, and then the account or the call. */
export function lines(node: GraphNode): [string, string | undefined] {
  const parts = (node.sublabel ?? kindWords(node.kind)).split(" · ").map(shortKey);
  const last = parts.length > 1 ? parts.pop() : undefined;
  return [parts.join(" · "), last];
}

/** What a screen reader says of a node. */
export function nodeName(node: GraphNode): string {
  const parts = [kindWords(node.kind), short(node.label, 80), colorWords(node.color, node.hop), node.sublabel];
  const said = parts.filter((part) => part !== undefined && part !== "");
  return `${short(said.join(", "), 240)}${node.badge === undefined ? "" : `, ${short(node.badge, 12)}`}`;
}
