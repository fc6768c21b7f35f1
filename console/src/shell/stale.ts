/** What is shown although it could not be asked for again. */
import { type Query, notifyManager, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { ApiError } from "../api/client";

/** Why something on the page may be old, or nothing where all of it was asked for. */
export function useStale(): Error | undefined {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(notifyManager.batchCalls(onChange)), [cache]);
  return useSyncExternalStore(subscribe, () => staleOf(cache.getAll()));
}

type Asked = Pick<Query, "isActive"> & { state: Pick<Query["state"], "status" | "data" | "error"> };

/** The first failure of a query that is shown with an older answer. */
export function staleOf(queries: readonly Asked[]): Error | undefined {
  const found = queries.find((query) => query.state.status === "error" && query.state.data !== undefined && query.isActive());
  return found?.state.error ?? undefined;
}

/** Whether the server does not know who asks any more. */
export function isSignedOut(error: Error | null | undefined): boolean {
  return error instanceof ApiError && error.status === 401;
}
