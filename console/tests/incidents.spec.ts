import { MISSION, drawn, expect, test } from "./fixtures";

test("the list is filtered, and the address says by what", async ({ page }) => {
  await page.goto("/incidents");
  const table = page.getByRole("table", { name: "Incidents" });
  await expect(table.getByRole("link", { name: MISSION.key })).toBeVisible();
  const filter = page.getByRole("combobox", { name: "Filter the incidents" });
  await filter.fill("Severity = critical");
  await filter.press("Enter");
  await expect(page).toHaveURL(/severity=critical/);
  await expect(table.getByText("Critical", { exact: true }).first()).toBeVisible();
  await expect(table.getByText("High", { exact: true })).toHaveCount(0);
  await page.reload();
  await expect(table.getByText("Critical", { exact: true }).first()).toBeVisible();
  await expect(table.getByText("High", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(table.getByText("High", { exact: true }).first()).toBeVisible();
});

test("words find incidents by their title", async ({ page }) => {
  await page.goto("/incidents?q=artifact-publisher");
  const links = page.getByRole("table", { name: "Incidents" }).locator("[data-incident] a");
  await expect(links.first()).toBeVisible();
  for (const text of await links.allTextContents()) {
    expect(text).toContain("artifact-publisher");
  }
});

test("a column sorts, and the order is in the address", async ({ page }) => {
  await page.goto("/incidents");
  const times = page.getByRole("table", { name: "Incidents" }).locator("tbody tr time");
  await expect(times.first()).toBeVisible();
  const shown = () => times.evaluateAll((found) => found.map((time) => time.getAttribute("datetime") ?? ""));
  const [first, last] = [[...(await shown())].sort(), [...(await shown())].sort().reverse()];
  expect(first[0]).not.toBe(last[0]);
  expect(await shown()).not.toEqual(first);
  expect(await shown()).not.toEqual(last);
  await page.getByRole("button", { name: /Last seen/ }).first().focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sort=last_seen/);
  await expect.poll(shown).toEqual(first);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sort=-last_seen/);
  await expect.poll(shown).toEqual(last);
});

test("another order and another filter begin at the first page", async ({ page }) => {
  // Short pages, so that there are several.
  await page.route(/\/api\/v1\/incidents(\?|$)/, (route, request) => {
    const url = new URL(request.url());
    url.searchParams.set("limit", "5");
    return route.continue({ url: url.href });
  });
  await page.goto("/incidents");
  const table = page.getByRole("table", { name: "Incidents" });
  const links = table.locator("[data-incident] a");
  await expect(links).toHaveCount(5);
  const first = await links.allTextContents();
  const next = page.getByRole("button", { name: "Next page" });
  const back = page.getByRole("button", { name: "Previous page" });
  await next.click();
  await expect.poll(() => links.allTextContents()).not.toEqual(first);
  await expect(back).toBeEnabled();
  const asked = page.waitForRequest(/\/api\/v1\/incidents\?.*sort=last_seen/);
  await page.getByRole("button", { name: /Last seen/ }).first().focus();
  await page.keyboard.press("Enter");
  expect((await asked).url()).not.toContain("cursor");
  await expect(back).toBeDisabled();
  await next.click();
  await expect(back).toBeEnabled();
  await page.getByRole("link", { name: "Incidents", exact: true }).click();
  await expect(back).toBeDisabled();
  await expect.poll(() => links.allTextContents()).toEqual(first);
});

test("whatever stands where views are kept, the list is there", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("rolecall.views", '[null, 7, {"name": {}}, {"name": "Mine", "address": "severity=critical&cursor=x"}]'));
  await page.goto("/incidents");
  await page.getByRole("button", { name: "Views", exact: true }).or(page.getByRole("button", { name: /^View: / })).click();
  await page.getByRole("menuitem", { name: "Mine" }).click();
  await expect(page).toHaveURL(/\?severity=critical$/);
  await expect(page.getByRole("link", { name: MISSION.key })).toBeVisible();
});

test("a view is saved, chosen and forgotten", async ({ page }) => {
  await page.goto("/incidents?severity=critical");
  await expect(page.getByRole("link", { name: MISSION.key })).toBeVisible();
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await page.getByRole("menuitem", { name: "Save as a view" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Only the gravest");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.goto("/incidents?severity=low");
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await page.getByRole("menuitem", { name: "Only the gravest" }).click();
  await expect(page).toHaveURL(/severity=critical/);
  await page.getByRole("button", { name: "View: Only the gravest" }).click();
  await page.getByRole("menuitem", { name: "Forget this view" }).click();
  await expect(page.getByRole("button", { name: "Views", exact: true })).toBeVisible();
});

test("by keyboard alone: down the list, open, and back", async ({ page }) => {
  await page.goto("/incidents");
  await expect(page.getByRole("link", { name: MISSION.key })).toBeVisible();
  const links = page.locator("[data-incident] a");
  await page.keyboard.press("j");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("Enter");
  await drawn(page);
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page.getByRole("heading", { name: /Incidents/ })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});
