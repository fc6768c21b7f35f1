/** One step of a response plan: why, what first, the command, its check and the way back. */
import Checkbox from "@cloudscape-design/components/checkbox";
import Link from "@cloudscape-design/components/link";
import { type ReactNode, useState } from "react";

import { useDecisions } from "../api/queries";
import type { Expectation, PlanStep, Tick } from "../api/types";
import { Failed } from "../shell/states";
import { useUser, whyNotDecide } from "../shell/user";
import { Line, Untrusted } from "../text/Untrusted";
import { sentence } from "../text/words";
import { Time } from "../time/Time";
import { CommandBox } from "./CommandBox";

interface Props {
  incident: string;
  step: PlanStep;
  number: number;
  tick: Tick | undefined;
}

export function Step({ incident, step, number, tick }: Props) {
  const [isOpen, setOpen] = useState(false);
  // What was chosen, until the page shows what was kept.
  const [chosen, setChosen] = useState<boolean>();
  const { tick: write } = useDecisions(incident);
  const refused = whyNotDecide(useUser());
  const choose = (done: boolean) => {
    setChosen(done);
    write.mutate({ step: step.id, done }, { onSettled: () => setChosen(undefined) });
  };
  return (
    <article className={`step ${tick === undefined ? "" : "is-done"}`} aria-label={`Step ${number}: ${step.title}`}>
      <div className="step-head">
        <Checkbox
          checked={chosen ?? tick !== undefined}
          ariaLabel={`Step ${number} is done`}
          disabled={refused !== undefined}
          onChange={({ detail }) => choose(detail.checked)}
        />
        <button type="button" className="step-title" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span className="step-number">{number}</span>
          <span>
            <Line text={step.title} limit={200} />
          </span>
        </button>
        <span className="step-tags">
          {step.account_id !== undefined && <code>{step.account_id}</code>}
          <span className={`risk risk-${step.risk}`}>{sentence(step.risk)}</span>
        </span>
      </div>
      {tick !== undefined && (
        <div className="step-tick">
          Done by <Line text={tick.who} limit={60} /> at <Time at={tick.at} />
          {tick.is_stale && "; the command is another one since then: look again"}
        </div>
      )}
      {write.isError && <Failed error={write.error} verb="save" what="the tick" />}
      {isOpen && <StepBody step={step} />}
    </article>
  );
}

function StepBody({ step }: { step: PlanStep }) {
  return (
    <div className="step-body">
      <p>
        <Untrusted text={step.why} />
      </p>
      {step.condition !== undefined && (
        <Row name="When">
          <Untrusted text={step.condition} />
        </Row>
      )}
      {step.affects.length > 0 && (
        <Row name="Who else is affected">
          <ul className="plain">
            {step.affects.map(({ who, what, last, next }) => (
              <li key={who}>
                <Untrusted text={who} foldAt={160} /> <Untrusted text={what} foldAt={160} /> last <Time at={last} />
                {next !== undefined && <> next <Time at={next} /></>}
              </li>
            ))}
            {step.affects_left_out > 0 && <li>and {step.affects_left_out} more</li>}
          </ul>
        </Row>
      )}
      {step.refused !== undefined && (
        <Row name="No command">
          <Untrusted text={step.refused} />
        </Row>
      )}
      {step.precondition !== undefined && (
        <Row name="Is there anything to do?">
          <Untrusted text={step.precondition.what} />
          <CommandBox name="the precondition" command={step.precondition.command} />
        </Row>
      )}
      {step.preview !== undefined && <Row name="Look first; changes nothing"><CommandBox name="the preview" command={step.preview} /></Row>}
      {step.command !== undefined && <Row name={step.repeats === true ? "Do it, once for each" : "Do it"}><CommandBox name="the command" command={step.command} isMain /></Row>}
      <InConsole console={step.console} />
      {step.check !== undefined && (
        <Row name="Check">
          <CommandBox name="the check" command={step.check.command} />
          <small>{expected(step.check.expect)}</small>
        </Row>
      )}
      {(step.undo.length > 0 || step.undo_note !== undefined) && (
        <Row name="The way back">
          {step.undo.map((command, index) => (
            <CommandBox key={index} name="the way back" command={command} />
          ))}
          {step.undo_note !== undefined && <Untrusted text={step.undo_note} />}
        </Row>
      )}
      <Row name="Needs">
        <code className="needs">{step.needs.join(", ")}</code>
      </Row>
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="step-row">
      <h3>{name}</h3>
      <div>{children}</div>
    </div>
  );
}

/** Only addresses of AWS's consoles become links. */
const CONSOLE = /^https:\/\/([a-z0-9-]+\.)*console\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)\//;

function InConsole({ console: { path, url } }: { console: PlanStep["console"] }) {
  return (
    <Row name="In the AWS console">
      <Untrusted text={path} />{" "}
      {url !== undefined && CONSOLE.test(url) && (
        <Link href={url} external target="_blank" rel="noopener noreferrer">
          Open it
        </Link>
      )}
    </Row>
  );
}

function expected({ kind, value: given }: Expectation): ReactNode {
  const value = typeof given === "string" ? given : given === undefined ? "" : JSON.stringify(given);
  const words: Record<string, string> = {
    equals: value === "" ? "Prints nothing." : "Prints exactly ",
    contains: "Prints a text with ",
    lacks: "Prints nothing with it, or finds nothing: ",
    fails: "Fails with ",
  };
  return (
    <>
      {words[kind] ?? `${sentence(kind)} `}
      {value !== "" && (
        <code>
          <Untrusted text={value} foldAt={200} />
        </code>
      )}
    </>
  );
}
