/** The first page: what is open, what is watched, and what cannot be seen. */
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQuery } from "@tanstack/react-query";

import { overview } from "../api/queries";
import type { IncidentRow, Overview, Source } from "../api/types";
import { HopChip, SeverityBadge } from "../incident/badges";
import { To } from "../shell/links";
import { Empty, Failed, Loading } from "../shell/states";
import { Line, Untrusted } from "../text/Untrusted";
import { SEVERITIES, count, sentence } from "../text/words";
import { Time } from "../time/Time";
import { formatDuration } from "../time/format";
import { incidentHref } from "./subjects";

export default function OverviewPage() {
  const found = useQuery(overview());
  if (found.isPending) {
    return <Loading what="the overview" />;
  }
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the overview" retry={() => void found.refetch()} />;
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={
            <>
              {count(found.data.events, "event")} in {count(found.data.objects, "object")}, up to{" "}
              <Time at={found.data.as_of} />
              {!found.data.is_ready && "; what was kept is still being analyzed"}
            </>
          }
        >
          Overview
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Open overview={found.data} />
        <Gravest rows={found.data.gravest} />
        <ColumnLayout columns={2}>
          <Sources sources={found.data.sources} />
          <NotSeen overview={found.data} />
        </ColumnLayout>
      </SpaceBetween>
    </ContentLayout>
  );
}

const AGES: Record<string, string> = { "1h": "Within an hour", "24h": "Within a day", "7d": "Within a week", older: "Older" };

function Open({ overview: { open, ages, untouched } }: { overview: Overview }) {
  const rows = ages.map(({ age, open: counts }) => ({ age, n: Object.values(counts).reduce((sum, n) => sum + n, 0) }));
  const most = Math.max(1, ...rows.map(({ n }) => n));
  return (
    <Container
      header={
        <Header variant="h2" description={untouched > 0 ? `${count(untouched, "incident")} nobody has looked at` : undefined}>
          Open incidents
        </Header>
      }
    >
      <div className="open">
        <ul className="tiles">
          {SEVERITIES.map((severity) => (
            <li key={severity} className={`tile severity-${severity}`}>
              <To href={`/incidents?severity=${severity}&status=new,in_progress`} fontSize="inherit">
                <b>{open[severity].toLocaleString("en")}</b>
                <span>{sentence(severity)}</span>
              </To>
            </li>
          ))}
        </ul>
        <dl className="ages" aria-label="Open incidents by the time of their last event">
          {rows.map(({ age, n }) => (
            <div key={age}>
              <dt>{AGES[age] ?? age}</dt>
              <dd>
                <progress max={most} value={n} aria-label={AGES[age] ?? age} /> <b>{n.toLocaleString("en")}</b>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Container>
  );
}

function Gravest({ rows }: { rows: IncidentRow[] }) {
  return (
    <Container header={<Header variant="h2" actions={<To href="/incidents?status=new,in_progress">All open incidents</To>}>Look at these first</Header>}>
      {rows.length === 0 && <Empty title="Nothing is open">New incidents appear here as soon as they are found.</Empty>}
      <ul className="gravest">
        {rows.map((row) => (
          <li key={row.id}>
            <SeverityBadge severity={row.severity} />
            <To href={incidentHref(row.id)}>
              <Line text={row.title} limit={150} />
            </To>
            <HopChip hops={row.hops} color={row.color} />
            <Time at={row.last_seen} />
          </li>
        ))}
      </ul>
    </Container>
  );
}

function Sources({ sources }: { sources: Source[] }) {
  return (
    <Container fitHeight header={<Header variant="h2" actions={<To href="/sources">All sources</To>}>Delivery</Header>}>
      {sources.length === 0 && <Empty title="No source is configured">Name one: `rolecall serve logs`, or in the configuration.</Empty>}
      <ul className="listed">
        {sources.map((source) => (
          <li key={source.name}>
            <Lag source={source} />
            <span>
              <Untrusted text={source.place} foldAt={120} />
            </span>
          </li>
        ))}
      </ul>
    </Container>
  );
}

/** CloudTrail delivers within about fifteen minutes; half an hour is late. */
const LATE = 30 * 60;

export function Lag({ source: { error, lag_secs } }: { source: Source }) {
  if (error !== undefined) {
    return <StatusIndicator type="error">fails</StatusIndicator>;
  }
  if (lag_secs === undefined) {
    return <StatusIndicator type="pending">nothing read yet</StatusIndicator>;
  }
  const lag = `${formatDuration(lag_secs)} behind`;
  return <StatusIndicator type={lag_secs > LATE ? "warning" : "success"}>{lag}</StatusIndicator>;
}

function NotSeen({ overview: { not_seen } }: { overview: Overview }) {
  return (
    <Container fitHeight header={<Header variant="h2" counter={`(${not_seen.length})`}>What cannot be seen</Header>}>
      {not_seen.length === 0 && <Empty title="No gap is known">That is no proof that there is none.</Empty>}
      <ul className="listed">
        {not_seen.map(({ what, why }) => (
          <li key={what + why}>
            <b>
              <Untrusted text={what} foldAt={120} />
            </b>
            <span>
              <Untrusted text={why} foldAt={240} />
            </span>
          </li>
        ))}
      </ul>
    </Container>
  );
}
