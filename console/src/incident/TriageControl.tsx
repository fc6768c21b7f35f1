/** Decides on an incident: a status with a reason, and the way back. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useDecisions } from "../api/queries";
import type { Incident, Status } from "../api/types";
import { Failed } from "../shell/states";
import { Suppress } from "../pages/Suppress";
import { STATUSES, STATUS_WORDS } from "../text/words";

export function TriageControl({ incident }: { incident: Incident }) {
  const { id, status } = incident.incident;
  const [isOpen, setOpen] = useState(false);
  const [isSuppressing, setSuppressing] = useState(false);
  const { triage, undo } = useDecisions(id);
  const isDecided = incident.triage.can_undo;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {isDecided && (
        <Button loading={undo.isPending} onClick={() => undo.mutate()}>
          Undo
        </Button>
      )}
      {status === "new" && (
        <Button
          loading={triage.isPending}
          onClick={() => triage.mutate({ status: "in_progress", reason: "being looked at" })}
        >
          Take in progress
        </Button>
      )}
      <Button onClick={() => setSuppressing(true)}>Suppress</Button>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Decide
      </Button>
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
    <Modal
      visible
      onDismiss={onClose}
      header="Decide on the incident"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" disabled={reason.trim() === ""} loading={triage.isPending} onClick={decide}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
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
        {triage.isError && <Failed error={triage.error} what="the decision as saved" />}
      </SpaceBetween>
    </Modal>
  );
}
