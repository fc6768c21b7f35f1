import type { Page } from "@playwright/test";

import { MISSION, accessible, expect, node, openIncident, test } from "./fixtures";
import { picture } from "./picture";

const VIEWS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  [
    "overview",
    async (page) => {
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Look at these first" })).toBeVisible();
    },
  ],
  [
    "incidents",
    async (page) => {
      await page.goto("/incidents");
      await expect(page.getByRole("link", { name: MISSION.key })).toBeVisible();
    },
  ],
  ["incident", (page) => openIncident(page, MISSION.key)],
  [
    "inspector",
    async (page) => {
      await openIncident(page, MISSION.instance);
      await node(page, /^EC2 instance, i-/).click();
      await expect(page.getByText("Context: EC2 instance")).toBeVisible();
    },
  ],
  [
    "plan",
    async (page) => {
      await openIncident(page, MISSION.key);
      await page.locator(".step-title").nth(2).click();
      await page.locator("#tabs").scrollIntoViewIfNeeded();
      await page.locator(".step-body").scrollIntoViewIfNeeded();
    },
  ],
  [
    "subject",
    async (page) => {
      await page.goto("/subjects/role/prod-admin");
      await expect(page.getByRole("heading", { name: "Use over time" })).toBeVisible();
    },
  ],
  [
    "search",
    async (page) => {
      await page.goto("/search?q=192.0.2.66");
      await expect(page.getByRole("table", { name: "What was found" }).getByRole("row").nth(1)).toBeVisible();
    },
  ],
  [
    "suppressions",
    async (page) => {
      await page.goto("/suppressions");
      await expect(page.getByRole("table", { name: "Suppressions" })).toBeVisible();
    },
  ],
  [
    "sources",
    async (page) => {
      await page.goto("/sources");
      await expect(page.getByRole("table", { name: "Sources" }).getByRole("row").nth(1)).toBeVisible();
    },
  ],
  [
    "settings",
    async (page) => {
      await page.goto("/settings");
      await expect(page.getByText("store.path")).toBeVisible();
    },
  ],
  [
    "audit",
    async (page) => {
      await page.goto("/audit");
      await expect(page.getByRole("table", { name: "Audit" })).toBeVisible();
    },
  ],
];

for (const theme of ["light", "dark"] as const) {
  test.describe(`the ${theme} theme`, () => {
    test.use({ theme });
    for (const [name, show] of VIEWS) {
      test(`${name} is accessible, and has its picture taken`, async ({ page }) => {
        await show(page);
        await page.waitForLoadState("load");
        await accessible(page);
        await picture(page, `${name}-${theme}`);
      });
    }
  });
}
