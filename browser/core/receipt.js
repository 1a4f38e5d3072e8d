/** The board's signed word that it holds a ballot paper, and what its owner compares. */

import { ballotHash } from "./ballot.js";
import { sha256Hex } from "./bytes.js";
import { hasExactly } from "./canonical.js";
import { finding } from "./refusal.js";
import { statementHolds } from "./statements.js";
import { wordsOf } from "./words.js";

const FIELDS = ["type", "ballot", "election_hash", "ballot_hash", "event", "height", "ledger_head"];

export const receiptWords = (ballotText) => wordsOf(sha256Hex(ballotText), 6);

/** What is wrong with the answer {receipt, signature} to casting *ballotText*. */
export function checkReceipt({ receipt, signature }, { election, ballotText, boardKey }) {
  if (!hasExactly(receipt, FIELDS) || receipt.type !== "openfloor/receipt/1")
    return [finding("receipt_text", "receipt")];
  const isOurs =
    receipt.ballot === election.uuid &&
    receipt.election_hash === election.fingerprint &&
    receipt.ballot_hash === ballotHash(ballotText);
  if (!isOurs) return [finding("receipt_other_ballot", "receipt")];
  return statementHolds(receipt, signature, boardKey) ? [] : [finding("receipt_signature", "receipt")];
}
