/** A page that fails its test on any console error, policy violation, or request to another host. */
import AxeBuilder from "@axe-core/playwright";
import { type Locator, type Page, test as base, expect } from "@playwright/test";

import { seed } from "./place";

export type Theme = "light" | "dark";

export const test = base.extend<{ page: Page; theme: Theme }>({
  theme: ["light", { option: true }],
  baseURL: ({}, use) => use(seed().origin),
  colorScheme: ({ theme }, use) => use(theme),
  page: async ({ page, baseURL }, use) => {
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") {
        faults.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.origin !== baseURL) {
        faults.push(`request to ${url.origin}`);
      }
    });
    await page.exposeFunction("reportViolation", (what: string) => faults.push(`policy: ${what}`));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const { reportViolation } = window as unknown as { reportViolation: (what: string) => void };
        reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await use(page);
    expect(faults).toEqual([]);
  },
});

export { expect };

/** Incidents of the generated organization and of the hostile log, by what their titles say. */
export const MISSION = {
  key: /artifact-publisher: 4 roles in a row/,
  instance: /i-[0-9a-f]+: 3 roles in a row/,
  /** A graph of more nodes than are drawn. */
  folded: /platform-config.*2 roles in a row/,
  /** Links that follow from names and times. */
  doubtful: /^alice\.moore@example\.com: instance with a role i-[0-9a-f]+ left behind/,
  hostile: /__pwned/,
  stolen: /Credentials of instance i-[0-9a-f]+ used from 198\.51\.100/,
} as const;

/** Opens an incident from the list. */
export async function openIncident(page: Page, title: RegExp): Promise<void> {
  await page.goto("/incidents");
  await page.getByRole("link", { name: title }).first().click();
  await drawn(page);
}

/** Waits until the graph is drawn. */
export async function drawn(page: Page): Promise<void> {
  await expect(page.getByRole("group", { name: "Lineage graph" })).toBeVisible();
  await expect(page.locator(".react-flow__edge-path").first()).toBeAttached();
}

export function node(page: Page, name: RegExp): Locator {
  return page.locator(".react-flow__node").and(page.getByLabel(name)).first();
}

export function edge(page: Page, name: RegExp): Locator {
  return page.locator(".react-flow__edge").and(page.getByLabel(name)).first();
}

/** Fails on serious and critical findings of axe. */
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ""}`).slice(0, 3).join(" | ")}`);
  expect(said).toEqual([]);
}
