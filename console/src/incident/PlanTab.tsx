/** The response plan: what to do, in order. People act; nothing here is ever run. */
import Alert from "@cloudscape-design/components/alert";
import { useQuery } from "@tanstack/react-query";
import { startTransition, useEffect, useState } from "react";

import { plan } from "../api/queries";
import type { PlanDocument, PlanStep, Tick } from "../api/types";
import { Empty, Failed, Loading } from "../shell/states";
import { useUser, whyNotDecide } from "../shell/user";
import { Untrusted } from "../text/Untrusted";
import { count, sentence } from "../text/words";
import { Time } from "../time/Time";
import { Step } from "./PlanStep";
import { doneOf } from "./done";

const PHASES: Record<string, string> = {
  preserve: "Keep the evidence",
  contain: "Contain the chain",
  cut_origin: "Cut its origin",
  remove_persistence: "Remove what was left behind",
  close_way_back: "Close the way back",
  recover: "Recover",
  verify: "Verify",
};

type Shown = PlanDocument & { ticks: Tick[] };

interface Props {
  id: string;
  /** What is above, and comes first, is there. */
  isGraphDrawn: boolean;
}

export function PlanTab({ id, isGraphDrawn }: Props) {
  const found = useQuery(plan(id));
  const { isDue, box } = useDue(isGraphDrawn);
  if (found.isLoadingError) {
    return <Failed error={found.error} what="the plan" retry={() => void found.refetch()} />;
  }
  if (found.data === undefined || !isDue) {
    return (
      <div ref={box}>
        <Loading what="the plan" />
      </div>
    );
  }
  const { plan: document, ticks } = found.data;
  if (document === undefined) {
    return <Empty title="This incident has no plan">An informational incident needs none: nothing is to be contained.</Empty>;
  }
  return <Phases plan={{ ...document, ticks }} />;
}

/** Milliseconds until hundreds of steps out of sight are drawn, which takes long: once the graph is there, and where it never is. */
const PATIENCE = { afterGraph: 300, withoutGraph: 10_000 };

/** Whether it is time to draw what `box` stands for: it is in sight, or what comes first is there. */
function useDue(isGraphDrawn: boolean) {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const draw = () => startTransition(() => setDue(true));
    const late = setTimeout(draw, isGraphDrawn ? PATIENCE.afterGraph : PATIENCE.withoutGraph);
    const sight = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && draw());
    if (box !== null) {
      sight.observe(box);
    }
    return () => {
      clearTimeout(late);
      sight.disconnect();
    };
  }, [box, isGraphDrawn]);
  return { isDue, box: setBox };
}

function Phases({ plan: shown }: { plan: Shown }) {
  const phases = [...new Set(shown.steps.map(({ phase }) => phase))];
  return (
    <div className="plan">
      <nav className="plan-nav" aria-label="Phases">
        <ol>
          {phases.map((phase) => {
            const steps = stepsOf(shown, phase);
            const nDone = doneOf(steps, shown.ticks);
            return (
              <li key={phase} className={nDone === steps.length ? "is-done" : ""}>
                <a href={`#phase-${phase}`}>
                  <span>{PHASES[phase] ?? sentence(phase.replaceAll("_", " "))}</span>
                  <small>
                    {nDone} of {steps.length}
                  </small>
                </a>
              </li>
            );
          })}
        </ol>
      </nav>
      <div className="plan-body">
        <Facts plan={shown} />
        {phases.map((phase, index) => (
          <section key={phase} id={`phase-${phase}`} className="phase" aria-labelledby={`head-${phase}`}>
            <h2 id={`head-${phase}`}>
              {index + 1}. {PHASES[phase] ?? sentence(phase.replaceAll("_", " "))}
              <small>{count(stepsOf(shown, phase).length, "step")}</small>
            </h2>
            {stepsOf(shown, phase).map((step) => (
              <Step key={step.id} incident={shown.incident_id} step={step} number={shown.steps.indexOf(step) + 1} tick={shown.ticks.find((tick) => tick.step === step.id)} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function Facts({ plan: { t0, cut_off, watch_until, warnings } }: { plan: Shown }) {
  const refused = whyNotDecide(useUser());
  return (
    <>
      <p className="plan-facts">
        Last event of the chain <Time at={t0} />. Credentials issued before <Time at={cut_off} /> are revoked; watch until{" "}
        <Time at={watch_until} />.{refused !== undefined && ` ${refused} So is ticking steps.`}
      </p>
      {warnings.length > 0 && (
        <Alert type="warning" header="Before the first step">
          <ul className="plain">
            {warnings.map((warning) => (
              <li key={warning}>
                <Untrusted text={warning} />
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

function stepsOf({ steps }: Shown, phase: string): PlanStep[] {
  return steps.filter((step) => step.phase === phase);
}
