/** Bundles every page's script and copies the font. The same sources give the same bytes: a test compares them. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

const APART = ["pages/offline.js", "pages/service-worker.js"];

const target = process.argv[2] ?? STATIC;
const bundles = [await bundlesOfPages(), await bundlesApart(), await bundlesOfWorkers()];
replaceFolder(join(target, "bundles"), Object.assign({}, ...bundles));
replaceFolder(join(target, "fonts"), fonts());

/** {name: bytes} of one bundle a page, and the chunks they share. */
function bundlesOfPages() {
  const pages = scriptsIn("pages").filter((name) => !APART.includes(name));
  return bundled(pages, { splitting: true });
}

/** What works without a connection is whole in itself. */
function bundlesApart() {
  return bundled(APART, { splitting: false });
}

/** Not modules: older browsers start no worker from one. */
function bundlesOfWorkers() {
  return bundled(scriptsIn("workers"), { splitting: false, format: "iife" });
}

function scriptsIn(folder) {
  const names = readdirSync(join(ROOT, "browser", folder)).filter((name) => name.endsWith(".js"));
  return names.map((name) => `${folder}/${name}`);
}

async function bundled(scripts, { splitting, format = "esm" }) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: scripts.sort().map((name) => `browser/${name}`),
    outdir: "bundles",
    write: false,
    entryNames: "[name]",
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting,
    minify: true,
    format,
    charset: "utf8",
    legalComments: "eof", // the licences of what is bundled travel with it
    target: ["chrome87", "firefox78", "safari15"],
    logLevel: "warning",
    logLimit: 5,
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

function fonts() {
  return Object.fromEntries(FONT_FILES.map((file) => [basename(file), readFileSync(join(FONT, file))]));
}

/** New files first, stale ones last: a server that reads the folder meanwhile finds what it looks for. */
function replaceFolder(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  for (const name of readdirSync(folder)) if (!(name in files)) rmSync(join(folder, name));
}
