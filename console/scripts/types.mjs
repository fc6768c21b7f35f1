/**
 * Writes the types of the API from its description, which is made from the server's code and
 * reviewed there. With `--check` it writes nothing, and fails where they differ.
 */
import { readFileSync, writeFileSync } from "node:fs";

import openapiTS, { astToString } from "openapi-typescript";

const DESCRIPTION = new URL("../../crates/server/golden/openapi.json", import.meta.url);
const TYPES = new URL("../src/api/schema.ts", import.meta.url);
const HEAD = "/** Made from the API's description: run `npm run types`. */\n\n";

const made = HEAD + astToString(await openapiTS(JSON.parse(readFileSync(DESCRIPTION, "utf8"))));
if (!process.argv.includes("--check")) {
  writeFileSync(TYPES, made);
} else if (readFileSync(TYPES, "utf8") !== made) {
  process.stderr.write("src/api/schema.ts is stale: run `npm run types` in console/\n");
  process.exit(1);
}
