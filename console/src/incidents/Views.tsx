/** Chooses, saves and forgets views of the list. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { OWN_VIEWS, forgetView, saveView, savedViews } from "./views";

interface Props {
  address: URLSearchParams;
  onChoose: (address: URLSearchParams) => void;
}

export function Views({ address, onChoose }: Props) {
  const [views, setViews] = useState(savedViews);
  const [name, setName] = useState<string>();
  const all = [...OWN_VIEWS, ...views];
  const current = all.find((view) => view.address === decodeURIComponent(address.toString()));
  const act = (id: string) => {
    if (id === "save") {
      setName("");
    } else if (id === "forget" && current !== undefined) {
      setViews(forgetView(current.name));
    } else {
      onChoose(new URLSearchParams(all.find((view) => view.name === id)?.address));
    }
  };
  const isOwn = (shown: string | undefined) => !views.some((view) => view.name === shown);
  return (
    <>
      <ButtonDropdown
        items={[
          { id: "views", text: "Views", items: all.map((view) => ({ id: view.name, text: view.name })) },
          {
            id: "change",
            text: "This view",
            items: [
              { id: "save", text: "Save as a view" },
              { id: "forget", text: "Forget this view", disabled: isOwn(current?.name) },
            ],
          },
        ]}
        onItemClick={({ detail }) => act(detail.id)}
      >
        {current === undefined ? "Views" : `View: ${current.name}`}
      </ButtonDropdown>
      {name !== undefined && (
        <Modal
          visible
          header="Save as a view"
          onDismiss={() => setName(undefined)}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setName(undefined)}>
                  Cancel
                </Button>
                <Button
                  variant="primary"
                  disabled={name.trim() === ""}
                  onClick={() => {
                    setViews(saveView({ name: name.trim(), address: decodeURIComponent(address.toString()) }));
                    setName(undefined);
                  }}
                >
                  Save
                </Button>
              </SpaceBetween>
            </Box>
          }
        >
          <FormField label="Name" description="Kept in this browser.">
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </Modal>
      )}
    </>
  );
}
