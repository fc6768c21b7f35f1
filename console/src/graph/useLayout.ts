/** Asks the worker where the nodes of a graph stand. */
import { useEffect, useMemo, useState } from "react";

import type { Graph } from "../api/types";
import { columns } from "./columns";
import { type LayoutInput, type Positions, WHOLE_MAX } from "./sizes";

interface Reply {
  ticket: number;
  positions: Positions;
}

let worker: Worker | undefined;
let tickets = 0;

/** One worker for all graphs that are laid out with care; none where there is none. */
function workerOf(): Worker {
  worker ??= new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  return worker;
}

/** The positions of `graph`, or nothing while they are being found: a large one stands at once. */
export function useLayout(graph: Graph | undefined): Positions | undefined {
  const [found, setFound] = useState<Positions>();
  const isLarge = graph !== undefined && graph.nodes.length > WHOLE_MAX;
  const key = graph === undefined || isLarge ? undefined : JSON.stringify(inputOf(graph));
  const large = useMemo(() => (isLarge ? columns(inputOf(graph)) : undefined), [graph, isLarge]);
  useEffect(() => {
    if (key === undefined) {
      return;
    }
    const ticket = ++tickets;
    const onReply = ({ data }: MessageEvent<Reply>) => {
      if (data.ticket === ticket) {
        setFound(data.positions);
      }
    };
    const worker = workerOf();
    worker.addEventListener("message", onReply);
    worker.postMessage({ ticket, input: JSON.parse(key) as LayoutInput });
    return () => worker.removeEventListener("message", onReply);
  }, [key]);
  return large ?? found;
}

function inputOf({ nodes, edges }: Graph): LayoutInput {
  return {
    nodes: nodes.map(({ id, first_seen }) => ({ id, first_seen })),
    edges: edges.map(({ from, to, kind, color, label }) => ({ from, to, kind, color, label })),
  };
}
