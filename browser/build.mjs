/** Bundles every page's script and copies the font. The same sources give the same bytes: a test compares them. */

import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STATIC = join(ROOT, "src", "openfloor", "ui", "static", "ui");
const FONT = join(ROOT, "node_modules", "@fontsource-variable", "atkinson-hyperlegible-next");
const FONT_FILES = [
  "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
  "LICENSE",
];

await bundlePages(process.argv[2] ?? join(STATIC, "bundles"));
copyFonts(join(STATIC, "fonts"));

async function bundlePages(folder) {
  const pages = readdirSync(join(ROOT, "browser", "pages")).filter((name) => name.endsWith(".js"));
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: pages.sort().map((name) => `browser/pages/${name}`),
    outdir: folder,
    entryNames: "[name]",
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    legalComments: "eof", // the licences of what is bundled travel with it
    target: ["chrome87", "firefox78", "safari15"],
    logLevel: "warning",
    logLimit: 5,
  });
}

function copyFonts(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of FONT_FILES) copyFileSync(join(FONT, file), join(folder, basename(file)));
}
