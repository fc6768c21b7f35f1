/** The graph as a table: every link with both its ends, for screen readers and for thousands of nodes. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { graphRows } from "../api/queries";
import type { GraphEdge, GraphNode } from "../api/types";
import { edgeLabel } from "../graph/HopEdge";
import type { Selection } from "../graph/LineageGraph";
import { Failed } from "../shell/states";
import { Line } from "../text/Untrusted";
import { count, kindWords, sentence } from "../text/words";
import { Time } from "../time/Time";

interface Props {
  id: string;
  onSelect: (selection: Selection) => void;
}

export function GraphTable({ id, onSelect }: Props) {
  const found = useInfiniteQuery(graphRows(id));
  const rows = useMemo(() => found.data?.pages.flatMap(({ items }) => items) ?? [], [found.data]);
  const nodes = useMemo(() => new Map(rows.flatMap((row) => (row.row === "node" ? [[row.id, row] as const] : []))), [rows]);
  const edges = useMemo(() => rows.filter((row) => row.row === "edge"), [rows]);
  // Every node comes before the first edge, and a table without an edge shows nothing.
  const isMoreNeeded = rows.at(-1)?.row === "node" && found.hasNextPage && !found.isError;
  const { isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (isMoreNeeded && !isFetching) {
      void fetchNextPage();
    }
  }, [isMoreNeeded, isFetching, fetchNextPage]);
  return (
    <div className="graph-table">
      {found.isError && (
        <Failed error={found.error} what="all of the table" retry={() => void (rows.length === 0 ? found.refetch() : fetchNextPage())} />
      )}
      <Table<GraphEdge>
        variant="embedded"
        contentDensity="compact"
        loading={found.isPending || isMoreNeeded}
        loadingText="Loading the table"
        items={edges}
        trackBy="id"
        ariaLabels={{ tableLabel: "The chain, link by link" }}
        columnDefinitions={columns(nodes, onSelect)}
        footer={
          found.hasNextPage && (
            <Box textAlign="center">
              <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                Load more; {count(rows.length, "row")} of {found.data?.pages[0]?.total.toLocaleString("en")} are here
              </Button>
            </Box>
          )
        }
      />
    </div>
  );
}

function columns(nodes: ReadonlyMap<string, GraphNode>, onSelect: Props["onSelect"]) {
  const end = (id: string) => {
    const node = nodes.get(id);
    return (
      <Pick onPick={() => onSelect({ kind: "node", id })}>
        <Line text={node?.label ?? id} limit={60} /> <Box variant="small">{kindWords(node?.kind ?? "unknown")}</Box>
      </Pick>
    );
  };
  return [
    { id: "hop", header: "Hop", isRowHeader: true, cell: (edge: GraphEdge) => <Hop edge={edge} /> },
    { id: "from", header: "From", cell: (edge: GraphEdge) => end(edge.from) },
    {
      id: "what",
      header: "What",
      cell: (edge: GraphEdge) => (
        <Pick onPick={() => onSelect({ kind: "edge", id: edge.id })}>{edgeLabel(edge).name}</Pick>
      ),
    },
    { id: "to", header: "To", cell: (edge: GraphEdge) => end(edge.to) },
    { id: "time", header: "Time", cell: (edge: GraphEdge) => <Time at={edge.event_time} /> },
  ];
}

function Hop({ edge: { hop, color } }: { edge: GraphEdge }) {
  return (
    <span className={`hop-chip color-${color}`}>
      <span className="hop-number">{hop}</span>
      {color === "none" ? "" : sentence(color)}
    </span>
  );
}

function Pick({ onPick, children }: { onPick: () => void; children: React.ReactNode }) {
  return (
    <Link variant="secondary" onFollow={onPick}>
      {children}
    </Link>
  );
}
