// What must hold for a page made of text that an attacker chose, whatever the page shows.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

// Characters that reorder text (U+202A-202E, U+2066-2069) and the one that opens terminal escapes.
const BANNED_CHARACTERS = /[\u001b\u202a-\u202e\u2066-\u2069]/u;

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

// Starts the browser that the distribution installed; none is ever downloaded.
export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: name one in the variable CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

// Opens `url` and returns the page with everything that went wrong while it loaded.
export async function open(browser, url, { colorScheme = "light", width = 1280 } = {}) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const complaints = [];
  const page = await context.newPage();
  await page.exposeFunction("__complain", (what) => complaints.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__complain(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("popup", () => complaints.push("popup"));
  page.on("request", (request) => {
    if (isForeign(request.url(), url)) complaints.push(`request: ${request.url()}`);
  });
  // Recorded above; nothing leaves the machine even when a page asks for it.
  await context.route("**/*", (route) =>
    isForeign(route.request().url(), url) ? route.abort() : route.continue(),
  );
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

// Everything that is wrong with an open page, in words; an empty list is a pass.
export async function inspect({ page, complaints }) {
  // A task later, so that image handlers and microtasks of the page have run.
  await page.waitForTimeout(100);
  const found = await page.evaluate(() => ({
    markup: document.documentElement.outerHTML,
    n_headings: document.querySelectorAll("h1").length,
    overflow: document.scrollingElement.scrollWidth - window.innerWidth,
    pwned: window.__pwned,
  }));
  const wrong = [...complaints];
  if (found.pwned !== undefined) wrong.push("hostile code ran");
  if (found.n_headings !== 1) wrong.push(`${found.n_headings} h1 headings`);
  if (found.overflow > 0) wrong.push(`scrolls sideways by ${found.overflow} px`);
  const banned = BANNED_CHARACTERS.exec(found.markup);
  if (banned) wrong.push(`raw U+${banned[0].codePointAt(0).toString(16).padStart(4, "0")}`);
  return wrong;
}

function isForeign(requested, url) {
  return requested !== url && !requested.startsWith("data:");
}
