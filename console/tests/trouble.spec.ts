import { type Page, test as plain } from "@playwright/test";

import { MISSION, drawn, expect } from "./fixtures";
import { seed } from "./place";

const BUSY = { status: 503, json: { error: { code: "busy", message: "the store is busy or full" } } };

async function refuse(page: Page, what: RegExp, method = "GET"): Promise<void> {
  await page.route(what, (route, request) => (request.method() === method ? route.fulfill(BUSY) : route.continue()));
}

const LIVE = /\/api\/v1\/live$/;
const LIST = /\/api\/v1\/incidents(\?.*)?$/;

plain("a stream of news that is refused is said to be, and is opened again", async ({ page }) => {
  await refuse(page, LIVE);
  await page.goto(`${seed().origin}/incidents`);
  await expect(page.getByText("The program does not send news any more")).toBeVisible();
  await page.unroute(LIVE);
  await expect(page.getByText("The program does not send news any more")).toBeHidden({ timeout: 40_000 });
  await expect(page.getByRole("button", { name: /^Updates arrive/ })).toBeVisible();
});

plain("what cannot be asked for again stays, and is said to be old", async ({ page }) => {
  await refuse(page, LIVE);
  await page.goto(`${seed().origin}/incidents`);
  const row = page.getByRole("link", { name: MISSION.key });
  await expect(row).toBeVisible();
  await refuse(page, LIST);
  // News that begin again ask for everything.
  await page.unroute(LIVE);
  await expect(page.getByText("What is shown may be old")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("the store is busy or full")).toBeVisible();
  await expect(row).toBeVisible();
  await page.unroute(LIST);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("What is shown may be old")).toBeHidden();
});

plain("a decision that is refused says so, and the incident stays", async ({ page }) => {
  await refuse(page, /\/triage$/, "POST");
  await page.goto(`${seed().origin}/incidents`);
  await page.getByRole("link", { name: MISSION.stolen }).first().click();
  await drawn(page);
  await page.getByRole("button", { name: "Take in progress" }).click();
  await expect(page.getByText("Cannot take the incident in progress")).toBeVisible();
  await expect(page.locator(".incident-facts").getByText("New")).toBeVisible();
});

plain("an export that is refused says so", async ({ page }) => {
  await refuse(page, /\/report\.html$/);
  await page.goto(`${seed().origin}/incidents`);
  await page.getByRole("link", { name: MISSION.stolen }).first().click();
  await drawn(page);
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: /HTML report/ }).click();
  await expect(page.getByText("Cannot export the incident")).toBeVisible();
});
