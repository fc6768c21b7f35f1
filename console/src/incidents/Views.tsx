/** Chooses, saves and forgets views of the list. */
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";

import { Dialog } from "../shell/Dialog";
import { visible } from "../text/visible";
import { parametersOf } from "./filter";
import { OWN_VIEWS, forgetView, isSame, saveView, savedViews, whyNotName } from "./views";

interface Props {
  address: URLSearchParams;
  onChoose: (address: URLSearchParams) => void;
}

export function Views({ address, onChoose }: Props) {
  const [views, setViews] = useState(savedViews);
  const [name, setName] = useState<string>();
  const all = [...OWN_VIEWS, ...views];
  const current = all.find((view) => isSame(new URLSearchParams(view.address), address));
  const act = (id: string) => {
    const [, chosen] = /^view (\d+)$/.exec(id) ?? [];
    if (id === "save") {
      setName("");
    } else if (id === "forget" && current !== undefined) {
      setViews(forgetView(current.name));
    } else if (chosen !== undefined) {
      onChoose(new URLSearchParams(all[Number(chosen)]?.address));
    }
  };
  const wanted = (name ?? "").trim();
  const why = whyNotName(wanted);
  const save = () => {
    setViews(saveView({ name: wanted, address: parametersOf(address, undefined).toString() }));
    setName(undefined);
  };
  const isOwn = (shown: string | undefined) => !views.some((view) => view.name === shown);
  return (
    <>
      <ButtonDropdown
        items={[
          { id: "views", text: "Views", items: all.map((view, index) => ({ id: `view ${index}`, text: visible(view.name) })) },
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
        {current === undefined ? "Views" : `View: ${visible(current.name)}`}
      </ButtonDropdown>
      {name !== undefined && (
        <Dialog title="Save as a view" action="Save" isReady={wanted !== "" && why === undefined} onAct={save} onClose={() => setName(undefined)}>
          <FormField label="Name" description="Kept in this browser." errorText={why}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </Dialog>
      )}
    </>
  );
}
