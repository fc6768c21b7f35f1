/** The list of incidents: filtered, sorted and paged by the server, with the filter in the address. */
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { incidents } from "../api/queries";
import type { IncidentRow } from "../api/types";
import { useKeys } from "../shell/keys";
import { Empty, Failed } from "../shell/states";
import { COLUMNS } from "./columns";
import { FilterBox } from "./FilterBox";
import { parametersOf, queryOf, sortOf } from "./filter";
import { type Pages as Turned, cursorsOf } from "./pages";
import { Views } from "./Views";

export default function IncidentsPage() {
  const [address, setAddress] = useSearchParams();
  const question = parametersOf(address, undefined).toString();
  const [turned, setTurned] = useState<Turned>({ question, cursors: [] });
  const cursors = cursorsOf(turned, question);
  const found = useQuery(incidents(parametersOf(address, cursors.at(-1))));
  const rows = found.data?.items ?? [];
  useRowKeys();
  const { field, isDescending } = sortOf(address);
  const change = (next: URLSearchParams) => {
    setTurned({ question, cursors: [] });
    setAddress(next, { replace: false });
  };
  return (
    <Table<IncidentRow>
      variant="full-page"
      stickyHeader
      contentDensity="compact"
      items={rows}
      trackBy="id"
      loading={found.isPending}
      loadingText="Loading incidents"
      columnDefinitions={COLUMNS}
      wrapLines
      resizableColumns
      sortingColumn={COLUMNS.find(({ sortingField }) => sortingField === field)}
      sortingDescending={isDescending}
      onSortingChange={({ detail }) => {
        const next = new URLSearchParams(address);
        next.set("sort", `${detail.isDescending === true ? "-" : ""}${detail.sortingColumn.sortingField ?? "severity"}`);
        change(next);
      }}
      ariaLabels={{ tableLabel: "Incidents" }}
      header={
        <Header
          variant="h1"
          counter={found.data === undefined ? "" : `(${found.data.total.toLocaleString("en")}${found.data.total_is_cut ? "+" : ""})`}
          actions={<Views address={address} onChoose={change} />}
        >
          Incidents
        </Header>
      }
      filter={<FilterBox address={address} rows={rows} total={found.data?.total} onChange={change} />}
      pagination={
        <Pages
          n={cursors.length}
          next={found.data?.next_cursor}
          isWaiting={found.isPlaceholderData}
          onNext={(cursor) => setTurned({ question, cursors: [...cursors, cursor] })}
          onBack={() => setTurned({ question, cursors: cursors.slice(0, -1) })}
        />
      }
      empty={
        // The filter stays: it may be what the server cannot answer.
        found.isLoadingError ? (
          <Failed error={found.error} what="the incidents" retry={() => void found.refetch()} />
        ) : (
          <Nothing isFiltered={queryOf(address).tokens.length > 0} onClear={() => change(new URLSearchParams())} />
        )
      }
    />
  );
}

interface PagesProps {
  n: number;
  next: string | undefined;
  /** The page before is still shown, and its cursor is not the next one. */
  isWaiting: boolean;
  onNext: (cursor: string) => void;
  onBack: () => void;
}

function Pages({ n, next, isWaiting, onNext, onBack }: PagesProps) {
  return (
    <Pagination
      currentPageIndex={n + 1}
      pagesCount={next === undefined ? n + 1 : n + 2}
      openEnd={next !== undefined}
      disabled={isWaiting}
      ariaLabels={{ nextPageLabel: "Next page", previousPageLabel: "Previous page" }}
      onChange={({ detail }) => {
        if (detail.currentPageIndex > n + 1 && next !== undefined) {
          onNext(next);
        } else if (detail.currentPageIndex <= n) {
          onBack();
        }
      }}
    />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (!isFiltered) {
    return (
      <Empty title="No incidents">
        Nothing was found in what was read. Look at the sources: a trail that is not read shows nothing.
      </Empty>
    );
  }
  return (
    <SpaceBetween size="s">
      <Empty title="No incident matches">Another filter may.</Empty>
      <Button onClick={onClear}>Clear the filter</Button>
    </SpaceBetween>
  );
}

/** `j` and `k` go down and up: the link of a row takes the focus, so that Enter opens it. */
function useRowKeys() {
  const go = (step: number) => {
    const links = [...document.querySelectorAll<HTMLElement>("[data-incident] a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at === -1 && step > 0 ? 0 : at + step;
    links[Math.min(links.length - 1, Math.max(0, next))]?.focus();
  };
  useKeys({ j: () => go(1), k: () => go(-1) });
}
