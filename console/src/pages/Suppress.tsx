/** Dialogs that suppress, and that end a suppression; both want a reason. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";

import { useSuppressions } from "../api/queries";
import type { Suppression } from "../api/types";
import { Dialog } from "../shell/Dialog";
import { Failed } from "../shell/states";
import { visible } from "../text/visible";
import { sentence } from "../text/words";
import { isoOf } from "../time/format";

const SCOPES = ["incident", "origin", "role", "account"] as const;
type Scope = (typeof SCOPES)[number];

const SPANS = [
  { value: "8", label: "8 hours" },
  { value: "24", label: "A day" },
  { value: "168", label: "A week" },
  { value: "720", label: "30 days" },
  { value: "2160", label: "90 days" },
];
const FIRST_SPAN = { value: "8", label: "8 hours" };

interface Props {
  /** What is suppressed, where the dialog begins with it. */
  about?: { scope: Scope; value: string };
  onClose: () => void;
}

export function Suppress({ about, onClose }: Props) {
  const [scope, setScope] = useState<Scope>(about?.scope ?? "incident");
  const [value, setValue] = useState(about?.value ?? "");
  const [reason, setReason] = useState("");
  const [span, setSpan] = useState(FIRST_SPAN);
  const { suppress } = useSuppressions();
  const scopes = SCOPES.map((one) => ({ value: one, label: sentence(one) }));
  const save = () => {
    const expires_at = isoOf(Date.now() + Number(span.value) * 3_600_000);
    suppress.mutate({ scope, value: value.trim(), reason: reason.trim(), expires_at }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title="Suppress"
      action="Suppress"
      isReady={value.trim() !== "" && reason.trim() !== ""}
      isBusy={suppress.isPending}
      onAct={save}
      onClose={onClose}
    >
      <FormField label="What" description="An incident is muted where each of its findings is covered.">
        <Select
          selectedOption={scopes.find((option) => option.value === scope) ?? null}
          options={scopes}
          onChange={({ detail }) => setScope(detail.selectedOption.value as Scope)}
        />
      </FormField>
      <FormField label="Which" description="An incident's id, a key or ARN, a role, or an account.">
        <Input value={value} onChange={({ detail }) => setValue(detail.value)} />
      </FormField>
      <FormField label="Reason" description="Kept in the audit, with your name and the time.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} placeholder="load test" />
      </FormField>
      <FormField label="For">
        <Select
          selectedOption={span}
          options={SPANS}
          onChange={({ detail }) => setSpan(SPANS.find((one) => one.value === detail.selectedOption.value) ?? FIRST_SPAN)}
        />
      </FormField>
      {suppress.isError && <Failed error={suppress.error} verb="save" what="the suppression" />}
    </Dialog>
  );
}

export function EndSuppression({ row, onClose }: { row: Suppression; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const { end } = useSuppressions();
  return (
    <Dialog
      title={`End the suppression of ${row.scope} ${visible(row.value)}`}
      action="End it"
      isReady={reason.trim() !== ""}
      isBusy={end.isPending}
      onAct={() => end.mutate({ id: row.id, reason: reason.trim() }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <FormField label="Reason" description="Kept in the audit, with your name and the time.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      {end.isError && <Failed error={end.error} verb="end" what="the suppression" />}
    </Dialog>
  );
}
