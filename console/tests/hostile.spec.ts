import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Page } from "@playwright/test";

import { MISSION, drawn, expect, openIncident, test } from "./fixtures";
import { HOSTILE } from "./seed";

/** Characters that are not seen, or that change how others are seen. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Fails where an attack acts, and where none has come to the page. */
async function harmless(page: Page): Promise<void> {
  const seen = await page.evaluate(() => document.body.innerText);
  expect(seen).toContain("<script>window.__pwned=1</script>");
  expect(seen).not.toMatch(HIDDEN);
  expect(await page.evaluate(() => "__pwned" in window)).toBe(false);
  expect(await page.locator("#root script, #root iframe, #root img[src='x'], #root [onerror], #root [onload]").count()).toBe(0);
  expect(await page.locator("#root a[href^='javascript:']").count()).toBe(0);
}

test("what an attacker wrote is shown as text in every part of an incident", async ({ page }) => {
  await openIncident(page, MISSION.hostile);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<script>window.__pwned=1</script>");
  const nodes = page.locator(".react-flow__node");
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  const n = await nodes.count();
  let nHostile = 0;
  for (let index = 0; index < n; index += 1) {
    await nodes.nth(index).focus();
    await page.keyboard.press("Enter");
    await expect(inspector.locator("h2")).toBeVisible();
    await expect(inspector.getByRole("heading", { name: "Evidence" })).toBeVisible();
    const said = await inspector.innerText();
    expect(said).not.toMatch(HIDDEN);
    nHostile += said.includes("__pwned") ? 1 : 0;
    await harmless(page);
  }
  expect(nHostile).toBeGreaterThan(0);
  for (const [tab, shown] of [
    [/Findings/, ".reason"],
    [/Notes/, ".notes li"],
    [/Response plan/, ".step-title"],
  ] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.locator(shown).first()).toBeVisible();
    await harmless(page);
  }
});

test("hidden characters of a record are shown as what they are", async ({ page }) => {
  const { Records } = JSON.parse(readFileSync(resolve(HOSTILE, "hostile.json"), "utf8")) as { Records: Record<string, unknown>[] };
  const record = Records.find((one) => /\u202e/.test(JSON.stringify(one)) && typeof one.eventID === "string")!;
  await page.goto(`/events/${String(record.eventID)}`);
  const raw = page.getByLabel(/^Raw record of event/);
  await expect(raw).toContainText("\\u{202e}gpj.exe");
  await expect(raw).toContainText("<img src=x onerror=window.__pwned=1>");
  await harmless(page);
});

test("what an attacker wrote is shown as text in lists", async ({ page }) => {
  await page.goto("/incidents");
  await expect(page.getByRole("link", { name: MISSION.hostile })).toBeVisible();
  await harmless(page);
  await page.goto(`/search?${new URLSearchParams({ q: "<script>window.__pwned=1</script>\u202e" })}`);
  await expect(page.getByRole("heading", { name: "Search: <script>window.__pwned=1</script>\\u{202e}" })).toBeVisible();
  await harmless(page);
});

test("an incident that is opened by its address is drawn, whatever the address selects", async ({ page }) => {
  await openIncident(page, MISSION.hostile);
  const { pathname } = new URL(page.url());
  await page.goto(`${pathname}?${new URLSearchParams({ tab: "findings", event: "<script>window.__pwned=1</script>" })}`);
  await drawn(page);
  await harmless(page);
});
