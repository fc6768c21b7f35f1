/** Live updates: the server says what changed, and the pages ask for it anew. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useState } from "react";

import { address } from "../api/client";
import { SUPPRESSED, decidedOn, foundOf, refreshSoon } from "../api/refresh";
import { type Live, keepOpen } from "./stream";

const LiveContext = createContext<Live>("starting");

/** Keeps news coming, for everything inside. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>("starting");
  useEffect(
    () =>
      keepOpen(() => listen(client), {
        onState: setLive,
        onBack: () => void client.invalidateQueries(),
        // Whether the session is over is what the session says.
        onRefused: () => refreshSoon(client, { queryKey: ["session"] }),
      }),
    [client],
  );
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

/** Whether news arrive. */
export function useLive(): Live {
  return useContext(LiveContext);
}

function listen(client: QueryClient): EventSource {
  const events = new EventSource(address("/live"));
  events.addEventListener("incident", ({ data }: MessageEvent<string>) => {
    const { id, change } = newsOf(data);
    if (id === undefined) {
      refreshSoon(client, { queryKey: ["incidents"] }, { queryKey: ["overview"] });
    } else {
      refreshSoon(client, ...(DECISIONS.has(change) ? decidedOn(id) : foundOf(id)));
    }
  });
  events.addEventListener("source", () => refreshSoon(client, { queryKey: ["overview"] }, { queryKey: ["sources"] }));
  events.addEventListener("suppressions", () => refreshSoon(client, ...SUPPRESSED));
  events.addEventListener("missed", () => void client.invalidateQueries());
  events.addEventListener("as_of", () => refreshSoon(client, { queryKey: ["overview"] }));
  return events;
}

/** Changes that people make. */
const DECISIONS: ReadonlySet<string | undefined> = new Set(["triage", "note", "tick"]);

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What `data` of an event says; nothing, where it is not what was expected. */
export function newsOf(data: string): { id?: string; change?: string } {
  try {
    const news = JSON.parse(data) as { id?: unknown; change?: unknown } | null;
    return { id: textOf(news?.id), change: textOf(news?.change) };
  } catch {
    return {};
  }
}
