/** The lies a server could tell a booth, a trustee or a teller about an election, each noticed by name. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { makeBallot } from "../core/ballot.js";
import { nonce } from "../core/blinding.js";
import { secureRandom, sha256Base64, sha256Hex } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import { charterHash, checkCharter, descriptionOf, parseCharter } from "../core/charter.js";
import { composeCredentials, recomputeCredentials } from "../core/credentials.js";
import { parseElection } from "../core/election.js";
import { groupNamed } from "../core/groups.js";
import { memberKey } from "../core/memberkeys.js";
import { checkReceipt, receiptWords } from "../core/receipt.js";
import { entitled, verifyRoll } from "../core/roll.js";
import {
  auditStatement,
  checkElection,
  checkSetup,
  checkSetupForSlip,
  freezeStatement,
  slipsStatement,
} from "../core/setup.js";
import { newSlipCode, slipCredential } from "../core/slips.js";
import { statement } from "../core/statements.js";
import { generateTrusteeKey } from "../core/trusteekey.js";
import { parseQuorums, withoutVerificationKeys } from "../core/trustees.js";
import { chain, COMMITTEE, entryRecord, goodRecords, keysOf, rootOf, signedBy, vouchOf } from "./committee.js";
import { checksOf, refusedAs, vector } from "./support.js";

const group = groupNamed("BELENIOS-2048");
const UUID = "7pbdKANZCGj6dS";
const K = new Uint8Array(32).fill(3);
const BOARD = 99; // the member whose root stands for the board's own key
const TRUSTEES = [1, 2];
const TELLERS = [3, 5];
const QUESTIONS = [{ question: "Shall we strike?", answers: ["Yes", "No"], min: 1, max: 1, blank: false }];

let roll;
let trustees;
let honest;
let own;

before(async () => {
  roll = await verifyRoll(chain(goodRecords()));
  trustees = TRUSTEES.map((number) => ({ number, ...generateTrusteeKey(group, secureRandom) }));
  honest = await setupOf({});
  own = ownOf(4);
});

const ownOf = (number) => {
  const keyText = keysOf(number).credentials[group.name];
  return { keyText, n: nonce(K, keyText) };
};

const charterOf = (change) => ({
  type: "openfloor/charter/1",
  committee: { id: COMMITTEE, name: "Ward 5", zone: "America/Los_Angeles" },
  ballot: UUID,
  title: "Strike",
  text: "We stop work on 1 December.",
  questions: QUESTIONS,
  group: group.name,
  rule: {
    turnout_at_least: { numerator: 1, denominator: 2, of: "entitled", counts: "every accepted paper, blank ones too" },
    approval_more_than: { numerator: 1, denominator: 2, of: "yes and no" },
    tie: "not carried",
  },
  roll: { head: roll.head, position: roll.size - 1, entitled: 5, day: "2026-09-23" },
  opens_not_before: "2026-09-24T07:00:00Z",
  closes_at: "2026-09-26T07:00:00Z",
  trustees: trustees.map(({ number, publicKeyText }) => ({ number, public_key: JSON.parse(publicKeyText).public_key })),
  tellers: TELLERS,
  chosen_by: 1,
  effect: null,
  ledger_head: "0".repeat(64),
  ...change,
});

/** setup.json as an honest server makes it, but for what is given. */
async function setupOf({
  charter: change = {},
  election: changeOfElection = {},
  keys = trustees,
  credentials,
  slips = [],
  entitledDay = "2026-09-23",
}) {
  const charter = canonical(charterOf(change));
  const election = {
    version: 1,
    description: descriptionOf("Strike", charterHash(charter)),
    name: "Strike",
    group: group.name,
    public_key: group.text(group.product(keys.map(({ x }) => group.powerGenerator(x)))),
    questions: [{ answers: ["Yes", "No"], min: 1, max: 1, question: "Shall we strike?" }],
    uuid: UUID,
    administrator: "Ward 5",
    ...changeOfElection,
  };
  const members = entitled(roll, entitledDay).map(({ keys: { credentials: texts } }) => texts[group.name]);
  const setup = {
    charter,
    election: JSON.stringify(election),
    trustees: `[${keys.map(({ publicKeyText }) => `["Single",${publicKeyText}]`).join(",")}]`,
    credentials: credentials ?? (await recomputeCredentials(group, UUID, K, members, { slips: slips.flatMap(keysIn) })),
    extensions: [],
    ...(slips.length > 0 ? { slips } : {}),
  };
  return signed(setup);
}

/** The same with the signatures of its people over what it says now. */
function signed(setup) {
  const { election } = checkElection(setup);
  const freezes = TRUSTEES.map((number) => ({
    number,
    signature: signedBy(number, freezeStatement(setup, election, number)),
  }));
  return { ...signedAudits(setup), freezes };
}

function signedAudits(setup) {
  const { election, charter } = checkElection(setup, { isUnfinished: true });
  const audits = TELLERS.map((number) => ({
    number,
    signature: signedBy(number, auditStatement(setup, election, charter, number)),
  }));
  return { ...setup, audits };
}

const findingsOf = (setup, more = {}) => checksOf(checkSetup(setup, { roll, own, ...more }).findings);

test("an honest setup has no findings, for each member who is entitled", () => {
  for (const number of [1, 2, 3, 4, 5]) {
    const { findings, closesAt, election } = checkSetup(honest, { roll, own: ownOf(number) });
    assert.deepEqual(findings, []);
    assert.equal(closesAt, "2026-09-26T07:00:00Z");
    assert.equal(election.uuid, UUID);
  }
});

const withNewcomer = () =>
  chain([
    ...goodRecords(),
    entryRecord(6, "2026-09-28", false, [vouchOf(1, 6, "2026-09-27"), vouchOf(2, 6, "2026-09-28")]),
  ]);

const LIES = {
  "a text that was changed": [
    () => ({ ...honest, charter: honest.charter.replace("December", "January") }),
    ["charter_hash", "freeze_signature", "freeze_signature"],
  ],
  "a charter that is not canonical": [
    () => ({ ...honest, charter: honest.charter.replace("{", "{ ") }),
    ["not_canonical"],
  ],
  "practice that the trustees did not sign": [
    () => ({ ...honest, charter: canonical({ ...JSON.parse(honest.charter), practice: true }) }),
    ["charter_hash", "freeze_signature", "freeze_signature"],
  ],
  "another title": [() => setupOf({ charter: { title: "Party" } }), ["charter_hash", "charter_title"]],
  "another committee": [() => setupOf({ election: { administrator: "Ward 6" } }), ["charter_committee"]],
  "another ballot's charter": [() => setupOf({ charter: { ballot: "8pbdKANZCGj6dS" } }), ["charter_ballot"]],
  "another question": [
    () =>
      setupOf({ election: { questions: [{ answers: ["No", "Yes"], min: 1, max: 1, question: "Shall we strike?" }] } }),
    ["charter_questions"],
  ],
  "a trustee's key swapped": [
    () => setupOf({ keys: [trustees[0], { ...trustees[1], ...generateTrusteeKey(group, secureRandom) }] }),
    ["charter_trustees"],
  ],
  "a trustee who was left out": [() => setupOf({ keys: trustees.slice(0, 1) }), ["charter_trustees"]],
  "an election key that is not the trustees'": [
    () => setupOf({ election: { public_key: group.text(group.powerGenerator(5n)) } }),
    ["election_key"],
  ],
  "a trustee who has not signed": [() => ({ ...honest, freezes: honest.freezes.slice(1) }), ["freeze_missing"]],
  "a trustee's signature of another's": [
    () => ({
      ...honest,
      freezes: honest.freezes.map(({ number }) => ({ number, signature: honest.freezes[0].signature })),
    }),
    ["freeze_signature"],
  ],
  "one teller only": [() => ({ ...honest, audits: honest.audits.slice(1) }), ["audit_missing"]],
  "one teller twice": [() => ({ ...honest, audits: [honest.audits[0], honest.audits[0]] }), ["audit_missing"]],
  "a teller nobody chose": [
    () => ({ ...honest, audits: [honest.audits[0], { ...honest.audits[1], number: 4 }] }),
    ["audit_missing"],
  ],
  "a credential swapped": [
    async () => ({
      ...honest,
      credentials: await recomputeCredentials(
        group,
        UUID,
        K.map(() => 4),
        [1, 2, 3, 4, 5].map((number) => ownOf(number).keyText),
      ),
    }),
    ["own_credential_missing", "audit_signature", "audit_signature"],
  ],
  "a credential added": [
    () => ({
      ...honest,
      credentials: JSON.stringify([...JSON.parse(honest.credentials), group.text(group.powerGenerator(5n))]),
    }),
    ["credentials_count", "audit_signature", "audit_signature"],
  ],
  "a credential of weight two": [
    () => ({ ...honest, credentials: honest.credentials.replace(/(\d)"/, '$1,2"') }),
    null, // whose weight it is decides whether this member's own is missed too
  ],
  "more entitled than the roll has": [
    async () => setupOf({ charter: { roll: { ...charterOf({}).roll, entitled: 6 } } }),
    ["roll_entitled", "credentials_count"],
  ],
  "an earlier day, that a member is not entitled": [
    async () =>
      setupOf({
        charter: { roll: { ...charterOf({}).roll, day: "2026-09-22", entitled: 4 } },
        entitledDay: "2026-09-22",
      }),
    ["own_credential_missing"],
  ],
};

for (const [lie, [setup, checks]] of Object.entries(LIES)) {
  test(`a setup with ${lie} is noticed`, async () => {
    const found = findingsOf(await setup());

    if (checks === null) assert.ok(found.includes("credentials_weight"));
    else assert.deepEqual(found, checks);
  });
}

test("a roll that is not the charter's, or has findings, is noticed", async () => {
  const grown = await verifyRoll(withNewcomer());
  const broken = await verifyRoll([...chain(goodRecords()).slice(0, 5), "[]"]);

  assert.deepEqual(findingsOf(honest, { roll: grown }), ["roll_head"]);
  assert.ok(findingsOf(honest, { roll: broken }).includes("roll_findings"));
});

test("a roll of another committee is noticed", async () => {
  const elsewhere = await setupOf({ charter: { committee: { ...charterOf({}).committee, id: COMMITTEE.replace("6", "7") } } });

  assert.deepEqual(findingsOf(elsewhere), ["roll_head"]);
});

test("a charter with one trustee or teller, or one of them twice, is noticed", async () => {
  const alone = trustees.slice(0, 1);
  const [one, other] = charterOf({}).trustees;
  const ofOne = await setupOf({ charter: { trustees: [one] }, keys: alone });
  const ofOneTwice = await setupOf({ charter: { trustees: [one, { ...other, number: one.number }] } });

  assert.deepEqual(findingsOf(ofOne), ["charter_officers"]);
  assert.deepEqual(findingsOf(ofOneTwice), ["charter_officers"]);
  assert.ok(findingsOf(await setupOf({ charter: { tellers: [3] } })).includes("charter_officers"));
  assert.ok(findingsOf(await setupOf({ charter: { tellers: [3, 5, 3] } })).includes("charter_officers"));
});

test("a roll that lost or changed what was seen, or an older one than the day of the charter, is noticed", async () => {
  const shrunk = await verifyRoll(chain(goodRecords().slice(0, -1)), { from: roll });
  const forked = await verifyRoll(chain(goodRecords()), { seen: { position: 1, head: "0".repeat(64) } });

  assert.deepEqual(findingsOf(honest, { roll: shrunk }), ["roll_shrunk"]);
  assert.deepEqual(findingsOf(honest, { roll: forked }), ["roll_forked"]);
  assert.deepEqual(findingsOf(honest, { roll: { ...roll, nextDay: "2026-09-22" } }), ["roll_outdated"]);
  assert.deepEqual(findingsOf(honest, { roll: { ...roll, nextDay: "2026-09-23" } }), []);
});

test("an extension counts when two of the trustees and tellers signed it, and only a later time", () => {
  const { fingerprint } = checkElection(honest).election;
  const extension = (closesAt, numbers) => {
    const said = statement("extension", { ballot: UUID, election_hash: fingerprint, closes_at: closesAt });
    return {
      closes_at: closesAt,
      signatures: numbers.map((number) => ({ number, signature: signedBy(number, said) })),
    };
  };
  const check = (...extensions) => checkSetup({ ...honest, extensions }, { roll, own });

  assert.equal(check(extension("2026-09-27T07:00:00Z", [1, 3])).closesAt, "2026-09-27T07:00:00Z");
  assert.deepEqual(check(extension("2026-09-27T07:00:00Z", [1, 3])).findings, []);
  for (const wrong of [
    extension("2026-09-27T07:00:00Z", [1, 4]),
    extension("2026-09-27T07:00:00Z", [1, 1]),
    extension("2026-09-25T07:00:00Z", [1, 3]),
  ]) {
    assert.equal(check(wrong).closesAt, "2026-09-26T07:00:00Z");
    assert.deepEqual(checksOf(check(wrong).findings), ["extension"]);
  }
});

test("a charter lacks no field, has none too many, and closes after it opens", () => {
  const charter = charterOf({});
  const { tie: _tie, ...withoutTie } = charter.rule;

  assert.deepEqual(parseCharter(canonical(charter)), charter);
  assert.deepEqual(
    parseCharter(canonical({ ...charter, rule: { ...charter.rule, approval_more_than: null, tie: null } })).rule.tie,
    null,
  );
  const effect = { kind: "end_role", number: 4, role: "teller" };
  assert.deepEqual(parseCharter(canonical({ ...charter, effect })).effect, effect);
  for (const wrong of [
    { ...charter, note: "" },
    { ...charter, rule: withoutTie },
    { ...charter, rule: { ...charter.rule, approval_more_than: { ...charter.rule.approval_more_than, of: "all" } } },
    { ...charter, closes_at: charter.opens_not_before },
    { ...charter, trustees: [] },
    { ...charter, type: "openfloor/charter/2" },
    { ...charter, effect: { kind: "give_role", number: 4 } },
    { ...charter, effect: { kind: "give_role", number: 4, role: "chair" } },
    { ...charter, effect: { kind: "raise", number: 4, role: "teller" } },
    { ...charter, roll: { ...charter.roll, day: "2026-02-30" } },
    { ...charter, rule: { ...charter.rule, turnout_at_least: { ...charter.rule.turnout_at_least, denominator: 0 } } },
  ]) {
    assert.throws(() => parseCharter(canonical(wrong)), refusedAs("charter_text"));
  }
});

const TERM = {
  about: "Raise over four years",
  measure: "wages.total",
  bound: "at_least",
  unit: "percent",
  numerator: 31,
  denominator: 100,
};
const MANDATE = { terms: [TERM], action: { what: "Strike", by: "2099-01-01T07:00:00Z" }, expires_at: null, changed_by: "same_rule" };

test("a charter may bind whoever speaks for us, to what falls due after the vote, where yes or no is asked", () => {
  const charter = charterOf({ mandate: MANDATE });
  assert.deepEqual(parseCharter(canonical(charter)), charter);
  const other = (change) => charterOf({ mandate: { ...MANDATE, ...change } });
  for (const wrong of [
    charterOf({ mandate: null }),
    charterOf({ mandate: MANDATE, practice: true }),
    charterOf({ mandate: MANDATE, questions: [{ ...charter.questions[0], answers: ["A", "B", "C"] }] }),
    other({ terms: [], action: null }),
    other({ terms: [{ ...TERM, measure: "Wages" }] }),
    other({ terms: [{ ...TERM, denominator: 0 }] }),
    other({ terms: [{ ...TERM, unit: "dollars" }] }),
    other({ action: { what: "Strike", by: charter.closes_at } }),
    other({ expires_at: MANDATE.action.by }),
    other({ changed_by: "nobody" }),
    other({ more: 1 }),
  ]) {
    assert.throws(() => parseCharter(canonical(wrong)), refusedAs("charter_text"));
  }
});

test("a ballot may change a mandate, and says which breach it is about", () => {
  const effect = { kind: "change_mandate", ballot: "8pbdKANZCGj6dS", breach: 40 };
  assert.deepEqual(parseCharter(canonical(charterOf({ effect }))).effect, effect);
  for (const wrong of [{ ...effect, breach: "40" }, { ...effect, kind: "end_mandate" }, { kind: "change_mandate", ballot: "x" }]) {
    assert.throws(() => parseCharter(canonical(charterOf({ effect: wrong }))), refusedAs("charter_text"));
  }
});

const ELECTS = {
  type: "NonHomomorphic",
  question: "Who speaks for us?",
  answers: ["Ana", "Ben", "Chen"],
  extra: { type: "PreferentialVoting", blank: true, seats: 2, method: "STV" },
};
const ORDERS = { ...ELECTS, extra: { type: "PreferentialVoting", blank: true, method: "Schulze" } };
const GRADES = {
  ...ELECTS,
  extra: { type: "ScoreVoting", blank: false, method: "MajorityJudgment", grades: ["Good", "Bad"] },
};
const ELECTED = { kind: "give_role_to_elected", candidates: [4, 2, 5], role: "teller" };
const with_ = (question, change) => ({ ...question, extra: { ...question.extra, ...change } });

test("a charter asks for choices, ranks and grades, and can give a role to whoever is elected", () => {
  const asking = (...questions) => canonical(charterOf({ questions }));
  const electing = (effect, question = ELECTS) => canonical(charterOf({ questions: [question], effect }));

  assert.deepEqual(parseCharter(asking(QUESTIONS[0], ELECTS, ORDERS, GRADES)).questions.length, 4);
  assert.deepEqual(parseCharter(electing(ELECTED)).effect, ELECTED);
  for (const wrong of [
    asking({ ...ELECTS, max: 1 }),
    asking({ ...ELECTS, extra: null }),
    asking(with_(ELECTS, { method: "Borda" })),
    asking(with_(ELECTS, { type: "ScoreVoting" })),
    asking(with_(ELECTS, { seats: 0 })),
    asking(with_(ELECTS, { seats: 4 })),
    asking(with_(ELECTS, { seats: "2" })),
    asking(with_(ELECTS, { blank: 1 })),
    asking(with_(ORDERS, { seats: 1 })),
    asking(with_(GRADES, { grades: ["Good"] })),
    asking(with_(GRADES, { grades: ["Good", 2] })),
    asking(with_(GRADES, { grades: "Good" })),
    asking(null),
    electing({ ...ELECTED, candidates: [4, 2] }),
    electing({ ...ELECTED, candidates: [4, 2, 2] }),
    electing({ ...ELECTED, candidates: [4, 2, "5"] }),
    electing({ ...ELECTED, role: "chair" }),
    electing({ ...ELECTED, number: 4 }),
    electing(ELECTED, ORDERS),
    electing("give_role_to_elected"),
  ]) {
    assert.throws(() => parseCharter(wrong), refusedAs("charter_text"));
  }
});

test("ranks in the charter are those of the election, counted as it says", () => {
  const { question, answers, extra } = ELECTS;
  const election = parseElection(
    JSON.stringify({
      version: 1,
      description: "",
      name: "Strike",
      group: "RFC-3526-2048",
      public_key: "4",
      questions: [{ type: "NonHomomorphic", value: { answers, question }, extra }],
      uuid: UUID,
      administrator: "Ward 5",
    }),
  );
  const found = (asked) => checksOf(checkCharter(canonical(charterOf({ questions: [asked] })), election).findings);

  assert.ok(!found(ELECTS).includes("charter_questions"));
  for (const other of [ORDERS, with_(ELECTS, { seats: 1 }), { ...ELECTS, answers: ["Ben", "Ana", "Chen"] }]) {
    assert.ok(found(other).includes("charter_questions"));
  }
});

test("a charter's threshold is from two to the number of trustees", () => {
  assert.equal(parseCharter(canonical(charterOf({ threshold: 2 }))).threshold, 2);
  for (const threshold of [null, 0, 1, 3, "2", true]) {
    assert.throws(() => parseCharter(canonical(charterOf({ threshold }))), refusedAs("charter_text"));
  }
});

test("another threshold, or another list of trustees, than the charter says is noticed", async () => {
  const { parameters, shares } = vector("threshold").find((vectors) => vectors.group === group.name);
  const keys = shares.map((share) => group.text(group.powerGenerator(BigInt(share))));
  const chosen = [1, 2, 4].map((number, i) => ({ number, public_key: keys[i] }));
  const item = `["Pedersen",${parameters}]`;
  const single = `["Single",${trustees[0].publicKeyText}]`;
  const findingsWith = async (charter, ...items) => {
    const list = `[${items.join(",")}]`;
    const product = group.product(parseQuorums(group, list).map(({ publicKey }) => publicKey));
    const setup = await setupOf({ charter, election: { public_key: group.text(product) } });
    return checksOf(checkElection({ ...setup, trustees: list }).findings);
  };
  const withSingle = [...chosen, { number: 5, public_key: JSON.parse(trustees[0].publicKeyText).public_key }];

  assert.deepEqual(await findingsWith({ trustees: chosen, threshold: 2 }, item), []);
  assert.deepEqual(await findingsWith({ trustees: chosen, threshold: 3 }, item), ["charter_threshold"]);
  assert.deepEqual(await findingsWith({ trustees: chosen }, item), ["charter_threshold"]);
  assert.deepEqual(await findingsWith({ trustees: withSingle, threshold: 2 }, item, single), ["charter_threshold"]);
  assert.deepEqual(await findingsWith({ trustees: [...chosen].reverse(), threshold: 2 }, item), ["charter_trustees"]);
  assert.deepEqual(findingsOf(await setupOf({ charter: { threshold: 2 } })), ["charter_threshold"]);
});

test("trustees of a threshold sign what is fixed before their shares are open, and a booth asks for all of it", async () => {
  const { parameters, settled } = vector("threshold").find((vectors) => vectors.group === group.name);
  const chosen = TRUSTEES.concat(4).map((number, i) => ({ number, public_key: settled.share_keys[i] }));
  const charter = { trustees: chosen, threshold: 2 };
  const finished = `[["Pedersen",${parameters}]]`;
  const made = await setupOf({ charter, election: { public_key: settled.public_key } });
  const fixed = { ...made, trustees: withoutVerificationKeys(finished) };
  const { election, findings } = checkElection(fixed, { isUnfinished: true });
  const freezes = chosen.map(({ number }) => ({ number, signature: signedBy(number, freezeStatement(fixed, election, number)) }));
  const setup = { ...signedAudits(fixed), freezes, trustees: finished };
  const changed = (from, to) => findingsOf({ ...setup, trustees: finished.replace(from, to) });

  assert.deepEqual(findings, []);
  assert.deepEqual(checksOf(checkElection(fixed).findings), ["trustees_text"]);
  assert.deepEqual(findingsOf(setup), []);
  assert.deepEqual(findingsOf({ ...setup, trustees: fixed.trustees }), ["trustees_text"]);
  assert.deepEqual(findingsOf({ ...setup, freezes: freezes.slice(1) }), ["freeze_missing"]);
  assert.deepEqual(changed('"threshold":2', '"threshold":3')[0], "certificate_context");
  assert.deepEqual(changed('"pok":{"challenge":"', '"pok":{"challenge":"1')[0], "trustee_proof");
  assert.deepEqual(changed('"coefexps":[', '"coefexps": ['), ["trustees_text", "freeze_signature", "freeze_signature", "freeze_signature"]);
});

test("a charter says practice only as true, and then does nothing by itself", () => {
  const practice = charterOf({ practice: true });
  const effect = { kind: "end_role", number: 4, role: "teller" };

  assert.deepEqual(parseCharter(canonical(practice)), practice);
  for (const wrong of [{ practice: false }, { practice: null }, { practice: 1 }, { practice: true, effect }]) {
    assert.throws(() => parseCharter(canonical(charterOf(wrong))), refusedAs("charter_text"));
  }
});

test("a practice ballot is checked like any other", async () => {
  assert.deepEqual(findingsOf(await setupOf({ charter: { practice: true } })), []);
});

test("a receipt must be the board's word on this very ballot paper", () => {
  const { election } = checkElection(honest);
  const text = makeBallot(election, 5n, [[1, 0]], secureRandom);
  const receipt = statement("receipt", {
    ballot: UUID,
    election_hash: election.fingerprint,
    ballot_hash: sha256Base64(text),
    event: sha256Hex("event"),
    height: 3,
    ledger_head: "0".repeat(64),
  });
  const answer = { receipt, signature: signedBy(BOARD, receipt), state: "counts" };
  const boardKey = memberKey(rootOf(BOARD));
  const check = (given, key = boardKey, ballotText = text) =>
    checksOf(checkReceipt(given, { election, ballotText, boardKey: key }));

  assert.deepEqual(check(answer), []);
  assert.deepEqual(check(answer, memberKey(rootOf(1))), ["receipt_signature"]);
  assert.deepEqual(check({ ...answer, receipt: { ...receipt, height: 4 } }), ["receipt_signature"]);
  assert.deepEqual(check(answer, boardKey, `${text} `), ["receipt_other_ballot"]);
  assert.deepEqual(check({ ...answer, receipt: { ...receipt, at: "2026-09-24" } }), ["receipt_text"]);
  assert.equal(receiptWords(text).length, 6);
});

/* Paper slips */

const CODES = [1, 2, 3].map((start) => newSlipCode((length) => new Uint8Array(length).fill(start)));
const keysIn = ({ credentials }) => JSON.parse(credentials);

/** What a teller makes of these codes, and what the charter says of it. */
function slipsBy(number, codes) {
  const credentials = composeCredentials(
    group,
    codes.map((code) => slipCredential(group, UUID, code)),
  );
  const promise = { number, count: codes.length, list: sha256Hex(credentials) };
  const signature = signedBy(number, slipsStatement({ uuid: UUID, ...promise }));
  return { promise, published: { number, credentials, signature } };
}

async function setupWithSlips(lists, { promises = lists.map(({ promise }) => promise), ...more } = {}) {
  const setup = await setupOf({ charter: { slips: promises }, slips: lists.map(({ published }) => published), ...more });
  const keys = Object.fromEntries([1, 2, 3, 5].map((number) => [number, memberKey(rootOf(number))]));
  return { ...setup, member_keys: keys };
}

test("slips of two tellers have no findings, for members and for whoever holds one", async () => {
  const setup = await setupWithSlips([slipsBy(3, CODES.slice(0, 2)), slipsBy(5, CODES.slice(2))]);

  assert.deepEqual(findingsOf(setup), []);
  for (const code of CODES) assert.deepEqual(checkSetupForSlip(setup, code).findings, []);
});

const AUDITS = ["audit_signature", "audit_signature"];
const withList = async (change) => {
  const setup = await setupWithSlips([slipsBy(3, CODES)]);
  return { ...setup, slips: change(setup.slips) };
};

const LIES_ABOUT_SLIPS = {
  "a slip more than the teller made": [
    async () => {
      const setup = await setupWithSlips([slipsBy(3, CODES)]);
      const added = composeCredentials(group, [...JSON.parse(setup.credentials), group.text(group.powerGenerator(5n))]);
      return { ...setup, credentials: added };
    },
    ["credentials_count", ...AUDITS],
  ],
  "a list with a slip added, signed for fewer": [
    () => withList(([made]) => [{ ...made, credentials: slipsBy(3, [...CODES, newSlipCode(secureRandom)]).published.credentials }]),
    ["slips_missing", "slips_unpromised", "slips_unlisted"],
  ],
  "more slips claimed than the list has": [
    () => {
      const made = slipsBy(3, CODES);
      return setupWithSlips([made], { promises: [{ ...made.promise, count: 4 }] });
    },
    ["credentials_count", "slips_count", "slips_signature"],
  ],
  "slips that are hidden": [() => withList(() => []), ["slips_missing"]],
  "a slip that is not on the list of voters": [
    async () => {
      const credentials = await recomputeCredentials(
        group,
        UUID,
        K,
        [1, 2, 3, 4, 5].map((number) => ownOf(number).keyText),
        { slips: [slipCredential(group, UUID, CODES[0]), slipCredential(group, UUID, newSlipCode(secureRandom))] },
      );
      return setupWithSlips([slipsBy(3, CODES.slice(0, 2))], { credentials });
    },
    ["slips_unlisted"],
  ],
  "slips that nobody signed": [
    () => withList(([made]) => [{ ...made, signature: "0".repeat(128) }]),
    ["slips_signature"],
  ],
  "slips by somebody who is no teller": [() => setupWithSlips([slipsBy(4, CODES)]), ["charter_slips"]],
  "slips that the charter does not know": [
    async () => ({ ...honest, slips: [slipsBy(3, CODES).published] }),
    ["slips_unpromised", "slips_unlisted"],
  ],
  "one slip in two lists": [
    () => setupWithSlips([slipsBy(3, CODES.slice(0, 2)), slipsBy(5, CODES.slice(1))]),
    ["credential_repeated", "slips_repeated"],
  ],
  "one list twice": [
    () => setupWithSlips([slipsBy(3, CODES), slipsBy(3, CODES)]),
    ["charter_slips", "credential_repeated", "slips_repeated"],
  ],
  "this member's own key passed off as a slip": [
    async () => {
      const key = (await recomputeCredentials(group, UUID, K, [own.keyText])).slice(2, -2);
      const credentials = JSON.stringify([key]);
      const promise = { number: 3, count: 1, list: sha256Hex(credentials) };
      const signature = signedBy(3, slipsStatement({ uuid: UUID, ...promise }));
      const ghost = composeCredentials(group, [...JSON.parse(honest.credentials), group.text(group.powerGenerator(5n))]);
      return setupWithSlips([{ promise, published: { number: 3, credentials, signature } }], { credentials: ghost });
    },
    ["slips_own"],
  ],
};

for (const [lie, [setup, checks]] of Object.entries(LIES_ABOUT_SLIPS)) {
  test(`a setup with ${lie} is noticed`, async () => {
    assert.deepEqual(findingsOf(await setup()), checks);
  });
}

test("more slips than the roll has entitled are noticed", async () => {
  const codes = Array.from({ length: 6 }, () => newSlipCode(secureRandom));

  assert.deepEqual(findingsOf(await setupWithSlips([slipsBy(3, codes)])), ["charter_slips"]);
});

test("a slip of another list, or a member's key, is no slip of this ballot", async () => {
  const setup = await setupWithSlips([slipsBy(3, CODES.slice(0, 2))]);

  assert.deepEqual(checksOf(checkSetupForSlip(setup, CODES[2]).findings), ["slip_unknown"]);
  assert.deepEqual(checksOf(checkSetupForSlip({ ...honest, member_keys: setup.member_keys }, CODES[0]).findings), ["slip_unknown"]);
});

test("a device without a roll still notices signatures that do not fit the keys it was told", async () => {
  const setup = await setupWithSlips([slipsBy(3, CODES)]);
  const check = (change) => checksOf(checkSetupForSlip({ ...setup, ...change }, CODES[0]).findings);

  assert.deepEqual(check({ freezes: setup.freezes.slice(1) }), ["freeze_missing"]);
  assert.deepEqual(check({ charter: setup.charter.replace("December", "January") })[0], "charter_hash");
  assert.deepEqual(check({ member_keys: {} }), [
    "slips_signature",
    "freeze_signature",
    "freeze_signature",
    "audit_signature",
    "audit_signature",
  ]);
});

test("a charter's slips are named by teller, number and list", () => {
  const made = slipsBy(3, CODES).promise;

  assert.deepEqual(parseCharter(canonical(charterOf({ slips: [made] }))).slips, [made]);
  for (const slips of [
    [],
    [{ ...made, count: 0 }],
    [{ ...made, list: "00" }],
    [{ ...made, by: 3 }],
    [{ number: 3, count: 1 }],
    {},
    null,
  ]) {
    assert.throws(() => parseCharter(canonical(charterOf({ slips }))), refusedAs("charter_text"));
  }
});
