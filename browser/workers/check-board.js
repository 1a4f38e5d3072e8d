/**
 * Verifies a share of a board beside the page, so that the page stays alive; the first worker then concludes for all.
 * In: {deed: "examine", bytes, share, of} or {deed: "conclude", shares, proofs, shown}. Out: {progress} and {answer}.
 */

import { shownFindings } from "../core/shown.js";
import { conclude, examineShare, readBoard } from "../core/verify.js";
import { answering } from "./_shared/answering.js";

let board = null;

answering({
  examine({ bytes, share, of }) {
    board = readBoard(bytes);
    return examineShare(board, { share, of, onProgress: (progress) => postMessage({ progress }) });
  },
  conclude({ shares, proofs, shown }) {
    const report = conclude(board, shares, { proofs });
    const isValid = report.verdict === "valid";
    return {
      ...report,
      papers: board.papers.length,
      questions: board.setup?.election.questions ?? [],
      shown: isValid ? shownFindings(board, report.result, shown) : [],
    };
  },
});
