/** A credential, role, user or instance: where it came from, what it handed out, and what it did. */
import BarChart from "@cloudscape-design/components/bar-chart";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { subject } from "../api/queries";
import type { NamedCount, Subject, SubjectPart } from "../api/types";
import { Copyable } from "../incident/Copyable";
import { To } from "../shell/links";
import { Empty, Failed, Loading } from "../shell/states";
import { Line } from "../text/Untrusted";
import { short } from "../text/visible";
import { asAction, count, kindWords } from "../text/words";
import { Lineage } from "./Lineage";
import { Moments } from "./Moments";
import { incidentHref } from "./subjects";

export default function SubjectPage() {
  const { kind = "", id = "" } = useParams();
  const found = useQuery(subject(kind, id));
  if (found.isPending) {
    return <Loading what={`the ${kind}`} />;
  }
  if (found.isLoadingError) {
    return <Failed error={found.error} what={`${kind} ${short(id, 80)}`} retry={() => void found.refetch()} />;
  }
  return <Shown key={`${kind} ${id}`} subject={found.data} />;
}

function Shown({ subject: shown }: { subject: Subject }) {
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={<Incidents ids={shown.incident_ids} />}>
          {kindWords(shown.kind)} <Line text={shown.id} limit={160} />
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Use over time</Header>}>
          <Days days={shown.days} />
        </Container>
        <ColumnLayout columns={4} variant="text-grid">
          <Names title="Calls" names={shown.uses.map((use) => ({ ...use, name: asAction(use.name) }))} />
          <Names title="Addresses" names={shown.addresses} />
          <Names title="Clients" names={shown.clients} />
          <Names title="Peers" names={shown.peers} />
        </ColumnLayout>
        {shown.parts.map((part, index) => (
          <Part key={index} part={part} />
        ))}
        {shown.parts_left_out > 0 && <p>{count(shown.parts_left_out, "further session is", "further sessions are")} not listed.</p>}
      </SpaceBetween>
    </ContentLayout>
  );
}

function Incidents({ ids }: { ids: string[] }) {
  if (ids.length === 0) {
    return <>No incident names it.</>;
  }
  return (
    <>
      In {count(ids.length, "incident")}:{" "}
      {ids.slice(0, 10).map((id) => (
        <span key={id} className="spaced">
          <To href={incidentHref(id)} fontSize="inherit">
            {id.slice(0, 8)}
          </To>
        </span>
      ))}
    </>
  );
}

function Days({ days }: { days: NamedCount[] }) {
  if (days.length === 0) {
    return <Empty title="No calls">The logs that were read hold no call of it.</Empty>;
  }
  return (
    <BarChart
      height={130}
      hideFilter
      hideLegend
      xScaleType="categorical"
      xTitle="Day (UTC)"
      yTitle="Calls"
      ariaLabel="Calls a day"
      series={[{ title: "Calls", type: "bar", data: days.map(({ name, count: n }) => ({ x: short(name, 20), y: n })) }]}
    />
  );
}

/** A list that is longer than this is cut: the table of an export has the rest. */
const MOST = 12;

function Names({ title, names }: { title: string; names: NamedCount[] }) {
  return (
    <div>
      <h2 className="small-head">{title}</h2>
      {names.length === 0 && <span className="no-chain">None</span>}
      <ul className="plain counted">
        {names.slice(0, MOST).map(({ name, count: n }) => (
          <li key={name}>
            <Line text={name} limit={80} /> <b>{n.toLocaleString("en")}</b>
          </li>
        ))}
        {names.length > MOST && <li>and {names.length - MOST} more</li>}
      </ul>
    </div>
  );
}

function Part({ part }: { part: SubjectPart }) {
  const [head] = part.descendants;
  return (
    <Container
      header={
        <Header variant="h2" description={part.at_least ? "There may be more before the first hop that the logs hold." : undefined}>
          {head === undefined ? "Session" : <Line text={head.who} limit={120} />}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {head?.principal_arn !== undefined && <Copyable text={head.principal_arn} name="ARN" />}
        <ColumnLayout columns={2}>
          <Lineage title="Where it came from" steps={part.ancestry} none="It is the origin." leftOut={0} />
          <Lineage
            title="What it handed out"
            steps={part.descendants}
            none="Nothing."
            leftOut={part.descendants_left_out ?? 0}
          />
        </ColumnLayout>
        <Moments moments={part.moments} leftOut={part.moments_left_out ?? 0} />
      </SpaceBetween>
    </Container>
  );
}
