/** The title of the inspector: what is selected, with its hop. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";
import { NodeIcon } from "../graph/icons";
import { edgeLabel } from "../graph/HopEdge";
import type { Selection } from "../graph/LineageGraph";
import { Line, Untrusted } from "../text/Untrusted";
import { colorWords, kindWords, sentence } from "../text/words";
import { Time } from "../time/Time";

export function NodeTitle({ node }: { node: GraphNode }) {
  const color = colorWords(node.color, node.hop);
  return (
    <div className={`inspector-title color-${node.color}`}>
      <span className="card-icon">
        <NodeIcon node={node} size={20} />
      </span>
      <div>
        <div className="inspector-kind">
          {kindWords(node.kind)}
          {color !== "" && ` · ${sentence(color)}`}
          {node.badge !== undefined && ` · ${node.badge}`}
        </div>
        <h2>
          <Untrusted text={node.label} foldAt={120} />
        </h2>
      </div>
    </div>
  );
}

interface EdgeTitleProps {
  edge: GraphEdge;
  graph: Graph;
  onSelect: (selection: Selection) => void;
}

export function HopEdgeTitle({ edge, graph, onSelect }: EdgeTitleProps) {
  const { hop, name } = edgeLabel(edge);
  const end = (id: string) => (
    <button type="button" className="unfold" onClick={() => onSelect({ kind: "node", id })}>
      <Line text={graph.nodes.find((node) => node.id === id)?.label ?? id} limit={40} />
    </button>
  );
  return (
    <div className={`inspector-title color-${edge.color}`}>
      <span className="card-icon">
        <b>{hop ?? "→"}</b>
      </span>
      <div>
        <div className="inspector-kind">
          {hop === undefined ? "Link" : `Hop ${hop}`}
          {edge.color !== "none" && ` · ${sentence(edge.color)}`}
          {edge.event_time !== undefined && (
            <>
              {" · "}
              <Time at={edge.event_time} />
            </>
          )}
        </div>
        <h2>{name}</h2>
        <div className="inspector-ends">
          {end(edge.from)} → {end(edge.to)}
        </div>
      </div>
    </div>
  );
}
