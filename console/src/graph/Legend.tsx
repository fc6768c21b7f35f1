/** What the colors and lines of the graph mean. */
import { useState } from "react";

const ROWS = [
  { sample: "color-none", text: "Hop 1, or handed out by AWS" },
  { sample: "color-orange", text: "Hop 2: the second role in a row (orange)" },
  { sample: "color-red", text: "Hop 3 and later (red)" },
  { sample: "is-dashed", text: "Used from this address" },
  { sample: "is-dotted", text: "Likely or uncertain, and not proved by the logs (?)" },
] as const;

export function Legend() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="legend">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Legend
      </button>
      {isOpen && (
        <div className="legend-rows">
          {ROWS.map(({ sample, text }) => (
            <div key={text} className="legend-row">
              <svg width="34" height="8" aria-hidden="true">
                <line x1="0" y1="4" x2="34" y2="4" className={`hop ${sample}`} />
              </svg>
              {text}
            </div>
          ))}
          <p>
            The origin is hop 0. Each successful AssumeRole adds one; the same role again on the same way adds nothing.
            A dashed border is something that was created or changed.
          </p>
        </div>
      )}
    </div>
  );
}
