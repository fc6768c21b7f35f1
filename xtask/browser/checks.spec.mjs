// Each check must object to the page that breaks it: a check that cannot fail proves nothing.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect, launch, open } from "./checks.mjs";

const BREAKAGES = [
  { name: "hostile code", body: "<script>window.__pwned = 1</script>", says: /hostile code ran/ },
  { name: "a handler", body: "<img src='data:,' onerror='__pwned = 1'>", says: /hostile code ran/ },
  { name: "a console error", body: "<script>console.error('e')</script>", says: /console error: e/ },
  { name: "a script error", body: "<script>null.x</script>", says: /script error/ },
  { name: "a dialog", body: "<script>alert('boo')</script>", says: /dialog: boo/ },
  { name: "a popup", body: "<script>open('about:blank')</script>", says: /popup/ },
  { name: "a request", body: "<img src='https://example.com/a.png'>", says: /request: https/ },
  { name: "another file", body: "<img src='other.png'>", says: /request: file/ },
  { name: "text reordered", body: "<p>a\u202eb</p>", says: /raw U\+202e/ },
  { name: "an isolate", body: "<p title='a\u2066b'></p>", says: /raw U\+2066/ },
  { name: "a terminal escape", body: "<p>\u001b[2J</p>", says: /raw U\+001b/ },
  { name: "two headings", body: "<h1>again</h1>", says: /2 h1 headings/ },
  {
    name: "a CSP violation",
    head: "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">",
    body: "<script>1</script>",
    says: /CSP violation: script-src/,
  },
  {
    name: "a page wider than the window",
    body: "<pre style='width: 500px'>wide</pre>",
    width: 390,
    says: /scrolls sideways/,
  },
];

let browser;
let folder;

before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "rolecall-checks-"));
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

test("a plain page passes", async () => {
  assert.deepEqual(await complaintsAbout({ body: "" }), []);
});

for (const breakage of BREAKAGES) {
  test(`${breakage.name} is noticed`, async () => {
    assert.match((await complaintsAbout(breakage)).join("\n"), breakage.says);
  });
}

async function complaintsAbout({ head = "", body, width }) {
  const path = join(folder, "page.html");
  const viewport = "<meta name='viewport' content='width=device-width'>";
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8">${viewport}${head}<h1>Page</h1>${body}`,
  );
  const opened = await open(browser, pathToFileURL(path).href, { width });
  try {
    return await inspect(opened);
  } finally {
    await opened.close();
  }
}
