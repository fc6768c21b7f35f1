/** Where logs come from, and how far each source is. */
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";

import { sources } from "../api/queries";
import type { Source } from "../api/types";
import { Empty, Failed } from "../shell/states";
import { Line, Untrusted } from "../text/Untrusted";
import { Time } from "../time/Time";
import { Lag } from "./OverviewPage";

export default function SourcesPage() {
  const found = useQuery(sources());
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the sources" retry={() => void found.refetch()} />;
  }
  return (
    <Table<Source>
      variant="full-page"
      wrapLines
      items={found.data?.items ?? []}
      trackBy="name"
      loading={found.isPending}
      loadingText="Loading sources"
      ariaLabels={{ tableLabel: "Sources" }}
      header={<Header variant="h1">Sources</Header>}
      empty={<Empty title="No source">Name one: `rolecall serve FOLDER`, or `[[source]]` in the configuration.</Empty>}
      columnDefinitions={[
        { id: "name", header: "Name", isRowHeader: true, cell: ({ name }) => <Line text={name} limit={80} /> },
        { id: "lag", header: "Delivery", cell: (source) => <Lag source={source} /> },
        { id: "kind", header: "Kind", cell: ({ kind }) => kind },
        { id: "place", header: "Place", cell: ({ place }) => <Untrusted text={place} foldAt={160} /> },
        { id: "objects", header: "Objects", cell: ({ objects }) => objects.toLocaleString("en") },
        { id: "events", header: "Records", cell: ({ events }) => events.toLocaleString("en") },
        { id: "skipped", header: "Skipped", cell: ({ skipped }) => skipped.toLocaleString("en") },
        { id: "backlog", header: "Waiting", cell: ({ backlog }) => backlog.toLocaleString("en") },
        { id: "looked", header: "Looked at", cell: ({ looked_at }) => <Time at={looked_at} /> },
        { id: "error", header: "Trouble", cell: ({ error }) => (error === undefined ? "–" : <Untrusted text={error} foldAt={200} />) },
      ]}
    />
  );
}
