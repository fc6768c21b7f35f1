/** What is around every page: the bar at the top, the navigation, live updates and keys. */
import AppLayout from "@cloudscape-design/components/app-layout";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { type ReactNode, useState } from "react";
import { useLocation } from "react-router";

import type { Session } from "../api/types";
import { KeyHelp } from "./KeyHelp";
import { Notices } from "./Notices";
import { TopBar } from "./TopBar";
import { useFollow } from "./links";
import { LiveProvider } from "./live";
import { usePageKeys } from "./keys";
import { Failed } from "./states";
import { mayDo } from "./user";

const PAGES = [
  { type: "link", text: "Overview", href: "/" },
  { type: "link", text: "Incidents", href: "/incidents" },
  { type: "link", text: "Search", href: "/search" },
  { type: "divider" },
  { type: "link", text: "Suppressions", href: "/suppressions" },
  { type: "link", text: "Sources", href: "/sources" },
  { type: "link", text: "Audit", href: "/audit" },
] as const;
const SETTINGS = { type: "link", text: "Settings", href: "/settings" } as const;

interface Props {
  user: Session;
  children: ReactNode;
}

export function Frame(props: Props) {
  return (
    <LiveProvider>
      <Framed {...props} />
    </LiveProvider>
  );
}

/** Knows nothing of news: the layout measures the page each time it is drawn. */
function Framed({ user, children }: Props) {
  const { pathname } = useLocation();
  const follow = useFollow();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [stuck, setStuck] = useState<unknown>();
  const pages = mayDo(user.role, "admin") ? [...PAGES, SETTINGS] : [...PAGES];
  usePageKeys(() => setHelpOpen(true));
  const isIncident = /^\/incidents\/./.test(pathname);
  const [isOpen, setOpen] = useState<boolean>();
  return (
    <>
      <TopBar user={user} onHelp={() => setHelpOpen(true)} onStuck={setStuck} />
      <AppLayout
        headerSelector="#top"
        toolsHide
        navigationOpen={isOpen ?? !isIncident}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        navigationWidth={220}
        maxContentWidth={Number.MAX_VALUE}
        disableContentPaddings={isIncident}
        ariaLabels={{ navigation: "Pages", navigationToggle: "Open the pages", navigationClose: "Close the pages" }}
        navigation={
          <SideNavigation activeHref={active(pathname)} items={pages} onFollow={follow} />
        }
        notifications={
          <>
            <Notices />
            {stuck !== undefined && <Failed error={stuck} verb="sign" what="you out" />}
          </>
        }
        content={children}
      />
      {isHelpOpen && <KeyHelp onClose={() => setHelpOpen(false)} />}
    </>
  );
}

function active(pathname: string): string {
  return pathname === "/" ? "/" : `/${pathname.split("/")[1] ?? ""}`;
}
