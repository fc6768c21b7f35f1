/** The head of an incident: what it is, how bad, where it began, and what can be decided. */
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { file, path } from "../api/client";
import type { Incident } from "../api/types";
import { incidentHref } from "../pages/subjects";
import { useFollow } from "../shell/links";
import { Failed } from "../shell/states";
import { Line, Untrusted } from "../text/Untrusted";
import { kindWords } from "../text/words";
import { Time } from "../time/Time";
import { HopChip, SeverityBadge, StatusWord } from "./badges";
import { TriageControl } from "./TriageControl";

export function IncidentHeader({ incident }: { incident: Incident }) {
  const { incident: row, findings } = incident;
  const follow = useFollow();
  const lead = findings.find((finding) => finding.severity === row.severity) ?? findings[0];
  return (
    <header className="incident-head">
      <div className="incident-where">
        <BreadcrumbGroup
          items={[
            { text: "Incidents", href: "/incidents" },
            { text: row.id.slice(0, 8), href: incidentHref(row.id) },
          ]}
          onFollow={follow}
          ariaLabel="Where this is"
        />
      </div>
      <div className="incident-top">
        <div className="incident-title">
          <SeverityBadge severity={row.severity} />
          <h1>
            <Untrusted text={row.title} foldAt={260} />
          </h1>
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          <TriageControl incident={incident} />
          <Export id={row.id} />
        </SpaceBetween>
      </div>
      {lead !== undefined && (
        <p className="incident-lead">
          <Untrusted text={lead.reason} foldAt={420} />
        </p>
      )}
      <dl className="incident-facts">
        <Fact name="Status">
          <StatusWord status={row.status} />
        </Fact>
        <Fact name="Chain">
          <HopChip hops={row.hops} color={row.color} atLeast={findings.some(({ chain }) => chain?.at_least === true)} />
        </Fact>
        <Fact name={`Origin · ${kindWords(row.origin.kind)}`}>
          <Line text={row.origin.label} limit={48} />
        </Fact>
        <Fact name={row.accounts.length === 1 ? "Account" : `Accounts (${row.accounts.length})`}>
          <Line text={row.accounts.slice(0, 4).join(", ") + (row.accounts.length > 4 ? ", …" : "")} limit={64} />
        </Fact>
        <Fact name="First seen">
          <Time at={row.first_seen} />
        </Fact>
        <Fact name="Last seen">
          <Time at={row.last_seen} />
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Export({ id }: { id: string }) {
  const asked = useMutation({ mutationFn: (name: string) => file(path("incidents", id, name)), onSuccess: keep });
  return (
    <SpaceBetween size="xs">
      <ButtonDropdown
        items={[
          { id: "report.html", text: "HTML report: one file, no network" },
          { id: "export.json", text: "JSON bundle with hashes" },
        ]}
        loading={asked.isPending}
        onItemClick={({ detail }) => asked.mutate(detail.id)}
      >
        Export
      </ButtonDropdown>
      {asked.isError && <Failed error={asked.error} verb="export" what="the incident" />}
    </SpaceBetween>
  );
}

/** Milliseconds until the browser has surely begun to write a file. */
const BEGUN = 60_000;

function keep({ name, content }: { name: string; content: Blob }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), BEGUN);
}
