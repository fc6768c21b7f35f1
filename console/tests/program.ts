/** The program that is tested: started in a folder of its own, and ended with all that it left there. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = process.env.ROLECALL ?? resolve("../target/debug/rolecall");

/** Milliseconds until the program has to be there; a debug build takes its time. */
const PATIENCE = 120_000;

/** A console that runs, and what ends it. */
export interface Console {
  address: URL;
  end: () => void;
}

/** Runs the program with `given` in `folder` until it ends. */
export function run(folder: string, ...given: string[]): void {
  execFileSync(PROGRAM, given, { cwd: folder, stdio: "ignore" });
}

/** Opens the console over `sources`, which `write` makes in a new folder. */
export async function consoleOver(sources: readonly string[], write: (folder: string) => Promise<void> | void): Promise<Console> {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  await write(folder);
  const running = spawn(PROGRAM, ["console", ...sources, "--no-open"], { cwd: folder });
  const address = new URL(await addressOf(running));
  const end = () => {
    running.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, end };
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
