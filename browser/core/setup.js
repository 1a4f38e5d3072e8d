/**
 * What a booth, a trustee and a teller check before they trust an election: the charter that is shown, the trustees,
 * the roll this device checked, the signatures of people on it, and this member's own credential in the list.
 *
 * *setup* is the board's setup.json. The server's own list of member keys is never asked: *roll* is what verifyRoll
 * made of the records up to the charter's position.
 */

import { blindedKey } from "./blinding.js";
import { sha256Hex } from "./bytes.js";
import { checkCharter } from "./charter.js";
import { parseCredentials } from "./credentials.js";
import { isMoment } from "./days.js";
import { parseElection } from "./election.js";
import { collect, finding } from "./refusal.js";
import { entitled, entryOf } from "./roll.js";
import { statement, statementHolds } from "./statements.js";
import { checkTrustees } from "./trustees.js";

const TELLERS_NEEDED = 2;
const DECIDERS_NEEDED = 2;

/**
 * All a booth must see before it encrypts: {election, charter, closesAt, findings}.
 * *own* is this member's {keyText, n}, null for somebody who is not entitled.
 */
export function checkSetup(setup, { roll, own = null }) {
  const { election, charter, findings } = checkElection(setup);
  if (election === null || charter === null) return { election, charter, closesAt: null, findings };
  const { closesAt, findings: ofExtensions } = checkExtensions(setup, election, charter, roll);
  findings.push(
    ...checkRollOf(charter, roll),
    ...checkCredentialList(election, charter, setup.credentials, own),
    ...checkFreezes(setup, election, charter, roll),
    ...checkAudits(setup, election, charter, roll),
    ...ofExtensions,
  );
  return { election, charter, closesAt, findings };
}

/** What a trustee checks before signing: {election, charter, findings} from the texts of charter, election, trustees. */
export function checkElection(setup) {
  const findings = [];
  const election = collect(findings, "election", () => parseElection(setup.election));
  if (election === null) return { election, charter: null, findings };
  const { charter, findings: ofCharter } = checkCharter(setup.charter, election);
  findings.push(...ofCharter);
  const keys = collect(findings, "trustees", () => checkTrustees(election, setup.trustees));
  const isChosen = (key, i) => charter.trustees[i]?.public_key === key;
  if (keys !== null && charter !== null && !(keys.length === charter.trustees.length && keys.every(isChosen))) {
    findings.push(finding("charter_trustees", "trustees"));
  }
  return { election, charter, findings };
}

/**
 * Whether the charter's roll is the one this device checked, and has as many entitled as the charter says.
 * Where *roll* has `nextDay`, the day of the record after it, nobody who was on the roll before that day is left out.
 */
export function checkRollOf(charter, roll) {
  const { head, position, entitled: stated, day } = charter.roll;
  const isTheirs = roll.committee === charter.committee.id;
  const change = roll.findings.find(({ check }) => check === "forked" || check === "shrunk");
  if (change) return [finding(`roll_${change.check}`, "roll", { position: change.position })];
  if (roll.findings.length > 0) return [finding("roll_findings", "roll")];
  if (!isTheirs || roll.size !== position + 1 || roll.head !== head) return [finding("roll_head", "roll", { position })];
  if (typeof roll.nextDay === "string" && roll.nextDay < day) return [finding("roll_outdated", "roll", { day })];
  const counted = entitled(roll, day).length;
  return counted === stated ? [] : [finding("roll_entitled", "roll", { stated, counted })];
}

/** Whether the list has one credential of equal weight for each of the entitled, and *own* among them. */
export function checkCredentialList(election, charter, credentialsText, own = null) {
  const findings = [];
  const credentials = collect(findings, "credentials", () => parseCredentials(credentialsText));
  if (credentials === null) return findings;
  const { entitled: stated } = charter.roll;
  const report = (check, data = {}) => findings.push(finding(check, "credentials", data));
  if (credentials.size !== stated) report("credentials_count", { stated, listed: credentials.size });
  if ([...credentials.values()].some((weight) => weight !== 1n)) report("credentials_weight");
  if (own !== null && !credentials.has(ownCredential(election, own))) report("own_credential_missing");
  return findings;
}

/** The text of this member's S', from the key text on the roll and the n that the device keeps. */
export const ownCredential = ({ group, uuid }, { keyText, n }) => blindedKey(group, uuid, keyText, n);

/** Trustees who have not signed this election, and signatures that do not hold. */
export const checkFreezes = (setup, election, charter, roll) =>
  charter.trustees.flatMap(({ number }) =>
    faultOfSignature(setup.freezes, freezeStatement(setup, election, number), roll, "freeze"),
  );

export const freezeStatement = (setup, election, number) =>
  statement("freeze", {
    ballot: election.uuid,
    election_hash: election.fingerprint,
    charter: sha256Hex(setup.charter),
    trustees: sha256Hex(setup.trustees),
    number,
  });

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
