/** An incident of five thousand sessions, all of them on orange or red paths. */
import { join } from "node:path";

import { manySessionsOnPaths } from "../scripts/large.mjs";
import type { Graph, GraphRowList, IncidentList } from "../src/api/types";
import { drawn, expect, node, test as plain } from "./fixtures";
import { type Console, consoleOver, run } from "./program";

const SESSIONS = 5_000;

const test = plain.extend<object, { large: Console }>({
  large: [
    async ({}, use) => {
      const large = await consoleOver(["store"], async (folder) => {
        await manySessionsOnPaths(join(folder, "log.jsonl"), SESSIONS);
        run(folder, "serve", "--once", "--store", "store", "log.jsonl");
      });
      await use(large);
      large.end();
    },
    { scope: "worker" },
  ],
  baseURL: ({ large }, use) => use(large.address.origin),
  storageState: undefined,
});

const written = (n: number) => n.toLocaleString("en");

test("every node of an orange or red path is in the graph and in its table, and what is in sight is drawn", async ({ page, large }) => {
  test.setTimeout(180_000);
  await page.goto(large.address.href);
  await expect(page.getByRole("navigation").first()).toBeVisible();
  const ask = async <T>(path: string) => (await (await page.request.get(`/api/v1/incidents${path}`)).json()) as T;
  const [incident] = (await ask<IncidentList>("")).items;
  const graph = await ask<Graph>(`/${incident?.id}/graph`);
  const whole: GraphRowList["items"] = [];
  for (let cursor: string | undefined = "0"; cursor !== undefined; ) {
    const { items, next_cursor }: GraphRowList = await ask(`/${incident?.id}/graph/rows?limit=500&cursor=${cursor}`);
    whole.push(...items);
    cursor = next_cursor;
  }

  // Nothing of a path is folded.
  const onPath = whole.flatMap((row) => (row.row === "node" && row.on_path ? [row] : []));
  const inGraph = new Map(graph.nodes.map(({ id, color, hop }) => [id, { color, hop }]));
  expect(onPath.filter(({ kind }) => kind === "role_session")).toHaveLength(SESSIONS);
  expect(onPath.map(({ id }) => inGraph.get(id))).toEqual(onPath.map(({ color, hop }) => ({ color, hop })));
  const lines = new Set(graph.edges.map(({ id }) => id));
  const colored = whole.filter((row) => row.row === "edge" && row.color !== "none");
  expect(colored.length).toBeGreaterThan(SESSIONS * 0.95);
  expect(colored.filter(({ id }) => !lines.has(id))).toEqual([]);

  // How much is there is said, and the gravest path stands in sight from its origin to its end.
  await page.goto(`/incidents/${incident?.id}`);
  await drawn(page);
  const { nodes, groups, of_nodes } = graph.hidden;
  expect(groups).toBe(1);
  await expect(page.getByText(`Showing ${written(graph.nodes.length)} nodes of ${written(of_nodes)}; ${written(nodes)} folded in 1 group`)).toBeVisible();
  for (const name of [/^Access key, AKIA\w+, user-0/, /^Role session, administrator,/, /, Bob,/, /^Access key, AKIA.*, NEW$/]) {
    await expect(node(page, name)).toBeInViewport({ ratio: 1 });
  }
  const count = (what: string) => page.locator(`.react-flow__${what}`).count();
  expect(await count("node")).toBeLessThan(100);
  expect(await count("edge")).toBeLessThan(400);

  // What is out of sight is reached by the map, and by the keyboard from there.
  const map = page.getByRole("img", { name: "The whole graph" });
  const { width = 0, height = 0 } = (await map.boundingBox()) ?? {};
  await map.click({ position: { x: width / 2, y: height - 2 } });
  await expect(node(page, /^Access key, AKIA\w+, user-0/)).toHaveCount(0);
  const cards = page.locator(".react-flow__node:has(.color-red)");
  await expect(cards.first()).toBeInViewport();
  await expect(page.locator(".react-flow__edge:has(.hop.color-red)").first()).toBeAttached();
  await cards.first().focus();
  const focused = page.locator(".react-flow__node:focus");
  const first = await focused.getAttribute("data-id");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => focused.getAttribute("data-id")).not.toBe(first);
  expect(inGraph.get((await focused.getAttribute("data-id")) ?? "")?.color).toBe("orange");
  // The inspector lies over the buttons.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Back to the gravest path" }).click();
  await expect(node(page, /^Access key, AKIA\w+, user-0/)).toBeInViewport({ ratio: 1 });

  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("button", { name: `rows of ${written(whole.length)} are here` })).toBeVisible({ timeout: 60_000 });
});
