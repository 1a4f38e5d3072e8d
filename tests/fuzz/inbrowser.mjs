/**
 * What the browser's verifier says of each archive in a folder: `node tests/fuzz/inbrowser.mjs FOLDER`.
 * Prints, as JSON, the names of the archives whose report differs from the one that lies beside it.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { verify } from "../../browser/core/verify.js";

const [folder] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".bel"));

const named = (findings) => findings.map(({ check, object }) => [check, object]);

async function reportOf(name) {
  const { findings, warnings, ...report } = await verify(new Uint8Array(readFileSync(join(folder, name))));
  return { ...report, findings: named(findings), warnings: named(warnings) };
}

const differing = [];
for (const name of names) {
  const said = JSON.parse(readFileSync(join(folder, name.replace(/bel$/, "json")), "utf8"));
  if (!isDeepStrictEqual(await reportOf(name), said)) differing.push(name);
}
process.stdout.write(`${JSON.stringify({ compared: names.length, differing })}\n`);
