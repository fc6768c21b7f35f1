import { expect, it } from "vitest";

import { FOLD_WIDTH, plainScale, scaleOf, ticks } from "./scale";

const MINUTE = 60_000;
const DAY = 86_400_000;

it("a burst and another a day later are two segments with a fold between them", () => {
  const { segments } = scaleOf([0, MINUTE, 5 * MINUTE, DAY, DAY + MINUTE], 0, 1000);
  expect(segments).toHaveLength(2);
  expect((segments[1]?.left ?? 0) - (segments[0]?.right ?? 0)).toBeCloseTo(FOLD_WIDTH);
  expect(segments[0]?.left).toBe(0);
  expect(segments[1]?.right).toBeCloseTo(1000);
});

it("an even stream of events is not folded", () => {
  const hourly = Array.from({ length: 48 }, (_, hour) => hour * 3_600_000);
  expect(scaleOf(hourly, 0, 1000).segments).toHaveLength(1);
});

it("the order of the times does not matter", () => {
  expect(scaleOf([DAY, 0, MINUTE], 0, 500).segments).toEqual(scaleOf([0, MINUTE, DAY], 0, 500).segments);
});

it("a moment and its pixel belong together, on both sides of a fold", () => {
  const scale = scaleOf([0, 5 * MINUTE, DAY, DAY + 7 * MINUTE], 10, 910);
  for (const time of [0, 2 * MINUTE, 5 * MINUTE, DAY, DAY + 6 * MINUTE]) {
    expect(scale.time(scale.x(time))).toBeCloseTo(time, -1);
  }
});

it("pixels grow with time", () => {
  const times = [0, MINUTE, 9 * MINUTE, DAY, DAY + MINUTE, 3 * DAY];
  const scale = scaleOf(times, 0, 700);
  const pixels = times.map(scale.x);
  expect(pixels).toEqual([...pixels].sort((a, b) => a - b));
});

it("no events and one event have a scale, too", () => {
  expect(Number.isFinite(scaleOf([], 0, 100).x(5))).toBe(true);
  expect(scaleOf([1000], 0, 100).x(1000)).toBeCloseTo(50);
});

it("marks of the axis are round and inside", () => {
  const [segment] = plainScale(30_000, 10 * MINUTE, 0, 600).segments;
  const found = ticks(segment!, 88);
  expect(found.length).toBeGreaterThan(1);
  expect(found.every((time) => time % MINUTE === 0 && time >= 30_000 && time <= 10 * MINUTE)).toBe(true);
});
