/**
 * A page that shows where things stand is brought up to date by itself when a line is added to the ledger. The
 * stream tells only how many there are; the page is fetched, with the reader's own rights.
 */

import { find } from "./_shared/page.js";

const place = find("[data-news]");
let shown = Number(place.dataset.lines);
let there = shown;
let renewing = null;

listen();
addEventListener("pageshow", ({ persisted }) => persisted && listen());
addEventListener("visibilitychange", renew);

function listen() {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("message", ({ data }) => {
    there = JSON.parse(data).lines;
    renew();
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

/** One fetch at a time, and one more where more came meanwhile. A page that nobody looks at waits. */
function renew() {
  if (document.hidden || there <= shown || renewing) return;
  if (isTypedIn(find("main"))) {
    say("stale");
    return;
  }
  renewing = fetchPage(location.href)
    .then(show, () => {}) // no connection: the stream comes back, and says it again
    .finally(() => {
      renewing = null;
    });
}

function show(fresh) {
  const next = fresh.querySelector("[data-news]");
  if (!next) return location.reload(); // signed out, or gone: the server says which
  shown = Number(next.dataset.lines);
  replaceMain(find("main"), document.adoptNode(fresh.querySelector("main")));
  say("renewed");
  document.dispatchEvent(new Event("renewed"));
  return setTimeout(renew);
}

/** Each time anew: it goes by itself after a while. */
function say(name) {
  const sentence = document.createElement("span");
  sentence.textContent = place.dataset[name];
  place.replaceChildren(sentence);
}

function replaceMain(old, next) {
  for (const details of old.querySelectorAll("details[open]")) {
    const same = [...next.querySelectorAll("details")].find((each) => nameOf(each) === nameOf(details));
    if (same) same.open = true;
  }
  const focused = old.contains(document.activeElement) && old.querySelectorAll(FOCUSABLE);
  const at = focused ? [...focused].indexOf(document.activeElement) : -1;
  const address = document.activeElement.getAttribute("href");
  old.replaceWith(next);
  if (at < 0) return;
  const now = [...next.querySelectorAll(FOCUSABLE)];
  (now.find((each) => address && each.getAttribute("href") === address) ?? now[at] ?? next).focus();
}

const FOCUSABLE = "a[href], button, input, select, textarea, summary";

/** What it unfolds, within what it stands in. */
const nameOf = (details) => `${details.closest("[id]")?.id} ${details.querySelector("summary")?.textContent}`;

const isTypedIn = (main) =>
  [...main.querySelectorAll("input, textarea")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

/** As a document: it is never run, and never parsed from a text here. */
function fetchPage(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("X-Renews", "yes");
    request.addEventListener("load", () => (request.response?.querySelector("main") ? resolve : reject)(request.response));
    request.addEventListener("error", reject);
    request.send();
  });
}
