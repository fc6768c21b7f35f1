/** The findings of an incident, each with its reason and its evidence. */
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { Finding } from "../api/types";
import { Untrusted } from "../text/Untrusted";
import { count, sentence } from "../text/words";
import { Time } from "../time/Time";
import { EvidenceList } from "./EvidenceList";
import { SeverityBadge } from "./badges";

export function FindingsTab({ findings }: { findings: Finding[] }) {
  return (
    <SpaceBetween size="m">
      {findings.map((finding) => (
        <Container
          key={finding.id}
          header={
            <Header
              variant="h2"
              description={
                <>
                  <code>{finding.detector}</code> · confidence {finding.confidence} · {finding.techniques.join(", ")} ·{" "}
                  <Time at={finding.first_seen} /> to <Time at={finding.last_seen} />
                </>
              }
            >
              <SeverityBadge severity={finding.severity} /> <Untrusted text={finding.title} foldAt={240} />
            </Header>
          }
        >
          <SpaceBetween size="s">
            <p className="reason">
              <Untrusted text={finding.reason} />
            </p>
            {finding.chain !== undefined && (
              <p>
                {sentence(count(finding.chain.hops, "hop"))}
                {finding.chain.at_least && " at least"}; AWS itself counts {count(finding.chain.chained_calls, "chained call")}.
              </p>
            )}
            <ExpandableSection headerText={count(finding.evidence.length, "event as evidence", "events as evidence")}>
              <EvidenceList evidence={finding.evidence} />
            </ExpandableSection>
          </SpaceBetween>
        </Container>
      ))}
    </SpaceBetween>
  );
}
