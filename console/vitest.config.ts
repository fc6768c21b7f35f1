/** Tests of pure functions; what needs a browser is tested in one, by Playwright. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["src/**/*.test.ts"], environment: "node" } });
