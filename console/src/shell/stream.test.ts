import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { type Source, keepOpen } from "./stream";

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

let made: (Source & { readyState: number; close: ReturnType<typeof vi.fn<() => void>> })[];
const told = { onState: vi.fn(), onBack: vi.fn(), onRefused: vi.fn() };
const event = {} as Event;

function open(): Source {
  const source = { onopen: null, onerror: null, readyState: CONNECTING, close: vi.fn<() => void>() };
  made.push(source);
  return source;
}

function opens() {
  const source = made.at(-1)!;
  source.readyState = OPEN;
  source.onopen?.(event);
}

function fails(readyState: number) {
  const source = made.at(-1)!;
  source.readyState = readyState;
  source.onerror?.(event);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  made = [];
});
afterEach(() => {
  vi.useRealTimers();
});

it("a stream that is refused is tried again, less and less often", () => {
  keepOpen(open, told);
  fails(CLOSED);
  expect(told.onState).toHaveBeenLastCalledWith("off");
  vi.advanceTimersByTime(1_000);
  expect(made).toHaveLength(2);
  fails(CLOSED);
  vi.advanceTimersByTime(1_000);
  expect(made).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(made).toHaveLength(3);
  expect(told.onRefused).toHaveBeenCalledTimes(2);
});

it("a browser that tries again by itself is left to it", () => {
  keepOpen(open, told);
  opens();
  fails(CONNECTING);
  expect(told.onState).toHaveBeenLastCalledWith("off");
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(1);
  expect(told.onRefused).not.toHaveBeenCalled();
});

it("what is there again says so, and what is there at first does not", () => {
  keepOpen(open, told);
  opens();
  expect(told.onState).toHaveBeenLastCalledWith("on");
  expect(told.onBack).not.toHaveBeenCalled();
  fails(CLOSED);
  vi.advanceTimersByTime(1_000);
  opens();
  expect(told.onState).toHaveBeenLastCalledWith("on");
  expect(told.onBack).toHaveBeenCalledTimes(1);
});

it("nothing is opened after the end", () => {
  const end = keepOpen(open, told);
  fails(CLOSED);
  end();
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(1);
  expect(made[0]!.close).toHaveBeenCalled();
});
