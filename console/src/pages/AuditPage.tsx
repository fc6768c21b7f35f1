/** Every change that a person made, latest first. It is only ever added to. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useInfiniteQuery } from "@tanstack/react-query";

import { audit } from "../api/queries";
import type { AuditLine } from "../api/types";
import { Empty, Failed } from "../shell/states";
import { Line, Untrusted } from "../text/Untrusted";
import { Time } from "../time/Time";

export default function AuditPage() {
  const found = useInfiniteQuery(audit());
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the audit" retry={() => void found.refetch()} />;
  }
  return (
    <Table<AuditLine>
      variant="full-page"
      contentDensity="compact"
      wrapLines
      items={found.data?.pages.flatMap(({ items }) => items) ?? []}
      trackBy="number"
      loading={found.isPending}
      loadingText="Loading the audit"
      ariaLabels={{ tableLabel: "Audit" }}
      header={
        <Header variant="h1" counter={`(${(found.data?.pages[0]?.total ?? 0).toLocaleString("en")})`}>
          Audit
        </Header>
      }
      empty={<Empty title="Nobody has decided anything yet">Triage, notes, ticks and suppressions are written down here.</Empty>}
      footer={
        found.hasNextPage && (
          <Box textAlign="center">
            {found.isFetchNextPageError && <Failed error={found.error} what="earlier ones" />}
            <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              Show earlier ones
            </Button>
          </Box>
        )
      }
      columnDefinitions={[
        { id: "at", header: "When", isRowHeader: true, width: 190, cell: ({ at }) => <Time at={at} /> },
        { id: "who", header: "Who", cell: ({ who }) => <Line text={who} limit={60} /> },
        { id: "action", header: "What", cell: ({ action }) => <Line text={action} limit={60} /> },
        { id: "subject", header: "To", cell: ({ subject }) => <Line text={subject} limit={80} /> },
        { id: "change", header: "Before → after", cell: ({ before, after }) => <><Untrusted text={before} foldAt={120} /> → <Untrusted text={after} foldAt={120} /></> },
        { id: "reason", header: "Reason", cell: ({ reason }) => <Untrusted text={reason} foldAt={200} /> },
      ]}
    />
  );
}
