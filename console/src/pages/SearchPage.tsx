/** Finds a key, ARN, account, address or event. */
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";

import { search } from "../api/queries";
import type { Found } from "../api/types";
import { To } from "../shell/links";
import { Empty, Failed } from "../shell/states";
import { Line } from "../text/Untrusted";
import { short } from "../text/visible";
import { kindWords } from "../text/words";
import { incidentHref, pageOf } from "./subjects";

export default function SearchPage() {
  const [address] = useSearchParams();
  const text = address.get("q") ?? "";
  const found = useQuery(search(text));
  if (found.isLoadingError) {
    return <Failed error={found.error} what="what was found" retry={() => void found.refetch()} />;
  }
  return (
    <Table<Found>
      variant="full-page"
      items={found.data?.items ?? []}
      loading={found.isLoading}
      loadingText="Searching"
      ariaLabels={{ tableLabel: "What was found" }}
      header={<Header variant="h1">{text === "" ? "Search" : `Search: ${short(text, 80)}`}</Header>}
      empty={
        text.length < 3 ? (
          <Empty title="What are you after?">Press / and type at least three characters of a key id, an ARN, an account, an address or an event id.</Empty>
        ) : (
          <Empty title="Nothing of that name was seen">Names and ids must be whole or begin like this; the logs that were read may not reach back far enough.</Empty>
        )
      }
      columnDefinitions={[
        { id: "kind", header: "Kind", width: 160, cell: ({ kind }) => kindWords(kind) },
        {
          id: "label",
          header: "What",
          isRowHeader: true,
          cell: (hit) => {
            const href = pageOf(hit.kind, hit.id);
            return href === undefined ? <Line text={hit.label} /> : <To href={href}><Line text={hit.label} /></To>;
          },
        },
        {
          id: "incidents",
          header: "Incidents",
          cell: ({ incident_ids }) =>
            incident_ids.length === 0 ? (
              <Box color="text-body-secondary">None</Box>
            ) : (
              incident_ids.slice(0, 6).map((id) => (
                <span key={id} className="spaced">
                  <To href={incidentHref(id)}>{id.slice(0, 8)}</To>
                </span>
              ))
            ),
        },
      ]}
    />
  );
}
