import { expect, it } from "vitest";

import { ApiError } from "../api/client";
import { isSignedOut, staleOf } from "./stale";

const query = (status: "error" | "success", data: unknown, isActive = true) => ({
  isActive: () => isActive,
  state: { status, data, error: status === "error" ? new ApiError(503, "busy", "busy") : null },
});

it("an older answer that could not be asked for again is told", () => {
  expect(staleOf([query("success", 1), query("error", 1)])?.message).toBe("busy");
});

it("what is not shown, or says itself that it failed, is not", () => {
  expect(staleOf([query("error", 1, false), query("error", undefined), query("success", 1)])).toBeUndefined();
});

it("a session that is over is told from a server that is away", () => {
  expect(isSignedOut(new ApiError(401, "not_signed_in", ""))).toBe(true);
  expect(isSignedOut(new ApiError(0, "unreachable", ""))).toBe(false);
  expect(isSignedOut(null)).toBe(false);
});
