/** The strip below the timeline: the whole incident, and a brush that chooses a part of it. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

import { useSettings } from "../shell/settings";
import { formatTime, isoOf } from "../time/format";
import type { Lane, Range } from "./lanes";
import type { Scale } from "./scale";

interface Props {
  lanes: Lane[];
  scale: Scale;
  width: number;
  range: Range | undefined;
  onRange: (range: Range | undefined) => void;
}

const HEIGHT = 34;
/** What is dragged less than this many pixels was a click. */
const CLICK = 4;

export function Brush({ lanes, scale, width, range, onRange }: Props) {
  const strip = useRef<SVGSVGElement>(null);
  const begun = useRef<number>(undefined);
  const first = scale.segments[0]?.left ?? 0;
  const last = scale.segments.at(-1)?.right ?? width;
  const at = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    return Math.min(last, Math.max(first, event.clientX - (box?.left ?? 0)));
  };
  const from = range === undefined ? first : scale.x(range[0]);
  const to = range === undefined ? last : scale.x(range[1]);
  return (
    <div className="brush">
      <svg
        ref={strip}
        width={width}
        height={HEIGHT}
        onPointerDown={(event) => {
          begun.current = at(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const x = at(event);
          if (begun.current !== undefined && Math.abs(x - begun.current) >= CLICK) {
            onRange([scale.time(Math.min(begun.current, x)), scale.time(Math.max(begun.current, x))]);
          }
        }}
        onPointerUp={(event) => {
          if (begun.current !== undefined && Math.abs(at(event) - begun.current) < CLICK) {
            onRange(undefined);
          }
        }}
        onLostPointerCapture={() => {
          begun.current = undefined;
        }}
        aria-hidden="true"
      >
        {scale.segments.map(({ left, right }) => (
          <rect key={left} className="brush-bed" x={left} y={4} width={right - left} height={HEIGHT - 8} rx={4} />
        ))}
        {lanes.flatMap((lane, row) =>
          lane.marks.map(({ entry, from: begin }, index) => (
            <rect
              key={`${lane.node} ${index}`}
              className={`brush-mark color-${entry.color}`}
              x={scale.x(begin) - 1}
              y={7 + (row * (HEIGHT - 18)) / Math.max(1, lanes.length - 1)}
              width={2.5}
              height={5}
            />
          )),
        )}
        {range !== undefined && <rect className="brush-range" x={from} y={1} width={Math.max(2, to - from)} height={HEIGHT - 2} rx={5} />}
      </svg>
      <Grip name="Begin" x={from} scale={scale} bounds={[first, to]} onMove={(time) => onRange([time, scale.time(to)])} />
      <Grip name="End" x={to} scale={scale} bounds={[from, last]} onMove={(time) => onRange([scale.time(from), time])} />
    </div>
  );
}

interface GripProps {
  name: string;
  x: number;
  scale: Scale;
  bounds: readonly [number, number];
  onMove: (time: number) => void;
}

const MOVES: Record<string, number> = { ArrowLeft: -6, ArrowRight: 6, PageDown: -60, PageUp: 60 };

function Grip({ name, x, scale, bounds: [least, most], onMove }: GripProps) {
  const { zone } = useSettings();
  const isHeld = useRef(false);
  const keep = (wanted: number) => onMove(scale.time(Math.min(most, Math.max(least, wanted))));
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move !== undefined) {
      event.preventDefault();
      keep(x + move);
    }
  };
  return (
    <div
      className="grip"
      role="slider"
      tabIndex={0}
      aria-label={`${name} of the part of time that is shown`}
      aria-valuemin={Math.round(scale.time(least))}
      aria-valuemax={Math.round(scale.time(most))}
      aria-valuenow={Math.round(scale.time(x))}
      aria-valuetext={formatTime(isoOf(scale.time(x)), zone)}
      style={{ left: x }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        isHeld.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (isHeld.current) {
          const box = event.currentTarget.parentElement?.getBoundingClientRect();
          keep(event.clientX - (box?.left ?? 0));
        }
      }}
      onLostPointerCapture={() => {
        isHeld.current = false;
      }}
    />
  );
}
