/**
 * Ballot papers: making one and checking one completely (Belenios specification, sections 4.11 to 4.15).
 *
 * phi, S0, S, alpha, beta, A, B, r, w, m and M are the specification's symbols.
 */

import { sha256Base64 } from "./bytes.js";
import { fieldsOf, listOf, parseCompact, textsOf } from "./canonical.js";
import { finding, Refused, within } from "./refusal.js";
import { holdsFor, proofText, prove } from "./schnorr.js";

const BALLOT_FIELDS = ["election_uuid", "election_hash", "credential", "answers", "signature"];

/** By what its owner finds a ballot paper on the board. */
export const ballotHash = sha256Base64;

/** The text of a ballot paper: *answers* holds a list of 0 and 1 for each question, a blank vote's bit first. */
export const makeBallot = (election, s, answers, randomBytes) =>
  makeBallotToOpen(election, s, answers, randomBytes).text;

/** As makeBallot, with the *nonces* that open it. A ballot paper whose nonces were shown must never be cast. */
export function makeBallotToOpen(election, s, answers, randomBytes) {
  const { group, fingerprint, uuid, questions } = election;
  listOf(answers, questions.length);
  questions.forEach((question, i) => refuseIllegal(question, answers[i]));
  const credential = group.text(group.powerGenerator(s));
  const S0 = `${fingerprint}|${credential}`;
  const sealed = answers.map((bits, i) => sealAnswer(election, S0, questions[i], bits, randomBytes));
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

/** Refuses bits that the question does not allow. */
export function refuseIllegal(question, bits) {
  const { answers, blank, min, max } = question;
  listOf(bits, answers.length + Number(blank));
  if (!bits.every((bit) => bit === 0 || bit === 1)) throw new Refused("illegal_answer");
  const isBlank = blank && bits[0] === 1;
  const chosen = sum(blank ? bits.slice(1) : bits);
  if (isBlank ? chosen !== 0 : chosen < min || chosen > max) {
    throw new Refused("illegal_answer", null, { chosen, min, max });
  }
}

function sealAnswer(election, S0, question, bits, randomBytes) {
  const { group } = election;
  const choices = bits.map((bit) => encrypt(election, bit, group.randomScalar(randomBytes)));
  const S = `${S0}|${choices.map(pairText).join(",")}`;
  const answer = {
    choices: choices.map(({ alpha, beta }) => ({ alpha, beta })),
    individual_proofs: choices.map((choice) => proveOneOf(election, S0, choice, [0, 1], randomBytes)),
    ...(question.blank
      ? proveBlankOrCounted(election, S, question, choices, randomBytes)
      : { overall_proof: proveOneOf(election, S, total(election, choices), counts(question), randomBytes) }),
  };
  return { answer, nonces: choices.map(({ r }) => r.toString()) };
}

function encrypt(election, m, r) {
  const { group } = election;
  const alpha = group.powerGenerator(r);
  const beta = group.multiply(election.powerPublicKey(r), group.powerGenerator(BigInt(m)));
  return { m, r, alpha: group.text(alpha), beta: group.text(beta) };
}

/** The encryption of the sum of what *choices* encrypt. */
function total(election, choices) {
  const r = election.group.reduce(choices.reduce((all, choice) => all + choice.r, 0n));
  return encrypt(election, sum(choices.map(({ m }) => m)), r);
}

/** Section 4.12: the choice is one of *messages*. */
function proveOneOf(election, S, choice, messages, randomBytes) {
  const branches = messages.map((M) => ({ r: choice.r, offset: choice.m - M }));
  return proveOneBranch(election, `prove|${S}|${pairText(choice)}|`, branches, randomBytes);
}

/** Section 4.13: m0 = 0 or mΣ = 0, and m0 = 1 or min ≤ mΣ ≤ max. */
function proveBlankOrCounted(election, S, question, [first, ...others], randomBytes) {
  const all = total(election, others);
  const branch = ({ r, m }, M) => ({ r, offset: m - M });
  const notBoth = [branch(first, 0), branch(all, 0)];
  const either = [branch(first, 1), ...counts(question).map((M) => branch(all, M))];
  const blankProof = proveOneBranch(election, `bproof0|${S}|`, notBoth, randomBytes);
  return { overall_proof: proveOneBranch(election, `bproof1|${S}|`, either, randomBytes), blank_proof: blankProof };
}

/**
 * Proves that some branch has offset 0, without telling which. A branch claims (alpha, beta/g^M) = (g^r, y^r);
 * its offset is m − M. As r is known, the commitments of the other branches need no power of alpha or beta.
 */
function proveOneBranch(election, prefix, branches, randomBytes) {
  const { group } = election;
  const truth = branches.findIndex(({ offset }) => offset === 0);
  const made = branches.map((branch, j) => (j === truth ? commit : simulate)(election, branch, randomBytes));
  const others = made.reduce((all, { challenge }) => all + challenge, 0n);
  const challenge = group.reduce(group.hashToScalar(prefix + commitmentsText(group, made)) - others);
  const response = group.reduce(made[truth].w - branches[truth].r * challenge);
  return made.map((branch, j) => proofText(j === truth ? { challenge, response } : branch));
}

/** The branch that is true: its challenge is what the others leave of the hash. */
function commit(election, _branch, randomBytes) {
  const w = election.group.randomScalar(randomBytes);
  return { w, challenge: 0n, A: election.group.powerGenerator(w), B: election.powerPublicKey(w) };
}

function simulate(election, { r, offset }, randomBytes) {
  const { group } = election;
  const challenge = group.randomScalar(randomBytes);
  const response = group.randomScalar(randomBytes);
  const exponent = group.reduce(response + r * challenge);
  const shift = group.powerGenerator(group.reduce(BigInt(offset) * challenge));
  const B = group.multiply(election.powerPublicKey(exponent), shift);
  return { challenge, response, A: group.powerGenerator(exponent), B };
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
    const answers = listOf(unsigned.answers, election.questions.length).map((answer, i) =>
      readAnswer(election.group, read, election.questions[i], answer, `${where}, question ${i + 1}`),
    );
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

function readAnswer(group, read, question, value, where) {
  const { answers, blank } = question;
  const length = answers.length + Number(blank);
  const names = ["choices", "individual_proofs", "overall_proof", ...(blank ? ["blank_proof"] : [])];
  const { choices, individual_proofs, overall_proof, blank_proof = [] } = fieldsOf(value, names);
  const readProofs = (proofs, count) => listOf(proofs, count).map((proof) => readProof(group, proof, where));
  return {
    choices: listOf(choices, length).map((choice, j) => readChoice(group, read, choice, `${where}, choice ${j + 1}`)),
    individualProofs: listOf(individual_proofs, length).map((proofs) => readProofs(proofs, 2)),
    overallProof: readProofs(overall_proof, counts(question).length + Number(blank)),
    blankProof: readProofs(blank_proof, blank ? 2 : 0),
  };
}

/** {alpha, beta, text}: the ciphertext, and how it is hashed. */
function readChoice(group, read, choice, where) {
  fieldsOf(choice, ["alpha", "beta"]);
  const element = (text) => within("ballot", where, () => read(group, text));
  return { alpha: element(choice.alpha), beta: element(choice.beta), text: pairText(choice) };
}

function readProof(group, proof, where) {
  const { challenge, response } = fieldsOf(proof, ["challenge", "response"]);
  const scalar = (text) => within("ballot", where, () => group.scalar(text), { scalar: "ballot_scalar" });
  return { challenge: scalar(challenge), response: scalar(response) };
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
    const where = `ballot ${tracker}, question ${i + 1}`;
    const statements = statementsOf(election, election.questions[i], answer, credential);
    return failingOf(election, answer, statements, where);
  });

/**
 * What an answer claims: statements of several branches each, of which one must be true.
 * A branch says that choice *about* (null: the sum of the choices) encrypts M.
 */
function statementsOf(election, question, answer, credential) {
  const { group, fingerprint } = election;
  const S0 = `${fingerprint}|${credential}`;
  const S = `${S0}|${answer.choices.map(({ text }) => text).join(",")}`;
  const counted = counts(question).map((M) => ({ about: null, M }));
  const individual = answer.choices.map(({ text }, about) => ({
    check: "ballot_individual_proof",
    part: `, choice ${about + 1}`,
    prefix: `prove|${S0}|${text}|`,
    branches: [0, 1].map((M) => ({ about, M })),
    proofs: answer.individualProofs[about],
  }));
  const overall = { check: "ballot_overall_proof", part: "", proofs: answer.overallProof };
  if (!question.blank) {
    const prefix = `prove|${S}|${pairText(encodePair(group, multiplyPairs(group, answer.choices)))}|`;
    return [...individual, { ...overall, prefix, branches: counted }];
  }
  const blank = { check: "ballot_blank_proof", part: "", proofs: answer.blankProof };
  const notBoth = [0, null].map((about) => ({ about, M: 0 }));
  return [
    ...individual,
    { ...blank, prefix: `bproof0|${S}|`, branches: notBoth },
    { ...overall, prefix: `bproof1|${S}|`, branches: [{ about: 0, M: 1 }, ...counted] },
  ];
}

function failingOf(election, answer, statements, where) {
  const raised = raiseAll(election.group, answer, statements, where);
  if (raised instanceof Refused) return [raised.finding];
  return statements
    .filter((statement, i) => !isProven(election, statement, raised[i]))
    .map(({ check, part }) => finding(check, where + part));
}

/** For each statement and branch alpha and beta to its challenge; or the refusal of a choice outside the group. */
function raiseAll(group, { choices, blankProof }, statements, where) {
  const own = choices.map(() => []);
  const common = [];
  const places = statements.map(({ branches, proofs }) =>
    branches.map(({ about }, k) => ({ about, at: (about === null ? common : own[about]).push(proofs[k].challenge) - 1 })),
  );
  const summedFrom = blankProof.length > 0 ? 1 : 0;
  const split = (part) => {
    const bases = choices.map((choice) => choice[part]);
    const apart = sharedFrom(group, bases, own, [], 0, summedFrom, where);
    const summed = sharedFrom(group, bases, own, common, summedFrom, bases.length, where);
    return { own: [...apart.own, ...summed.own], product: summed.product };
  };
  try {
    const [alpha, beta] = [split("alpha"), split("beta")];
    const powerAt = (of, { about, at }) => (about === null ? of.product[at] : of.own[about][at]);
    return places.map((row) => row.map((place) => ({ alpha: powerAt(alpha, place), beta: powerAt(beta, place) })));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error;
  }
}

function sharedFrom(group, bases, own, common, from, to, where) {
  try {
    return group.sharedPowers(bases.slice(from, to), own.slice(from, to), common);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused("ballot_element", `${where}, choice ${from + error.data.index + 1}`);
  }
}

/**
 * Of each branch A = g^response · alpha^challenge and B = y^response · (beta/g^M)^challenge, *raised* to it already:
 * the challenges must sum to their hash.
 */
function isProven(election, { branches, proofs, prefix }, raised) {
  const { group } = election;
  const made = branches.map(({ M }, k) => {
    const { challenge, response } = proofs[k];
    const shift = M === 0 ? group.identity : group.publicPowerGenerator(group.reduce(-BigInt(M) * challenge));
    return {
      A: group.multiply(group.publicPowerGenerator(response), raised[k].alpha),
      B: group.product([election.publicPowerPublicKey(response), raised[k].beta, shift]),
    };
  });
  const challenges = group.reduce(proofs.reduce((all, { challenge }) => all + challenge, 0n));
  return group.hashToScalar(prefix + commitmentsText(group, made)) === challenges;
}

const ANYBODY = { get: () => 1n }; // in the place of a list of credentials

/** What a ballot paper encrypts, by its *nonces*; refuses nonces that are not those it was made with. */
export function openBallot(election, text, nonces) {
  const { group } = election;
  const { answers } = readBallot(election, ANYBODY, text);
  return listOf(nonces, answers.length).map((scalars, i) =>
    listOf(scalars, answers[i].choices.length).map((scalar, j) => {
      const bit = [0, 1].find((m) => pairText(encrypt(election, m, group.scalar(scalar))) === answers[i].choices[j].text);
      if (bit === undefined) throw new Refused("wrong_nonces");
      return bit;
    }),
  );
}

export const encodePair = (group, { alpha, beta }) => ({ alpha: group.text(alpha), beta: group.text(beta) });

const multiplyPairs = (group, pairs) => ({
  alpha: group.product(pairs.map(({ alpha }) => alpha)),
  beta: group.product(pairs.map(({ beta }) => beta)),
});

const commitmentsText = (group, made) => made.map(({ A, B }) => `${group.text(A)},${group.text(B)}`).join(",");

const pairText = ({ alpha, beta }) => `${alpha},${beta}`;

/** min, …, max. */
const counts = ({ min, max }) => Array.from({ length: max - min + 1 }, (_, i) => min + i);

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
