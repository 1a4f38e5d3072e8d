/**
 * "Check everything on this device": workers verify the whole record, and what this page shows is held against it.
 * They are loaded when the button is pressed, and gone with the page or at a second thought.
 */

import { groupNamed } from "../../core/groups.js";
import { isMixed } from "../../core/questions.js";
import { inOrderOfPage } from "../../core/shown.js";
import { workOfPaper } from "../../core/work.js";
import { getJson } from "../_shared/http.js";
import { breathe, find, onPress, start, text } from "../_shared/page.js";
import { judge } from "../_shared/verdict.js";
import { headInWords } from "../_shared/words.js";
import { scriptOfOurs } from "../_shared/workers.js";
import { findingInWords } from "./findings.js";
import { fetchArchive } from "./heads.js";
import { trackerInWords } from "./words.js";

const MOST_WORKERS = 4;
const MEASURED_FOR_MS = 60;
const SAID_EVERY_MS = 1_000;
const MOST_SHOWN = 10;

const place = document.querySelector("[data-check]");
let running = null; // the AbortController of the check that runs
let wasStarted = false;

/** Whether somebody looks at a check here, so that the page must not load itself again. */
export const isLookedAt = () => wasStarted;

/** Wires the card, where the page has one; *board* is the page's [data-board]. */
export function offerCheck(board) {
  if (place === null) return;
  place.hidden = false;
  start(async () => {
    await breathe();
    say("[data-check-before]", text("checkOffer", { megabytes: megabytes(), time: inWords(secondsNeeded(), "takes") }));
  });
  onPress("[data-check-start]", () => check(board));
  onPress("[data-check-stop]", stop);
  addEventListener("pagehide", stop);
}

function stop() {
  running?.abort();
}

async function check(board) {
  running = new AbortController();
  wasStarted = true;
  const { signal } = running;
  showPart("running");
  try {
    const shown = readShown(board);
    say("[data-check-phase]", text("checkLoading"));
    const bytes = await fetchArchive(board.dataset.archive, move, signal);
    const proofs = shown.readings.length > 0 ? await fetchProofs() : null;
    say("[data-check-phase]", text("checkChecking"));
    tell(await verifyInWorkers({ bytes, proofs, shown }, sayProgress(), signal), shown);
  } catch (error) {
    showPart("offer");
    wasStarted = false;
    if (!signal.aborted) throw error;
  }
}

/* Before */

const workersUsed = () => Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1);

const megabytes = () => number(Number(place.dataset.size) / 1e6, 1);

function secondsNeeded() {
  const { papers, keys, choices } = place.dataset;
  const work = Number(keys) + Number(papers) * workOfPaper(Number(choices));
  return (work * secondsOfOneKey(groupNamed(place.dataset.group))) / workersUsed();
}

/** The fastest of several rounds: the first ones run before the browser has made the arithmetic fast. */
function secondsOfOneKey(group) {
  const began = performance.now();
  let fastest = Infinity;
  while (performance.now() - began < MEASURED_FOR_MS) {
    const from = performance.now();
    for (let i = 0; i < 4; i += 1) group.power(group.generator, group.q - 1n);
    fastest = Math.min(fastest, (performance.now() - from) / 4000);
  }
  return fastest;
}

/** "takesSeconds", "leftMinutes" …: no more exact than is known. */
function inWords(seconds, kind) {
  if (seconds < 10) return text(`${kind}Moments`);
  if (seconds < 95) return text(`${kind}Seconds`, { count: Math.ceil(seconds / 10) * 10 });
  return text(`${kind}Minutes`, { count: number(Math.max(2, Math.round(seconds / 60))) });
}

/* What the page shows, as a person reads it */

function readShown(board) {
  const { uuid } = board.dataset;
  const cards = [...document.querySelectorAll("[data-counted]")];
  const countsIn = (selector) => cards.map((card) => [...card.querySelectorAll(selector)].map(figure));
  return {
    uuid,
    title: find("h1").textContent,
    head: document.querySelector("[data-head-hash]")?.textContent ?? null,
    voters: figure(document.querySelector("[data-voters]")),
    entitled: figure(find("[data-may-vote]")),
    questions: cards.map((card) => ({
      question: find("h2", card).textContent,
      answers: [...card.querySelectorAll("tbody th")].map(({ textContent }) => textContent),
    })),
    readings: document.querySelector("[data-result]") ? [countsIn(".bars [data-votes]"), countsIn("td[data-votes]")] : [],
  };
}

/** The first number that is shown there, however its thousands are grouped. */
const figure = (element) => element && Number(element.textContent.match(/\d[\d.,\s]*/)[0].replace(/\D/g, ""));

async function fetchProofs() {
  const { bound_proofs: proofs } = await getJson(place.dataset.proofs, { credentials: "omit" });
  return new Map(proofs.map(({ owner, text: proof }) => [owner, proof]));
}

/* While it runs */

async function verifyInWorkers({ bytes, proofs, shown }, onProgress, signal) {
  const workers = Array.from({ length: workersUsed() }, () => new Worker(scriptOfOurs(place.dataset.worker)));
  const of = workers.length;
  try {
    const shares = await Promise.all(
      workers.map((worker, share) =>
        ask(worker, { deed: "examine", bytes, share, of }, signal, (progress) => onProgress(share, progress)),
      ),
    );
    return await ask(workers[0], { deed: "conclude", shares, proofs, shown }, signal);
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

function ask(worker, message, signal, onProgress = () => {}) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
    worker.onerror = reject;
    worker.onmessage = ({ data }) => (data.progress ? onProgress(data.progress) : resolve(data.answer));
    worker.postMessage(message);
  });
}

/** Adds up what the workers say; in words once a second. */
function sayProgress() {
  const began = performance.now();
  const shares = [];
  let saidAt = 0;
  return (share, progress) => {
    shares[share] = progress;
    const sum = (name) => shares.reduce((all, one) => all + one[name], 0);
    const [done, total, now] = [sum("done"), sum("total"), performance.now()];
    move(done, total);
    if (now - saidAt < SAID_EVERY_MS || now - began < SAID_EVERY_MS) return;
    saidAt = now;
    const left = inWords((((now - began) / done) * (total - done)) / 1000, "left");
    const [papers, all] = [number(sum("papers")), number(sum("allPapers"))];
    say("[data-check-left]", text("checkProgress", { papers, all, left }));
  };
}

function move(done, total) {
  const bar = find("[data-check-bar]");
  bar.max = total;
  bar.value = done;
}

/* After */

function tell(report, shown) {
  const faults = [...report.findings, ...report.shown];
  const isUnknown = report.findings.length > 0 && report.findings.every(({ check: name }) => name.endsWith("_unsupported"));
  if (isUnknown) sayUnknown();
  else judge(faults.length === 0, sentenceOf(report, faults, shown));
  listFaults(faults, report.warnings);
  listResult(report);
  find("[data-check-head]").hidden = report.head === null;
  if (report.head !== null) say("[data-check-words]", headInWords(report.head));
  showPart("done");
  find("[data-check-part=done]").focus();
}

function sentenceOf({ findings, result, papers, questions }, faults, { readings }) {
  if (findings.length > 0) return text("checkBroken");
  if (faults.length > 0) return text("checkOther");
  const kind = isMixed({ questions }) ? "Mixed" : "";
  const counted = readings.length > 0 ? `checkCounted${kind}` : "checkNewer";
  return text(result === null ? "checkUncounted" : counted, { papers: number(papers) });
}

function sayUnknown() {
  const verdict = find("[data-verdict]");
  verdict.className = "state open";
  verdict.textContent = text("checkUnknown");
  say("[data-sentence]", text("checkUnsupported"));
}

function listFaults(faults, warnings) {
  const list = find("[data-check-findings]");
  list.replaceChildren(...faults.slice(0, MOST_SHOWN).map(faultLine));
  list.hidden = faults.length === 0;
  find("[data-check-warnings]").replaceChildren(...warnings.slice(0, MOST_SHOWN).map(faultLine));
  find("[data-check-without]").hidden = warnings.length === 0;
  const more = faults.length - MOST_SHOWN;
  say("[data-check-further]", more > 0 ? text("checkMore", { count: number(more) }) : "");
}

/** The sentence, the paper's words where it is about a paper, and what the specification calls both. */
function faultLine({ check: name, object, data }) {
  const item = document.createElement("li");
  const [, tracker] = object.match(/^ballot ([A-Za-z0-9+/]{43})/) ?? [];
  const paper = tracker ? ` ${text("checkPaper", { words: trackerInWords(tracker) })}` : "";
  const exact = document.createElement("span");
  exact.className = "hash soft";
  exact.textContent = `${name}: ${object}`;
  item.append(findingInWords({ check: name, data }) + paper, document.createElement("br"), exact);
  return item;
}

function listResult({ questions, result }) {
  const lines = result === null ? [] : questions.map((question, i) => resultLine(question, result[i]));
  find("[data-check-result]").hidden = lines.length === 0;
  find("[data-check-counts]").replaceChildren(...lines);
}

function resultLine(question, counts) {
  const item = document.createElement("li");
  item.textContent = `${question.question} ${inResult(question, counts)}`;
  return item;
}

function inResult(question, counts) {
  if (question.type === "NonHomomorphic") return text("checkOpened", { papers: number(counts.length) });
  const names = question.blank ? [...question.answers, text("checkBlank")] : question.answers;
  const votes = inOrderOfPage(question, counts).map((count, i) => `${names[i]} ${number(count)}`);
  return votes.join(" · ");
}

/* */

function showPart(name) {
  for (const part of place.querySelectorAll("[data-check-part]")) part.hidden = part.dataset.checkPart !== name;
}

function say(selector, sentence) {
  find(selector, place).textContent = sentence;
}

const number = (value, digits = 0) =>
  new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
