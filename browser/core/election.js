/** A Belenios election, version 1. Its fingerprint is that of the raw text, so the text is kept and never rebuilt. */

import { sha256Base64 } from "./bytes.js";
import { fieldsOf, isObject, isWhole, listOf, parseCompact, textsOf } from "./canonical.js";
import { groupNamed } from "./groups.js";
import { Refused, within } from "./refusal.js";

const OPTIONAL = ["administrator", "credential_authority", "language"];
const FIELDS = ["version", "description", "name", "group", "public_key", "questions", "uuid", ...OPTIONAL];
const QUESTION_FIELDS = ["answers", "blank", "min", "max", "question"];

export const parseElection = (text) =>
  within("election", "election", () => new Election(text), {
    outside_group: "election_key",
    unknown_group: "election_group",
  });

class Election {
  constructor(text) {
    const value = fieldsOf(parseCompact(text), FIELDS, OPTIONAL);
    if (!isWhole(value.version)) throw new Refused("not_canonical");
    if (value.version !== 1) throw new Refused("election_version");
    textsOf(Object.keys(value).filter((name) => !["version", "questions"].includes(name)).map((name) => value[name]));
    if (!isUuid(value.uuid) || listOf(value.questions).length === 0) throw new Refused("not_canonical");
    this.text = text;
    this.fingerprint = sha256Base64(text);
    this.uuid = value.uuid;
    this.name = value.name;
    this.description = value.description;
    this.administrator = value.administrator ?? null;
    this.group = groupNamed(value.group);
    this.publicKeyText = value.public_key;
    this.publicKey = this.group.key(value.public_key);
    this.questions = value.questions.map(parseQuestion);
  }

  /** y^s, y being the election's public key. */
  powerPublicKey(s) {
    this.publicKeyTable ??= this.group.table(this.publicKey);
    return this.publicKeyTable(s);
  }

  /** The same of a number that is public. */
  publicPowerPublicKey(s) {
    this.fastPublicKeyTable ??= this.group.publicTable(this.publicKey);
    return this.fastPublicKeyTable(s);
  }
}

const parseQuestion = (value, i) => within("election", `question ${i + 1}`, () => parseHomomorphic(value));

function parseHomomorphic(value) {
  if (isObject(value) && "type" in value) throw new Refused("election_question_unsupported");
  const { answers, blank = false, min, max, question } = fieldsOf(value, QUESTION_FIELDS, ["blank"]);
  textsOf([question, ...textsOf(answers)]);
  if (typeof blank !== "boolean" || !isWhole(min) || !isWhole(max)) throw new Refused("not_canonical");
  if (answers.length === 0 || min > max || max > answers.length) throw new Refused("election_question");
  return { answers, blank, min, max, question };
}

/** Belenios identifiers: at least 14 base58 characters. */
const isUuid = (value) => typeof value === "string" && /^[1-9A-HJ-NP-Za-km-z]{14,}$/.test(value);
