/** A whole board checked by anyone's browser: chain, setup, every ballot, the tally, decryptions and the result. */

import { checkBallot } from "./ballot.js";
import { extendsHead, payloadOf, readArchive } from "./archive.js";
import { isWhole } from "./canonical.js";
import { faultsOfKeys, parseCredentials } from "./credentials.js";
import { checkPartialDecryption, checkResult, combineFactors } from "./decryption.js";
import { parseElection } from "./election.js";
import { pacer } from "./pace.js";
import { collect, finding, Refused } from "./refusal.js";
import { encryptedTally } from "./tally.js";
import { checkQuorums } from "./trustees.js";

/** After which states an event may come, and the state it leads to. */
const STEPS = {
  Setup: { after: ["nothing"], state: "set_up" },
  Ballot: { after: ["set_up", "open"], state: "open" },
  EndBallots: { after: ["set_up", "open"], state: "closed" },
  EncryptedTally: { after: ["closed"], state: "tallied" },
  PartialDecryption: { after: ["tallied", "decrypting"], state: "decrypting" },
  Result: { after: ["decrypting"], state: "counted" },
};

/**
 * What the archive says, with its form, order and setup checked; ballots and proofs are not checked yet.
 * {archive, state, head, election, quorums, trustees: key texts, credentials, ballots: [{text, hash, event, height}],
 * tally: {text, sizedText, event}, partials: [{owner, text, height}], result}. Refuses by the first rule broken.
 */
export function readBoard(bytes) {
  const archive = readArchive(bytes);
  const found = { ballots: [], tally: null, partials: [], result: null };
  const board = { archive, state: "nothing", head: archive.head, ...found };
  for (const event of archive.events) {
    const step = STEPS[event.type];
    if (step === undefined) throw new Refused("event_unsupported", `event ${event.height}`);
    if (!step.after.includes(board.state)) throw new Refused("event_order", `event ${event.height}`);
    board.state = step.state;
    READ[event.type](board, event);
  }
  return board;
}

const READ = {
  Setup(board, event) {
    const { election, trustees, credentials } = payloadOf(board.archive, event);
    const { data } = board.archive;
    board.election = parseElection(data.get(election));
    board.trusteesText = data.get(trustees);
    board.quorums = checkQuorums(board.election, board.trusteesText);
    board.trustees = board.quorums.flatMap(({ keys }) => keys);
    board.credentialsText = data.get(credentials);
    board.credentials = parseCredentials(board.credentialsText);
  },
  Ballot(board, { payload, hash, height }) {
    board.ballots.push({ text: board.archive.data.get(payload), hash: payload, event: hash, height });
  },
  EndBallots() {},
  EncryptedTally(board, event) {
    const { data } = board.archive;
    const { encrypted_tally: hash } = payloadOf(board.archive, event);
    board.tally = { text: data.get(hash), sizedText: data.get(event.payload), event: event.hash };
  },
  PartialDecryption(board, event) {
    const { owner, payload } = payloadOf(board.archive, event);
    const isTrustee = isWhole(owner) && owner >= 1 && owner <= board.trustees.length;
    if (!isTrustee) throw new Refused("decryption_owner", `event ${event.height}`);
    board.partials.push({ owner, text: board.archive.data.get(payload), height: event.height });
  },
  Result(board, event) {
    board.result = board.archive.data.get(event.payload);
  },
};

/**
 * Checks everything: {findings, warnings, state, ballots, result, board}; no findings means that the board holds.
 * Warnings tell what is wrong with a partial decryption that the result does without (docs/specs/openballot.md, 6).
 * *heads* are those this device saw before. With checkBallots false the ballots are only read and tallied.
 */
export async function verifyBoard(bytes, { heads = [], checkBallots = true, onProgress } = {}) {
  const findings = [];
  const board = collect(findings, "archive", () => readBoard(bytes));
  if (board === null) return { findings, warnings: [], state: null, ballots: 0, result: null, board: null };
  const gone = heads.filter((head) => !extendsHead(board.archive, head));
  findings.push(...gone.map((head) => finding("board_forked", "archive", { head })));
  if (checkBallots) {
    findings.push(...(await faultsOfKeys(board.election.group, board.credentials)));
    await verifyBallots(findings, board, onProgress);
  }
  const warnings = [];
  const result = verifyCount(findings, warnings, board);
  return { findings, warnings, state: board.state, ballots: board.ballots.length, result, board };
}

async function verifyBallots(findings, { election, credentials, ballots }, onProgress) {
  const pace = pacer(ballots.length, onProgress);
  for (const [i, { text, height }] of ballots.entries()) {
    collect(findings, `event ${height}`, () => checkBallot(election, text, credentials));
    await pace(i + 1);
  }
}

function verifyCount(findings, warnings, board) {
  if (board.tally === null) return null;
  const recomputed = collect(findings, "encrypted_tally", () => recomputeTally(board));
  const factors = verifyDecryptions(findings, warnings, board);
  if (board.result === null || recomputed === null) return null;
  return collect(findings, "result", () => {
    const tables = combineFactors(board.election, board.quorums, factors);
    return checkResult(board.election, board.tally.text, recomputed.totalWeight, tables, board.result);
  });
}

/** The factors of every owner whose last partial decryption holds. */
function verifyDecryptions(findings, warnings, { election, quorums, trustees, tally, partials }) {
  const faults = new Map(trustees.map((_key, i) => [i + 1, []]));
  const last = new Map();
  for (const { owner, text } of partials) {
    const check = () => checkPartialDecryption(election, trustees[owner - 1], tally.text, text);
    last.set(owner, collect(faults.get(owner), `trustee ${owner}`, check)); // of two by one owner the last counts
  }
  for (const { owners, threshold } of quorums) {
    const bad = owners.filter((owner) => last.get(owner) === null);
    const told = owners.length - bad.length >= threshold ? warnings : findings;
    told.push(...owners.flatMap((owner) => faults.get(owner)));
  }
  return new Map([...last].filter(([, factors]) => factors !== null));
}

/** The tally this device makes of the board's ballots; refuses a board that states another. */
export function recomputeTally({ election, credentials, ballots, tally }) {
  const recomputed = encryptedTally(
    election,
    credentials,
    ballots.map(({ text }) => text),
  );
  const [expected, stated] = [JSON.parse(recomputed.sizedText), JSON.parse(tally.sizedText)];
  if (stated.num_tallied !== expected.num_tallied) throw new Refused("tally_number");
  if (stated.total_weight !== expected.total_weight) throw new Refused("tally_weight");
  if (tally.text !== recomputed.text) throw new Refused("tally_ciphertexts");
  return recomputed;
}
