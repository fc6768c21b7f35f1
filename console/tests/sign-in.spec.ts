import { test as plain } from "@playwright/test";

import { expect, test } from "./fixtures";
import { SESSION, seed } from "./place";

plain("without a token one is told how to get one", async ({ page }) => {
  await page.goto(seed().origin);
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  await expect(page.getByText("Open the address that rolecall serve printed")).toBeVisible();
  // Nothing went wrong, and nothing is said to have.
  await expect(page.locator("main")).not.toContainText("sign in first");
});

plain("a wrong token leaves the address, signs nobody in, and is said to be wrong", async ({ page }) => {
  await page.goto(`${seed().origin}/#token=wrong`);
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  await expect(page.getByText("the token is wrong, was used already or is over")).toBeVisible();
  expect(page.url()).not.toContain("token");
  expect((await page.request.get(`${seed().origin}/api/v1/incidents`)).status()).toBe(401);
});

test("the token signs in once, and leaves the address at once", async ({ page, browser }) => {
  const { origin, hash } = seed();
  test.setTimeout(150_000);
  await page.goto(`${origin}/${hash}`);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  expect(page.url()).toBe(`${origin}/`);
  // The way back leads past it.
  await page.goto("about:blank");
  await page.goBack();
  expect(page.url()).toBe(`${origin}/`);
  // What is analyzed at the start appears by itself.
  await expect(page.getByRole("link", { name: /4 roles in a row/ }).first()).toBeVisible({ timeout: 80_000 });
  const other = await browser.newContext();
  const again = await other.newPage();
  await again.goto(`${origin}/${hash}`);
  await expect(again.getByText("was used already")).toBeVisible();
  await other.close();
  await page.context().storageState({ path: SESSION });
});
