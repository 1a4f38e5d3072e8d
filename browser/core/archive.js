/**
 * The Belenios archive `.bel` (section 4.4): an append-only tar of data and events, each event naming its parent.
 * Reading is byte-exact: only the file that the last event determines is accepted.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { isHex, textOf, toHex, utf8 } from "./bytes.js";
import { fieldsOf, parseCompact } from "./canonical.js";
import { Refused, within } from "./refusal.js";

const BLOCK = 512;
const EVENT_FIELDS = ["parent", "height", "type", "payload"];

/** For each type of event the fields of its payload that name further data, in their order; null means no payload. */
const EVENT_TYPES = {
  Setup: ["election", "trustees", "credentials"],
  Ballot: [],
  EndBallots: null,
  EncryptedTally: ["encrypted_tally"],
  Shuffle: ["payload"],
  EndShuffles: null,
  PartialDecryption: ["payload"],
  Result: [],
};

/** {timestamp, data: Map of hash to text, events: [{hash, parent, height, type, payload}], head}. */
export function readArchive(bytes) {
  const members = readMembers(bytes);
  const timestamp = timestampOf(members[0], bytes);
  const archive = { timestamp, data: new Map(), payloads: new Set(), events: [], head: null };
  let pending = [];
  for (const member of members.slice(1)) {
    if (!sameHeader(bytes, member, timestamp)) throw new Refused("archive_record", member.name);
    pending.push(readContent(archive, member));
    if (member.name.endsWith(".event.json")) {
      appendEvent(archive, pending);
      pending = [];
    }
  }
  if (pending.length > 0) throw new Refused("archive_orphan", pending[0]);
  if (archive.head === null) throw new Refused("archive_missing", "archive");
  return archive;
}

/** Whether the board that had *head* grew into this one: nothing that was seen is gone. */
export const extendsHead = (archive, head) => archive.events.some(({ hash }) => hash === head);

function readMembers(bytes) {
  const members = [];
  for (let offset = 0; offset < bytes.length;) {
    const member = readMember(bytes, offset, members.length === 0);
    members.push(member);
    offset = member.end;
  }
  if (members.length === 0) throw new Refused("not_an_archive");
  return members;
}

function readMember(bytes, offset, isFirst) {
  const name = asciiUntilZero(bytes.subarray(offset, offset + 100));
  if (isFirst && name !== "BELENIOS") throw new Refused("not_an_archive");
  if (offset + BLOCK > bytes.length) throw new Refused("archive_truncated", name);
  const size = octal(bytes.subarray(offset + 124, offset + 135));
  const start = offset + BLOCK;
  const end = start + Math.ceil(size / BLOCK) * BLOCK;
  if (end > bytes.length) throw new Refused("archive_truncated", name);
  if (bytes.subarray(start + size, end).some((byte) => byte !== 0)) throw new Refused("archive_record", name);
  return { name, offset, size, content: bytes.subarray(start, start + size), end };
}

function asciiUntilZero(bytes) {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}

function octal(bytes) {
  const text = String.fromCharCode(...bytes);
  if (!/^[0-7]{11}$/.test(text)) throw new Refused("archive_record", "archive");
  return parseInt(text, 8);
}

function timestampOf(member, bytes) {
  const { version, timestamp } = within(
    "archive",
    "BELENIOS",
    () => fieldsOf(parseCompact(textOf(member.content)), ["version", "timestamp"]),
    { not_json: "archive_header", not_canonical: "archive_header", not_utf8: "archive_header" },
  );
  const isTime = typeof timestamp === "string" && /^(0|[1-9][0-9]{0,9})$/.test(timestamp);
  if (version !== 1 || !isTime) throw new Refused("archive_header", "BELENIOS");
  if (!sameHeader(bytes, member, timestamp)) throw new Refused("archive_record", "BELENIOS");
  return timestamp;
}

function sameHeader(bytes, { name, offset, size }, timestamp) {
  const expected = header(name, size, Number(timestamp));
  return expected.every((byte, i) => byte === bytes[offset + i]);
}

/** An old-style tar header: no magic, everything but name, size and time fixed. */
function header(name, size, time) {
  const field = (number) => `${number.toString(8).padStart(11, "0")}\0`;
  const before = `${name.padEnd(100, "\0")}0000644\x000000000\x000000000\0${field(size)}${field(time)}`;
  const sum = utf8(`${before}        0`).reduce((a, b) => a + b, 0);
  const text = `${before}${sum.toString(8).padStart(6, "0")}\0 0`;
  return utf8(text.padEnd(BLOCK, "\0"));
}

function readContent(archive, { name, content }) {
  const [hash, kind, ...rest] = name.split(".");
  if (rest.join(".") !== "json" || (kind !== "data" && kind !== "event")) throw new Refused("archive_record", name);
  if (toHex(sha256(content)) !== hash) throw new Refused("archive_hash", name);
  archive.data.set(
    hash,
    within("archive", name, () => textOf(content), { not_utf8: "archive_record" }),
  );
  return hash;
}

/** The last of *pending* is an event; what stands before it must be exactly the data it leads to, in order. */
function appendEvent(archive, pending) {
  const hash = pending.pop();
  const event = parseEvent(archive, hash);
  archive.data.delete(hash);
  refuseRepeated(archive, event);
  const led = dataOf(archive, event);
  const orphan = pending.find((name, i) => name !== led[i]);
  if (orphan) throw new Refused("archive_orphan", orphan);
  if (pending.length !== led.length) throw new Refused("archive_missing", `event ${event.height}`);
  archive.events.push({ hash, ...event });
  archive.head = hash;
  archive.payloads.add(event.payload);
}

function refuseRepeated({ payloads }, { type, payload, height }) {
  if (type === "Ballot" && payloads.has(payload)) throw new Refused("ballot_repeated", `event ${height}`);
}

function parseEvent(archive, hash) {
  const height = archive.events.length;
  const object = `event ${height}`;
  const text = archive.data.get(hash);
  const value = within("event", object, () => fieldsOf(parseCompact(text), EVENT_FIELDS, ["parent", "payload"]));
  const event = {
    parent: value.parent ?? null,
    height: value.height,
    type: value.type,
    payload: value.payload ?? null,
  };
  const isKnown = Object.keys(EVENT_TYPES).includes(event.type);
  if (!isKnown || (event.payload === null) !== (EVENT_TYPES[event.type] === null))
    throw new Refused("event_text", object);
  if (event.parent !== archive.head) throw new Refused("event_parent", object);
  if (event.height !== height) throw new Refused("event_height", object);
  return event;
}

function dataOf(archive, { height, type, payload }) {
  if (payload === null) return [];
  const text = archive.data.get(payload);
  if (!isHex(payload, 32) || text === undefined) throw new Refused("archive_missing", `event ${height}`);
  const further = EVENT_TYPES[type];
  if (further.length === 0) return [payload];
  const value = payloadOf(archive, { height, type, payload });
  return [...further.map((name) => value[name]), payload];
}

const PAYLOADS = {
  Setup: { part: "setup", names: ["election", "trustees", "credentials"] },
  EncryptedTally: { part: "tally", names: ["num_tallied", "total_weight", "encrypted_tally"] },
  Shuffle: { part: "event", names: ["owner", "payload"] },
  PartialDecryption: { part: "decryption", names: ["owner", "payload"] },
};

/** The payload of an event that names further data: {election, …}, {num_tallied, …} or {owner, payload}. */
export function payloadOf(archive, { height, type, payload }) {
  const { part, names } = PAYLOADS[type];
  return within(part, `event ${height}`, () => fieldsOf(parseCompact(archive.data.get(payload)), names));
}
