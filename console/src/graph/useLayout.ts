/** Asks the worker where the nodes of a graph stand. */
import { useEffect, useState } from "react";

import type { Graph } from "../api/types";
import type { LayoutInput, Positions } from "./layout";

interface Reply {
  ticket: number;
  positions: Positions;
}

/** Starts while the graph is still being asked for. */
const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
let tickets = 0;

/** The positions of `graph`, or nothing while they are being found. */
export function useLayout(graph: Graph | undefined): Positions | undefined {
  const [found, setFound] = useState<Positions>();
  const key = graph === undefined ? undefined : JSON.stringify(inputOf(graph));
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
    worker.addEventListener("message", onReply);
    worker.postMessage({ ticket, input: JSON.parse(key) as LayoutInput });
    return () => worker.removeEventListener("message", onReply);
  }, [key]);
  return found;
}

function inputOf({ nodes, edges }: Graph): LayoutInput {
  return {
    nodes: nodes.map(({ id, first_seen }) => ({ id, first_seen })),
    edges: edges.map(({ from, to, kind, color, label }) => ({ from, to, kind, color, label })),
  };
}
