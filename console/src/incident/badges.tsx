/** Severity, status and hops, each in words and then in color. */
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

import type { Color, Severity, Status } from "../api/types";
import { STATUS_WORDS, count, sentence } from "../text/words";

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <span className={`severity severity-${severity}`}>{sentence(severity)}</span>;
}

const STATUS_TYPES: Record<Status, StatusIndicatorProps.Type> = {
  new: "pending",
  in_progress: "in-progress",
  suppressed: "stopped",
  resolved: "success",
  archived: "stopped",
};

export function StatusWord({ status }: { status: Status }) {
  return <StatusIndicator type={STATUS_TYPES[status]}>{STATUS_WORDS[status]}</StatusIndicator>;
}

/** "4 hops, red". */
export function HopChip({ hops, color, atLeast = false }: { hops: number; color: Color; atLeast?: boolean }) {
  if (hops === 0) {
    return <span className="no-chain">No chain</span>;
  }
  return (
    <span className={`hop-chip color-${color}`}>
      <span className="hop-number">{hops}</span>
      {atLeast && "at least "}
      {count(hops, "hop")}
      {color !== "none" && `, ${color}`}
    </span>
  );
}
