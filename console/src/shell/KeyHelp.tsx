/** The list of keys. */
import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";

import { useUser, whyNotDecide } from "./user";

const KEYS: readonly [string, readonly [string, string][]][] = [
  ["Everywhere", [["?", "These keys"], ["/", "Search"], ["g o", "Overview"], ["g i", "Incidents"], ["g s", "Suppressions"], ["g a", "Audit"]]],
  ["In the list of incidents", [["j  k", "Next, previous"], ["Enter", "Open"]]],
  ["On an incident", [["← → ↑ ↓", "From node to node, when the graph has the focus"], ["e", "Evidence of what is selected"], ["t", "Graph or table"], ["f", "Fit the graph"], ["p", "Response plan"], ["n", "Write a note"], ["a", "Take it in progress, where it is new"], ["Escape", "Close the inspector"]]],
];

/** Keys that do nothing for those who may not decide. */
const DECIDE: ReadonlySet<string> = new Set(["n", "a"]);

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const mayDecide = whyNotDecide(useUser()) === undefined;
  const shown = (keys: readonly [string, string][]) => keys.filter(([key]) => mayDecide || !DECIDE.has(key));
  return (
    <Modal visible onDismiss={onClose} header="Keys" size="medium">
      {KEYS.map(([where, keys]) => (
        <Box key={where} margin={{ bottom: "l" }}>
          <Box variant="h4" tagOverride="h3" margin={{ bottom: "xs" }}>
            {where}
          </Box>
          <KeyValuePairs columns={2} items={shown(keys).map(([key, does]) => ({ label: does, value: <kbd>{key}</kbd> }))} />
        </Box>
      ))}
    </Modal>
  );
}
