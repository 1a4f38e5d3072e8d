/**
 * A trustee's long work beside the page, so that the page stays alive: checks a board, mixes its votes, opens its count.
 * In: {deed: "check", bytes, checkBallots}, then {deed: "mix"} or {deed: "open", x}. Out: {votes}, {steps} and {answer}.
 * The trap: it holds what it checked, so that nothing else is mixed or opened.
 */

import { secureRandom } from "../core/bytes.js";
import { partialDecryption } from "../core/decryption.js";
import { shuffle } from "../core/shuffle.js";
import { readBoard, tallyToOpen, verifyBoard } from "../core/verify.js";
import { answering } from "./_shared/answering.js";

let checked = null; // {election, tallyText}

answering({
  async check({ bytes, checkBallots }) {
    const board = readBoard(bytes);
    const onProgress = (votes) => postMessage({ votes });
    const { findings } = await verifyBoard(board, { checkBallots, onProgress, onShuffle: step });
    const isWhole = findings.length === 0 && board.tally !== null;
    checked = isWhole ? { election: board.setup.election, tallyText: tallyToOpen(board) } : null;
    return { findings, tallyText: checked?.tallyText ?? null };
  },
  mix: () => shuffle(checked.election, checked.tallyText, secureRandom, step),
  open: ({ x }) => partialDecryption(checked.election, x, checked.tallyText, secureRandom, step),
});

const step = (done, total) => postMessage({ steps: { done, total } });
