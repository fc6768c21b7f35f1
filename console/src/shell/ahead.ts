/** Asks for what a page will show before it is there. */
import type { QueryClient } from "@tanstack/react-query";

import { graph, incident, incidents, overview, plan, timeline } from "../api/queries";
import { parametersOf } from "../incidents/filter";

/** Asks for what the page at `address` shows, beside the question who is asking. */
export function ahead(client: QueryClient, address: Location): void {
  // What fails is asked for again by the page, which says why.
  for (const asked of questions(client, address)) {
    asked.catch(() => undefined);
  }
}

function questions(client: QueryClient, { pathname, search }: Location): Promise<unknown>[] {
  if (pathname === "/") {
    return [client.query(overview())];
  }
  if (pathname === "/incidents") {
    return [client.query(incidents(parametersOf(new URLSearchParams(search), undefined)))];
  }
  const id = /^\/incidents\/([0-9a-f]+)$/.exec(pathname)?.[1];
  return id === undefined
    ? []
    : [
        import("../incident/IncidentPage"),
        client.query(incident(id)),
        client.query(graph(id, [])),
        client.query(timeline(id)),
        client.query(plan(id)),
      ];
}
