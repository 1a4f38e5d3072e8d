/**
 * From the encrypted tally to the result, as an archive has it: the twin of openballot/counting.py. Each event is checked
 * against what stands before it.
 */

import {
  combineFactors,
  examinePartialDecryption,
  openTally,
  parseOwned,
  parseResult,
  resultFindings,
  undecodableOf,
} from "./decryption.js";
import { collect, finding, Refused } from "./refusal.js";
import { examineShuffle, takeShuffle } from "./shuffle.js";

/**
 * The owners of those quorums of which enough are left without the bad ones.
 * What is wrong with them is a warning: the result does without them.
 */
export const dispensableOwners = (quorums, isBad) =>
  new Set(
    quorums.flatMap(({ owners, threshold }) => (owners.filter((owner) => !isBad(owner)).length >= threshold ? owners : [])),
  );

export class Count {
  #setup;
  #tally;
  #totalWeight;
  #examined;
  #findings = { shuffles: [], decryptions: [], result: [] };
  #faults = new Map();
  #factors = new Map();
  #result = undefined;

  /**
   * *tally* is null where it cannot be read: then nothing that follows can be checked. With checkShuffles false their
   * proofs are left to others; onShuffle is called with the number of answers of a shuffle checked, and of all.
   */
  constructor(setup, tally, totalWeight, { checkShuffles = true, onShuffle } = {}) {
    this.#setup = setup;
    this.#tally = tally;
    this.#totalWeight = totalWeight;
    this.#examined = (...shuffle) => (checkShuffles ? examineShuffle(...shuffle, onShuffle) : takeShuffle(...shuffle));
  }

  take(event) {
    const steps = {
      Shuffle: () => this.#takeShuffle(event),
      PartialDecryption: () => this.#takeDecryption(event),
      Result: () => this.#takeResult(event),
    };
    if (this.#tally !== null) steps[event.type]?.();
  }

  /** {findings, warnings, result, undecodable}; the last two null before there is a result. */
  end() {
    const { shuffles, decryptions, result } = this.#findings;
    const dispensable = dispensableOwners(this.#setup.quorums, (owner) => this.#factors.get(owner) === null);
    const judged = (isWarning) => [...this.#faults].flatMap(([owner, found]) => (dispensable.has(owner) === isWarning ? found : []));
    return {
      ...(this.#result ?? { result: null, undecodable: null }),
      findings: [...shuffles, ...decryptions, ...judged(false), ...result],
      warnings: judged(true),
    };
  }

  #takeShuffle({ height, type, data }) {
    const { election, trustees } = this.#setup;
    const where = `event ${height} (${type})`;
    const owner = data.length === 2 ? collect([], where, () => parseOwned(data[1])) : null;
    if (owner === null) {
      this.#findings.shuffles.push(finding("shuffle_text", where));
      this.#tally = null;
      return;
    }
    if (trustees[owner - 1] === undefined) this.#findings.shuffles.push(finding("shuffle_owner", where));
    const { tally, findings } = this.#examined(election, this.#tally, data[0], where);
    this.#findings.shuffles.push(...findings);
    this.#tally = tally;
  }

  #takeDecryption({ height, type, data }) {
    const { election, trustees } = this.#setup;
    if (data.length !== 2) return;
    const where = `event ${height} (${type})`;
    const owner = collect(this.#findings.decryptions, where, () => ownerAmong(trustees, data[1]));
    if (owner === null) return;
    const of = `${where} of trustee ${owner}`;
    const { factors, findings } = examinePartialDecryption(election, trustees[owner - 1], this.#tally, data[0], of);
    this.#faults.set(owner, [...(this.#faults.get(owner) ?? []), ...findings]);
    this.#factors.set(owner, factors); // of two by one owner the last counts
  }

  /** Of several the first counts. */
  #takeResult({ data }) {
    if (this.#result !== undefined) return;
    this.#result = data.length > 0 ? this.#verified(data[data.length - 1]) : null;
  }

  #verified(text) {
    const { election, quorums } = this.#setup;
    const { result: findings } = this.#findings;
    const stated = collect(findings, null, () => parseResult(election, text));
    if (stated === null) return null;
    const factors = new Map([...this.#factors].filter(([, made]) => made !== null));
    const tables = collect(findings, "result", () => combineFactors(election, quorums, factors));
    if (tables === null) return { result: stated.result, undecodable: null };
    const opened = openTally(election, this.#tally, tables);
    findings.push(...resultFindings(election, this.#totalWeight, opened, stated.counts));
    return { result: stated.result, undecodable: undecodableOf(election, opened) };
  }
}

function ownerAmong(trustees, ownedText) {
  const owner = parseOwned(ownedText);
  if (trustees[owner - 1] === undefined) throw new Refused("decryption_owner");
  return owner;
}
