import { test as plain } from "@playwright/test";

import { expect, test } from "./fixtures";
import { SESSION, seed } from "./place";

plain("without a token one is told how to get one", async ({ page }) => {
  await page.goto(seed().origin);
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  await expect(page.getByText("Open the address")).toBeVisible();
});

plain("a wrong token leaves the address and signs nobody in", async ({ page }) => {
  await page.goto(`${seed().origin}/#token=wrong`);
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  expect(page.url()).not.toContain("token");
});

test("the token signs in once, and leaves the address at once", async ({ page }) => {
  const { origin, hash } = seed();
  await page.goto(`${origin}/${hash}`);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  expect(page.url()).toBe(`${origin}/`);
  const href = await page.evaluate(() => performance.getEntriesByType("navigation").map(({ name }) => name).join());
  expect(href).toContain(origin);
  // What is analyzed at the start appears by itself.
  await expect(page.getByRole("link", { name: /4 roles in a row/ }).first()).toBeVisible({ timeout: 80_000 });
  await page.context().storageState({ path: SESSION });
});
