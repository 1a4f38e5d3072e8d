/** A Belenios election, version 1. Its fingerprint is that of the raw text, so the text is kept and never rebuilt. */

import { sha256Base64 } from "./bytes.js";
import { fieldsOf, isWhole, listOf, parseCompact, textsOf } from "./canonical.js";
import { groupNamed } from "./groups.js";
import { parseQuestion } from "./questions.js";
import { Refused, within } from "./refusal.js";

const OPTIONAL = ["administrator", "credential_authority", "language"];
const FIELDS = ["version", "description", "name", "group", "public_key", "questions", "uuid", ...OPTIONAL];

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
    this.questions = value.questions.map((question, i) =>
      within("election", `question ${i + 1}`, () => parseQuestion(question, this.group)),
    );
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

/** Belenios identifiers: at least 14 base58 characters. */
const isUuid = (value) => typeof value === "string" && /^[1-9A-HJ-NP-Za-km-z]{14,}$/.test(value);
