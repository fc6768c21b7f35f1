/** What is muted, by whom, why and until when. Nothing is hidden by it. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { suppressions } from "../api/queries";
import type { Suppression } from "../api/types";
import { Empty, Failed } from "../shell/states";
import { useUser, whyNotDecide, whyNotEnd } from "../shell/user";
import { Line, Untrusted } from "../text/Untrusted";
import { sentence } from "../text/words";
import { Time } from "../time/Time";
import { EndSuppression, Suppress } from "./Suppress";

export default function SuppressionsPage() {
  const found = useQuery(suppressions());
  const user = useUser();
  const refused = whyNotDecide(user);
  const [isNew, setNew] = useState(false);
  const [ending, setEnding] = useState<Suppression>();
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the suppressions" retry={() => void found.refetch()} />;
  }
  return (
    <>
      <Table<Suppression>
        variant="full-page"
        items={found.data?.items ?? []}
        trackBy="id"
        loading={found.isPending}
        loadingText="Loading suppressions"
        ariaLabels={{ tableLabel: "Suppressions" }}
        header={
          <Header
            variant="h1"
            description="They mute alerts and hide nothing: incidents are found, listed and counted as before."
            actions={
              <Button disabled={refused !== undefined} disabledReason={refused} onClick={() => setNew(true)}>
                Suppress
              </Button>
            }
          >
            Suppressions
          </Header>
        }
        empty={<Empty title="Nothing is suppressed">Every finding is told of.</Empty>}
        columnDefinitions={[
          { id: "state", header: "State", cell: (row) => <State row={row} /> },
          {
            id: "scope",
            header: "What",
            isRowHeader: true,
            cell: ({ scope, value, detector }) => (
              <>
                {sentence(scope)} <Line text={value} limit={80} />
                {detector !== undefined && <Box variant="small">only {detector}</Box>}
              </>
            ),
          },
          { id: "reason", header: "Reason", cell: ({ reason }) => <Untrusted text={reason} foldAt={160} /> },
          { id: "owner", header: "Owner", cell: ({ owner }) => <Line text={owner} limit={60} /> },
          { id: "until", header: "Until", cell: ({ expires_at, ended_at }) => <Time at={ended_at ?? expires_at} /> },
          { id: "muted", header: "Muted", cell: ({ muted }) => muted.toLocaleString("en") },
          {
            id: "end",
            header: "",
            cell: (row) =>
              row.is_active && <End row={row} refused={whyNotEnd(user, row.owner)} onEnd={() => setEnding(row)} />,
          },
        ]}
      />
      {isNew && <Suppress onClose={() => setNew(false)} />}
      {ending !== undefined && <EndSuppression row={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

function End({ row, refused, onEnd }: { row: Suppression; refused: string | undefined; onEnd: () => void }) {
  return (
    <Button
      variant="inline-link"
      ariaLabel={`End suppression ${row.id}`}
      disabled={refused !== undefined}
      disabledReason={refused}
      onClick={onEnd}
    >
      End
    </Button>
  );
}

function State({ row }: { row: Suppression }) {
  if (row.is_active) {
    return <StatusIndicator type="info">Active</StatusIndicator>;
  }
  return <StatusIndicator type="stopped">{row.ended_at === undefined ? "Expired" : "Ended"}</StatusIndicator>;
}
