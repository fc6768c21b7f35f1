/** Time as a line on which quiet hours are folded: bursts that are days apart can both be read. */

/** A part of time that is drawn in proportion. */
export interface Segment {
  from: number;
  to: number;
  left: number;
  right: number;
}

export interface Scale {
  segments: Segment[];
  /** The pixel of a moment, kept inside the line. */
  x: (time: number) => number;
  /** The moment of a pixel. */
  time: (x: number) => number;
}

/** Pixels of a fold. */
export const FOLD_WIDTH = 34;

/** A quiet time is folded when it is this long, in milliseconds, and this much of the whole. */
const QUIET = { ms: 20 * 60_000, share: 0.12 };
const MOST_SEGMENTS = 6;
const LEAST_WIDTH = 56;

/** The scale of `times` on a line from `left` to `right`. Times are milliseconds, in any order. */
export function scaleOf(times: readonly number[], left: number, right: number): Scale {
  const sorted = [...times].sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? first;
  const spans = split(sorted, first, last);
  const segments = placed(spans, sorted, left, Math.max(right, left + 1));
  return { segments, x: (time) => xOf(segments, time), time: (x) => timeOf(segments, x) };
}

/** A scale of `from` to `to` without folds. */
export function plainScale(from: number, to: number, left: number, right: number): Scale {
  const segments = [{ from, to: Math.max(to, from + 1), left, right: Math.max(right, left + 1) }];
  return { segments, x: (time) => xOf(segments, time), time: (x) => timeOf(segments, x) };
}

type Span = [from: number, to: number];

function split(sorted: number[], first: number, last: number): Span[] {
  const gaps: { at: number; size: number }[] = [];
  for (let index = 1; index < sorted.length; index += 1) {
    const size = (sorted[index] ?? 0) - (sorted[index - 1] ?? 0);
    if (size >= QUIET.ms && size >= (last - first) * QUIET.share) {
      gaps.push({ at: index, size });
    }
  }
  gaps.sort((a, b) => b.size - a.size);
  const cuts = gaps.slice(0, MOST_SEGMENTS - 1).map(({ at }) => at);
  cuts.sort((a, b) => a - b);
  const begins = [0, ...cuts];
  return begins.map((begin, index) => padded(sorted[begin] ?? first, sorted[(begins[index + 1] ?? sorted.length) - 1] ?? last));
}

/** Room at both ends, so that nothing lies on the rim. */
function padded(from: number, to: number): Span {
  const pad = Math.max(15_000, (to - from) * 0.03);
  return [from - pad, to + pad];
}

/** Half of the room goes by the number of events, half by time. */
function placed(spans: Span[], sorted: number[], left: number, right: number): Segment[] {
  const room = Math.max(1, right - left - FOLD_WIDTH * (spans.length - 1));
  const least = Math.min(LEAST_WIDTH, room / spans.length);
  const total = spans.reduce((sum, [from, to]) => sum + (to - from), 0) || 1;
  const shares = spans.map(([from, to]) => {
    const n = sorted.filter((time) => time >= from && time <= to).length;
    return ((to - from) / total + n / (sorted.length || 1)) / 2;
  });
  const spare = room - least * spans.length;
  const sum = shares.reduce((a, b) => a + b, 0) || 1;
  let at = left;
  return spans.map(([from, to], index) => {
    const width = least + spare * ((shares[index] ?? 0) / sum);
    const segment = { from, to, left: at, right: at + width };
    at += width + FOLD_WIDTH;
    return segment;
  });
}

function xOf(segments: Segment[], time: number): number {
  for (const [index, { from, to, left, right }] of segments.entries()) {
    if (time <= to) {
      if (time >= from) {
        return left + ((time - from) / (to - from)) * (right - left);
      }
      const before = segments[index - 1];
      return before === undefined ? left : (before.right + left) / 2;
    }
  }
  return segments.at(-1)?.right ?? 0;
}

function timeOf(segments: Segment[], x: number): number {
  for (const [index, { from, to, left, right }] of segments.entries()) {
    if (x <= right) {
      if (x >= left) {
        return from + ((x - left) / (right - left)) * (to - from);
      }
      const before = segments[index - 1];
      if (before === undefined) {
        return from;
      }
      return before.to + ((x - before.right) / (left - before.right)) * (from - before.to);
    }
  }
  return segments.at(-1)?.to ?? 0;
}

const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400];

/** Round moments in a segment, at least `apart` pixels from each other. */
export function ticks({ from, to, left, right }: Segment, apart = 88): number[] {
  const perPixel = (to - from) / 1000 / Math.max(1, right - left);
  const step = (STEPS.find((size) => size / perPixel >= apart) ?? 30 * 86_400) * 1000;
  const found: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    found.push(time);
  }
  return found;
}
