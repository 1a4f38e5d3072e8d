/** The member's key for one page: from this device, or from twelve words typed when the device has lost it. */

import { memberKey } from "../../core/memberkeys.js";
import { NoKey, openStore, StorageRefused } from "../../elements/device-store.js";
import { typedRoot } from "../_shared/keys.js";
import { find, onSubmit, Sentence, showStep } from "../_shared/page.js";
import { memory } from "./memory.js";

/** {store, root} of the *member* {committee, number, key}; asks for the words where the key is not here. */
export async function unlock(member) {
  const store = await openOrRemember();
  const kept = await keptRoot(store, member);
  return { store, root: kept ?? (await askForWords(store, member)) };
}

/** This browser's store; where it refuses, one that lasts as long as the page, and the page says so. */
export async function openOrRemember() {
  try {
    return lasting(await openStore());
  } catch (error) {
    if (!(error instanceof StorageRefused)) throw error;
    const notice = document.querySelector("[data-not-kept]");
    if (notice) notice.hidden = false;
    return rememberOnly();
  }
}

const lasting = (store) => Object.assign(store, { lasting: true });

const rememberOnly = () => ({
  ...memory(),
  lasting: false,
  current: () => null,
  root: async () => {
    throw new NoKey();
  },
  saveRoot: async () => {},
});

async function keptRoot(store, member) {
  const owner = store.current();
  if (owner?.committee !== member.committee || owner?.number !== member.number) return null;
  try {
    return await store.root();
  } catch (error) {
    if (error instanceof NoKey) return null;
    throw error;
  }
}

function askForWords(store, member) {
  showStep("words");
  return new Promise((resolve) => {
    onSubmit("[data-unlock]", async ({ words }, form) => {
      const root = typedRoot(words);
      if (memberKey(root) !== member.key) throw new Sentence("wordsOfAnother");
      form.reset();
      await store.saveRoot({ committee: member.committee, number: member.number, handle: member.handle }, root);
      resolve(root);
    });
  });
}

/** The member a page is for, as its element says. */
export function memberOf(element) {
  const { committee, number, memberKey: key, handle = "" } = element.dataset;
  return { committee, number: Number(number), key, handle };
}

/** Only one tab at a time does *deed*; the others show the step "elsewhere". */
export function inOneTab(name, deed) {
  if (!navigator.locks) return deed(); // before Safari 15.4: two tabs are two votes, of which the later counts
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? deed() : elsewhere()));
}

function elsewhere() {
  showStep("elsewhere");
  find("[data-reload]").addEventListener("click", () => location.reload());
}
