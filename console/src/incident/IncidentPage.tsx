/** An incident: the chain, what happened when, and what to do about it. */
import Tabs from "@cloudscape-design/components/tabs";
import { usePrefetchQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";

import { graph, incident, plan, timeline } from "../api/queries";
import type { Incident } from "../api/types";
import { focusOnceThere } from "../shell/focus";
import { useKeys } from "../shell/keys";
import { Failed, Loading } from "../shell/states";
import { FindingsTab } from "./FindingsTab";
import { IncidentHeader } from "./IncidentHeader";
import { NotesTab } from "./NotesTab";
import { PlanTab } from "./PlanTab";
import { doneOf } from "./done";
import { Workspace } from "./Workspace";

export default function IncidentPage() {
  const { id = "" } = useParams();
  usePrefetchQuery(graph(id, []));
  usePrefetchQuery(timeline(id));
  const found = useQuery(incident(id));
  if (found.isPending) {
    return <Loading what="the incident" />;
  }
  if (found.isLoadingError) {
    return (
      <div className="page-pad">
        <Failed error={found.error} what={`incident ${id}`} retry={() => void found.refetch()} />
      </div>
    );
  }
  return <Loaded key={id} incident={found.data} />;
}

function Loaded({ incident: shown }: { incident: Incident }) {
  const { id } = shown.incident;
  const [tab, setTab] = useTab();
  const [isDrawn, setDrawn] = useState(false);
  useKeys({
    p: () => reveal(() => setTab("plan")),
    n: () => {
      reveal(() => setTab("notes"));
      focusOnceThere(() => document.querySelector<HTMLElement>("#note textarea"));
    },
  });
  return (
    <div className="incident">
      <IncidentHeader incident={shown} />
      <Workspace incident={shown} onDrawn={() => setDrawn(true)} />
      <div className="page-pad" id="tabs">
        <Tabs
          ariaLabel="About the incident"
          activeTabId={tab}
          onChange={({ detail }) => setTab(detail.activeTabId)}
          tabs={[
            { id: "plan", label: <PlanLabel id={id} />, content: <PlanTab id={id} isGraphDrawn={isDrawn} /> },
            { id: "findings", label: `Findings (${shown.findings.length})`, content: <FindingsTab findings={shown.findings} /> },
            { id: "notes", label: `Notes and history (${shown.notes.length})`, content: <NotesTab incident={shown} /> },
          ]}
        />
      </div>
    </div>
  );
}

function PlanLabel({ id }: { id: string }) {
  const { data } = useQuery(plan(id));
  if (data?.plan === undefined) {
    return <>Response plan</>;
  }
  const { steps } = data.plan;
  return <>{`Response plan (${doneOf(steps, data.ticks)} of ${steps.length} done)`}</>;
}

const TABS = ["plan", "findings", "notes"];

/** The tab that the address names. */
function useTab(): [string, (tab: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const choose = (tab: string) =>
    setParameters(
      (before) => {
        before.set("tab", tab);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  const named = parameters.get("tab");
  return [TABS.find((tab) => tab === named) ?? "plan", choose];
}

function reveal(choose: () => void) {
  choose();
  document.getElementById("tabs")?.scrollIntoView({ block: "start" });
}
