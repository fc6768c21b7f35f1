import type { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { decidedOn, foundOf, refreshNow, refreshSoon } from "./refresh";

const invalidate = vi.fn(() => Promise.resolve());
let client: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  invalidate.mockClear();
  client = { invalidateQueries: invalidate } as unknown as QueryClient;
});
afterEach(() => {
  vi.useRealTimers();
});

it("news that come together are asked for once", () => {
  refreshSoon(client, ...foundOf("a"));
  refreshSoon(client, ...foundOf("b"));
  expect(invalidate).not.toHaveBeenCalled();
  vi.runAllTimers();
  // The list and the overview once, and each incident once.
  expect(invalidate).toHaveBeenCalledTimes(4);
  refreshSoon(client, ...foundOf("a"));
  vi.runAllTimers();
  expect(invalidate).toHaveBeenCalledTimes(7);
});

it("a decision is asked for once, though the news of it come as well", async () => {
  refreshSoon(client, ...decidedOn("a"));
  await refreshNow(client, ...decidedOn("a"));
  vi.runAllTimers();
  expect(invalidate).toHaveBeenCalledTimes(decidedOn("a").length);
});

it("news of another incident are not lost to a decision", async () => {
  refreshSoon(client, ...foundOf("b"));
  await refreshNow(client, ...decidedOn("a"));
  vi.runAllTimers();
  expect(invalidate).toHaveBeenCalledWith({ queryKey: ["incident", "b"] });
});

it("a decision leaves the graph as it is", () => {
  expect(decidedOn("a")).toContainEqual({ queryKey: ["incident", "a"], exact: true });
  expect(decidedOn("a")).not.toContainEqual({ queryKey: ["incident", "a"] });
});
