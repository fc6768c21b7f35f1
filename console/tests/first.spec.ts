/** What is loaded, asked and drawn for the first view of a page, and in which order. */
import type { Page } from "@playwright/test";

import { MISSION, drawn, expect, openIncident, test } from "./fixtures";

const SHARED = /\/assets\/shared-[^/]*\.js$/;

/** Bytes: what begins is small, so that it runs while the rest is still read. */
const FIRST_MAX = 16_000;
const SHARED_MAX = 1_050_000;

/** Opens `url`, with what every page needs held back until all of `questions` are answered: gives what was asked, and the scripts. */
async function opened(page: Page, url: string, questions: readonly string[]): Promise<{ asked: string[]; scripts: string[] }> {
  const asked: string[] = [];
  const scripts: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/v1/")) {
      asked.push(pathname.slice("/api/v1".length));
    } else if (pathname.endsWith(".js")) {
      scripts.push(pathname);
    }
  });
  const answered = questions.map((question) => page.waitForResponse((response) => new URL(response.url()).pathname === `/api/v1${question}`));
  await page.route(SHARED, async (route) => {
    await Promise.all(answered);
    await route.continue();
  });
  await page.addInitScript(() => {
    const seen = { awaited: 0 };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      seen.awaited += document.querySelectorAll(".awaited").length;
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(url);
  return { asked, scripts };
}

const awaited = (page: Page) => page.evaluate(() => (window as unknown as { seen: { awaited: number } }).seen.awaited);

const times = (asked: readonly string[], question: string) => asked.filter((one) => one === question).length;

test("the overview is asked for before its code is there, once, and drawn at once", async ({ page }) => {
  const questions = ["/session", "/overview"];
  const { asked, scripts } = await opened(page, "/", questions);
  await expect(page.getByRole("heading", { name: "Look at these first" })).toBeVisible();
  expect(questions.map((question) => times(asked, question))).toEqual([1, 1]);
  expect(await awaited(page)).toBe(0);
  // Neither the table nor the graph is needed.
  expect(scripts.filter((name) => /\/(table|IncidentsPage|IncidentPage)-/.test(name))).toEqual([]);
});

test("the list is asked for as its address says before its code is there", async ({ page }) => {
  const { asked } = await opened(page, "/incidents?severity=critical", ["/session", "/incidents"]);
  await expect(page.getByRole("link", { name: MISSION.key })).toBeVisible();
  expect(times(asked, "/incidents")).toBe(1);
  expect(await awaited(page)).toBe(0);
});

test("an incident is asked for before its code is there, and its plan comes after", async ({ page }) => {
  await openIncident(page, MISSION.key);
  const { pathname } = new URL(page.url());
  await page.goto("about:blank");
  const questions = ["", "/graph", "/timeline"].map((of) => pathname + of);
  const { asked } = await opened(page, pathname, ["/session", ...questions]);
  await drawn(page);
  expect(questions.map((question) => times(asked, question))).toEqual([1, 1, 1]);
  await expect.poll(() => times(asked, `${pathname}/plan`)).toBe(1);
  expect(asked.indexOf(`${pathname}/plan`)).toBeGreaterThan(asked.indexOf(`${pathname}/timeline`));
});

test("what begins is small, and what every page needs is one file", async ({ page }) => {
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    const [, name] = /\/assets\/(first|shared)-[^/]*\.js$/.exec(new URL(response.url()).pathname) ?? [];
    if (name !== undefined) {
      sizes.set(name, response.body().then(({ length }) => length));
    }
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Look at these first" })).toBeVisible();
  expect(await sizes.get("first")).toBeLessThan(FIRST_MAX);
  expect(await sizes.get("shared")).toBeLessThan(SHARED_MAX);
});

test("of a very large graph the whole red path is in sight, and what is not is never drawn", async ({ page }) => {
  const copies = 400;
  await page.route(/\/graph$/, async (route) => {
    const response = await route.fetch();
    const graph = (await response.json()) as { nodes: { id: string }[]; edges: object[] };
    const node = { ...graph.nodes[0], color: "none", group: undefined };
    const link = { ...graph.edges[0], kind: "assumed_role", color: "none", label: "1 · AssumeRole" };
    const red = ["red-1", "red-2", "red-3"];
    const numbers = [...Array(copies).keys()];
    graph.nodes = [...numbers.map((n) => ({ ...node, id: `copy-${n}` })), { ...node, id: "origin" }, ...red.map((id) => ({ ...node, id, color: "red" }))];
    graph.edges = [
      ...numbers.map((n) => ({ ...link, id: `link-${n}`, from: "origin", to: `copy-${n}` })),
      ...red.map((to, index) => ({ ...link, id: `link-${to}`, from: red[index - 1] ?? "origin", to, color: "red" })),
    ];
    await route.fulfill({ response, json: graph });
  });
  await page.addInitScript(() => {
    const most = { nodes: 0 };
    Object.assign(window, { most });
    new MutationObserver(() => {
      most.nodes = Math.max(most.nodes, document.querySelectorAll(".react-flow__node").length);
    }).observe(document, { childList: true, subtree: true });
  });
  await openIncident(page, MISSION.folded);
  for (const id of ["origin", "red-1", "red-2", "red-3"]) {
    await expect(page.locator(`.react-flow__node[data-id="${id}"]`)).toBeInViewport({ ratio: 1 });
  }
  await expect(page.locator(".react-flow__edge[data-id^='link-red-']")).toHaveCount(3);
  expect(await page.evaluate(() => (window as unknown as { most: { nodes: number } }).most.nodes)).toBeLessThan(copies / 4);
});

test("scripts and style sheets come compressed, and the fonts of the text are there before it is drawn", async ({ page }) => {
  const encodings = new Map<string, string | undefined>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith("/assets/")) {
      encodings.set(pathname, response.headers()["content-encoding"]);
    }
  });
  const fonts = page.waitForResponse(/\/assets\/font-/);
  // Nothing is drawn as long as this is held back.
  await page.route(SHARED, async (route) => {
    await fonts;
    await route.continue();
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Look at these first" })).toBeVisible();
  const code = [...encodings].filter(([path]) => /\.(?:css|js)$/.test(path));
  expect(code.length).toBeGreaterThan(3);
  expect(code.filter(([, encoding]) => encoding !== "gzip")).toEqual([]);
  const plain = await page.request.get(code[0]?.[0] ?? "", { headers: { "accept-encoding": "identity" } });
  expect([plain.headers()["content-encoding"], plain.headers().vary]).toEqual([undefined, "accept-encoding"]);
});
