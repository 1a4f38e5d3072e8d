/** A session's minutes, as they are written. The stream brings the last lines; whoever missed more, and all else, fetches it. */

import { getJson, postJson } from "./_shared/http.js";
import { clearError, find, onSubmit, text } from "./_shared/page.js";

const session = find("[data-session]");
const { live, minutes, number, ended } = session.dataset;
let last = Number(session.dataset.last);
let shownProposals = Number(session.dataset.proposals);
let rules = Number(session.dataset.rules);
let edition = Number(session.dataset.edition);
let heard = last;
let reading = Promise.resolve();

if (!ended) follow();

onSubmit("[data-write]", async ({ text: line, token }, form) => {
  await postJson(form.getAttribute("action"), { text: line, token });
  form.elements.text.value = "";
  form.elements.token.value = freshToken();
  clearError();
  form.elements.text.focus();
  await readOn();
});

function follow() {
  const source = new EventSource(live);
  source.addEventListener("open", () => say("liveOn"));
  source.addEventListener("message", ({ data }) => hear(JSON.parse(data), source));
  source.addEventListener("error", () => say("liveOff"));
  addEventListener("pagehide", () => source.close());
}

function hear(head, source) {
  heard = head.lines;
  for (const line of head.last) take({ ...line, at: line.at[document.documentElement.lang] });
  if (head.lines > last || head.proposals !== shownProposals || head.rules > rules || head.report > edition) readOn();
  if (!head.ended) return;
  say(head.report ? "over" : "awaited");
  if (head.report) source.close();
  closeBox(document.querySelector("[data-write]"));
}

/** What somebody has begun to write is theirs to copy. */
function closeBox(form) {
  if (!form) return;
  clearError();
  if (form.elements.text.value === "") return form.closest("section").remove();
  form.querySelector("button").disabled = true;
  find("[data-ended-typing]").hidden = false;
}

/** One reading at a time, and one more for whoever asks meanwhile. */
function readOn() {
  reading = reading.then(readNew, readNew);
  return reading;
}

async function readNew() {
  const news = await getJson(`${minutes}?after=${last}&rules=${rules}&edition=${edition}`);
  const { lines, proposals } = news;
  for (const line of lines) take(line);
  drawProposals(proposals);
  for (const each of news.rules) drawRules(each);
  if (news.report) drawReport(news.report);
  if (lines.length > 0 && last < heard) await readNew(); // an answer holds so many lines at the most
}

/** Only the next one: what stands between is fetched first. */
function take(line) {
  if (line.number !== last + 1) return;
  draw(line);
  last = line.number;
}

function draw(line) {
  find("[data-none]").hidden = true;
  if (line.corrects === null) find("[data-lines]").append(newLine(line));
  else correct(line);
}

function newLine(line) {
  const item = document.createElement("li");
  item.dataset.line = line.number;
  const when = element("span", `${line.at} · ${text("entry", { number: line.by })}`);
  when.className = "when";
  const said = element("p", line.text);
  said.dataset.text = "";
  item.append(when, said);
  if (String(line.by) === number) item.append(correctionLink(line.number));
  return item;
}

function correct(line) {
  const item = find(`[data-line="${line.corrects}"]`);
  const said = find("[data-text]", item);
  const before = element("p", "");
  before.className = "small soft";
  before.append(element("s", said.textContent));
  said.after(before);
  said.textContent = line.text;
  item.dataset.line = line.number;
  const link = item.querySelector("a");
  if (link) link.href = `?correct=${line.number}`;
  const when = find(".when", item);
  if (!when.textContent.endsWith(text("corrected"))) when.append(` · ${text("corrected")}`);
}

function correctionLink(of) {
  const link = element("a", text("correct"));
  link.href = `?correct=${of}`;
  const place = element("p", "");
  place.className = "small";
  place.append(link);
  return place;
}

function drawProposals(sentences) {
  if (sentences.length === shownProposals) return;
  const list = find("[data-put-forward]");
  for (const sentence of sentences.slice(list.children.length)) list.append(element("li", sentence));
  shownProposals = sentences.length;
  find("[data-nothing]").hidden = sentences.length > 0;
}

function drawRules({ number: version, at, lines }) {
  if (version <= rules) return;
  const item = document.createElement("li");
  const when = element("span", at);
  when.className = "when";
  item.append(when, ...lines.map((line) => withLines("p", line)));
  find("[data-rules-list]").prepend(item);
  rules = version;
}

function drawReport(report) {
  if (report.edition <= edition) return;
  const place = find("[data-report]");
  find("[data-report-text]", place).textContent = report.text;
  place.hidden = false;
  edition = report.edition;
}

function withLines(name, content) {
  const made = element(name, content);
  made.className = "charter";
  return made;
}

function element(name, content) {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
}

function freshToken() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(name) {
  find("[data-live-state]").textContent = text(name);
}
