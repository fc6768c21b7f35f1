/** Builds the console into `dist`, from where the program embeds it. */
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

export default defineConfig({
  plugins: [react(), fontsAsFiles()],
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": process.env.ROLECALL_API ?? "http://127.0.0.1:9464" } },
});
