/** Screenshots with few colors: small enough to be kept beside the documentation. */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Page } from "@playwright/test";
import UPNG from "upng-js";

import { PICTURES } from "./place";

/** Colors of a picture; the pages have few, and letters take the rest. */
const COLORS = 96;

export async function picture(page: Page, name: string): Promise<void> {
  const shot = await page.screenshot({ animations: "disabled" });
  const { width, height, ...image } = UPNG.decode(bytesOf(shot));
  const pixels = UPNG.toRGBA8({ width, height, ...image });
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(resolve(PICTURES, `${name}.png`), Buffer.from(UPNG.encode(pixels, width, height, COLORS)));
}

function bytesOf(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
