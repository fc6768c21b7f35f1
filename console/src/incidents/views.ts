/** Views of the list that somebody saved: a name for an address. Kept in this browser. */
import { read, write } from "../shell/settings";
import { parametersOf } from "./filter";

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

/** The most that are kept, and the longest name and address. */
const MOST = 50;
const LONGEST = { name: 80, address: 2_000 };

export function savedViews(): View[] {
  return viewsOf(read("views") ?? "[]");
}

/** The views that `text` keeps. Whatever else may stand there is passed over. */
export function viewsOf(text: string): View[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return [];
  }
  const names = new Set(OWN_VIEWS.map(({ name }) => name));
  const views: View[] = [];
  for (const view of Array.isArray(kept) ? kept.filter(isView) : []) {
    if (!names.has(view.name) && views.length < MOST) {
      names.add(view.name);
      views.push({ name: view.name, address: parametersOf(new URLSearchParams(view.address), undefined).toString() });
    }
  }
  return views;
}

/** Why a view cannot be called `name`, or nothing where it can. */
export function whyNotName(name: string): string | undefined {
  if (OWN_VIEWS.some((view) => view.name === name)) {
    return "Everybody has a view of this name.";
  }
  return name.length > LONGEST.name ? `A name has at most ${LONGEST.name} characters.` : undefined;
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

/** Whether two addresses ask for the same, in whatever order and however it is written. */
export function isSame(left: URLSearchParams, right: URLSearchParams): boolean {
  return sorted(left) === sorted(right);
}

function sorted(address: URLSearchParams): string {
  const copy = new URLSearchParams(address);
  copy.sort();
  return copy.toString();
}

function isView(value: unknown): value is View {
  const view = value as Partial<View> | null;
  return isText(view?.name, LONGEST.name) && view?.name?.trim() !== "" && isText(view?.address, LONGEST.address);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length <= most;
}
