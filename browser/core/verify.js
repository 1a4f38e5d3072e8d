/**
 * A whole election verified from its archive alone: the twin of openballot/verifier.py, with the same findings by name.
 * The long part, keys and ballot papers, can be shared among several: readBoard, examineShare, conclude.
 */

import { examineArchive } from "./archive.js";
import { ballotHash, examineBallot, readBallot } from "./ballot.js";
import { isHex } from "./bytes.js";
import { fieldsOf, parseCompact } from "./canonical.js";
import { Count, dispensableOwners } from "./count.js";
import { examineCredentials, firstOutside } from "./credentials.js";
import { checkBoundProofs, parseOwned } from "./decryption.js";
import { parseElection } from "./election.js";
import { pacer } from "./pace.js";
import { choicesOf, isMixed } from "./questions.js";
import { collect, finding, Refused, within } from "./refusal.js";
import { shuffledTally } from "./shuffle.js";
import { parseEncryptedTally, parseSizedTally, tallyOf } from "./tally.js";
import { checkQuorums } from "./trustees.js";
import { workOfPaper } from "./work.js";

/** Which events may follow which, where all answers are added up, and where some are shuffled. */
const NEXT = {
  nothing: ["Setup"],
  Setup: ["Ballot", "EndBallots"],
  Ballot: ["Ballot", "EndBallots"],
  EndBallots: ["EncryptedTally"],
  EncryptedTally: ["PartialDecryption"],
  PartialDecryption: ["PartialDecryption", "Result"],
  Result: [],
};
const NEXT_WITH_SHUFFLES = {
  ...NEXT,
  EncryptedTally: ["Shuffle"],
  Shuffle: ["Shuffle", "EndShuffles"],
  EndShuffles: ["PartialDecryption"],
};

const MOST_FINDINGS = 1000;

const STATE_AFTER = {
  Setup: "set_up",
  Ballot: "open",
  EndBallots: "closed",
  EncryptedTally: "tallied",
  Shuffle: "shuffling",
  EndShuffles: "shuffled",
  PartialDecryption: "decrypting",
  Result: "counted",
};

/**
 * Verifies everything an archive claims:
 * {verdict, state, ballots, result, shufflers, undecodable, findings, warnings, head}. *verdict* is valid, invalid or
 * not_an_archive, *result* the array as it stands in the result, *shufflers* are the numbers of the trustees who
 * shuffled, as the board has it, *undecodable* the places of each question's decrypted answers that are no votes.
 * Warnings tell what is wrong with a part that the result does without. Options as for verifyBoard.
 */
export const verify = (bytes, options) => verifyBoard(readBoard(bytes), options);

/**
 * The same of a board that was read. With checkBallots false the ballots are only read and added up, and of shuffles
 * only the order is taken. *proofs* are the texts of the trustees' bound proofs by owner, which stand beside the archive.
 * onProgress is called as by examineShare, then onShuffle with the number of answers of a shuffle checked, and of all.
 */
export async function verifyBoard(board, { checkBallots = true, proofs = null, onProgress, onShuffle } = {}) {
  const shares = checkBallots ? [await examineShare(board, { onProgress })] : [];
  return conclude(board, shares, { proofs, checkShuffles: checkBallots, onShuffle });
}

/**
 * What the archive says, with its form and order checked; keys, papers and sums are not checked yet.
 * {archive, state, head, findings, papers: [{text, hash, height}], setup, tally: {text, event}}; *setup* is
 * {election, quorums, trustees: key texts, credentials, credentialsText}, null where it cannot be used.
 */
export function readBoard(bytes) {
  const { archive, findings } = examineArchive(bytes);
  if (archive === null) return { archive, state: null, head: null, findings, papers: [], setup: null, tally: null };
  findings.push(...orderFindings(archive));
  const setup = collect(findings, "event 0 (Setup)", () => readSetup(archive));
  const papers = eventsOf(afterSetup(archive), "Ballot").filter(({ data }) => data.length > 0);
  return {
    archive,
    state: stateOf(archive),
    head: archive.head,
    findings,
    papers: papers.map(({ data, payload, height }) => ({ text: last(data), hash: payload, height })),
    setup,
    tally: tallyIn(archive),
  };
}

/** The trustees who shuffled, each once, as the board has it. */
const shufflersOf = (archive) => [
  ...new Set(
    eventsOf(archive, "Shuffle").flatMap(({ data }) => {
      const owner = collect([], null, () => parseOwned(last(data)));
      return owner === null ? [] : [owner];
    }),
  ),
];

/** The text of the tally that trustees decrypt, its answers in the order of the last shuffle. Of a verified board. */
export const tallyToOpen = ({ archive, setup, tally }) =>
  eventsOf(archive, "Shuffle").reduce((text, { data }) => shuffledTally(setup.election, text, data[0]), tally.text);

function orderFindings(archive) {
  const { events } = archive;
  if (events.length === 0) return [finding("event_order", "file")];
  const next = hasShuffles(archive) ? NEXT_WITH_SHUFFLES : NEXT;
  return events.flatMap(({ type, height }, i) => {
    const previous = i === 0 ? "nothing" : events[i - 1].type;
    return next[previous]?.includes(type) ? [] : [finding("event_order", `event ${height} (${type})`)];
  });
}

/** An election that cannot be read has other findings: its order is held to what more elections have. */
function hasShuffles(archive) {
  const [event] = eventsOf(archive, "Setup");
  const election = collect([], null, () => parseElection(event?.data[0]));
  return election !== null && isMixed(election);
}

function stateOf({ events }) {
  const types = new Set(events.map(({ type }) => type));
  const reached = Object.keys(STATE_AFTER).filter((type) => types.has(type));
  return STATE_AFTER[last(reached)] ?? null;
}

/** Refuses the first thing in the set-up that fails; the credentials' own faults are kept with them. */
function readSetup(archive) {
  const [event] = eventsOf(archive, "Setup");
  if (event?.data.length !== 4) throw new Refused("setup_text");
  const [electionText, trusteesText, credentialsText, payload] = event.data;
  within("setup", null, () => {
    const named = fieldsOf(parseCompact(payload), ["election", "trustees", "credentials"]);
    if (!Object.values(named).every((hash) => isHex(hash, 32))) throw new Refused("not_canonical");
  });
  const election = parseElection(electionText);
  const quorums = checkQuorums(election, trusteesText);
  const trustees = quorums.flatMap(({ keys }) => keys);
  const credentials = examineCredentials(election.group, credentialsText);
  return { election, quorums, trustees, credentials, credentialsText };
}

function tallyIn(archive) {
  const [event] = eventsOf(afterSetup(archive), "EncryptedTally");
  if (event?.data.length !== 2) return null;
  const [text, sizedText] = event.data;
  return { text, sizedText, event: event.hash };
}

/**
 * The work of one of several, who each take every *of*-th key and paper: {outside, papers}. *outside* is the place of the
 * first key that is none, or null; *papers* is a list of {at, isRead, findings}.
 * Calls onProgress with {papers, allPapers, done, total}: papers done and to do, and work in units of about the same cost.
 */
export async function examineShare(board, { share = 0, of = 1, onProgress = () => {} } = {}) {
  const { setup } = board;
  const made = { outside: null, papers: [] };
  if (setup === null) return made;
  const isMine = (_item, at) => at % of === share;
  const [keys, papers] = [setup.credentials.keyTexts.filter(isMine), board.papers.filter(isMine)];
  const each = workOfPaper(setup.election.questions.reduce((all, question) => all + choicesOf(question), 0));
  const total = keys.length + papers.length * each;
  const pace = pacer(total, (done) =>
    onProgress({ papers: made.papers.length, allPapers: papers.length, done, total }),
  );
  for (const [i, keyText] of keys.entries()) {
    if (firstOutside(setup.election.group, [keyText]) >= 0) return { ...made, outside: share + i * of };
    await pace(i + 1);
  }
  if (setup.credentials.fault !== null) return made;
  for (const [i, { text }] of papers.entries()) {
    const { ballot, findings } = examineBallot(setup.election, setup.credentials.weights, text);
    made.papers.push({ at: share + i * of, isRead: ballot !== null, findings });
    await pace(keys.length + (i + 1) * each);
  }
  return made;
}

/** The report, from what everybody who took a share has found. Options as for verifyBoard, and *checkShuffles*. */
export function conclude(board, shares, { proofs = null, ...options } = {}) {
  const [findings, warnings] = [[...board.findings], []];
  const { archive, setup, head, state } = board;
  const nothing = { result: null, shufflers: [], undecodable: null };
  if (archive === null) return { verdict: "not_an_archive", state, ballots: 0, ...nothing, findings, warnings, head };
  const fault = setup && (faultOfCredentials(setup.credentials, shares) ?? faultOfWeights(setup));
  if (fault) findings.push(fault);
  const isUsable = setup !== null && !fault;
  const { result, undecodable } = (isUsable && verifyElection(findings, warnings, board, shares, options)) || nothing;
  if (proofs !== null && findings.length === 0) verifyBoundProofs(findings, warnings, board, proofs);
  const ballots = eventsOf(archive, "Ballot").length;
  const verdict = findings.length === 0 ? "valid" : "invalid";
  const reported = firstOf(findings);
  return { verdict, state, ballots, result, shufflers: shufflersOf(archive), undecodable, findings: reported, warnings, head };
}

/** Nobody reads more than a thousand: then the last says that there are more. */
const firstOf = (findings) =>
  findings.length <= MOST_FINDINGS ? findings : [...findings.slice(0, MOST_FINDINGS), finding("more_findings", "file")];

/** The first fault of the list of credentials by its place, of those that take arithmetic and those that do not. */
function faultOfCredentials({ fault }, shares) {
  const outside = shares.flatMap((share) => (share.outside === null ? [] : [share.outside]));
  return outside.length === 0 ? fault : finding("credential_element", `credential ${Math.min(...outside) + 1}`);
}

/** An answer that is decrypted by itself cannot count twice, nor half. */
function faultOfWeights({ election, credentials }) {
  if (!isMixed(election)) return null;
  const at = [...credentials.weights.values()].findIndex((weight) => weight !== 1n);
  return at < 0 ? null : finding("credential_weight", `credential ${at + 1}`);
}

/**
 * Adds to *findings* and *warnings* what is wrong with papers, tally, shuffles, decryptions and result; returns
 * {result, undecodable}, or null.
 */
function verifyElection(findings, warnings, board, shares, options) {
  const { setup, archive } = board;
  const areRead = verifyPapers(findings, board, shares);
  if (board.tally === null) return null;
  const sized = collect(findings, null, () => parseSizedTally(board.tally.sizedText));
  const tally = sized && collect(findings, null, () => parseEncryptedTally(setup.election, board.tally.text));
  if (tally === null) return null;
  if (areRead) findings.push(...tallyFindings(board, sized));
  const count = new Count(setup, tally, sized.totalWeight, options);
  const at = archive.events.findIndex(({ hash }) => hash === board.tally.event);
  for (const event of archive.events.slice(at + 1)) count.take(event);
  const counted = count.end();
  findings.push(...counted.findings);
  warnings.push(...counted.warnings);
  return counted;
}

/** Whether every paper could be read, so that a tally can be compared. */
function verifyPapers(findings, { papers }, shares) {
  const examined = new Map(shares.flatMap((share) => share.papers.map((paper) => [paper.at, paper])));
  const seen = new Set();
  papers.forEach(({ text, hash }, at) => {
    const paper = examined.get(at) ?? { isRead: true, findings: [] };
    findings.push(...paper.findings);
    if (paper.isRead && seen.has(hash)) findings.push(finding("ballot_repeated", `ballot ${ballotHash(text)}`));
    if (paper.isRead) seen.add(hash);
  });
  return [...examined.values()].every(({ isRead }) => isRead);
}

function tallyFindings({ setup, papers, tally }, stated) {
  const findings = [];
  const own = collect(findings, null, () => {
    const { election, credentials } = setup;
    return tallyOf(
      election,
      papers.map(({ text }) => readBallot(election, credentials.weights, text)),
    );
  });
  if (own === null) return findings;
  return [
    ...(stated.number === own.number ? [] : [finding("tally_number", "sized encrypted tally")]),
    ...(stated.totalWeight === own.totalWeight ? [] : [finding("tally_weight", "sized encrypted tally")]),
    ...(tally.text === own.text ? [] : [finding("tally_ciphertexts", "encrypted tally")]),
  ];
}

/** Of a board without any other finding: enough trustees' proofs bind the very total and factors. */
function verifyBoundProofs(findings, warnings, board, proofs) {
  const { archive, setup } = board;
  const tallyText = board.tally && tallyToOpen(board);
  const partials = new Map(eventsOf(archive, "PartialDecryption").map(({ data }) => [parseOwned(data[1]), data[0]]));
  const faults = new Map();
  setup.trustees.forEach((keyText, i) => {
    const [owner, where] = [i + 1, `bound proofs of trustee ${i + 1}`];
    const [partial, text] = [partials.get(owner), proofs.get(owner)];
    const isThere = tallyText !== null && partial !== undefined && text !== undefined;
    if (!isThere) faults.set(owner, finding("bound_proof_missing", where));
    else if (!areBound(setup.election, keyText, tallyText, partial, text)) faults.set(owner, finding("bound_proof", where));
  });
  const dispensable = dispensableOwners(setup.quorums, (owner) => faults.has(owner));
  for (const [owner, fault] of faults) {
    if (!dispensable.has(owner)) findings.push(fault);
    else if (partials.has(owner)) warnings.push(fault); // who handed nothing in owes no proof
  }
}

function areBound(...given) {
  const failed = [];
  collect(failed, null, () => checkBoundProofs(...given));
  return failed.length === 0;
}

/** What can be checked: nothing before the set-up can. */
function afterSetup({ events }) {
  const at = events.findIndex(({ type }) => type === "Setup");
  return { events: at < 0 ? [] : events.slice(at + 1) };
}

const eventsOf = ({ events }, wanted) => events.filter(({ type }) => type === wanted);

const last = (items) => items[items.length - 1];
