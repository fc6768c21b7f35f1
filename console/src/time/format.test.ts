import { expect, it } from "vitest";

import { formatDuration, formatTime, isoOf } from "./format";

it("UTC says so", () => {
  expect(formatTime("2026-10-16T14:09:28Z", "utc")).toBe("2026-10-16 14:09:28Z");
});

it("local time says by how much it differs", () => {
  expect(formatTime("2026-10-16T14:09:28Z", "local")).toMatch(/^2026-10-1[567] \d\d:\d\d:28 [+-]\d\d:\d\d$/);
});

it("a moment is written as the API writes it", () => {
  expect(isoOf(Date.UTC(2026, 9, 16, 14, 9, 28, 123))).toBe("2026-10-16T14:09:28Z");
});

it("what is no time is shown as it is", () => {
  expect(formatTime("yesterday", "utc")).toBe("yesterday");
});

it("durations have their two largest units", () => {
  expect(formatDuration(240)).toBe("4 min");
  expect(formatDuration(3 * 3600 + 20 * 60 + 5)).toBe("3 h 20 min");
  expect(formatDuration(90_000)).toBe("1 d 1 h");
  expect(formatDuration(0)).toBe("0 s");
});
