/** What is known about the node or the edge that is selected. It opens over the graph and leads nowhere else. */
import Button from "@cloudscape-design/components/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, memo, useMemo } from "react";
import { useSearchParams } from "react-router";

import { inspection } from "../api/queries";
import { backgroundOf } from "../api/background";
import type { Evidence, Graph, GraphEdge, GraphGroup, Incident, Inspection, Moment } from "../api/types";
import { isFolded, isMerged } from "../graph/folded";
import { FoldedTitle, HopEdgeTitle, NodeTitle } from "./InspectorTitle";
import type { Selection } from "../graph/LineageGraph";
import { pageOf } from "../pages/subjects";
import { To } from "../shell/links";
import { Failed, Loading } from "../shell/states";
import { Untrusted } from "../text/Untrusted";
import { count, kindWords, sentence } from "../text/words";
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

export const Inspector = memo(function Inspector({ incident, graph, moments, selection, onExpand, onSelect }: Props) {
  const node = selection.kind === "node" ? graph.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection.kind === "edge" ? graph.edges.find(({ id }) => id === selection.id) : undefined;
  const group = node !== undefined && isFolded(node) ? node.group : undefined;
  const merged = edge !== undefined && isMerged(edge, graph) ? edge : undefined;
  const found = useQuery({
    ...inspection(incident.incident.id, selection.kind, selection.id),
    enabled: group === undefined && merged === undefined,
  });
  const ids = found.data?.event_ids;
  const evidence = useMemo(() => evidenceOf(ids ?? [], incident, moments), [ids, incident, moments]);
  return (
    <aside className="inspector" aria-label="Inspector" data-for={selection.id}>
      <div className="inspector-head" key={`head ${selection.id}`}>
        {node !== undefined && <NodeTitle node={node} />}
        {edge !== undefined && <HopEdgeTitle edge={edge} graph={graph} onSelect={onSelect} />}
        {node === undefined && edge === undefined && found.data !== undefined && <FoldedTitle inspection={found.data} />}
        <Button variant="icon" iconName="close" ariaLabel="Close the inspector" onClick={() => onSelect(undefined)} />
      </div>
      <div className="inspector-body" key={`body ${selection.id}`} tabIndex={0} role="region" aria-label="Details">
        {group !== undefined && <Group group={group} onExpand={(wanted) => onExpand(selection.id, wanted)} />}
        {merged !== undefined && <Merged edge={merged} />}
        {found.isLoading && <Loading what="the details" />}
        {found.isLoadingError && <Failed error={found.error} what="the details" retry={() => void found.refetch()} />}
        {found.data !== undefined && <Details inspection={found.data} evidence={evidence} />}
      </div>
    </aside>
  );
});

function Group({ group: { size, expand }, onExpand }: { group: GraphGroup; onExpand: (wanted: string) => void }) {
  return (
    <div className="expand">
      <p>
        {count(size, "node is", "nodes are")} drawn as this card. Each of them is in the table, with its details.
      </p>
      <Button onClick={() => onExpand(expand)}>Draw more of these {size.toLocaleString("en")}</Button>
    </div>
  );
}

function Merged({ edge: { count: n = 1 } }: { edge: GraphEdge }) {
  return (
    <p className="merged">
      {count(n, "link is", "links are")} drawn as this line, for nodes at its end are folded. Each link is in the table,
      with its details.
    </p>
  );
}

function Details({ inspection: found, evidence }: { inspection: Inspection; evidence: Evidence[] }) {
  const [parameters] = useSearchParams();
  const background = backgroundOf(found.background);
  const page = found.subject?.kind === undefined ? undefined : pageOf(found.subject.kind, found.subject.value);
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
      {page !== undefined && (
        <p className="part">
          <To href={page}>Everything about this {found.subject?.kind}</To>
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
