/** The code of each page, which is loaded when the page is looked at, or shortly before. */
import type { ComponentType } from "react";

type Page = ComponentType;

export interface Code {
  load: () => Promise<{ default: Page }>;
  /** The page, once its code is there. */
  loaded: Page | undefined;
}

function code(load: Code["load"]): Code {
  const of: Code = {
    load: async () => {
      const found = await load();
      of.loaded = found.default;
      return found;
    },
    loaded: undefined,
  };
  return of;
}

export const CODE = {
  overview: code(() => import("./OverviewPage")),
  incidents: code(() => import("../incidents/IncidentsPage")),
  incident: code(() => import("../incident/IncidentPage")),
  event: code(() => import("./EventPage")),
  search: code(() => import("./SearchPage")),
  subject: code(() => import("./SubjectPage")),
  suppressions: code(() => import("./SuppressionsPage")),
  sources: code(() => import("./SourcesPage")),
  settings: code(() => import("./SettingsPage")),
  audit: code(() => import("./AuditPage")),
} satisfies Record<string, Code>;

/** Pages of one thing, by how their addresses begin. */
const OF_THINGS: Record<string, Code> = { incidents: CODE.incident, events: CODE.event, subjects: CODE.subject };

const OF_PAGES: Record<string, Code> = {
  "": CODE.overview,
  incidents: CODE.incidents,
  search: CODE.search,
  suppressions: CODE.suppressions,
  sources: CODE.sources,
  settings: CODE.settings,
  audit: CODE.audit,
};

/** The code of the page at `pathname`; nothing where there is no such page. */
export function codeOf(pathname: string): Code | undefined {
  const [, page = "", thing = ""] = pathname.split("/");
  return thing === "" ? OF_PAGES[page] : OF_THINGS[page];
}
