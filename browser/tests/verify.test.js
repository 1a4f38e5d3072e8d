/** What Python's verifier says of an archive, altered or not, the browser's says too: by name, place and order. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { conclude, examineShare, readBoard, verify, verifyBoard } from "../core/verify.js";
import { vector } from "./support.js";

const { blocks, cases, files } = vector("verified");

const archiveOf = (numbers) =>
  new Uint8Array(Buffer.concat(numbers.split(" ").map((number) => Buffer.from(blocks[number] ?? "", "base64"))));

const inPython = ({ head: _head, findings, warnings, ...report }) => ({
  ...report,
  findings: findings.map(({ check, object }) => [check, object]),
  warnings: warnings.map(({ check, object }) => [check, object]),
});

for (const { why, archive, report } of cases) {
  test(`${why} is reported as in the vectors`, async () => {
    assert.deepEqual(inPython(await verify(archiveOf(archive))), report);
  });
}

for (const { file, report } of files) {
  test(`${file} is reported as in the vectors`, async () => {
    const bytes = readFileSync(new URL(`../../tests/openballot/data/${file}`, import.meta.url));

    assert.deepEqual(inPython(await verify(new Uint8Array(bytes))), report);
  });
}

const caseOf = (wanted) => archiveOf(cases.find(({ why }) => why === wanted).archive);

for (const wanted of ["nothing altered", "same_ballot_twice", "credential_outside_the_group", "a paper with a space"]) {
  test(`shares of the work come to the report of the whole: ${wanted}`, async () => {
    const bytes = caseOf(`Ed25519: ${wanted}`);
    const shares = [];
    for (const share of [2, 0, 1]) shares.push(await examineShare(readBoard(bytes), { share, of: 3 }));

    assert.deepEqual(conclude(readBoard(bytes), shares), await verify(bytes));
  });
}

test("progress tells the papers done, and the work in units up to all of it", async () => {
  const told = [];

  await verify(caseOf("Ed25519: nothing altered"), { onProgress: (now) => told.push(now) });

  const { papers, allPapers, done, total } = told.at(-1);
  assert.deepEqual([papers, allPapers, done], [4, 4, total]);
});

test("without the papers' proofs a board is still added up", async () => {
  const forged = caseOf("Ed25519: signature_changed");

  assert.equal((await verifyBoard(readBoard(forged), { checkBallots: false })).verdict, "valid");
  assert.equal((await verifyBoard(readBoard(forged))).verdict, "invalid");
});

test("a paper by nobody on the list is never added up", async () => {
  const struck = readBoard(caseOf("Ed25519: voter_struck_from_the_list"));

  const { findings } = await verifyBoard(struck, { checkBallots: false });

  assert.deepEqual(
    findings.map(({ check }) => check),
    ["ballot_credential"],
  );
});

test("bound proofs beside the archive are checked, and missed where they are not", async () => {
  for (const { archive_base64: archive, partial_decryptions: partials } of vector("elections")) {
    const bytes = new Uint8Array(Buffer.from(archive, "base64"));
    const foundWith = async (proofs) =>
      (await verify(bytes, { proofs })).findings.map(({ check, object }) => [check, object]);
    const [first, second] = partials.map(({ bound_text: text }) => text);

    assert.deepEqual(await foundWith(new Map([[1, first], [2, second]])), []);
    assert.deepEqual(await foundWith(new Map([[2, first]])), [
      ["bound_proof_missing", "bound proofs of trustee 1"],
      ["bound_proof", "bound proofs of trustee 2"],
    ]);
  }
});
