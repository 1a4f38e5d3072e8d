/** The ceremony of a threshold key: the messages that Python makes, and every refusal by name. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { secureRandom, sha256Hex } from "../core/bytes.js";
import { receive, send } from "../core/channels.js";
import {
  CeremonyRefused,
  ceremonyOf,
  certificateMessage,
  coefficientsMessage,
  keyMessage,
  openShare,
  parametersOf,
  participantOf,
} from "../core/ceremony.js";
import { groupNamed } from "../core/groups.js";
import { newSeed, parseSeed } from "../core/pki.js";
import { parseQuorums } from "../core/trustees.js";
import { refusedAs, vector } from "./support.js";

const VECTORS = vector("threshold");
const OF_ED25519 = VECTORS.find(({ group }) => group === "Ed25519");

function participantsOf({ ceremony: id, group, size, threshold, seeds }) {
  const ceremony = ceremonyOf({ id, group: groupNamed(group), size, threshold });
  return seeds.map((seed, i) => participantOf(ceremony, i + 1, seed));
}

/** A whole ceremony with fresh seeds: {participants, rounds, shares}. */
async function run({ groupName = "Ed25519", size = 3, threshold = 2 } = {}) {
  const ceremony = ceremonyOf({ id: "fresh.1", group: groupNamed(groupName), size, threshold });
  const participants = Array.from({ length: size }, (_, i) => participantOf(ceremony, i + 1, newSeed(secureRandom)));
  const first = participants.map(certificateMessage);
  const second = await Promise.all(participants.map((own) => coefficientsMessage(own, first)));
  const third = await Promise.all(participants.map((own) => keyMessage(own, first, second)));
  return {
    ceremony,
    participants,
    rounds: [first, second, third.map(({ text }) => text)],
    shares: third.map(({ share }) => share),
  };
}

for (const vectors of VECTORS) {
  test(`${vectors.group} messages, shares and parameters are those of the vectors`, async () => {
    const participants = participantsOf(vectors);
    const { certificates, coefficients, keys, settled } = vectors;

    assert.deepEqual(participants.map(certificateMessage), certificates);
    for (const [i, own] of participants.entries()) {
      assert.equal(await coefficientsMessage(own, certificates), coefficients[i]);
      const { text, share, parameters } = await keyMessage(own, certificates, coefficients);
      assert.equal(text, keys[i]);
      assert.equal(sha256Hex(`[["Pedersen",${parameters}]]`), settled.trustees);
      assert.equal(String(share), vectors.shares[i]);
      assert.equal(await openShare(own, keys[i]), share);
    }
    assert.equal(parametersOf(participants[0].ceremony, certificates, coefficients, keys), vectors.parameters);
  });
}

for (const { round, why, replaced, findings } of OF_ED25519.refused) {
  test(`in round ${round} refused by name: ${why}`, async () => {
    const [own] = participantsOf(OF_ED25519);
    const rounds = [OF_ED25519.certificates, OF_ED25519.coefficients, OF_ED25519.keys].map((texts) => [...texts]);
    for (const [place, text] of Object.entries(replaced)) rounds[round - 1][Number(place) - 1] = text;
    const [first, second, third] = rounds.map((texts) => texts.filter((text) => text !== null));
    const next = [
      async () => coefficientsMessage(own, first),
      async () => keyMessage(own, first, second),
      async () => parametersOf(own.ceremony, first, second, third),
    ][round - 1];

    await assert.rejects(next, (error) => {
      assert.ok(error instanceof CeremonyRefused, String(error));
      assert.deepEqual(
        error.findings.map(({ check, object }) => [check, object]),
        findings,
      );
      return true;
    });
  });
}

test("every trustee who is missing is named", async () => {
  const { participants, rounds } = await run();

  await assert.rejects(coefficientsMessage(participants[0], rounds[0].slice(0, 1)), ({ findings }) => {
    assert.deepEqual(
      findings.map(({ check, object }) => [check, object]),
      [
        ["ceremony_missing", "trustee 2"],
        ["ceremony_missing", "trustee 3"],
      ],
    );
    return true;
  });
});

test("four of seven make one key on BELENIOS-2048, and their shares are its shares", async () => {
  const { ceremony, rounds, shares } = await run({ groupName: "BELENIOS-2048", size: 7, threshold: 4 });
  const { group } = ceremony;

  const [quorum] = parseQuorums(group, `[["Pedersen",${parametersOf(ceremony, ...rounds)}]]`);

  assert.equal(quorum.threshold, 4);
  assert.deepEqual(
    quorum.keys,
    shares.map((share) => group.text(group.powerGenerator(share))),
  );
});

test("a share opens with its own seed only", async () => {
  const { participants, rounds, shares } = await run();
  const [first, second] = participants;
  const { group } = first.ceremony;
  const encryption = group.powerGenerator(first.dk);

  assert.equal(await openShare(first, rounds[2][0]), shares[0]);
  await assert.rejects(openShare(second, rounds[2][0]), refusedAs("stays_sealed"));
  await assert.rejects(openShare(first, rounds[1][0]), refusedAs("ceremony_other"));
  const byAnother = await send(group, second.sk, encryption, "a text", secureRandom);
  await assert.rejects(receive(group, first.dk, group.powerGenerator(first.sk), byAnother), refusedAs("wrong_sender"));
  assert.equal(await receive(group, first.dk, group.powerGenerator(second.sk), byAnother), "a text");
  for (const wrong of [byAnother.replace("AES-GCM", "AES-CCM"), `${byAnother} `, "{}", "7"])
    await assert.rejects(receive(group, first.dk, group.powerGenerator(second.sk), wrong), refusedAs("stays_sealed"));
});

test("impossible ceremonies and places are refused", () => {
  const group = groupNamed("Ed25519");
  const right = { id: "a", group, size: 3, threshold: 2 };

  for (const wrong of [{ id: "" }, { id: "a|b" }, { id: "x".repeat(65) }, { threshold: 1 }, { threshold: 4 }, { size: 21 }])
    assert.throws(() => ceremonyOf({ ...right, ...wrong }), refusedAs("ceremony_impossible"));
  for (const index of [0, 4, 1.5])
    assert.throws(() => participantOf(ceremonyOf(right), index, "x"), refusedAs("ceremony_impossible"));
});

test("a seed is read however it was typed, and refused when it is none", () => {
  const seed = newSeed(secureRandom);

  assert.equal(parseSeed(` ${seed.slice(0, 5)} ${seed.slice(5)}\n`), seed);
  for (const wrong of ["", seed.slice(1), `${seed}1`, `0${seed.slice(1)}`, `${seed.slice(1)}l`])
    assert.throws(() => parseSeed(wrong), refusedAs("seed"));
});
