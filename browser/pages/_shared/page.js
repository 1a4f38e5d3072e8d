/**
 * What every page script needs from its page: sentences, steps, errors, and one deed at a time.
 * Sentences stand in the template as data-… attributes of [data-texts], so that they are translated once.
 */

import { NoKey, StorageRefused } from "../../elements/device-store.js";
import { NoConnection, RefusedByServer } from "./http.js";

/** The first element that matches, which must be there. */
export function find(selector, within = document) {
  const element = within.querySelector(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

/** A sentence of the page: text("noKey") is data-no-key; {names} are filled in. */
export function text(name, values = {}) {
  for (const holder of document.querySelectorAll("[data-texts]")) {
    const sentence = holder.dataset[name];
    if (sentence !== undefined) return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }
  throw new Error(`the page has no sentence ${name}`);
}

/** Something the page itself refuses, already in words. */
export class Sentence extends Error {
  constructor(name, values) {
    super(text(name, values));
    this.name = "Sentence";
  }
}

/** Show one [data-step] of the page and hide the others; the focus follows to its heading, but not at the start. */
export function showStep(name) {
  const steps = [...document.querySelectorAll("[data-step]")];
  const moved = steps.some((step) => !step.hidden);
  for (const step of steps) step.hidden = step.dataset.step !== name;
  clearError();
  const shown = find(`[data-step="${name}"]`);
  if (moved) focusOn(shown.querySelector("h1") ?? shown);
}

function focusOn(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Say in one sentence what went wrong, where the page keeps its errors. */
export function showError(error) {
  const place = find("[data-error]");
  place.textContent = sentenceFor(error);
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

/** Take the last error away. */
export function clearError() {
  const place = document.querySelector("[data-error]");
  if (place) {
    place.hidden = true;
    place.textContent = "";
  }
}

/** Say quietly how it goes, for eyes and for screen readers. */
export function showStatus(sentence) {
  find("[data-status]").textContent = sentence;
}

function sentenceFor(error) {
  if (error instanceof Sentence || error instanceof RefusedByServer) return error.message;
  if (error instanceof NoConnection) return text("noConnection");
  if (error instanceof StorageRefused) return text("noStorage");
  if (error instanceof NoKey) return text("noKey");
  console.error(error);
  return text("unexpected");
}

/** Do a deed once at a time from a button: busy while it runs, its error shown on the page. */
export async function once(button, deed) {
  if (button.getAttribute("aria-disabled") === "true") return;
  clearError();
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  try {
    await deed();
  } catch (error) {
    showError(error);
  } finally {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

/** Run a deed, guarded as in `once`, whenever the button is pressed. */
export function onPress(selector, deed) {
  const button = document.querySelector(selector);
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    once(button, () => deed(button));
  });
}

/** Run a deed, guarded as in `once`, with a form's values when it is sent. */
export function onSubmit(selector, deed) {
  const form = document.querySelector(selector);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter ?? find("button:not([type=button])", form);
    once(button, () => deed(Object.fromEntries(new FormData(form)), form));
  });
}

/** Run what a page does at its start; an error is shown instead of lost. */
export function start(deed) {
  Promise.resolve().then(deed).catch(showError);
}

/** Let the page draw before a long piece of arithmetic. */
export function breathe() {
  return new Promise((resolve) => setTimeout(resolve, 30));
}

/** A fresh copy of a <template>'s content. */
export function fromTemplate(selector) {
  return find(selector).content.cloneNode(true);
}

export function paragraph(sentence) {
  const element = document.createElement("p");
  element.textContent = sentence;
  return element;
}

/** What stands after the # of the address; nothing where anybody wrote what is no text. */
export function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** A secret carried there; taken out of the address and the history before anything else. */
export function takeFragment() {
  const secret = fragment();
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return secret;
}

/** Hand a text over as a file to save. */
export function saveFile(name, content, type = "application/json") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
