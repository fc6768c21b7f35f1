/** The events that prove something, each with its raw record. */
import { useState } from "react";

import type { Evidence } from "../api/types";
import { eventHref } from "../pages/subjects";
import { To } from "../shell/links";
import { Line } from "../text/Untrusted";
import { Time } from "../time/Time";
import { Empty } from "../shell/states";
import { RawRecord } from "./RawRecord";

export function EvidenceList({ evidence, open }: { evidence: Evidence[]; open?: string }) {
  const isElsewhere = open !== undefined && !evidence.some(({ event_id }) => event_id === open);
  if (evidence.length === 0 && !isElsewhere) {
    return <Empty title="No single event proves this">It follows from the events beside it in the chain.</Empty>;
  }
  return (
    <ul className="evidence">
      {isElsewhere && <Bare id={open} />}
      {evidence.map((event) => {
        const isNamed = open !== undefined && event.event_id === open;
        // Named later, it is another item: one that is open.
        return <Item key={`${event.event_id ?? ""} ${event.event_time}${isNamed ? " open" : ""}`} event={event} isOpenAtFirst={isNamed} />;
      })}
    </ul>
  );
}

function Item({ event, isOpenAtFirst }: { event: Evidence; isOpenAtFirst: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <li>
      <button type="button" className="evidence-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className="evidence-name">
          <Line text={event.event_name} limit={60} />
          <small>
            <Line text={event.event_source} limit={60} />
          </small>
        </span>
        <span className="evidence-when">
          <Time at={event.event_time} />
          {event.source_ip_address !== undefined && (
            <small>
              from <Line text={event.source_ip_address} limit={48} />
            </small>
          )}
        </span>
      </button>
      {isOpen && event.event_id !== undefined && <Opened id={event.event_id} />}
    </li>
  );
}

/** An event that the address names, and that is not among the evidence. */
function Bare({ id }: { id: string }) {
  return (
    <li>
      <Opened id={id} />
    </li>
  );
}

function Opened({ id }: { id: string }) {
  return (
    <div className="evidence-body">
      <RawRecord id={id} />
      <To href={eventHref(id)} fontSize="body-s">
        Event {id.slice(0, 8)} on a page of its own
      </To>
    </div>
  );
}
