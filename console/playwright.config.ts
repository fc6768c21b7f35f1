/** Tests of the console in a browser, against the program itself. */
import { defineConfig } from "@playwright/test";

import { SESSION } from "./tests/place";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./tests/seed.ts",
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    viewport: { width: 1280, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "sign-in", testMatch: "sign-in.spec.ts" },
    { name: "console", testIgnore: "sign-in.spec.ts", dependencies: ["sign-in"], use: { storageState: SESSION } },
  ],
});
