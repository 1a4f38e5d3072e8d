/**
 * The Belenios archive `.bel` (section 4.4): an append-only tar of data and events, each event naming its parent.
 * Exactly one sequence of bytes is right for given events: what a reader could overlook is a finding instead.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { isHex, textOf, toHex, utf8 } from "./bytes.js";
import { fieldsOf, isObject, isWhole, parseCompact } from "./canonical.js";
import { collect, finding, Refused } from "./refusal.js";

const BLOCK = 512;
const HEADER_NAME = "BELENIOS";
const LATEST = 8 ** 11; // eleven octal digits is all a record's header has room for
/** What the data of one event may take: a list of voters or a shuffle is long, one ballot is not. */
const LARGEST_DATA = 2 ** 28;
const LARGEST_PAPER = 2 ** 24;
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

/**
 * {archive, findings}: what can be read, and everything that is wrong with the bytes and the chain.
 * The archive is {timestamp, events: [{hash, parent, height, type, payload, data: texts, the payload last, hashes}], head};
 * null stands for what is no archive at all.
 */
export function examineArchive(bytes) {
  if (!looksLikeArchive(bytes)) return { archive: null, findings: [finding("not_an_archive", "file")] };
  const findings = [];
  const members = withinRoom(readMembers(bytes, findings), findings);
  const timestamp = timestampOf(members[0]);
  if (timestamp === null) findings.push(finding("archive_header", "record 1"));
  members.forEach((member, i) => {
    const isExact = timestamp === null || hasExactBytes(member, timestamp);
    if (!isExact) findings.push(finding("archive_record", `record ${i + 1}`));
  });
  const events = readEvents(members.slice(1), findings);
  findings.push(...chainFindings(events));
  const head = events.length > 0 ? events[events.length - 1].hash : null;
  return { archive: { timestamp, events, head }, findings };
}

/** The archive, when nothing is wrong with it. */
export function readArchive(bytes) {
  const { archive, findings } = examineArchive(bytes);
  const [first] = findings;
  if (first !== undefined) throw new Refused(first.check, first.object);
  return archive;
}

/** The first record is named as it should be, or, that being damaged, the second one is. */
const looksLikeArchive = (bytes) =>
  latin(bytes.subarray(0, HEADER_NAME.length + 1)) === `${HEADER_NAME}\0` ||
  latin(bytes.subarray(0, 3 * BLOCK)).includes(".data.json\0");

const latin = (bytes) => String.fromCharCode(...bytes);

/** Cuts the file into records; what cannot be cut further is a finding. */
function readMembers(bytes, findings) {
  const members = [];
  for (let offset = 0; offset < bytes.length;) {
    const member = collect(findings, `record ${members.length + 1}`, () => readMember(bytes, offset));
    if (member === null) break;
    members.push(member);
    offset += member.raw.length;
  }
  return members;
}

/** As many of them as may be that large; the rest is not looked at. */
function withinRoom(members, findings) {
  let room = LARGEST_DATA;
  for (const [i, { name, content, text }] of members.entries()) {
    if (content.length > room) {
      findings.splice(0, findings.length, finding("archive_large", `record ${i + 1}`));
      return members.slice(0, i);
    }
    room -= content.length;
    const event = i > 0 && kindOf(name) === "event.json" && collect([], "", () => readEvent("", text, []));
    if (event) room = ["Setup", "Ballot"].includes(event.type) ? LARGEST_PAPER : LARGEST_DATA;
  }
  return members;
}

function readMember(bytes, offset) {
  const start = offset + BLOCK;
  if (start > bytes.length) throw new Refused("archive_truncated");
  const size = octal(bytes.subarray(offset + 124, offset + 135));
  const end = start + Math.ceil(size / BLOCK) * BLOCK;
  if (end > bytes.length) throw new Refused("archive_truncated");
  try {
    const name = textOf(withoutZeros(bytes.subarray(offset, offset + 100)));
    const content = bytes.subarray(start, start + size);
    return { name, content, text: textOf(content), raw: bytes.subarray(offset, end) };
  } catch (error) {
    throw error instanceof Refused ? new Refused("archive_record") : error;
  }
}

function octal(bytes) {
  const text = latin(bytes);
  if (!/^[0-7]{11}$/.test(text)) throw new Refused("archive_record");
  return parseInt(text, 8);
}

function withoutZeros(bytes) {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** The time in the first record, or null. */
function timestampOf(member) {
  return collect([], "record 1", () => {
    if (member?.name !== HEADER_NAME) throw new Refused("archive_header");
    const { version, timestamp } = fieldsOf(parseCompact(member.text), ["version", "timestamp"]);
    const isTime = typeof timestamp === "string" && /^(0|[1-9][0-9]{0,9})$/.test(timestamp);
    if (version !== 1 || !isTime || Number(timestamp) >= LATEST) throw new Refused("archive_header");
    return timestamp;
  });
}

function hasExactBytes({ name, content, raw }, timestamp) {
  const expected = header(name, content.length, Number(timestamp));
  const padding = raw.subarray(BLOCK + content.length);
  return expected.every((byte, i) => byte === raw[i]) && padding.every((byte) => byte === 0);
}

/** An old-style tar header: no magic, everything but name, size and time fixed. */
function header(name, size, time) {
  const field = (number) => `${number.toString(8).padStart(11, "0")}\0`;
  const block = new Uint8Array(BLOCK);
  block.set(utf8(name));
  block.set(utf8(`0000644\x000000000\x000000000\0${field(size)}${field(time)}        0`), 100);
  const sum = block.reduce((a, b) => a + b, 0);
  block.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return block;
}

function readEvents(members, findings) {
  const events = [];
  let pending = [];
  members.forEach(({ name, content, text }, i) => {
    const object = `record ${i + 2}`;
    const [digest] = name.split(".");
    const isEvent = kindOf(name) === "event.json";
    if (!isEvent && kindOf(name) !== "data.json") {
      findings.push(finding("archive_record", object));
      return;
    }
    const hash = toHex(sha256(content));
    if (digest !== hash) findings.push(finding("archive_hash", object));
    if (!isEvent) {
      pending.push({ hash, text });
      return;
    }
    const event = collect(findings, object, () => readEvent(hash, text, pending));
    if (event !== null) events.push(event);
    pending = [];
  });
  if (pending.length > 0) findings.push(finding("archive_orphan", `record ${members.length + 1}`));
  return events;
}

const kindOf = (name) => name.split(".").slice(1).join(".");

function readEvent(hash, text, pending) {
  try {
    const { parent, height, type, payload } = fieldsOf(parseCompact(text), EVENT_FIELDS, ["parent", "payload"]);
    const isOne =
      Object.keys(EVENT_TYPES).includes(type) &&
      isWhole(height) &&
      [parent, payload].every((named) => named === undefined || isHex(named, 32));
    if (!isOne) throw new Refused("event_text");
    const data = pending.map((datum) => datum.text);
    const hashes = pending.map((datum) => datum.hash);
    return { hash, parent: parent ?? null, height, type, payload: payload ?? null, data, hashes };
  } catch (error) {
    throw error instanceof Refused ? new Refused("event_text") : error;
  }
}

function chainFindings(events) {
  return events.flatMap((event, height) => {
    const object = `event ${height} (${event.type})`;
    const parent = height === 0 ? null : events[height - 1].hash;
    return [
      ...(event.parent === parent ? [] : [finding("event_parent", object)]),
      ...(event.height === height ? [] : [finding("event_height", object)]),
      ...(event.hashes.join() === referredBy(event)?.join() ? [] : [finding("archive_missing", object)]),
    ];
  });
}

/** The hashes of the data that must stand before an event; null when it does not even name them. */
function referredBy({ type, payload, data }) {
  const further = EVENT_TYPES[type];
  if (further === null) return payload === null ? [] : null;
  if (payload === null) return null;
  if (further.length === 0 || data.length === 0) return [payload];
  const named = namedIn(data[data.length - 1], further);
  return named && [...named, payload];
}

/** Only the hashes are wanted here; that the text is exact is checked where it is understood. */
function namedIn(text, names) {
  try {
    const value = JSON.parse(text);
    return isObject(value) && names.every((name) => isHex(value[name], 32)) ? names.map((name) => value[name]) : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
