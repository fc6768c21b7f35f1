/**
 * Measures in a browser how long views take on very large stores, and prints it.
 *
 * `npm run measure`, with `ROLECALL` for another program than the release build, and `INCIDENTS`
 * and `SESSIONS` for other sizes; what has the size 0 is left out.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";

import { chromium } from "@playwright/test";

import { manyIncidents, manySessions, manySessionsOnPaths } from "./large.mjs";

/** Runs of each view; the middle one is told. */
const RUNS = 5;

/** Milliseconds until a page that was drawn has come to rest. */
const SETTLES = 2_000;

/** What a page is seen in, in pixels. */
const SIZE = { width: 1280, height: 900 };

const BROWSER = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] };

const PROGRAM = process.env.ROLECALL ?? resolve("../target/release/rolecall");
const INCIDENTS = Number(process.env.INCIDENTS ?? 100_000);
const SESSIONS = Number(process.env.SESSIONS ?? 5_000);

/** Starts the console over `store`; gives the address with its token. */
function open(folder, store) {
  const running = spawn(PROGRAM, ["console", store, "--no-open"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const address = new Promise((found, failed) => {
    let printed = "";
    const read = (bytes) => {
      printed += bytes.toString();
      const match = /http:\/\/[^\s"]+#token=[^\s"]+/.exec(printed)?.[0];
      if (match !== undefined) {
        found(match);
      }
    };
    running.stdout.on("data", read);
    running.stderr.on("data", read);
    running.on("exit", (code) => failed(new Error(`the program ended with ${code}:\n${printed}`)));
  });
  return { running, address };
}

/**
 * Copies every incident of `store` under other ids, with what it names, until there are `times` as
 * many: an analysis of as many attacks would take all memory of a laptop.
 */
function multiply(store, times) {
  const statements = ["incidents", "findings", "names"].map((table) => {
    const id = table === "names" ? "incident" : "id";
    return `
columns = [row[1] for row in db.execute("PRAGMA table_info(${table})")]
picked = ", ".join("printf('%%08x', k) || substr(%s, 9)" % c if c in ("${id}", "incident") else c for c in columns)
db.execute("INSERT INTO ${table} (%s) WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < ${times - 1}) "
           "SELECT %s FROM ${table}, n" % (", ".join(columns), picked))`;
  });
  const script = `import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])${statements.join("")}\ndb.commit()`;
  execFileSync("python3", ["-c", script, join(store, "rolecall.sqlite")], { stdio: ["ignore", "inherit", "inherit"] });
}

function middle(times) {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)];
}

function tell(what, milliseconds) {
  process.stdout.write(`${what.padEnd(72)} ${(milliseconds / 1_000).toFixed(2).padStart(7)} s\n`);
}

/**
 * Opens `url` anew several times, each until `there` is seen: in a browser that kept what it loaded before, and for
 * `isFirst` in one that keeps nothing and loads all of it each time.
 */
async function view({ browser, context }, what, url, there, isFirst = false) {
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    const viewer = isFirst ? await browser.newContext({ storageState: await context.storageState(), viewport: SIZE }) : context;
    const page = await viewer.newPage();
    const began = performance.now();
    await page.goto(url, { waitUntil: "commit" });
    await there(page);
    times.push(performance.now() - began);
    // What the page goes on with is no part of the next run.
    await page.waitForTimeout(SETTLES);
    await (isFirst ? viewer : page).close();
  }
  tell(`${what}, middle of ${RUNS}`, middle(times));
  process.stdout.write(`  ${times.map((time) => (time / 1_000).toFixed(2)).join(", ")}\n`);
}

async function measure(browser, name, write, times, views) {
  const folder = mkdtempSync(join(tmpdir(), "measure-"));
  try {
    const log = join(folder, "log.jsonl");
    await write(log);
    let began = performance.now();
    execFileSync(PROGRAM, ["serve", "--once", "--store", "store", log], { cwd: folder, stdio: "ignore" });
    tell(`${name}: serve --once, into a new store`, performance.now() - began);
    if (times > 1) {
      multiply(join(folder, "store"), times);
      process.stdout.write(`  … each copied until there are ${times} times as many\n`);
    }
    began = performance.now();
    const { running, address } = open(folder, "store");
    try {
      const url = new URL(await address);
      tell(`${name}: console, until it can be opened`, performance.now() - began);
      // As people have it: a profile in a folder, which keeps what was loaded and compiled.
      const context = await chromium.launchPersistentContext(join(folder, "profile"), { ...BROWSER, viewport: SIZE });
      const page = await context.newPage();
      await page.goto(url.href);
      await page.getByRole("navigation").first().waitFor();
      await page.waitForTimeout(SETTLES);
      await page.close();
      await views({ browser, context }, url.origin);
      await context.close();
    } finally {
      running.kill("SIGINT");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the overview and the list of a store of so many incidents. */
async function measureIncidents(browser) {
  const rows = (page) => page.locator("table tbody tr a[href^='/incidents/']").first().waitFor();
  const gravest = (page) => page.locator("a[href^='/incidents/']").first().waitFor();
  const analyzed = Math.min(INCIDENTS, 1_000);
  const times = Math.round(INCIDENTS / analyzed);
  await measure(browser, `${analyzed} incidents`, (path) => manyIncidents(path, analyzed), times, async (viewers, origin) => {
    await view(viewers, "the overview, in a browser that never saw it", `${origin}/`, gravest, true);
    await view(viewers, "the overview", `${origin}/`, gravest);
    await view(viewers, "incidents, gravest first", `${origin}/incidents`, rows);
  });
}

/** Opens the one incident of the log that `write` makes. */
async function measureSessions(browser, name, write) {
  const red = (page) => page.locator(".react-flow__node.color-red, .react-flow__node .color-red").first().waitFor();
  await measure(browser, name, (path) => write(path, SESSIONS), 1, async (viewers, origin) => {
    const found = await viewers.context.request.get(`${origin}/api/v1/incidents`);
    const { items } = await found.json();
    await view(viewers, `${name}, until its red path is drawn`, `${origin}/incidents/${items[0].id}`, red);
  });
}

const browser = await chromium.launch(BROWSER);
try {
  if (INCIDENTS > 0) {
    await measureIncidents(browser);
  }
  if (SESSIONS > 0) {
    await measureSessions(browser, `an incident of ${SESSIONS} sessions`, manySessions);
    await measureSessions(browser, `an incident of ${SESSIONS} sessions on paths`, manySessionsOnPaths);
  }
} finally {
  await browser.close();
}
