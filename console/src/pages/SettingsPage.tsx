/** The settings that hold, and where each comes from. They are changed in the configuration. */
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";

import { settings } from "../api/queries";
import { Empty, Failed } from "../shell/states";
import { Line, Untrusted } from "../text/Untrusted";

export default function SettingsPage() {
  const found = useQuery(settings());
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the settings" retry={() => void found.refetch()} />;
  }
  return (
    <Table
      variant="full-page"
      contentDensity="compact"
      wrapLines
      items={found.data?.items ?? []}
      trackBy="key"
      loading={found.isPending}
      loadingText="Loading settings"
      ariaLabels={{ tableLabel: "Settings" }}
      header={
        <Header
          variant="h1"
          description={
            found.data !== undefined && (
              <>
                Rolecall {found.data.version}, store <Line text={found.data.store} limit={120} />. Change them in the
                configuration; secrets are masked.
              </>
            )
          }
        >
          Settings
        </Header>
      }
      empty={<Empty title="No settings">The program runs without a configuration.</Empty>}
      columnDefinitions={[
        { id: "key", header: "Setting", isRowHeader: true, cell: ({ key }) => <code>{key}</code> },
        { id: "value", header: "Value", cell: ({ value }) => (value === undefined ? "–" : <Untrusted text={value} foldAt={200} />) },
        { id: "from", header: "From", cell: ({ from }) => <Line text={from} limit={120} /> },
      ]}
    />
  );
}
