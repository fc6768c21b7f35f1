/** The bar at the top: search, whether updates arrive, zone of times, theme, keys, and who is signed in. */
import Input from "@cloudscape-design/components/input";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { useState } from "react";
import { useNavigate } from "react-router";

import { ApiError, remove } from "../api/client";
import type { Session } from "../api/types";
import { short } from "../text/visible";
import { useSettings } from "./settings";
import { useLive } from "./live";
import type { Live } from "./stream";

interface Props {
  user: Session;
  onHelp: () => void;
  /** Somebody could not be signed out. */
  onStuck: (error: unknown) => void;
}

const LIVE: Record<Live, { text: string; iconName: "status-pending" | "status-positive" | "status-warning"; ariaLabel: string }> = {
  starting: { text: "Connecting", iconName: "status-pending", ariaLabel: "Updates are about to arrive; load the page again" },
  on: { text: "Live", iconName: "status-positive", ariaLabel: "Updates arrive as they happen; load the page again" },
  off: { text: "Not live", iconName: "status-warning", ariaLabel: "No updates arrive; load the page again" },
};

export function TopBar({ user, onHelp, onStuck }: Props) {
  const live = useLive();
  const { theme, zone, setTheme, setZone } = useSettings();
  const navigate = useNavigate();
  return (
    <header id="top">
      <TopNavigation
        identity={{
          href: "/",
          logo: { src: "/wordmark.svg", alt: "Rolecall" },
          onFollow: (event) => {
            event.preventDefault();
            void navigate("/");
          },
        }}
        search={<SearchBox />}
        utilities={[
          { type: "button", ...LIVE[live], onClick: () => window.location.reload() },
          { type: "button", text: zone === "utc" ? "UTC" : "Local time", ariaLabel: zone === "utc" ? "Times are in UTC; show local time" : "Times are local; show UTC", onClick: () => setZone(zone === "utc" ? "local" : "utc") },
          { type: "button", text: theme === "dark" ? "Light" : "Dark", ariaLabel: theme === "dark" ? "Use the light theme" : "Use the dark theme", onClick: () => setTheme(theme === "dark" ? "light" : "dark") },
          { type: "button", iconName: "support", title: "Keys", ariaLabel: "Show the keys", onClick: onHelp },
          {
            type: "menu-dropdown",
            text: short(user.user, 24),
            description: user.role,
            iconName: "user-profile",
            items: [{ id: "sign-out", text: "Sign out" }],
            onItemClick: () => void signOut().catch(onStuck),
          },
        ]}
      />
    </header>
  );
}

function SearchBox() {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate(`/search?${new URLSearchParams({ q: text.trim() })}`);
      }}
    >
      <Input
        type="search"
        ariaLabel="Search a key, ARN, account, address or event"
        placeholder="Key, ARN, account, address or event  ( / )"
        value={text}
        controlId="search"
        onChange={({ detail }) => setText(detail.value)}
      />
    </form>
  );
}

async function signOut() {
  try {
    await remove("/session");
  } catch (error) {
    // Whose session is over is signed out.
    if (!(error instanceof ApiError && error.status === 401)) {
      throw error;
    }
  }
  window.location.assign("/");
}
