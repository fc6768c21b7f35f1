/** Takes what was asked ahead, so that a page is drawn once and with everything in it. */
import type { QueryClient } from "@tanstack/react-query";

import { parametersOf } from "../incidents/filter";
import { incidentOf } from "../shell/ahead";
import { graph, incident, incidents, overview, session, timeline } from "./queries";

/** Milliseconds until a page is drawn without what it shows: an answer is there long before. */
const PATIENCE = 150;

/** Waits a moment for what the page at `address` shows. What fails is asked for again by the page, which says why. */
export async function takeFirst(client: QueryClient, address: Pick<Location, "pathname" | "search">): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([Promise.allSettled([client.query(session()), ...shownAt(client, address)]), late]);
}

function shownAt(client: QueryClient, { pathname, search }: Pick<Location, "pathname" | "search">): Promise<unknown>[] {
  if (pathname === "/") {
    return [client.query(overview())];
  }
  if (pathname === "/incidents") {
    return [client.query(incidents(parametersOf(new URLSearchParams(search), undefined)))];
  }
  const id = incidentOf(pathname);
  return id === undefined
    ? []
    : [client.query(incident(id)), client.query(graph(id, [])), client.query(timeline(id))];
}
