/** Notes of people, and what became of the incident. */
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useDecisions } from "../api/queries";
import type { Incident } from "../api/types";
import { Empty, Failed } from "../shell/states";
import { useUser, whyNotDecide } from "../shell/user";
import { Untrusted } from "../text/Untrusted";
import { sentence } from "../text/words";
import { Time } from "../time/Time";

export function NotesTab({ incident }: { incident: Incident }) {
  return (
    <ColumnLayout columns={2}>
      <Container header={<Header variant="h2">Notes</Header>}>
        <SpaceBetween size="m">
          {incident.notes.length === 0 && <Empty title="No notes yet">Write what you saw and what you did, for whoever comes next.</Empty>}
          <ul className="notes">
            {incident.notes.map((note) => (
              <li key={note.id}>
                <small>
                  <b>
                    <Untrusted text={note.who} foldAt={60} />
                  </b>{" "}
                  <Time at={note.at} />
                </small>
                <p>
                  <Untrusted text={note.text} />
                </p>
              </li>
            ))}
          </ul>
          <NewNote id={incident.incident.id} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">History</Header>}>
        <ul className="notes">
          {incident.history.map((entry, index) => (
            <li key={index}>
              <small>
                <b>{sentence(entry.what)}</b> <Time at={entry.at} /> {entry.severity}
                {entry.was !== undefined && `, was ${entry.was}`}
              </small>
              <p>
                <Untrusted text={entry.because} />
              </p>
            </li>
          ))}
        </ul>
      </Container>
    </ColumnLayout>
  );
}

function NewNote({ id }: { id: string }) {
  const [text, setText] = useState("");
  const { note } = useDecisions(id);
  const refused = whyNotDecide(useUser());
  if (refused !== undefined) {
    return <p>{refused} So is writing notes.</p>;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        note.mutate(text.trim(), { onSuccess: () => setText("") });
      }}
    >
      <SpaceBetween size="s">
        <FormField label="New note" stretch>
          <div id="note">
            <Textarea value={text} rows={3} ariaLabel="New note" onChange={({ detail }) => setText(detail.value)} />
          </div>
        </FormField>
        {note.isError && <Failed error={note.error} verb="save" what="the note" />}
        <Button formAction="submit" disabled={text.trim() === ""} loading={note.isPending}>
          Add the note
        </Button>
      </SpaceBetween>
    </form>
  );
}
