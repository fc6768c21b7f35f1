// The reports, as a reader sees them: in light and dark, on a desk and on a telephone.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect, launch, open } from "./checks.mjs";

const REPORTS = { demo: process.env.DEMO_REPORT, hostile: process.env.HOSTILE_REPORT };
const SCREENSHOTS = process.env.SCREENSHOTS ?? "screenshots";
const COLOR_SCHEMES = ["light", "dark"];
const WIDTHS = [1280, 390];

let browser;

before(async () => {
  browser = await launch();
  mkdirSync(SCREENSHOTS, { recursive: true });
});

after(() => browser?.close());

for (const [name, path] of Object.entries(REPORTS)) {
  for (const colorScheme of COLOR_SCHEMES) {
    for (const width of WIDTHS) {
      test(`the ${name} report is sound, ${colorScheme}, ${width} px`, async () => {
        await withReport(path, { colorScheme, width }, async (opened) => {
          assert.deepEqual(await inspect(opened), []);
          const file = join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`);
          await opened.page.screenshot({ path: file, fullPage: true });
        });
      });
    }
  }

  test(`the ${name} report draws every incident`, async () => {
    await withReport(path, {}, async ({ page }) => {
      const n_incidents = await page.locator("[data-incident]").count();
      assert.ok(n_incidents > 0, "no element has the attribute data-incident");
      const drawn = page.locator("[data-incident]:has([role=img][aria-label], svg[aria-label])");
      assert.equal(await drawn.count(), n_incidents, "an incident has no labelled graph");
    });
  });
}

test("the demo shows chained roles in orange and red", async () => {
  await withReport(REPORTS.demo, {}, async ({ page }) => {
    for (const color of ["orange", "red"]) {
      assert.ok((await page.locator(`.hop-${color}`).count()) > 0, `nothing is .hop-${color}`);
    }
  });
});

test("dark is not light", async () => {
  const background = (colorScheme) =>
    withReport(REPORTS.demo, { colorScheme }, ({ page }) =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor),
    );
  assert.notEqual(await background("dark"), await background("light"));
});

test("hostile text is shown as text", async () => {
  await withReport(REPORTS.hostile, {}, async ({ page }) => {
    const text = await page.locator("body").innerText();
    assert.match(text, /__pwned/, "the attack on the page did not reach the page");
  });
});

async function withReport(path, options, look) {
  assert.ok(path, "DEMO_REPORT and HOSTILE_REPORT name the reports: use `cargo xtask test`");
  const opened = await open(browser, pathToFileURL(path).href, options);
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
}
