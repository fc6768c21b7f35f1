/** A lineage as a list: one step below the other, with hop, time and what was left behind. */
import type { TraceStep } from "../api/types";
import { To } from "../shell/links";
import { Line } from "../text/Untrusted";
import { count } from "../text/words";
import { Time } from "../time/Time";
import { subjectHref } from "./subjects";

interface Props {
  title: string;
  steps: TraceStep[];
  none: string;
  leftOut: number;
}

export function Lineage({ title, steps, none, leftOut }: Props) {
  return (
    <div>
      <h3 className="small-head">{title}</h3>
      {steps.length === 0 && <span className="no-chain">{none}</span>}
      <ol className="lineage">
        {steps.map((step, index) => (
          <li key={index} className={`color-${step.color}`}>
            <span className="hop-number">{step.hop}</span>
            <div>
              <b>
                <Line text={step.who} limit={100} />
              </b>{" "}
              {step.color !== "none" && `(${step.color}) `}
              <small>
                <Line text={step.how ?? ""} limit={80} /> <Time at={step.time} />, {count(step.calls, "call")}
                {step.confidence !== "high" && `, confidence ${step.confidence}`}
              </small>
              <small>
                {step.access_key_ids.slice(0, 4).map((key) => (
                  <span key={key} className="spaced">
                    <To href={subjectHref("credential", key)} fontSize="body-s">
                      <Line text={key} limit={40} />
                    </To>
                  </span>
                ))}
              </small>
              {step.left_behind.map((left) => (
                <small key={left}>
                  ✚ <Line text={left} limit={120} />
                </small>
              ))}
            </div>
          </li>
        ))}
      </ol>
      {leftOut > 0 && <p>{count(leftOut, "more is", "more are")} not listed.</p>}
    </div>
  );
}
