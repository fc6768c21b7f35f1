/** Live updates: the server says what changed, and the pages ask for it anew. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { address } from "../api/client";

/** Whether updates arrive. */
export type Live = "on" | "off";

export function useLive(): Live {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>("off");
  useEffect(() => {
    const events = new EventSource(address("/live"));
    const stale = (...key: string[]) => void client.invalidateQueries({ queryKey: key });
    events.onopen = () => setLive("on");
    events.onerror = () => setLive("off");
    events.addEventListener("incident", (event: MessageEvent<string>) => {
      stale("incidents");
      stale("overview");
      const id = idOf(event.data);
      if (id !== undefined) {
        stale("incident", id);
      }
    });
    events.addEventListener("source", () => {
      stale("overview");
      stale("sources");
    });
    events.addEventListener("suppressions", () => stale("suppressions"));
    events.addEventListener("missed", () => void client.invalidateQueries());
    events.addEventListener("as_of", () => stale("overview"));
    return () => events.close();
  }, [client]);
  return live;
}

function idOf(data: string): string | undefined {
  try {
    return (JSON.parse(data) as { id?: string }).id;
  } catch {
    return undefined;
  }
}
