import type { Locator } from "@playwright/test";

import { MISSION, edge, expect, node, openIncident, test } from "./fixtures";

test("a group says what is in it, and is drawn further", async ({ page }) => {
  await openIncident(page, MISSION.folded);
  const group = node(page, /^Group, /);
  const [, size = ""] = /Group, (\d+) /.exec((await group.getAttribute("aria-label")) ?? "") ?? [];
  expect(Number(size)).toBeGreaterThan(1);
  await group.click();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await expect(inspector.getByRole("heading", { name: new RegExp(`^${size} `) })).toBeVisible();
  await expect(inspector.getByText(`${size} nodes are drawn as this card`)).toBeVisible();
  await expect(inspector.getByText("Cannot show")).toHaveCount(0);
  const n = await page.locator(".react-flow__node").count();
  await inspector.getByRole("button", { name: /^Draw more/ }).click();
  await expect.poll(() => page.locator(".react-flow__node").count()).toBeGreaterThan(n);
});

test("a line that stands for several says so once, and what it is", async ({ page }) => {
  // The generated groups are of nodes with one link each.
  await page.route(/\/graph$/, async (route) => {
    const response = await route.fetch();
    const graph = (await response.json()) as { edges: { label: string; count?: number }[] };
    for (const merged of graph.edges.filter(({ count }) => count === 1)) {
      Object.assign(merged, { label: "×12", count: 12 });
    }
    await route.fulfill({ response, json: graph });
  });
  await openIncident(page, MISSION.folded);
  const line = edge(page, /^×12, from /);
  expect(await page.locator(".hop-label .hop-name", { hasText: "×" }).first().textContent()).toBe("×12");
  await line.focus();
  await page.keyboard.press("Enter");
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await expect(inspector.getByText(/^12 links are drawn as this line/)).toBeVisible();
  await expect(inspector.getByText("Cannot show")).toHaveCount(0);
});

test("the table has the nodes that are folded, and the inspector knows them", async ({ page }) => {
  await openIncident(page, MISSION.folded);
  const shown = new Set(await page.locator(".react-flow__node").evaluateAll((found) => found.map((card) => card.getAttribute("data-id"))));
  await page.getByRole("button", { name: "Table" }).click();
  const table = page.getByRole("table", { name: "The chain, link by link" });
  await expect.poll(() => table.getByRole("row").count()).toBeGreaterThan(shown.size);
  await table.getByRole("row").last().getByRole("cell").nth(2).getByRole("link").or(table.getByRole("row").last().getByRole("cell").nth(2).getByRole("button")).click();
  await expect(page.getByRole("complementary", { name: "Inspector" }).locator("h2")).not.toBeEmpty();
  await expect(page.getByText("Cannot show")).toHaveCount(0);
});

test("of a very large graph what is in sight is drawn, and the keyboard reaches the rest", async ({ page }) => {
  const copies = 400;
  await page.route(/\/graph$/, async (route) => {
    const response = await route.fetch();
    const graph = (await response.json()) as { nodes: { id: string }[]; edges: { id: string; from: string; to: string }[] };
    const [link] = graph.edges;
    const [from, to] = [link?.from, link?.to].map((end) => graph.nodes.find(({ id }) => id === end));
    const numbers = [...Array(copies).keys()];
    graph.nodes = [{ ...from, id: "origin" }, ...numbers.map((n) => ({ ...to, id: `copy-${n}` }))];
    graph.edges = numbers.map((n) => ({ ...link, id: `link-${n}`, from: "origin", to: `copy-${n}` }));
    await route.fulfill({ response, json: graph });
  });
  await openIncident(page, MISSION.folded);
  await expect(page.getByText(/^Showing 401 nodes/)).toBeVisible();
  const cards = page.locator(".react-flow__node");
  expect(await cards.count()).toBeLessThan(copies / 2);
  const idOf = (card: Locator) => card.getAttribute("data-id");
  const drawn = new Set(await Promise.all((await cards.all()).map(idOf)));
  await cards.first().focus();
  await page.keyboard.press("ArrowRight");
  const focused = page.locator(".react-flow__node:focus");
  const walked = new Set<string | null>();
  for (let step = 0; step < 40; step++) {
    const before = await idOf(focused);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => idOf(focused)).not.toBe(before);
    await expect(focused).toBeInViewport();
    walked.add(await idOf(focused));
  }
  expect(walked.size).toBe(40);
  expect([...walked].filter((id) => !drawn.has(id)).length).toBeGreaterThan(20);
});

test("a link that the logs do not prove is dotted, and says so", async ({ page }) => {
  await openIncident(page, MISSION.doubtful);
  const line = edge(page, /likely, and not proved by the logs$/);
  await expect(line.locator("path.hop").first()).toHaveCSS("stroke-dasharray", "1.5px, 5px");
  await expect(page.locator(".hop-label .hop-name", { hasText: /\?$/ }).first()).toBeVisible();
  await line.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".inspector-kind")).toContainText("Likely, and not proved by the logs");
  await page.getByRole("button", { name: "Legend" }).click();
  await expect(page.locator(".legend").getByText(/not proved by the logs/)).toBeVisible();
});
