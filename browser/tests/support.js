/** What several tests need: refusals by name, elections to vote in, and belenios-tool in a folder of its own. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex, secureRandom } from "../core/bytes.js";
import { composeCredentials } from "../core/credentials.js";
import { groupNamed } from "../core/groups.js";
import { Refused } from "../core/refusal.js";
import { generateTrusteeKey } from "../core/trusteekey.js";

export const refusedAs = (check) => (error) => {
  assert.ok(error instanceof Refused, String(error));
  assert.equal(error.check, check);
  return true;
};

export const checksOf = (findings) => findings.map(({ check }) => check);

export const vector = (name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf-8"));

/** A source of random bytes that answers with the listed scalars, in their order. */
export function drawing(scalars) {
  const left = [...scalars];
  return (length) =>
    fromHex(
      BigInt(left.shift())
        .toString(16)
        .padStart(2 * length, "0"),
      length,
    );
}

export const YES_NO = { answers: ["Yes", "No"], min: 1, max: 1, question: "Shall we strike?" };
export const WITH_BLANK = { answers: ["A", "B", "C"], blank: true, min: 1, max: 2, question: "Who speaks for us?" };
export const LISTS = {
  type: "Lists",
  value: { answers: [["Days", "Ana", "Ben"], ["Nights", "Chen", "Dina"]], question: "Which list?" },
};
export const RANKING = {
  type: "NonHomomorphic",
  value: { answers: ["Ana", "Ben", "Chen"], question: "Rank them" },
  extra: { type: "PreferentialVoting", blank: true, method: "Schulze" },
};
export const NONE_TO_TWO = { answers: ["1", "2", "3"], min: 0, max: 2, question: "Which demands first?" };

/** An election's secrets and texts: {group, election, trustees: [{x, publicKeyText}], scalars, credentials}. */
export function makeElection({ groupName = "BELENIOS-2048", questions = [YES_NO], voters = 3, trustees = 2 } = {}) {
  const group = groupNamed(groupName);
  const keys = Array.from({ length: trustees }, () => generateTrusteeKey(group, secureRandom));
  const scalars = Array.from({ length: voters }, () => group.randomScalar(secureRandom));
  const product = group.product(keys.map(({ x }) => group.powerGenerator(x)));
  const election = JSON.stringify({
    version: 1,
    description: "A test with “quotes”, é and \u2028",
    name: "Test",
    group: groupName,
    public_key: group.text(product),
    questions,
    uuid: "7pbdKANZCGj6dS",
  });
  const credentials = composeCredentials(
    group,
    scalars.map((s) => group.text(group.powerGenerator(s))),
  );
  return { group, election, trustees: keys, trusteesText: trusteesText(keys), scalars, credentials };
}

const trusteesText = (keys) => `[${keys.map(({ publicKeyText }) => `["Single",${publicKeyText}]`).join(",")}]`;

/** Runs *deed* with belenios-tool in a new folder that holds the archive of the election's setup. */
export function withBelenios({ election, trusteesText: trustees, credentials }, deed) {
  const folder = mkdtempSync(join(tmpdir(), "openfloor-belenios-"));
  const run = (args, input = "") =>
    execFileSync("belenios-tool", args, {
      cwd: folder,
      input,
      encoding: "utf-8",
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, BELENIOS_USE_URANDOM: "1" },
    });
  const add = (type, ...lines) =>
    run(["archive", "add-event", `--type=${type}`], lines.map((line) => `${line}\n`).join(""));
  try {
    writeFileSync(join(folder, "election.json"), election);
    writeFileSync(join(folder, "trustees.json"), trustees);
    writeFileSync(join(folder, "public_creds.json"), credentials);
    run(["archive", "init"]);
    const name = readdirSync(folder).find((file) => file.endsWith(".bel"));
    return deed({ run, add, archive: () => new Uint8Array(readFileSync(join(folder, name))) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
