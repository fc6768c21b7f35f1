/** What happened when, in step with the graph: a lane for each session, and a brush below. */
import { useEffect, useMemo, useRef, useState } from "react";

import type { GraphNode, Moment } from "../api/types";
import { Time } from "../time/Time";
import { isoOf } from "../time/format";
import { Line } from "../text/Untrusted";
import { count } from "../text/words";
import { shortKey } from "../text/visible";
import { Brush } from "./Brush";
import { Lanes } from "./Lanes";
import { type Lane, type Range, lanesOf } from "./lanes";
import { plainScale, scaleOf } from "./scale";

interface Props {
  entries: Moment[];
  /** Lines that are not kept. */
  leftOut: number;
  nodes: GraphNode[];
  selected: string | undefined;
  range: Range | undefined;
  onRange: (range: Range | undefined) => void;
  onPick: (entry: Moment) => void;
}

/** Pixels for the names of the lanes. */
const NAMES = 190;
const RIM = 14;

export function Timeline({ entries, leftOut, nodes, selected, range, onRange, onPick }: Props) {
  const [box, width] = useWidth();
  const [pointed, setPointed] = useState<Moment>();
  const lanes = useMemo(() => lanesOf(entries, nodes), [entries, nodes]);
  const room = Math.max(200, width - NAMES);
  const whole = useMemo(() => {
    return scaleOf(momentsOf(lanes), RIM, room - RIM);
  }, [lanes, room]);
  const scale = range === undefined ? whole : plainScale(range[0], range[1], RIM, room - RIM);
  const shown = useMemo(() => within(lanes, range), [lanes, range]);
  const events = useMemo(() => count(entries.reduce((sum, entry) => sum + entry.count, 0), "event"), [entries]);
  return (
    <section className="timeline" aria-label="Timeline" ref={box}>
      <div className="timeline-body">
        <div className="lane-names">
          <div className="lane-names-head">{events}</div>
          <div className="lane-names-list">
            {lanes.map((lane) => (
              <div key={lane.node} className={`lane-name color-${lane.color} ${lane.node === selected ? "is-selected" : ""}`}>
                <span className="hop-number">{lane.hop ?? 0}</span>
                <Line text={shortKey(lane.name)} limit={40} />
              </div>
            ))}
          </div>
        </div>
        <div className="timeline-track">
          <Lanes lanes={shown} scale={scale} width={room} selected={selected} onPick={onPick} onPoint={setPointed} />
          <Brush lanes={lanes} scale={whole} width={room} range={range} onRange={onRange} />
        </div>
      </div>
      <div className="timeline-foot">
        {pointed !== undefined ? <Pointed entry={pointed} /> : <Hint range={range} onRange={onRange} />}
        {leftOut > 0 && <b>{count(leftOut, "further line is", "further lines are")} not kept, for there were too many.</b>}
      </div>
    </section>
  );
}

/** The lanes with those marks alone that reach into `range`. */
function within(lanes: Lane[], range: Range | undefined): Lane[] {
  if (range === undefined) {
    return lanes;
  }
  return lanes.map((lane) => ({ ...lane, marks: lane.marks.filter(({ from, to }) => from <= range[1] && to >= range[0]) }));
}

/** Calls that were repeated for hours are no burst: only their begin has to be on the line. */
const LONG = 3_600_000;

function momentsOf(lanes: Lane[]): number[] {
  return lanes.flatMap(({ marks }) => marks.flatMap(({ from, to }) => (to - from > LONG ? [from] : [from, to])));
}

function Hint({ range, onRange }: Pick<Props, "range" | "onRange">) {
  if (range === undefined) {
    return <span>Drag over the strip to look at a part of time; the graph follows.</span>;
  }
  return (
    <span>
      <Time at={isoOf(range[0])} /> to <Time at={isoOf(range[1])} />{" "}
      <button type="button" className="unfold" onClick={() => onRange(undefined)}>
        Show all of it
      </button>
    </span>
  );
}

function Pointed({ entry }: { entry: Moment }) {
  return (
    <span>
      <Time at={entry.time} /> <b>{<Line text={entry.event_name} limit={60} />}</b>
      {entry.count > 1 && ` ×${entry.count}`} <Line text={entry.event_source} limit={60} />
      {entry.error_code !== undefined && (
        <>
          {" "}
          refused: <Line text={entry.error_code} limit={60} />
        </>
      )}{" "}
      by <Line text={entry.who} limit={80} />
      {entry.source_ip_address !== undefined && (
        <>
          {" "}
          from <Line text={entry.source_ip_address} limit={60} />
        </>
      )}
    </span>
  );
}

function useWidth(): [React.RefObject<HTMLElement | null>, number] {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    if (box.current === null) {
      return;
    }
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 900)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
