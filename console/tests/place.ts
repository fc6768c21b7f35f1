/** Where tests leave what later ones need. */
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const FOLDER = resolve("test-results");
mkdirSync(FOLDER, { recursive: true });

/** The address of the program and its token. */
export const SEED = resolve(FOLDER, "../node_modules/.console-seed.json");

/** The session of somebody who signed in. */
export const SESSION = resolve(FOLDER, "../node_modules/.console-session.json");

/** Screenshots: those of the documentation are overwritten with `UPDATE_PICTURES=1` alone. */
export const PICTURES = process.env.UPDATE_PICTURES === "1" ? resolve("../docs/console") : resolve(FOLDER, "pictures");

export function seed(): { origin: string; hash: string } {
  return JSON.parse(readFileSync(SEED, "utf8")) as { origin: string; hash: string };
}
