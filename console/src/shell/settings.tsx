/** What a reader chose: the theme and the zone of times. Kept in this browser. */
import { Mode, applyMode } from "@cloudscape-design/global-styles";
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";

import type { Zone } from "../time/format";

export type Theme = "light" | "dark";

interface Settings {
  theme: Theme;
  zone: Zone;
  setTheme: (theme: Theme) => void;
  setZone: (zone: Zone) => void;
}

const SettingsContext = createContext<Settings | undefined>(undefined);

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(firstTheme);
  const [zone, setZone] = useState<Zone>(() => (read("zone") === "local" ? "local" : "utc"));
  useEffect(() => wear(theme), [theme]);
  const settings = useMemo(
    () => ({
      theme,
      zone,
      setTheme: (chosen: Theme) => {
        write("theme", chosen);
        setTheme(chosen);
      },
      setZone: (chosen: Zone) => {
        write("zone", chosen);
        setZone(chosen);
      },
    }),
    [theme, zone],
  );
  return <SettingsContext.Provider value={settings}>{children}</SettingsContext.Provider>;
}

/** Puts on a theme; before anything is drawn, so that nothing is drawn twice. */
export function wear(theme: Theme = firstTheme()): void {
  if (document.documentElement.dataset.theme !== theme) {
    applyMode(theme === "dark" ? Mode.Dark : Mode.Light);
    document.documentElement.dataset.theme = theme;
  }
}

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (settings === undefined) {
    throw new Error("there are no settings above this component");
  }
  return settings;
}

/** Reads what this browser keeps under `name`; a browser may refuse to keep anything. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(`rolecall.${name}`);
  } catch {
    return null;
  }
}

/** Keeps `value` in this browser, where it lets us. */
export function write(name: string, value: string): void {
  try {
    localStorage.setItem(`rolecall.${name}`, value);
  } catch {
    // What is not kept is chosen again.
  }
}

function firstTheme(): Theme {
  const kept = read("theme");
  if (kept === "light" || kept === "dark") {
    return kept;
  }
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
