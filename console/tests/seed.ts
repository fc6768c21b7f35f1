/** Starts the program over a generated organization and a hostile log, for all tests. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { SEED } from "./place";

/** A log whose every string that an attacker chooses is an attack on the reader. */
export const HOSTILE = resolve("../crates/report/fixtures/hostile");

/** Milliseconds until the program has to be there; a debug build takes its time. */
const PATIENCE = 120_000;

export default async function seed(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  const program = process.env.ROLECALL ?? resolve("../target/debug/rolecall");
  const logs = join(folder, "logs");
  execFileSync(program, ["simulate", logs, "--seed", "7"], { stdio: "ignore" });
  const running = spawn(program, ["console", logs, HOSTILE, "--no-open"], { cwd: folder });
  const address = await addressOf(running);
  const { origin, hash } = new URL(address);
  writeFileSync(SEED, JSON.stringify({ origin, hash }));
  return () => {
    running.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The address that the program prints, which holds the one-time token. */
function addressOf(running: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let printed = "";
    const late = setTimeout(() => failed(new Error(`no address was printed:\n${printed}`)), PATIENCE);
    const read = (bytes: Buffer) => {
      printed += bytes.toString();
      const address = /http:\/\/[^\s"]+#token=[^\s"]+/.exec(printed)?.[0];
      if (address !== undefined) {
        clearTimeout(late);
        found(address);
      }
    };
    running.stdout?.on("data", read);
    running.stderr?.on("data", read);
    running.on("exit", (code) => failed(new Error(`the program ended with ${code}:\n${printed}`)));
  });
}
