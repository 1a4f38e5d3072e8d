/** A board read byte for byte, and what is noticed when any of it was changed. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { extendsHead, readArchive } from "../core/archive.js";
import { verifyBoard } from "../core/board.js";
import { refusedAs, vector } from "./support.js";

const counted = vector("elections").find(({ group }) => group === "Ed25519");
const BYTES = new Uint8Array(Buffer.from(counted.archive_base64, "base64"));
const EVENTS = counted.events.map(({ text, data }) => ({ ...JSON.parse(text), data }));

const hashOf = (text) => createHash("sha256").update(text).digest("hex");

/** A tar record as Belenios writes it, made here a second time so that the reader is not its own judge. */
function record(name, text, time = counted.timestamp) {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644", 100);
  header.write("0000000", 108);
  header.write("0000000", 116);
  header.write(body.length.toString(8).padStart(11, "0"), 124);
  header.write(time.toString(8).padStart(11, "0"), 136);
  header.write("        0", 148);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc(-body.length & 511)]);
}

const HEADER = record("BELENIOS", counted.header);
const dataRecord = (text) => record(`${hashOf(text)}.data.json`, text);
const eventRecord = (text) => record(`${hashOf(text)}.event.json`, text);

/** The archive of these events, chained and hashed anew: each has its `data`, of which the last is the payload. */
function archiveOf(events) {
  const records = [HEADER];
  let parent;
  events.forEach(({ data, type, ...given }, height) => {
    const payload = data.length > 0 ? hashOf(data[data.length - 1]) : undefined;
    const text = JSON.stringify({ parent, height, type, payload, ...given.override });
    records.push(...data.map(dataRecord), eventRecord(text));
    parent = hashOf(text);
  });
  return new Uint8Array(Buffer.concat(records));
}

const plain = EVENTS.map(({ type, data }) => ({ type, data }));
const indexOfType = (type) => plain.findIndex((event) => event.type === type);
const replaced = (i, change) => archiveOf(plain.map((event, j) => (i === j ? { ...event, ...change(event) } : event)));
const cut = (end) => BYTES.slice(0, end);
const flipped = (at) => BYTES.map((byte, i) => (i === at ? byte ^ 1 : byte));

async function checksOf(bytes, options) {
  const { findings } = await verifyBoard(bytes, options);
  return findings.map(({ check }) => check);
}

test("the archive written here a second time is the vectors' to the last byte", () => {
  assert.deepEqual(archiveOf(plain), BYTES);
});

test("a board cut after any event is a correct unfinished board", async () => {
  const states = [];
  for (const end of EVENTS.map((_event, i) => archiveOf(plain.slice(0, i + 1)).length)) {
    const { findings, state } = await verifyBoard(cut(end), { checkBallots: false });
    assert.deepEqual(findings, []);
    states.push(state);
  }

  assert.deepEqual(states, [
    "set_up",
    "open",
    "open",
    "open",
    "open",
    "closed",
    "tallied",
    "decrypting",
    "decrypting",
    "counted",
  ]);
});

const BALLOT = indexOfType("Ballot");
const SETUP = [...plain[0].data];

/** The setup with its *i*-th text replaced, and the hashes that name it. */
function setupWith(i, text) {
  const texts = SETUP.slice(0, 3).map((kept, j) => (i === j ? text : kept));
  const [election, trustees, credentials] = texts.map(hashOf);
  return archiveOf([{ type: "Setup", data: [...texts, JSON.stringify({ election, trustees, credentials })] }]);
}

/** The board after its tally, with another sized tally or another tally. */
function tallyWith(change) {
  const [tally, sized] = plain[indexOfType("EncryptedTally")].data;
  const value = change(JSON.parse(tally), JSON.parse(sized));
  const text = JSON.stringify(value.tally);
  const data = [text, JSON.stringify({ ...value.sized, encrypted_tally: hashOf(text) })];
  return archiveOf([...plain.slice(0, indexOfType("EncryptedTally")), { type: "EncryptedTally", data }]);
}

function partialWith(change) {
  const at = indexOfType("PartialDecryption");
  const [text, owned] = plain[at].data;
  const value = change(JSON.parse(text), JSON.parse(owned));
  const partial = JSON.stringify(value.partial);
  const data = [partial, JSON.stringify({ ...value.owned, payload: hashOf(partial) })];
  return archiveOf([...plain.slice(0, at), { type: "PartialDecryption", data }]);
}

const swapFirst = ([first, ...others]) => [[...first].reverse(), ...others];

const ALTERED = {
  "nothing in it": [() => new Uint8Array(), "not_an_archive"],
  "another file": [() => new Uint8Array(2048).fill(65), "not_an_archive"],
  "a cut inside a record": [() => cut(BYTES.length - 1), "archive_truncated"],
  "a cut inside a header": [() => cut(BYTES.length - 1024 + 100), "archive_truncated"],
  "data that no event names": [() => cut(BYTES.length - 1024), "archive_orphan"],
  "a byte changed in an event": [() => flipped(BYTES.length - 512), "archive_hash"],
  "a byte changed in a header": [() => flipped(BYTES.length - 1024 + 150), "archive_record"],
  "a byte changed after a text": [() => flipped(BYTES.length - 1), "archive_record"],
  "a magic word": [() => BYTES.map((byte, i) => (i === 257 ? 117 : byte)), "archive_record"],
  "zero blocks at the end": [() => new Uint8Array(Buffer.concat([BYTES, Buffer.alloc(1024)])), "archive_record"],
  "another time in one header": [
    () => new Uint8Array(Buffer.concat([HEADER, record(`${hashOf("x")}.data.json`, "x", 5), BYTES.slice(1024)])),
    "archive_record",
  ],
  "another version of the header": [
    () => new Uint8Array(record("BELENIOS", '{"version":2,"timestamp":"1795000000"}')),
    "archive_header",
  ],
  "only its header": [() => cut(1024), "archive_missing"],
  "another parent": [() => replaced(2, () => ({ override: { parent: hashOf("") } })), "event_parent"],
  "another height": [() => replaced(2, () => ({ override: { height: 7 } })), "event_height"],
  "an unknown event": [() => replaced(2, () => ({ type: "Bribe" })), "event_text"],
  "a field too many in an event": [() => replaced(2, () => ({ override: { note: "" } })), "event_text"],
  "an event without its data": [
    () => replaced(BALLOT, ({ data }) => ({ data: [], override: { payload: hashOf(data[0]) } })),
    "archive_missing",
  ],
  "data before another's event": [() => replaced(BALLOT, ({ data }) => ({ data: ["{}", ...data] })), "archive_orphan"],
  "the same ballot twice": [() => archiveOf([...plain.slice(0, 3), plain[2]]), "ballot_repeated"],
  "no setup": [() => archiveOf(plain.slice(1)), "event_order"],
  "a ballot after the end": [
    () => archiveOf([...plain.slice(0, 2), { type: "EndBallots", data: [] }, plain[2]]),
    "event_order",
  ],
  "a result before the tally": [() => archiveOf([...plain.slice(0, 6), plain[9]]), "event_order"],
  "something after the result": [() => archiveOf([...plain, { type: "EndBallots", data: [] }]), "event_order"],
  "a shuffle": [
    () =>
      archiveOf([
        ...plain.slice(0, 7),
        { type: "Shuffle", data: ["{}", JSON.stringify({ owner: 1, payload: hashOf("{}") })] },
      ]),
    "event_unsupported",
  ],
  "an election with a space": [() => setupWith(0, `${SETUP[0]} `), "election_text"],
  "a trustee less": [() => setupWith(1, JSON.stringify(JSON.parse(SETUP[1]).slice(1))), "election_key"],
  "credentials out of order": [() => setupWith(2, JSON.stringify(JSON.parse(SETUP[2]).reverse())), "credential_order"],
  "a credential outside the group": [() => setupWith(2, JSON.stringify([`${"0".repeat(63)}2`])), "credential_element"],
  "a forged ballot": [
    () => replaced(BALLOT, ({ data }) => ({ data: [data[0].replace(/"response":"\d+"/, '"response":"5"')] })),
    "ballot_signature_hash",
  ],
  "a tally of one ballot less": [
    () => tallyWith((tally, sized) => ({ tally, sized: { ...sized, num_tallied: sized.num_tallied - 1 } })),
    "tally_number",
  ],
  "a tally of another weight": [
    () => tallyWith((tally, sized) => ({ tally, sized: { ...sized, total_weight: 7 } })),
    "tally_weight",
  ],
  "another tally": [
    () => tallyWith((tally, sized) => ({ tally: tally.map((row) => [...row].reverse()), sized })),
    "tally_ciphertexts",
  ],
  "another's decryption": [
    () => partialWith((partial, owned) => ({ partial, owned: { ...owned, owner: 2 } })),
    "decryption_proof",
  ],
  "a decryption by nobody": [
    () => partialWith((partial, owned) => ({ partial, owned: { ...owned, owner: 3 } })),
    "decryption_owner",
  ],
  "a decryption without an owner": [() => partialWith((partial) => ({ partial, owned: {} })), "decryption_text"],
  "a trustee missing": [() => archiveOf([...plain.slice(0, 8), plain[9]]), "result_missing"],
  "another result": [
    () => replaced(9, ({ data }) => ({ data: [JSON.stringify({ result: swapFirst(JSON.parse(data[0]).result) })] })),
    "result_value",
  ],
};

for (const [what, [bytes, check]] of Object.entries(ALTERED)) {
  test(`a board with ${what} is refused by name`, async () => {
    const checkBallots = /^(ballot|credential)_/.test(check); // slow, and of no matter to the others

    assert.deepEqual((await checksOf(bytes(), { checkBallots }))[0], check);
  });
}

test("a board that lost what this device saw is told, with the head that is gone", async () => {
  const forked = archiveOf([...plain.slice(0, 2), plain[3]]);
  const seen = readArchive(archiveOf(plain.slice(0, 3))).head;

  const { findings } = await verifyBoard(forked, { heads: [seen] });

  assert.deepEqual(findings, [{ check: "board_forked", object: "archive", data: { head: seen } }]);
  assert.ok(extendsHead(readArchive(BYTES), seen));
  assert.ok(!extendsHead(readArchive(cut(archiveOf(plain.slice(0, 2)).length)), seen));
});

test("a ballot of a credential that is not listed is never tallied", async () => {
  const listed = JSON.parse(SETUP[2]).slice(1);
  const texts = [SETUP[0], SETUP[1], JSON.stringify(listed)];
  const [e, t, c] = texts.map(hashOf);
  const setup = { type: "Setup", data: [...texts, JSON.stringify({ election: e, trustees: t, credentials: c })] };

  assert.ok(
    (await checksOf(archiveOf([setup, ...plain.slice(1)]), { checkBallots: false })).includes("ballot_credential"),
  );
});

test("checking a board tells its progress and leaves the ballots out when asked", async () => {
  const told = [];
  const forged = replaced(BALLOT, ({ data }) => ({ data: [data[0].replace(/"hash":"."/, '"hash":"_"')] }));

  await verifyBoard(BYTES, { onProgress: (done, total) => told.push([done, total]) });

  assert.deepEqual(told.at(-1), [4, 4]);
  assert.deepEqual(await checksOf(forged, { checkBallots: false }), []);
});

test("an archive is refused when a size is no number", () => {
  const wrong = BYTES.map((byte, i) => (i >= 124 && i < 135 ? 32 : byte));

  assert.throws(() => readArchive(wrong), refusedAs("archive_record"));
});
