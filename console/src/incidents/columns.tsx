/** The columns of the list of incidents. */
import type { TableProps } from "@cloudscape-design/components/table";

import type { IncidentRow } from "../api/types";
import { HopChip, SeverityBadge, StatusWord } from "../incident/badges";
import { incidentHref } from "../pages/subjects";
import { To } from "../shell/links";
import { Line } from "../text/Untrusted";
import { count, kindWords } from "../text/words";
import { Time } from "../time/Time";

export const COLUMNS: TableProps.ColumnDefinition<IncidentRow>[] = [
  {
    id: "severity",
    header: "Severity",
    sortingField: "severity",
    width: 108,
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    id: "title",
    header: "Incident",
    isRowHeader: true,
    width: 336,
    minWidth: 280,
    cell: (row) => (
      <div data-incident={row.id} className="row-title">
        <To href={incidentHref(row.id)}>
          <Line text={row.title} limit={180} />
        </To>
        <small>
          {row.detectors.join(", ")} · {count(row.findings, "finding")}
          {row.muted_by.length > 0 && " · alerts muted"}
          {row.has_news && " · changed since it was decided"}
        </small>
      </div>
    ),
  },
  {
    id: "hops",
    header: "Chain",
    sortingField: "hops",
    width: 136,
    cell: ({ hops, color }) => <HopChip hops={hops} color={color} />,
  },
  {
    id: "origin",
    header: "Origin",
    width: 214,
    cell: ({ origin, accounts }) => (
      <div className="row-title">
        <Line text={origin.label} limit={44} />
        <small>
          {kindWords(origin.kind)}, <Line text={accounts[0] ?? "no account"} limit={24} />
          {accounts.length > 1 && ` and ${accounts.length - 1} more`}
        </small>
      </div>
    ),
  },
  {
    id: "status",
    header: "Status",
    width: 106,
    cell: ({ status }) => <StatusWord status={status} />,
  },
  {
    id: "last_seen",
    header: "Last seen",
    sortingField: "last_seen",
    width: 108,
    cell: ({ last_seen }) => <Time at={last_seen} />,
  },
];
