/** Lays graphs out beside the page, so that a large one does not hold it up. */
import { positions } from "./layout";
import type { LayoutInput } from "./sizes";

self.onmessage = ({ data }: MessageEvent<{ ticket: number; input: LayoutInput }>) => {
  self.postMessage({ ticket: data.ticket, positions: positions(data.input) });
};
