/**
 * Ballot papers: making one and checking one completely (Belenios specification, sections 4.11 to 4.15).
 *
 * phi, S0, S, alpha, beta, A, B, r, w, m and M are the specification's symbols, in questions/ too.
 */

import { sha256Base64 } from "./bytes.js";
import { fieldsOf, listOf, parseCompact, textsOf } from "./canonical.js";
import { kindOf } from "./questions.js";
import { readProof } from "./questions/pairs.js";
import { finding, Refused, within } from "./refusal.js";
import { holdsFor, prove } from "./schnorr.js";

const BALLOT_FIELDS = ["election_uuid", "election_hash", "credential", "answers", "signature"];

/** By what its owner finds a ballot paper on the board. */
export const ballotHash = sha256Base64;

/** The text of a ballot paper; each of the *answers* has the form that its question asks for. */
export const makeBallot = (election, s, answers, randomBytes) =>
  makeBallotToOpen(election, s, answers, randomBytes).text;

/** As makeBallot, with the *nonces* that open it. A ballot paper whose nonces were shown must never be cast. */
export function makeBallotToOpen(election, s, answers, randomBytes) {
  const { group, fingerprint, uuid, questions } = election;
  listOf(answers, questions.length);
  questions.forEach((question, i) => kindOf(question).refuseIllegal(question, answers[i]));
  const credential = group.text(group.powerGenerator(s));
  const S0 = boundTo(election, credential);
  const sealed = answers.map((answer, i) => kindOf(questions[i]).seal(election, S0, questions[i], answer, randomBytes));
  const unsigned = {
    election_uuid: uuid,
    election_hash: fingerprint,
    credential,
    answers: sealed.map(({ answer }) => answer),
  };
  const hash = sha256Base64(JSON.stringify(unsigned));
  const signature = { hash, proof: prove(group, `sig|${hash}|`, s, randomBytes) };
  return { text: JSON.stringify({ ...unsigned, signature }), nonces: sealed.map(({ nonces }) => nonces) };
}

/** Checks a ballot paper completely and returns what it holds; refuses it by the first rule it breaks. */
export function checkBallot(election, text, credentials) {
  const { ballot, findings } = examineBallot(election, credentials, text);
  const [first] = findings;
  if (first !== undefined) throw new Refused(first.check, first.object);
  return { credential: ballot.credential, hash: ballot.tracker };
}

/**
 * {ballot, findings}: everything that is wrong with a paper, and the paper, null where it cannot even be read.
 * *credentials* is the map of a list whose keys are known to lie in the group.
 */
export function examineBallot(election, credentials, text) {
  // An honest paper is proven to hold elements of the group while its proofs are checked, which is cheaper.
  const quick = examineBy(decoded, election, credentials, text);
  return quick.findings.length === 0 ? quick : examineBy(unproven, election, credentials, text);
}

const decoded = (group, text) => group.decode(text);
const unproven = (group, text) => group.unproven(text);

function examineBy(read, election, credentials, text) {
  try {
    const ballot = readBy(read, election, credentials, text);
    return { ballot, findings: [...signatureFindings(election, ballot), ...answerFindings(election, ballot)] };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ballot: null, findings: [error.finding] };
  }
}

/**
 * {credential, tracker, weight, answers, …}: a paper's claims. Nothing is proven, not even that its numbers lie in the
 * group. Refuses a paper that is not in its exact form, of another election, or by nobody on the list.
 */
export const readBallot = (election, credentials, text) => readBy(decoded, election, credentials, text);

function readBy(read, election, credentials, text) {
  const tracker = ballotHash(text);
  const where = `ballot ${tracker}`;
  return within("ballot", where, () => {
    const { signature, ...unsigned } = parseBallot(election, text);
    const weight = credentials.get(unsigned.credential);
    if (weight === undefined) throw new Refused("ballot_credential");
    const answers = listOf(unsigned.answers, election.questions.length).map((answer, i) => {
      const question = election.questions[i];
      return kindOf(question).readAnswer(election.group, read, question, answer, `${where}, question ${i + 1}`);
    });
    return {
      credential: unsigned.credential,
      tracker,
      weight,
      answers,
      signedHash: sha256Base64(`${text.slice(0, text.lastIndexOf(',"signature"'))}}`),
      signatureHash: signature.hash,
      signature: readProof(election.group, signature.proof, `${where}, signature`),
    };
  });
}

/** The paper as an object, of the right form and election; its answers are not looked into. */
function parseBallot(election, text) {
  const ballot = fieldsOf(parseCompact(text), BALLOT_FIELDS);
  const { hash } = fieldsOf(ballot.signature, ["hash", "proof"]);
  textsOf([ballot.election_uuid, ballot.election_hash, ballot.credential, hash]);
  if (ballot.election_uuid !== election.uuid || ballot.election_hash !== election.fingerprint) {
    throw new Refused("ballot_election");
  }
  return ballot;
}

function signatureFindings({ group }, { credential, tracker, signedHash, signatureHash, signature }) {
  const where = `ballot ${tracker}`;
  const isSigned = holdsFor(group, `sig|${signatureHash}|`, group.decode(credential), signature);
  return [
    ...(signatureHash === signedHash ? [] : [finding("ballot_signature_hash", where)]),
    ...(isSigned ? [] : [finding("ballot_signature", where)]),
  ];
}

const answerFindings = (election, { credential, tracker, answers }) =>
  answers.flatMap((answer, i) => {
    const question = election.questions[i];
    const where = `ballot ${tracker}, question ${i + 1}`;
    return kindOf(question).failing(election, boundTo(election, credential), question, answer, where);
  });

/** S0, to which the proofs of a paper are bound. */
const boundTo = ({ fingerprint }, credential) => `${fingerprint}|${credential}`;

const ANYBODY = { get: () => 1n }; // in the place of a list of credentials

/** What a ballot paper encrypts, by its *nonces*; refuses nonces that are not those it was made with. */
export function openBallot(election, text, nonces) {
  const { answers } = readBallot(election, ANYBODY, text);
  return listOf(nonces, answers.length).map((own, i) => {
    const question = election.questions[i];
    return kindOf(question).open(election, question, answers[i], own);
  });
}
