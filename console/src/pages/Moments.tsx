/** What a session did, as a table. */
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";

import type { Moment } from "../api/types";
import { To } from "../shell/links";
import { Empty } from "../shell/states";
import { Line } from "../text/Untrusted";
import { count } from "../text/words";
import { Time } from "../time/Time";
import { eventHref } from "./subjects";

export function Moments({ moments, leftOut }: { moments: Moment[]; leftOut: number }) {
  return (
    <ExpandableSection headerText={`What it did: ${count(moments.length, "line")}${leftOut > 0 ? `, ${leftOut} more not listed` : ""}`}>
      <Table<Moment>
        variant="embedded"
        contentDensity="compact"
        items={moments}
        ariaLabels={{ tableLabel: "What it did" }}
        empty={<Empty title="Nothing">The logs hold no call of it.</Empty>}
        columnDefinitions={[
          { id: "time", header: "Time", cell: ({ time }) => <Time at={time} /> },
          {
            id: "call",
            header: "Call",
            isRowHeader: true,
            cell: (moment) =>
              moment.event_id === undefined ? (
                <Line text={moment.event_name} limit={60} />
              ) : (
                <To href={eventHref(moment.event_id)}>
                  <Line text={moment.event_name} limit={60} />
                </To>
              ),
          },
          { id: "times", header: "Times", cell: ({ count: n }) => n.toLocaleString("en") },
          { id: "outcome", header: "Outcome", cell: ({ error_code }) => (error_code === undefined ? "done" : <Line text={error_code} limit={60} />) },
          { id: "address", header: "From", cell: ({ source_ip_address }) => <Line text={source_ip_address ?? "–"} limit={60} /> },
          { id: "client", header: "With", cell: ({ user_agent }) => <Line text={user_agent ?? "–"} limit={60} /> },
        ]}
      />
    </ExpandableSection>
  );
}
