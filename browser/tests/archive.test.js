/** An archive is read byte for byte. What is noticed in altered ones, verify.test.js holds. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { examineArchive, readArchive } from "../core/archive.js";
import { verify } from "../core/verify.js";
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
  events.forEach(({ data, type }, height) => {
    const payload = data.length > 0 ? hashOf(data[data.length - 1]) : undefined;
    const text = JSON.stringify({ parent, height, type, payload });
    records.push(...data.map(dataRecord), eventRecord(text));
    parent = hashOf(text);
  });
  return new Uint8Array(Buffer.concat(records));
}

const plain = EVENTS.map(({ type, data }) => ({ type, data }));

test("the archive written here a second time is the vectors' to the last byte", () => {
  assert.deepEqual(archiveOf(plain), BYTES);
});

test("a board that grew begins with the bytes of the shorter one", () => {
  const lengths = EVENTS.map((_event, i) => archiveOf(plain.slice(0, i + 1)).length);

  for (const [i, length] of lengths.entries()) {
    const { events, head } = readArchive(BYTES.slice(0, length));

    assert.equal(events.length, i + 1);
    assert.equal(head, counted.events[i].hash);
  }
});

test("an archive is refused by the first thing that is wrong with it", () => {
  const noSize = BYTES.map((byte, i) => (i >= 124 && i < 135 ? 32 : byte));
  const otherTime = Buffer.concat([HEADER, record(`${hashOf("x")}.data.json`, "x", 5), BYTES.slice(1024)]);
  const magic = BYTES.map((byte, i) => (i === 257 ? 117 : byte));

  assert.throws(() => readArchive(noSize), refusedAs("archive_record"));
  assert.throws(() => readArchive(new Uint8Array(otherTime)), refusedAs("archive_record"));
  assert.throws(() => readArchive(magic), refusedAs("archive_record"));
  assert.throws(() => readArchive(BYTES.slice(0, BYTES.length - 1024)), refusedAs("archive_orphan"));
  assert.throws(() => readArchive(new Uint8Array(2048).fill(65)), refusedAs("not_an_archive"));
});

test("data that take more room than an event may have are refused", () => {
  const [setup, ballot] = plain;
  const [half, most] = ["0".repeat(2 ** 23 + 1), "0".repeat(2 ** 24 - 1000)];
  const found = (data) => namesOf(examineArchive(archiveOf([setup, { ...ballot, data }])).findings);

  assert.deepEqual(found([most]), []);
  assert.deepEqual(found([half, half]), [
    ["archive_large", "record 8"],
    ["archive_orphan", "record 7"],
  ]);
});

test("no more than a thousand findings are listed", async () => {
  const junk = Array.from({ length: 1001 }, () => eventRecord("{}"));

  const before = 1 + EVENTS.reduce((all, { data }) => all + data.length + 1, 0);

  const listed = async (count) =>
    namesOf((await verify(new Uint8Array(Buffer.concat([BYTES, ...junk.slice(0, count)])))).findings);

  assert.deepEqual((await listed(1000)).slice(999), [["event_text", `record ${before + 1000}`]]);
  assert.deepEqual((await listed(1001)).slice(999), [
    ["event_text", `record ${before + 1000}`],
    ["more_findings", "file"],
  ]);
});

const namesOf = (findings) => findings.map(({ check, object }) => [check, object]);
