/**
 * Who mixed the votes of a board, held against what each of them signed. The archive says who did it, and signs nothing:
 * without this a host could shuffle in the place of trustees who were never there, and know whose vote is whose.
 */

import { sha256Hex } from "./bytes.js";
import { parseOwned } from "./decryption.js";
import { shufflesNeeded } from "./charter.js";
import { isMixed } from "./questions.js";
import { collect, finding } from "./refusal.js";
import { statement, statementHolds } from "./statements.js";

/** The event that trustees open the count after: the tally, or the end of the shuffles. Null before it. */
export const eventToOpen = ({ archive, setup: { election } }) =>
  archive.events.find(({ type }) => type === (isMixed(election) ? "EndShuffles" : "EncryptedTally")) ?? null;

/** What a trustee says who has mixed the votes; *parent* is the hash of the event that it comes after. */
export const shuffleStatement = ({ election, parent, text, number }) =>
  statement("shuffle", {
    ballot: election.uuid,
    election_hash: election.fingerprint,
    parent,
    shuffle: sha256Hex(text),
    number,
  });

/**
 * [{number, text, parent}]: the shuffles on a board that was verified, in its order, each with the member who made it by
 * the charter's numbers.
 */
export const shufflesOn = ({ archive }, { trustees }) =>
  archive.events.flatMap(({ type, parent, data: [text, owned] }) => {
    if (type !== "Shuffle") return [];
    const owner = collect([], null, () => parseOwned(owned));
    return [{ number: trustees[owner - 1]?.number ?? null, text, parent }];
  });

/**
 * What is wrong with the shuffles of a verified board: *signed* is shuffles.json's list of {number, signature}, and
 * keysOf(number) has every key that counts for a member.
 */
export function checkShuffles(board, signed, charter, keysOf) {
  const { election } = board.setup;
  return shufflesOn(board, charter).flatMap(({ number, text, parent }) => {
    const object = `member ${number}`;
    const given = signed.find((one) => one.number === number);
    if (given === undefined) return [finding("shuffle_missing", object)];
    const said = shuffleStatement({ election, parent, text, number });
    const isSigned = keysOf(number).some((key) => statementHolds(said, given.signature, key));
    return isSigned ? [] : [finding("shuffle_signature", object)];
  });
}

/** What is missing before anybody may open the votes. */
export function checkMixed(board, charter) {
  const mixers = new Set(shufflesOn(board, charter).map(({ number }) => number));
  const needed = shufflesNeeded(charter);
  return [
    ...(eventToOpen(board) === null ? [finding("not_mixed")] : []),
    ...(mixers.size < needed ? [finding("shuffles_few", null, { mixed: mixers.size, needed })] : []),
  ];
}
