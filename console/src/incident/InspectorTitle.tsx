/** The title of the inspector: what is selected, with its hop. */
import type { ReactNode } from "react";

import type { Color, Graph, GraphEdge, GraphNode, Inspection } from "../api/types";
import { NodeIcon } from "../graph/icons";
import { doubt, edgeLabel } from "../graph/HopEdge";
import type { Selection } from "../graph/LineageGraph";
import { Line, Untrusted } from "../text/Untrusted";
import { colorWords, kindWords, sentence } from "../text/words";
import { Time } from "../time/Time";

export function NodeTitle({ node }: { node: GraphNode }) {
  const color = colorWords(node.color, node.hop);
  return (
    <Title color={node.color} icon={<NodeIcon node={node} size={20} />} name={<Untrusted text={node.label} foldAt={120} />}>
      {kindWords(node.kind)}
      {color !== "" && ` · ${sentence(color)}`}
      {node.badge !== undefined && ` · ${node.badge}`}
    </Title>
  );
}

interface EdgeTitleProps {
  edge: GraphEdge;
  graph: Graph;
  onSelect: (selection: Selection) => void;
}

export function HopEdgeTitle({ edge, graph, onSelect }: EdgeTitleProps) {
  const { hop, name } = edgeLabel(edge);
  const doubtful = doubt(edge);
  const end = (id: string) => (
    <button type="button" className="unfold" onClick={() => onSelect({ kind: "node", id })}>
      <Line text={graph.nodes.find((node) => node.id === id)?.label ?? id} limit={40} />
    </button>
  );
  const ends = (
    <div className="inspector-ends">
      {end(edge.from)} → {end(edge.to)}
    </div>
  );
  return (
    <Title color={edge.color} icon={<b>{hop ?? "→"}</b>} name={name} below={ends}>
      {hop === undefined ? "Link" : `Hop ${hop}`}
      {edge.color !== "none" && ` · ${sentence(edge.color)}`}
      {doubtful !== undefined && ` · ${sentence(doubtful)}`}
      {edge.event_time !== undefined && (
        <>
          {" · "}
          <Time at={edge.event_time} />
        </>
      )}
    </Title>
  );
}

/** The title of what the graph does not draw, because it is folded into something else. */
export function FoldedTitle({ inspection: { of, kind, title, color } }: { inspection: Inspection }) {
  const icon = of === "edge" ? <b>→</b> : <NodeIcon node={{ kind }} size={20} />;
  return (
    <Title color={color} icon={icon} name={<Untrusted text={title === "" ? kindWords(kind) : title} foldAt={120} />}>
      {of === "edge" ? "Link" : kindWords(kind)}
      {color !== "none" && ` · ${sentence(color)}`}
      {" · folded in the graph"}
    </Title>
  );
}

interface TitleProps {
  color: Color;
  icon: ReactNode;
  name: ReactNode;
  below?: ReactNode;
  /** What it is, above its name. */
  children: ReactNode;
}

function Title({ color, icon, name, below, children }: TitleProps) {
  return (
    <div className={`inspector-title color-${color}`}>
      <span className="card-icon">{icon}</span>
      <div>
        <div className="inspector-kind">{children}</div>
        <h2>{name}</h2>
        {below}
      </div>
    </div>
  );
}
