/** Decides on an incident: a status with a reason, and the way back. */
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useDecisions } from "../api/queries";
import type { Incident, Status } from "../api/types";
import { Dialog } from "../shell/Dialog";
import { useKeys } from "../shell/keys";
import { Failed } from "../shell/states";
import { useUser, whyNotDecide } from "../shell/user";
import { Suppress } from "../pages/Suppress";
import { STATUSES, STATUS_WORDS } from "../text/words";

export function TriageControl({ incident }: { incident: Incident }) {
  const { id, status } = incident.incident;
  const [isOpen, setOpen] = useState(false);
  const [isSuppressing, setSuppressing] = useState(false);
  const { triage, undo } = useDecisions(id);
  const isDecided = incident.triage.can_undo;
  const refused = whyNotDecide(useUser());
  const isRefused = refused !== undefined;
  const take = () => {
    if (status === "new" && !isRefused && !triage.isPending) {
      undo.reset();
      triage.mutate({ status: "in_progress", reason: "being looked at" });
    }
  };
  const takeBack = () => {
    triage.reset();
    undo.mutate();
  };
  useKeys({ a: take });
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs">
        {isDecided && (
          <Button loading={undo.isPending} disabled={isRefused} disabledReason={refused} onClick={takeBack}>
            Undo
          </Button>
        )}
        {status === "new" && (
          <Button loading={triage.isPending} disabled={isRefused} disabledReason={refused} onClick={take}>
            Take in progress
          </Button>
        )}
        <Button disabled={isRefused} disabledReason={refused} onClick={() => setSuppressing(true)}>
          Suppress
        </Button>
        <Button variant="primary" disabled={isRefused} disabledReason={refused} onClick={() => setOpen(true)}>
          Decide
        </Button>
      </SpaceBetween>
      {triage.isError && <Failed error={triage.error} verb="take" what="the incident in progress" />}
      {undo.isError && <Failed error={undo.error} verb="undo" what="the decision" />}
      {isOpen && <Decision id={id} status={status} onClose={() => setOpen(false)} />}
      {isSuppressing && <Suppress about={{ scope: "incident", value: id }} onClose={() => setSuppressing(false)} />}
    </SpaceBetween>
  );
}

function Decision({ id, status, onClose }: { id: string; status: Status; onClose: () => void }) {
  const [chosen, setChosen] = useState<Status>(status === "new" ? "resolved" : status);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const { triage } = useDecisions(id);
  const options = STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] }));
  const decide = () =>
    triage.mutate({ status: chosen, reason: reason.trim(), note: note.trim() || undefined }, { onSuccess: onClose });
  return (
    <Dialog
      title="Decide on the incident"
      action="Save"
      isReady={reason.trim() !== ""}
      isBusy={triage.isPending}
      onAct={decide}
      onClose={onClose}
    >
      <FormField label="Status">
        <Select
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          options={options}
          onChange={({ detail }) => setChosen(detail.selectedOption.value as Status)}
        />
      </FormField>
      <FormField label="Reason" description="Kept in the audit, with your name and the time.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} placeholder="key deleted" />
      </FormField>
      <FormField label="Note" description="If there is more to say.">
        <Textarea value={note} rows={3} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
      {triage.isError && <Failed error={triage.error} verb="save" what="the decision" />}
    </Dialog>
  );
}
