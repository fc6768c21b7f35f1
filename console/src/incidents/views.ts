/** Views of the list that somebody saved: a name for an address. Kept in this browser. */
import { read, write } from "../shell/settings";

export interface View {
  name: string;
  address: string;
}

/** What everybody has. */
export const OWN_VIEWS: readonly View[] = [
  { name: "Open", address: "status=new,in_progress" },
  { name: "Critical and high", address: "severity=critical,high&status=new,in_progress" },
  { name: "Instance credentials", address: "detector=instance_credential_exfiltration" },
  { name: "Everything", address: "" },
];

export function savedViews(): View[] {
  try {
    const kept: unknown = JSON.parse(read("views") ?? "[]");
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

/** Saves `view`; one of the same name is replaced. */
export function saveView(view: View): View[] {
  const views = [...savedViews().filter(({ name }) => name !== view.name), view];
  write("views", JSON.stringify(views));
  return views;
}

export function forgetView(name: string): View[] {
  const views = savedViews().filter((view) => view.name !== name);
  write("views", JSON.stringify(views));
  return views;
}

function isView(value: unknown): value is View {
  const view = value as Partial<View> | null;
  return typeof view?.name === "string" && typeof view.address === "string";
}
