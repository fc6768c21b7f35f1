/** The lanes of the timeline: what each session did, and when. */
import { type KeyboardEvent, useRef, useState } from "react";

import type { Moment } from "../api/types";
import { useSettings } from "../shell/settings";
import { short } from "../text/visible";
import { colorWords } from "../text/words";
import { formatClock, formatDay, formatDuration, formatTime } from "../time/format";
import type { Lane, Mark } from "./lanes";
import { type Scale, ticks } from "./scale";

interface Props {
  lanes: Lane[];
  scale: Scale;
  width: number;
  selected: string | undefined;
  onPick: (entry: Moment) => void;
  onPoint: (entry: Moment | undefined) => void;
}

export const LANE = 26;
const AXIS = 22;

export function Lanes({ lanes, scale, width, selected, onPick, onPoint }: Props) {
  const height = lanes.length * LANE;
  return (
    <div className="lanes">
      <Axis scale={scale} width={width} height={AXIS} />
      <div className="lanes-scroll">
        <svg width={width} height={height} role="group" aria-label="Events of each session">
          <Grid scale={scale} height={height} />
          {lanes.map((lane, row) => (
            <rect
              key={lane.node}
              className={`lane ${lane.node === selected ? "is-selected" : ""}`}
              x={0}
              y={row * LANE}
              width={width}
              height={LANE}
            />
          ))}
          <Marks lanes={lanes} scale={scale} onPick={onPick} onPoint={onPoint} />
        </svg>
      </div>
    </div>
  );
}

type MarksProps = Pick<Props, "lanes" | "scale" | "onPick" | "onPoint">;

/** All marks are one stop of the Tab key; the arrow keys go from one to the next. */
function Marks({ lanes, scale, onPick, onPoint }: MarksProps) {
  const [pointed, setPointed] = useState(0);
  const group = useRef<SVGGElement>(null);
  const marks = lanes.flatMap((lane, row) => lane.marks.map((mark) => ({ lane, row, mark })));
  // A part of time has fewer marks than the whole.
  const inside = (index: number) => Math.max(0, Math.min(marks.length - 1, index));
  const current = inside(pointed);
  const go = (to: number) => {
    const index = inside(to);
    setPointed(index);
    group.current?.querySelector<SVGElement>(`[data-index="${index}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, Home: -marks.length, End: marks.length }[event.key];
    const picked = marks[current];
    if (step !== undefined) {
      event.preventDefault();
      go(current + step);
    } else if ((event.key === "Enter" || event.key === " ") && picked !== undefined) {
      event.preventDefault();
      onPick(picked.mark.entry);
    }
  };
  return (
    <g ref={group} onKeyDown={onKeyDown}>
      {marks.map(({ lane, row, mark }, index) => (
        <g
          key={index}
          role="button"
          data-index={index}
          tabIndex={index === current ? 0 : -1}
          className={markClass(mark)}
          aria-label={markName(mark, lane)}
          onClick={() => {
            setPointed(index);
            onPick(mark.entry);
          }}
          onFocus={() => onPoint(mark.entry)}
          onBlur={() => onPoint(undefined)}
          onPointerEnter={() => onPoint(mark.entry)}
          onPointerLeave={() => onPoint(undefined)}
        >
          <Shape mark={mark} scale={scale} y={row * LANE + LANE / 2} />
        </g>
      ))}
    </g>
  );
}

function Shape({ mark, scale, y }: { mark: Mark; scale: Scale; y: number }) {
  const left = scale.x(mark.from);
  const right = Math.max(left, scale.x(mark.to));
  if (mark.entry.kind === "key_moment") {
    return <circle cx={left} cy={y} r={6} />;
  }
  const half = right > left ? 3 : 4;
  return <rect x={left - 3.5} y={y - half} width={right - left + 7} height={half * 2} rx={half} />;
}

function Grid({ scale, height }: { scale: Scale; height: number }) {
  return scale.segments.map((segment) => (
    <g key={segment.left}>
      {ticks(segment).map((time) => (
        <line key={time} className="grid" x1={scale.x(time)} x2={scale.x(time)} y1={0} y2={height} />
      ))}
    </g>
  ));
}

function Axis({ scale, width, height }: { scale: Scale; width: number; height: number }) {
  const { zone } = useSettings();
  return (
    <svg width={width} height={height} className="axis" aria-hidden="true">
      {scale.segments.map((segment, index) => {
        const next = scale.segments[index + 1];
        return (
          <g key={segment.left}>
            {labels(segment, scale, zone).map(({ x, text }) => (
              <text key={x} x={x} y={15} textAnchor="middle">
                {text}
              </text>
            ))}
            {next !== undefined && (
              <text className="quiet" x={(segment.right + next.left) / 2} y={15} textAnchor="middle">
                ⋯ {formatDuration((next.from - segment.to) / 1000).split(" ").slice(0, 2).join(" ")}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function labels(segment: Scale["segments"][number], scale: Scale, zone: "utc" | "local") {
  let day = "";
  return ticks(segment, 118).flatMap((time) => {
    const x = scale.x(time);
    if (x < segment.left + 30 || x > segment.right - 30) {
      return [];
    }
    const date = new Date(time);
    const isNewDay = formatDay(date, zone) !== day;
    day = formatDay(date, zone);
    const clock = formatClock(date, zone);
    return [{ x, text: isNewDay ? `${day.slice(5)} ${clock}` : clock }];
  });
}

function markClass({ entry, from, to }: Mark): string {
  const classes = ["mark", `color-${entry.color}`];
  if (entry.kind === "key_moment") {
    classes.push("is-key");
  }
  if (entry.error_code !== undefined) {
    classes.push("is-denied");
  }
  if (to > from) {
    classes.push("is-many");
  }
  return classes.join(" ");
}

function markName({ entry }: Mark, lane: Lane): string {
  const calls = entry.count > 1 ? `${entry.count} times ` : "";
  const outcome = entry.error_code === undefined ? "" : `, refused: ${short(entry.error_code, 40)}`;
  const color = colorWords(entry.color, entry.hop);
  return `${formatTime(entry.time, "utc")}, ${calls}${short(entry.event_name, 60)} by ${short(lane.name, 60)}${color === "" ? "" : `, ${color}`}${outcome}`;
}
