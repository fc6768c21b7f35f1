import { MISSION, expect, openIncident, test } from "./fixtures";

interface Session {
  role: string;
}

test.describe("a viewer", () => {
  test.beforeEach(async ({ page }) => {
    await page.route("**/api/v1/session", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as Session), role: "viewer" } });
    });
  });

  test("sees why nothing can be decided", async ({ page }) => {
    await openIncident(page, MISSION.instance);
    for (const name of ["Take in progress", "Suppress", "Decide"]) {
      await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
    }
    await expect(page.getByRole("checkbox", { name: "Step 1 is done" })).toBeDisabled();
    await expect(page.getByText("So is ticking steps.")).toBeVisible();
    await page.getByRole("tab", { name: /Notes/ }).click();
    await expect(page.getByText("So is writing notes.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "New note" })).toHaveCount(0);
    await page.goto("/suppressions");
    await expect(page.getByRole("button", { name: "Suppress", exact: true })).toBeDisabled();
    await expect(page.getByRole("link", { name: "Settings" })).toHaveCount(0);
  });

  test("takes nothing by a key, and is shown no such key", async ({ page }) => {
    await openIncident(page, MISSION.instance);
    const posted: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") {
        posted.push(request.url());
      }
    });
    await page.keyboard.press("a");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" }).getByText("Graph or table")).toBeVisible();
    await expect(page.getByRole("dialog", { name: "Keys" }).getByText(/^Take it in progress/)).toHaveCount(0);
    expect(posted).toEqual([]);
  });
});

test("the key `a` takes an incident in progress, and `g a` leads to the audit alone", async ({ page }) => {
  await openIncident(page, MISSION.instance);
  const facts = page.locator(".incident-facts");
  await expect(facts.getByText("New")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page.getByRole("table", { name: "Audit" })).toBeVisible();
  await page.goBack();
  await expect(facts.getByText("New")).toBeVisible();
  // Later than the second of two keys has to follow.
  await page.waitForTimeout(1_300);
  await page.keyboard.press("a");
  await expect(facts.getByText("In progress")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(facts.getByText("New")).toBeVisible();
});
