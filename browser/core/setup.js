/**
 * What a booth, a trustee and a teller check before they trust an election: the charter that is shown, the trustees,
 * the roll this device checked, the signatures of people on it, and this member's own credential in the list.
 *
 * *setup* is the board's setup.json. The server's own list of member keys is never asked: *roll* is what verifyRoll
 * made of the records up to the charter's position.
 */

import { blindedKey } from "./blinding.js";
import { sha256Hex } from "./bytes.js";
import { checkCharter, votersOf } from "./charter.js";
import { parseCredentials } from "./credentials.js";
import { isMoment } from "./days.js";
import { parseElection } from "./election.js";
import { collect, finding } from "./refusal.js";
import { entitled, entryOf, rollOn } from "./roll.js";
import { slipCredential } from "./slips.js";
import { statement, statementHolds } from "./statements.js";
import { checkQuorums, withoutVerificationKeys } from "./trustees.js";

const TELLERS_NEEDED = 2;
const DECIDERS_NEEDED = 2;

/**
 * All a booth must see before it encrypts: {election, charter, closesAt, findings}.
 * *own* is this member's {keyText, n}, null for somebody who is not entitled.
 */
export function checkSetup(setup, { roll: read, own = null }) {
  const { election, charter, findings } = checkElection(setup);
  if (election === null || charter === null) return { election, charter, closesAt: null, findings };
  const roll = rollOn(read, charter.roll.day);
  const { closesAt, findings: ofSigned } = checkSigned(setup, election, charter, roll);
  const isSlip = own !== null && slipKeysOf(setup).includes(ownCredential(election, own));
  findings.push(
    ...checkRollOf(charter, roll),
    ...checkCredentialList(election, charter, setup.credentials, own && ownCredential(election, own)),
    ...(isSlip ? [finding("slips_own", "slips")] : []),
    ...ofSigned,
  );
  return { election, charter, closesAt, findings };
}

/**
 * The same for a device without a member's key, which votes by the *code* of a paper slip.
 *
 * The trap: it knows no roll, so it takes the server's word for the keys of trustees and tellers, and for the board's.
 */
export function checkSetupForSlip(setup, code) {
  const { election, charter, findings } = checkElection(setup);
  if (election === null || charter === null) return { election, charter, closesAt: null, findings };
  const { closesAt, findings: ofSigned } = checkSigned(setup, election, charter, rollAsTold(setup));
  const isSlip = slipKeysOf(setup).includes(slipCredential(election.group, election.uuid, code));
  findings.push(
    ...checkCredentialList(election, charter, setup.credentials),
    ...(isSlip ? [] : [finding("slip_unknown", "slip")]),
    ...ofSigned,
  );
  return { election, charter, closesAt, findings };
}

/** What people on *roll* signed: {closesAt, findings}. */
function checkSigned(setup, election, charter, roll) {
  const { closesAt, findings } = checkExtensions(setup, election, charter, roll);
  const signed = [checkSlips, checkFreezes, checkAudits].flatMap((check) => check(setup, election, charter, roll));
  return { closesAt, findings: [...signed, ...findings] };
}

/** The server's own list of member keys, in the shape of a roll. */
const rollAsTold = ({ member_keys: keys }) => ({
  entries: Object.entries(keys).map(([number, member]) => ({ number: Number(number), keys: { member } })),
});

/**
 * What a trustee checks before signing: {election, charter, findings} from the texts of charter, election, trustees.
 *
 * The trap: with *isUnfinished* the trustees of a threshold may have their shares still to open. So it may be looked at
 * and signed; no vote is locked with it.
 */
export function checkElection(setup, { isUnfinished = false } = {}) {
  const findings = [];
  const election = collect(findings, "election", () => parseElection(setup.election));
  if (election === null) return { election, charter: null, findings };
  const { charter, findings: ofCharter } = checkCharter(setup.charter, election);
  findings.push(...ofCharter);
  const quorums = collect(findings, "trustees", () => checkQuorums(election, setup.trustees, { isUnfinished }));
  if (quorums !== null && charter !== null) findings.push(...faultsOfTrustees(quorums, charter));
  return { election, charter, findings };
}

/** Whether the trustees are those of the charter, and as many of them are enough as it says. */
function faultsOfTrustees(quorums, { trustees, threshold }) {
  const keys = quorums.flatMap(({ keys: own }) => own);
  const areChosen = keys.length === trustees.length && keys.every((key, i) => trustees[i].public_key === key);
  const areEnough =
    threshold === undefined
      ? quorums.every(({ owners }) => owners.length === 1)
      : quorums.length === 1 && quorums[0].threshold === threshold;
  return [
    ...(areChosen ? [] : [finding("charter_trustees", "trustees")]),
    ...(areEnough ? [] : [finding("charter_threshold", "trustees")]),
  ];
}

/**
 * Whether the charter's roll is the one this device checked, and has as many entitled as the charter says.
 * Of a roll in parts it does not count the entitled: see rollparts.js.
 * Where *roll* has `nextDay`, the day of the record after it, nobody who was on the roll before that day is left out.
 */
export function checkRollOf(charter, roll) {
  const { head, position, tree, entitled: stated, day } = charter.roll;
  const isTheirs = roll.committee === charter.committee.id;
  const change = roll.findings.find(({ check }) => check === "forked" || check === "shrunk");
  if (change) return [finding(`roll_${change.check}`, "roll", { position: change.position })];
  if (roll.findings.some(({ check }) => check === "tree")) return [finding("roll_tree", "roll")];
  if (roll.findings.length > 0) return [finding("roll_findings", "roll")];
  if (!isTheirs || roll.size !== position + 1 || roll.head !== head) return [finding("roll_head", "roll", { position })];
  if (tree !== undefined && roll.tree !== tree) return [finding("roll_tree", "roll")];
  if (typeof roll.nextDay === "string" && roll.nextDay < day) return [finding("roll_outdated", "roll", { day })];
  if (roll.isPart) return []; // two tellers have counted
  const counted = entitled(roll, day).length;
  return counted === stated ? [] : [finding("roll_entitled", "roll", { stated, counted })];
}

/** Whether the list has one credential of equal weight for each who may vote, and *own* among them. */
export function checkCredentialList(election, charter, credentialsText, own = null) {
  const findings = [];
  const credentials = collect(findings, "credentials", () => parseCredentials(credentialsText));
  if (credentials === null) return findings;
  const stated = votersOf(charter);
  const report = (check, data = {}) => findings.push(finding(check, "credentials", data));
  if (credentials.size !== stated) report("credentials_count", { stated, listed: credentials.size });
  if ([...credentials.values()].some((weight) => weight !== 1n)) report("credentials_weight");
  if (own !== null && !credentials.has(own)) report("own_credential_missing");
  return findings;
}

/** The text of this member's S', from the key text on the roll and the n that the device keeps. */
export const ownCredential = ({ group, uuid }, { keyText, n }) => blindedKey(group, uuid, keyText, n);

/** Whether the slips are those the charter promises: each list whole, signed by its teller, and in the list of voters. */
export function checkSlips(setup, election, charter, roll) {
  const { slips: promised = [] } = charter;
  const { slips: given = [] } = setup;
  const keys = slipKeysOf(setup);
  return [
    ...promised.flatMap((slips) => faultOfSlips(given.find((one) => isListOf(one, slips)), slips, { election, roll })),
    ...(given.every((one) => promised.some((slips) => isListOf(one, slips))) ? [] : [finding("slips_unpromised", "slips")]),
    ...(new Set(keys).size === keys.length ? [] : [finding("slips_repeated", "slips")]),
    ...(areListed(keys, setup) ? [] : [finding("slips_unlisted", "slips")]),
  ];
}

function areListed(keys, { credentials }) {
  if (keys.length === 0) return true;
  const listed = collect([], "credentials", () => parseCredentials(credentials));
  return listed === null || keys.every((key) => listed.has(key)); // a list that is none is told by its own check
}

/** The public credentials of all slips; none where a list is no list. */
export const slipKeysOf = ({ slips = [] }) => slips.flatMap(({ credentials }) => keysOfSlips(credentials) ?? []);

const keysOfSlips = (text) => {
  const credentials = collect([], "slips", () => parseCredentials(text));
  return credentials && [...credentials.keys()];
};

const isListOf = ({ number, credentials }, slips) => number === slips.number && sha256Hex(credentials) === slips.list;

function faultOfSlips(given, { number, count, list }, { election, roll }) {
  if (given === undefined) return [finding("slips_missing", "slips", { count, number })];
  const said = slipsStatement({ uuid: election.uuid, number, count, list });
  return [
    ...(keysOfSlips(given.credentials)?.length === count ? [] : [finding("slips_count", "slips", { count, number })]),
    ...(isSigned(said, given, roll) ? [] : [finding("slips_signature", "slips", { number })]),
  ];
}

/** What a teller says who has made slips. */
export const slipsStatement = ({ uuid, number, count, list }) =>
  statement("slips", { ballot: uuid, number, count, list });

/** Trustees who have not signed this election, and signatures that do not hold. */
export function checkFreezes(setup, election, charter, roll) {
  const trustees = collect([], "trustees", () => fixedTrusteesHash(setup)); // no list at all is told by its own check
  return charter.trustees.flatMap(({ number }) =>
    faultOfSignature(setup.freezes, freezeOf(setup, election, { number, trustees }), roll, "freeze"),
  );
}

export const freezeStatement = (setup, election, number) =>
  freezeOf(setup, election, { number, trustees: fixedTrusteesHash(setup) });

const freezeOf = (setup, election, { number, trustees }) =>
  statement("freeze", {
    ballot: election.uuid,
    election_hash: election.fingerprint,
    charter: sha256Hex(setup.charter),
    trustees,
    number,
  });

/** Trustees of a threshold sign before the last of their keys is there. */
const fixedTrusteesHash = (setup) => sha256Hex(withoutVerificationKeys(setup.trustees));

/** Two tellers of the charter must have signed the list; a signature that does not hold is told in any case. */
export function checkAudits(setup, election, charter, roll) {
  const tellers = [...new Set(charter.tellers)];
  const signed = tellers.filter((teller) => setup.audits.some(({ number }) => number === teller));
  const faults = signed.flatMap((number) =>
    faultOfSignature(setup.audits, auditStatement(setup, election, charter, number), roll, "audit"),
  );
  const missing =
    signed.length < TELLERS_NEEDED ? [finding("audit_missing", "credentials", { signed: signed.length })] : [];
  return [...missing, ...faults];
}

export const auditStatement = (setup, election, charter, number) =>
  statement("audit", {
    ballot: election.uuid,
    election_hash: election.fingerprint,
    credentials: sha256Hex(setup.credentials),
    roll: charter.roll.head,
    entitled: charter.roll.entitled,
    number,
  });

function faultOfSignature(signatures, said, roll, kind) {
  const object = `member ${said.number}`;
  const given = signatures.find(({ number }) => number === said.number);
  if (given === undefined) return [finding(`${kind}_missing`, object)];
  return isSigned(said, given, roll) ? [] : [finding(`${kind}_signature`, object)];
}

const isSigned = (said, { number, signature }, roll) =>
  statementHolds(said, signature, entryOf(roll, number)?.keys.member);

/** When the ballot closes, extensions included: {closesAt, findings}. Each needs two of the trustees and tellers. */
export function checkExtensions(setup, election, charter, roll) {
  const deciders = new Set([...charter.trustees.map(({ number }) => number), ...charter.tellers]);
  const findings = [];
  let closesAt = charter.closes_at;
  for (const { closes_at: later, signatures } of setup.extensions) {
    const said = statement("extension", {
      ballot: election.uuid,
      election_hash: election.fingerprint,
      closes_at: later,
    });
    const signers = signatures.filter((given) => deciders.has(given.number) && isSigned(said, given, roll));
    const isDecided = new Set(signers.map(({ number }) => number)).size >= DECIDERS_NEEDED;
    if (isDecided && isMoment(later) && later > closesAt) closesAt = later;
    else findings.push(finding("extension", "charter", { closes_at: later }));
  }
  return { closesAt, findings };
}
