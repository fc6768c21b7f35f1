/** The head of an incident: what it is, how bad, where it began, and what can be decided. */
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import { address, path } from "../api/client";
import type { Incident } from "../api/types";
import { useFollow } from "../shell/links";
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
            { text: row.id.slice(0, 8), href: `/incidents/${row.id}` },
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
  const at = (file: string) => address(path("incidents", id, file));
  return (
    <ButtonDropdown
      items={[
        { id: "report.html", text: "HTML report: one file, no network" },
        { id: "export.json", text: "JSON bundle with hashes" },
      ]}
      onItemClick={({ detail }) => download(at(detail.id))}
    >
      Export
    </ButtonDropdown>
  );
}

function download(href: string) {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
