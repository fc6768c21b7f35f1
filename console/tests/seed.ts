/** Starts the program over a generated organization and a hostile log, for all tests. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { SEED } from "./place";
import { consoleOver, run } from "./program";

/** A log whose every string that an attacker chooses is an attack on the reader. */
export const HOSTILE = resolve("../crates/report/fixtures/hostile");

export default async function seed(): Promise<() => void> {
  const { address, end } = await consoleOver(["logs", HOSTILE], (folder) => run(folder, "simulate", "logs", "--seed", "7"));
  const { origin, hash } = address;
  writeFileSync(SEED, JSON.stringify({ origin, hash }));
  return end;
}
