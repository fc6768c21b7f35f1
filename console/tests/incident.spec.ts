import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { MISSION, drawn, edge, expect, node, openIncident, test } from "./fixtures";

interface Bundle {
  sha256: Record<string, string>;
  parts: Record<string, unknown>;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Color and width of the line of each hop, as both themes draw it. */
const LINES = {
  light: { none: ["rgb(107, 114, 128)", "1.5px"], orange: ["rgb(217, 119, 6)", "2.5px"], red: ["rgb(179, 33, 31)", "4px"] },
  dark: { none: ["rgb(148, 163, 184)", "1.5px"], orange: ["rgb(255, 180, 84)", "2.5px"], red: ["rgb(240, 87, 92)", "4px"] },
} as const;

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test("the chain that begins at a key has its colors and hop numbers", async ({ page }) => {
      await openIncident(page, MISSION.key);
      const hops = [
        [/^hop 1, AssumeRole, from AKIA\w+ to data-pipeline/, "none"],
        [/^hop 2, AssumeRole, orange, from data-pipeline to staging-deployer/, "orange"],
        [/^hop 3, AssumeRole, red, from staging-deployer to prod-admin/, "red"],
        [/^hop 4, AssumeRole, red, from AKIA\w+ to log-archive-admin/, "red"],
      ] as const;
      for (const [index, [name, color]] of hops.entries()) {
        const line = edge(page, name).locator("path.hop").first();
        const [stroke, width] = LINES[theme][color];
        await expect(line).toHaveCSS("stroke", stroke);
        await expect(line).toHaveCSS("stroke-width", width);
        await expect(page.locator(".hop-label .hop-number", { hasText: new RegExp(`^${index + 1}$`) }).first()).toBeVisible();
      }
      const left = await node(page, /^Access key, AKIA/).boundingBox();
      const right = await node(page, /^Left behind, log-archive-admin/).boundingBox();
      expect(left!.x).toBeLessThan(right!.x);
    });
  });
}

test("a page is asked for beside the question who is asking", async ({ page }) => {
  await openIncident(page, MISSION.key);
  const incident = page.url();
  for (const [address, question] of [
    [incident, `/api/v1${new URL(incident).pathname}/graph`],
    ["/incidents", "/api/v1/incidents"],
    ["/", "/api/v1/overview"],
  ] as const) {
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === question);
    // Who is asking is told only once the page was asked for.
    await page.route("**/api/v1/session", async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(address);
    await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
    await page.unroute("**/api/v1/session");
  }
});

test("the chain that begins at an instance shows the instance and what was left behind", async ({ page }) => {
  await openIncident(page, MISSION.instance);
  await expect(node(page, /^EC2 instance, i-/)).toBeVisible();
  await expect(edge(page, /^hop 3, AssumeRole, red/)).toBeAttached();
  await expect(page.locator(".card-badge", { hasText: "NEW" }).first()).toBeVisible();
  await node(page, /^EC2 instance, i-/).click();
  await expect(page.getByRole("complementary", { name: "Inspector" }).getByText("Context: EC2 instance")).toBeVisible();
});

test("stolen credentials of an instance show where they were used", async ({ page }) => {
  await openIncident(page, MISSION.stolen);
  await expect(edge(page, /^used from, red, from .* to 198\.51\.100\./)).toBeAttached();
  await expect(page.locator(".card-badge", { hasText: "ELSEWHERE" })).toBeVisible();
});

test("from a node to its evidence to the raw record, and to a page of its own", async ({ page }) => {
  await openIncident(page, MISSION.key);
  await node(page, /^Role session, prod-admin/).click();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await expect(inspector.getByRole("heading", { name: "prod-admin" })).toBeVisible();
  await expect(inspector.getByText("Why this color")).toBeVisible();
  await expect(page).toHaveURL(/node=/);
  await inspector.getByRole("button", { name: /^AssumeRole/ }).first().click();
  await expect(inspector.getByText('"roleSessionName": "pipeline"')).toBeVisible();
  await inspector.getByRole("link", { name: /on a page of its own/ }).click();
  await expect(page.getByRole("heading", { name: /^Event / })).toBeVisible();
  await expect(page.getByText('"eventName": "AssumeRole"')).toBeVisible();
});

test("a link to a node opens with it", async ({ page }) => {
  await openIncident(page, MISSION.key);
  await node(page, /^Role session, staging-deployer/).click();
  const address = page.url();
  await page.goto("/");
  await page.goto(address);
  await drawn(page);
  await expect(page.getByRole("complementary", { name: "Inspector" }).getByRole("heading", { name: "staging-deployer" })).toBeVisible();
});

test("the table has every link of the graph", async ({ page }) => {
  await openIncident(page, MISSION.key);
  const n = await page.locator(".react-flow__edge").count();
  await page.getByRole("button", { name: "Table" }).click();
  const table = page.getByRole("table", { name: "The chain, link by link" });
  await expect(table.getByRole("row")).toHaveCount(n + 1);
  await expect(table.getByRole("row", { name: /^3 Red staging-deployer .*AssumeRole.* prod-admin/ })).toBeVisible();
});

test("the timeline chooses a part of time, and the graph follows", async ({ page }) => {
  await openIncident(page, MISSION.key);
  const strip = page.locator(".brush svg");
  const box = await strip.boundingBox();
  await page.mouse.move(box!.x + box!.width * 0.78, box!.y + 15);
  await page.mouse.down();
  await page.mouse.move(box!.x + box!.width * 0.97, box!.y + 15, { steps: 5 });
  await page.mouse.up();
  await expect(node(page, /^Role session, data-pipeline/).locator(".card.is-dim")).toBeVisible();
  await expect(node(page, /^Role session, log-archive-admin/).locator(".card.is-dim")).toHaveCount(0);
  await page.getByRole("button", { name: "Show all of it" }).click();
  await expect(page.locator(".card.is-dim")).toHaveCount(0);
});

test("a command is copied as the plan has it", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openIncident(page, MISSION.key);
  const id = new URL(page.url()).pathname.split("/")[2]!;
  const answer = await page.request.get(`${baseURL}/api/v1/incidents/${id}/plan`);
  const { plan } = (await answer.json()) as { plan: { steps: { title: string; command?: { shell: string } }[] } };
  const step = plan.steps.find(({ command }) => command?.shell.includes("attach-policy"))!;
  await page.getByRole("button", { name: step.title }).first().click();
  await page.getByRole("button", { name: "Copy the command" }).click();
  await expect(page.getByText("Copied").first()).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(step.command!.shell);
});

test("a step is ticked with who and when, and unticked", async ({ page }) => {
  await openIncident(page, MISSION.key);
  const first = page.getByRole("article", { name: /^Step 1:/ });
  await first.getByRole("checkbox").check();
  await expect(first.getByText(/^Done by .+ at 20/)).toBeVisible();
  await expect(page.getByRole("tab", { name: /1 of \d+ done/ })).toBeVisible();
  await page.reload();
  await expect(first.getByText(/^Done by/)).toBeVisible();
  await first.getByRole("checkbox").uncheck();
  await expect(first.getByText(/^Done by/)).toHaveCount(0);
});

test("a note is written and stays", async ({ page }) => {
  await openIncident(page, MISSION.stolen);
  await page.getByRole("tab", { name: /Notes/ }).click();
  await page.getByRole("textbox", { name: "New note" }).fill("asked the owner <b>of</b> it");
  await page.getByRole("button", { name: "Add the note" }).click();
  const note = page.locator(".notes li").filter({ hasText: "asked the owner <b>of</b> it" });
  await expect(note).toBeVisible();
  await expect(page.getByRole("textbox", { name: "New note" })).toHaveValue("");
  await page.reload();
  await expect(note).toBeVisible();
});

test("an incident is decided on, and the decision is undone", async ({ page }) => {
  await openIncident(page, MISSION.instance);
  await page.getByRole("button", { name: "Decide" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("our own exercise");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.locator(".incident-facts").getByText("Resolved")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".incident-facts").getByText("New")).toBeVisible();
  await page.goto("/audit");
  await expect(page.getByText("our own exercise").first()).toBeVisible();
});

test("an incident is suppressed with a reason, and the suppression is ended", async ({ page }) => {
  await openIncident(page, MISSION.stolen);
  await page.getByRole("button", { name: "Suppress" }).click();
  const dialog = page.getByRole("dialog", { name: "Suppress" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("load test");
  await dialog.getByRole("button", { name: "Suppress" }).click();
  await expect(dialog).toBeHidden();
  await page.goto("/suppressions");
  const row = page.getByRole("row", { name: /load test/ });
  await expect(row.getByText("Active")).toBeVisible();
  await row.getByRole("button", { name: /^End/ }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("over");
  await page.getByRole("button", { name: "End it" }).click();
  await expect(row.getByText("Ended")).toBeVisible();
});

test("the bundle and the report are exported, and the report opens without a network", async ({ page, browser }) => {
  await openIncident(page, MISSION.key);
  const save = async (name: RegExp) => {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name }).click()]);
    return download.path();
  };
  const bundle = JSON.parse(readFileSync(await save(/JSON bundle/), "utf8")) as Bundle;
  expect(Object.keys(bundle.parts).sort()).toEqual(["audit", "findings", "graph", "incident", "page", "plan"]);
  const hashes = Object.entries(bundle.parts).map(([name, part]) => [name, sha256(JSON.stringify(part))]);
  expect(Object.fromEntries(hashes)).toEqual(bundle.sha256);
  expect(JSON.stringify(bundle.parts.graph)).toContain("prod-admin");
  const report = readFileSync(await save(/HTML report/), "utf8");
  const offline = await browser.newContext({ offline: true });
  const shown = await offline.newPage();
  await shown.setContent(report);
  await expect(shown.getByText("prod-admin").first()).toBeVisible();
  await offline.close();
});

test("by keyboard alone: through the graph, to the evidence, to the plan, to a note", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openIncident(page, MISSION.key);
  await node(page, /^Access key, AKIA\w+, artifact-publisher/).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("complementary", { name: "Inspector" })).toBeVisible();
  await expect(node(page, /^Role session, data-pipeline/)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(node(page, /^Role session, staging-deployer/)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("complementary", { name: "Inspector" }).getByRole("heading", { name: "prod-admin" })).toBeVisible();
  await expect(page.locator("#evidence button").first()).toBeVisible();
  await page.keyboard.press("e");
  await page.keyboard.press("Enter");
  await expect(page.getByText('"eventName": "AssumeRole"')).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Inspector" })).toBeHidden();
  const begin = page.getByRole("slider", { name: /^Begin/ });
  await begin.focus();
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press("PageUp");
  }
  await expect(page.locator(".card.is-dim").first()).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByRole("table", { name: "The chain, link by link" })).toBeVisible();
  await page.keyboard.press("p");
  const step = page.getByRole("article", { name: /^Step 1:/ });
  await step.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await expect(step.getByText(/^Done by/)).toBeVisible();
  await step.getByRole("checkbox").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(step.getByText("Look first")).toBeVisible();
  const copy = step.getByRole("button", { name: "Copy the preview" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Copied").first()).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("aws sts get-caller-identity");
  await step.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await expect(step.getByText(/^Done by/)).toHaveCount(0);
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: "New note" })).toBeFocused();
  await page.keyboard.type("seen by keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator(".notes li").filter({ hasText: "seen by keyboard" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "New note" })).toHaveValue("");
});
