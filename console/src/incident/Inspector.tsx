/** What is known about the node or the edge that is selected. It opens over the graph and leads nowhere else. */
import Button from "@cloudscape-design/components/button";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

import { inspection } from "../api/queries";
import { backgroundOf } from "../api/background";
import type { Evidence, Graph, Incident, Inspection, Moment } from "../api/types";
import { HopEdgeTitle, NodeTitle } from "./InspectorTitle";
import type { Selection } from "../graph/LineageGraph";
import { To } from "../shell/links";
import { Failed, Loading } from "../shell/states";
import { Untrusted } from "../text/Untrusted";
import { kindWords, sentence } from "../text/words";
import { BackgroundFacts } from "./BackgroundFacts";
import { Copyable } from "./Copyable";
import { EvidenceList } from "./EvidenceList";
import { OtherUses } from "./OtherUses";

/** Pixels. */
export const INSPECTOR_WIDTH = 396;

interface Props {
  incident: Incident;
  graph: Graph;
  moments: Moment[];
  selection: Selection;
  /** Draws more of the group that this node stands for. */
  onExpand: (node: string, wanted: string) => void;
  onSelect: (selection: Selection | undefined) => void;
}

export function Inspector({ incident, graph, moments, selection, onExpand, onSelect }: Props) {
  const found = useQuery(inspection(incident.incident.id, selection.kind, selection.id));
  const node = selection.kind === "node" ? graph.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection.kind === "edge" ? graph.edges.find(({ id }) => id === selection.id) : undefined;
  return (
    <aside className="inspector" aria-label="Inspector" data-for={selection.id}>
      <div className="inspector-head">
        {node !== undefined && <NodeTitle node={node} />}
        {edge !== undefined && <HopEdgeTitle edge={edge} graph={graph} onSelect={onSelect} />}
        <Button variant="icon" iconName="close" ariaLabel="Close the inspector" onClick={() => onSelect(undefined)} />
      </div>
      <div className="inspector-body" tabIndex={0} role="region" aria-label="Details">
        {node?.group?.can_expand === true && (
          <Expand group={node.group} onExpand={(wanted) => onExpand(node.id, wanted)} />
        )}
        {found.isPending && <Loading what="the details" />}
        {found.isError && <Failed error={found.error} what="the details" retry={() => void found.refetch()} />}
        {found.data !== undefined && <Details inspection={found.data} evidence={evidenceOf(found.data.event_ids, incident, moments)} />}
      </div>
    </aside>
  );
}

function Expand({ group: { size, expand }, onExpand }: { group: NonNullable<Graph["nodes"][number]["group"]>; onExpand: (wanted: string) => void }) {
  return (
    <div className="expand">
      <Button onClick={() => onExpand(expand)}>Draw more of these {size.toLocaleString("en")}</Button>
    </div>
  );
}

function Details({ inspection: found, evidence }: { inspection: Inspection; evidence: Evidence[] }) {
  const [parameters] = useSearchParams();
  const background = backgroundOf(found.background);
  return (
    <>
      {found.why.length > 0 && (
        <Part title="Why this color">
          {found.why.map((why) => (
            <p key={why}>
              <Untrusted text={why} />
            </p>
          ))}
        </Part>
      )}
      {found.facts.length > 0 && (
        <Part title="Facts">
          <FactList facts={found.facts} />
        </Part>
      )}
      <Part title="Evidence" id="evidence">
        <EvidenceList evidence={evidence} open={parameters.get("event") ?? undefined} />
      </Part>
      {found.uses.length > 0 && (
        <Part title="What else it did">
          <OtherUses uses={found.uses} />
        </Part>
      )}
      <Names title="Used from" names={found.addresses} />
      <Names title="Used with" names={found.clients} />
      {background !== undefined && (
        <Part title={`Context: ${kindWords(background.kind)}`}>
          <BackgroundFacts background={background} />
        </Part>
      )}
      {found.subject?.kind !== undefined && (
        <p className="part">
          <To href={`/subjects/${encodeURIComponent(found.subject.kind)}/${encodeURIComponent(found.subject.value)}`}>
            Everything about this {found.subject.kind}
          </To>
        </p>
      )}
    </>
  );
}

function FactList({ facts }: { facts: Inspection["facts"] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={label + value}>
          <dt>{sentence(label)}</dt>
          <dd>
            <Copyable text={value} name={label} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Names({ title, names }: { title: string; names: string[] }) {
  return (
    names.length > 0 && (
      <Part title={title}>
        <ul className="plain">
          {names.map((name) => (
            <li key={name}>
              <Untrusted text={name} foldAt={160} />
            </li>
          ))}
        </ul>
      </Part>
    )
  );
}

/** What is known of the events of these ids: from the findings, or else from the timeline. */
function evidenceOf(ids: string[], { findings }: Incident, moments: Moment[]): Evidence[] {
  const known = new Map<string, Evidence>();
  for (const moment of moments) {
    known.set(moment.event_id ?? "", { ...moment, event_time: moment.time });
  }
  for (const event of findings.flatMap(({ evidence }) => evidence)) {
    known.set(event.event_id ?? "", event);
  }
  return ids.map((id) => known.get(id) ?? { event_id: id, event_time: "", event_source: "", event_name: `Event ${id}` });
}

function Part({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  return (
    <section className="part" id={id}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
