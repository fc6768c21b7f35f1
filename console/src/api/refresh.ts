/** Makes pages ask anew, and once for what is told of twice. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** What is asked anew: everything whose key begins like this, or that key alone. */
export interface Stale {
  queryKey: QueryKey;
  exact?: boolean;
}

/** Milliseconds in which news are gathered; the answer to a decision comes well within. */
const GATHERED = 200;

const waiting = new WeakMap<QueryClient, Map<string, ReturnType<typeof setTimeout>>>();

/** Asks anew in a moment, once for all that is told until then. */
export function refreshSoon(client: QueryClient, ...what: Stale[]): void {
  const timers = timersOf(client);
  for (const stale of what) {
    const name = nameOf(stale);
    if (!timers.has(name)) {
      const ask = () => {
        timers.delete(name);
        void client.invalidateQueries(stale);
      };
      timers.set(name, setTimeout(ask, GATHERED));
    }
  }
}

/** Asks anew at once, and not again for news of the same that came before. */
export async function refreshNow(client: QueryClient, ...what: Stale[]): Promise<void> {
  const timers = timersOf(client);
  for (const stale of what) {
    clearTimeout(timers.get(nameOf(stale)));
    timers.delete(nameOf(stale));
  }
  await Promise.all(what.map((stale) => client.invalidateQueries(stale)));
}

/** What people decide about an incident changes its page, the ticks of its plan and the lists, and no graph. */
export function decidedOn(id: string): Stale[] {
  return [
    { queryKey: ["incidents"] },
    { queryKey: ["overview"] },
    { queryKey: ["audit"] },
    { queryKey: ["incident", id], exact: true },
    { queryKey: ["incident", id, "plan"] },
  ];
}

/** What an analysis finds changes everything about an incident. */
export function foundOf(id: string): Stale[] {
  return [{ queryKey: ["incidents"] }, { queryKey: ["overview"] }, { queryKey: ["incident", id] }];
}

/** What a suppression changes: marks on the lists and on every incident. */
export const SUPPRESSED: readonly Stale[] = [
  { queryKey: ["suppressions"] },
  { queryKey: ["incidents"] },
  { queryKey: ["incident"] },
  { queryKey: ["overview"] },
  { queryKey: ["audit"] },
];

function timersOf(client: QueryClient): Map<string, ReturnType<typeof setTimeout>> {
  const known = waiting.get(client) ?? new Map<string, ReturnType<typeof setTimeout>>();
  waiting.set(client, known);
  return known;
}

function nameOf({ queryKey, exact }: Stale): string {
  return JSON.stringify([queryKey, exact === true]);
}
