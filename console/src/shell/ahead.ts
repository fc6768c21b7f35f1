/** What a page shows first, by its address: asked for before the page is there. */
import { parametersOf } from "../incidents/filter";

/** The page of an incident. */
const INCIDENT = /^\/incidents\/([0-9a-f]+)$/;

/** The incident whose page is at `pathname`. */
export function incidentOf(pathname: string): string | undefined {
  return INCIDENT.exec(pathname)?.[1];
}

/** What the API is asked first for the page at an address: who asks, and what the page shows. */
export function questionsOf({ pathname, search }: Pick<Location, "pathname" | "search">): string[] {
  return ["/session", ...shownAt(pathname, search)];
}

function shownAt(pathname: string, search: string): string[] {
  if (pathname === "/") {
    return ["/overview"];
  }
  if (pathname === "/incidents") {
    const parameters = parametersOf(new URLSearchParams(search), undefined);
    return [parameters.size === 0 ? "/incidents" : `/incidents?${parameters}`];
  }
  const id = incidentOf(pathname);
  return id === undefined ? [] : ["", "/graph", "/timeline"].map((of) => `/incidents/${id}${of}`);
}
