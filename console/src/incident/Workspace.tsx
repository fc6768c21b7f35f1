/** The graph, the inspector over it and the timeline below: one selection, kept in the address. */
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import { graph as graphOf, timeline as timelineOf } from "../api/queries";
import type { Graph, Incident, Moment } from "../api/types";
import { LineageGraph, type Selection } from "../graph/LineageGraph";
import { useKeys } from "../shell/keys";
import { Failed, Loading } from "../shell/states";
import { Timeline } from "../timeline/Timeline";
import { count } from "../text/words";
import { type Range, activeIn } from "../timeline/lanes";
import { GraphTable } from "./GraphTable";
import { Inspector, INSPECTOR_WIDTH } from "./Inspector";

const NOTHING: Moment[] = [];

interface Props {
  incident: Incident;
  onDrawn: () => void;
}

export function Workspace({ incident, onDrawn }: Props) {
  const { id } = incident.incident;
  const [chosen, select] = useSelection();
  const [range, setRange] = useState<Range>();
  const [view, setView] = useState<"graph" | "table">("graph");
  const [expanded, setExpanded] = useState<Record<string, string>>({});
  const graph = useQuery(graphOf(id, Object.values(expanded)));
  const first = useQuery({ ...graphOf(id, []), enabled: false });
  // What cannot be drawn further stays as it was at first.
  const drawn = graph.data ?? first.data;
  const timeline = useQuery(timelineOf(id));
  const entries = timeline.data?.items ?? NOTHING;
  // The graph may lag behind the brush.
  const looked = useDeferredValue(range);
  const active = useMemo(
    () => (drawn === undefined ? undefined : activeIn(looked, drawn, entries)),
    [looked, drawn, entries],
  );
  const expand = useCallback((node: string, wanted: string) => setExpanded((before) => ({ ...before, [node]: wanted })), []);
  useKeys({
    t: () => setView(view === "graph" ? "table" : "graph"),
    e: () => document.querySelector<HTMLElement>("#evidence button, #evidence [tabindex]")?.focus(),
    Escape: () => select(undefined),
  });
  if (drawn === undefined) {
    const again = () => void graph.refetch();
    return graph.isLoadingError ? <Failed error={graph.error} what="the graph" retry={again} /> : <Loading what="the graph" />;
  }
  // A card that was drawn to its last node is no more.
  const isGone = chosen !== undefined && chosen.id in expanded && !drawn.nodes.some((node) => node.id === chosen.id);
  const selection = isGone ? undefined : chosen;
  return (
    <section className="workspace" aria-label="Chain">
      <div className="workspace-bar">
        <Shown graph={drawn} />
        <SegmentedControl
          label="How the chain is shown"
          selectedId={view}
          options={[
            { id: "graph", text: "Graph" },
            { id: "table", text: "Table" },
          ]}
          onChange={({ detail }) => setView(detail.selectedId === "table" ? "table" : "graph")}
        />
      </div>
      {graph.isLoadingError && <Failed error={graph.error} verb="draw" what="more of the graph" retry={() => void graph.refetch()} />}
      <div className="workspace-stage">
        {view === "graph" ? (
          <LineageGraph
            graph={drawn}
            selection={selection}
            active={active}
            coveredWidth={selection === undefined ? 0 : INSPECTOR_WIDTH}
            onSelect={select}
            onDrawn={onDrawn}
          />
        ) : (
          <GraphTable id={id} onSelect={select} />
        )}
        {selection !== undefined && (
          <Inspector
            incident={incident}
            graph={drawn}
            moments={entries}
            selection={selection}
            onExpand={expand}
            onSelect={select}
          />
        )}
      </div>
      {timeline.isPending && <Loading what="the timeline" />}
      {timeline.isLoadingError && <Failed error={timeline.error} what="the timeline" retry={() => void timeline.refetch()} />}
      {timeline.data !== undefined && (
        <Timeline
          entries={entries}
          leftOut={timeline.data.left_out}
          nodes={drawn.nodes}
          selected={selection?.kind === "node" ? selection.id : undefined}
          range={range}
          onRange={setRange}
          onPick={(entry) => entry.node_id !== undefined && select({ kind: "node", id: entry.node_id }, entry.event_id)}
        />
      )}
    </section>
  );
}

function Shown({ graph: { nodes, hidden } }: { graph: Graph }) {
  const folded = hidden.nodes > 0 ? ` of ${hidden.of_nodes.toLocaleString("en")}; ${hidden.nodes.toLocaleString("en")} folded in ${count(hidden.groups, "group")}` : "";
  return (
    <span className="shown" role="status">
      Showing {count(nodes.length, "node")}
      {folded}
      {hidden.left_out > 0 && `; ${hidden.left_out.toLocaleString("en")} more are in no table either`}
    </span>
  );
}

/** What is selected; the address names it, so that it can be sent to somebody. */
function useSelection(): [Selection | undefined, (selection: Selection | undefined, event?: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const node = parameters.get("node");
  const edge = parameters.get("edge");
  const selection = useMemo<Selection | undefined>(() => {
    if (node !== null) {
      return { kind: "node", id: node };
    }
    return edge === null ? undefined : { kind: "edge", id: edge };
  }, [node, edge]);
  const select = useCallback(
    (chosen: Selection | undefined, event?: string) =>
      setParameters(
        (before) => {
          for (const name of ["node", "edge", "event"]) {
            before.delete(name);
          }
          if (chosen !== undefined) {
            before.set(chosen.kind, chosen.id);
          }
          if (event !== undefined) {
            before.set("event", event);
          }
          return before;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParameters],
  );
  return [selection, select];
}
