import { drawn, expect, test } from "./fixtures";

interface Row {
  id: string;
  title: string;
}

test("what an attacker wrote is shown as text on every page", async ({ page, baseURL }) => {
  const answer = await page.request.get(`${baseURL}/api/v1/incidents?limit=500`);
  const { items } = (await answer.json()) as { items: Row[] };
  const hostile = items.filter(({ title }) => /[<>\u0000-\u001f\u200b-\u200f\u202a-\u202e]|alert|script/i.test(title));
  expect(hostile.length).toBeGreaterThan(0);
  for (const { id } of hostile.slice(0, 4)) {
    await page.goto(`/incidents/${id}`);
    await drawn(page);
    await page.locator(".react-flow__node").last().click();
    await expect(page.getByRole("complementary", { name: "Inspector" }).locator("h2")).toBeVisible();
    for (const tab of [/Findings/, /Notes/, /Response plan/]) {
      await page.getByRole("tab", { name: tab }).click();
    }
    const seen = await page.evaluate(() => document.body.innerText);
    expect(seen).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
    expect(await page.locator("#root script, #root iframe, #root img[src='x'], #root [onerror], #root [onload]").count()).toBe(0);
  }
  await page.goto("/incidents");
  await expect(page.locator("[data-incident] a").first()).toBeVisible();
  expect(await page.locator("#root script, #root img[src='x']").count()).toBe(0);
});
