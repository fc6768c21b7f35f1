/** Builds the console into `dist`, from where the program embeds it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";

const FONT = /url\(["']?data:(?:font|application)\/(?:x-)?(?:font-)?(woff2?)[^,]*;base64,([A-Za-z0-9+/=]+)["']?\)/g;

/** Makes files of fonts that a style sheet carries inside, so that the policy can forbid `data:` fonts. */
function fontsAsFiles(): Plugin {
  return {
    name: "fonts-as-files",
    apply: "build",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) {
          continue;
        }
        const css = typeof file.source === "string" ? file.source : new TextDecoder().decode(file.source);
        file.source = css.replace(FONT, (_whole, format: string, base64: string) => {
          const reference = this.emitFile({
            type: "asset",
            name: `font.${format}`,
            source: Buffer.from(base64, "base64"),
          });
          return `url(/${this.getFileName(reference)})`;
        });
      }
    },
  };
}

/** Fonts that the text of every page is set in, upright: found in a style sheet of `fontsAsFiles`. */
const TEXT_FONT = /@font-face\s*\{[^}]*font-weight:\s*(?:400|700);\s*font-style:\s*normal;[^}]*url\(([^)]+)\)/g;

/** What begins, and what every page needs: where the imports of each begin. */
const FIRST = "/src/main.ts";
const SHARED = "/src/console.tsx";

interface Modules {
  getModuleInfo: (id: string) => { importedIds: string[] } | null;
}

/** What `begin` imports, and what that imports, without what is loaded when it is needed. */
function reached(begin: string, modules: Modules): Set<string> {
  const found = new Set<string>();
  const ahead = [begin];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (!found.has(id)) {
      found.add(id);
      ahead.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return found;
}

/** Puts what every page needs into one file, and what begins into another: many small files are many requests. */
function chunkOf(): (id: string, modules: Modules) => string | null {
  const root = import.meta.dirname;
  let first: Set<string> | undefined;
  let shared: Set<string> | undefined;
  return (id, modules) => {
    first ??= reached(root + FIRST, modules);
    shared ??= reached(root + SHARED, modules);
    if (first.has(id)) {
      return "first";
    }
    return shared.has(id) ? "shared" : null;
  };
}

/** Names in the page what every page needs: the browser loads it beside the script that will ask for it. */
function sharedAtOnce(): Plugin {
  return {
    name: "shared-at-once",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const [shared, ...others] = Object.values(bundle).filter((file) => file.type === "chunk" && file.name === "shared");
        if (shared?.type !== "chunk" || others.length > 0) {
          throw new Error("what every page needs is not in one file");
        }
        const link = (rel: string, file: string, attrs = {}) => ({
          tag: "link",
          attrs: { rel, ...attrs, crossorigin: true, href: `/${file}` },
          injectTo: "head" as const,
        });
        const sheets = [...(shared.viteMetadata?.importedCss ?? [])];
        const fonts = sheets.flatMap((file) => {
          const sheet = bundle[file];
          const css = sheet?.type === "asset" ? sheet.source.toString() : "";
          return [...css.matchAll(TEXT_FONT)].flatMap(([, font]) => font ?? []);
        });
        if (fonts.length !== 2) {
          throw new Error("the fonts of the text are not the two that are asked for ahead: " + fonts.join(", "));
        }
        return [
          ...sheets.map((file) => link("stylesheet", file)),
          link("modulepreload", shared.fileName),
          ...fonts.map((font) => link("preload", font.replace(/^\//, ""), { as: "font", type: "font/woff2" })),
        ];
      },
    },
  };
}

/** Puts a compressed copy beside every script and style sheet, which the program sends to browsers that take it. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "dist" }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /\.(?:css|js)$/.test(file))) {
        const path = join(dir, name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), fontsAsFiles(), sharedAtOnce(), compressed()],
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: chunkOf(), debugName: "shared" }] } } },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": process.env.ROLECALL_API ?? "http://127.0.0.1:9464" } },
});
