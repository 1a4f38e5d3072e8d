/** From a reserved entry number to an entry: name, twelve words, keys. The root is stored before anything is sent. */

import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, secureRandom, toHex } from "../../core/bytes.js";
import { GROUP_NAMES, groupNamed } from "../../core/groups.js";
import { credentialKey, credentialScalar, memberKey, provePossession, ROOT_BYTES, signInSecret } from "../../core/memberkeys.js";
import { wordsFromRoot } from "../../core/words.js";
import { askToPersist, NoKey, storeIfAny } from "../../elements/device-store.js";
import { postJson } from "./http.js";
import { breathe, find, onPress, onSubmit, Sentence, showStep, text } from "./page.js";

const UNSENT = "enrolment not sent yet";

/** Run the enrolment form of this page, if it has one. */
export async function enrol() {
  const form = document.querySelector("[data-enrol]");
  if (!form) return;
  const place = { committee: form.dataset.committee, number: Number(form.dataset.number) };
  const store = await storeIfAny();
  if (!store) return showStep("refused");
  const unsent = await store.get(UNSENT);
  const owner = store.current();
  const begunHere = owner?.committee === place.committee && owner.number === place.number;
  if ("renewal" in form.dataset && begunHere && !unsent && (await opens(store))) return showStep("here");
  if (owner && !begunHere) warnOf(owner);
  askThenEnrol(store, place, form);
  if (begunHere && unsent) offerToResume(store, unsent, form);
  else showStep("about");
}

/** Is the key on this device whole? Then nobody needs a new one. */
async function opens(store) {
  try {
    await store.root();
    return true;
  } catch (error) {
    if (error instanceof NoKey) return false;
    throw error;
  }
}

function warnOf(owner) {
  const warning = find("[data-replaces-key]");
  warning.textContent = text("replacesKey", owner);
  warning.hidden = false;
}

function offerToResume(store, unsent, form) {
  showStep("resume");
  onPress("[data-resume]", async () => send(store, unsent, form));
  onPress("[data-start-over]", () => showStep("about"));
}

function askThenEnrol(store, place, form) {
  let about, root, words, asked;

  onSubmit("[data-about]", (values) => {
    about = values;
    root = secureRandom(ROOT_BYTES);
    words = wordsFromRoot(root);
    find("[data-word-list]").replaceChildren(...words.map(listItem));
    showStep("words");
  });
  onPress("[data-print]", () => print());
  onPress("[data-written]", () => {
    asked = twoPlaces();
    find("[data-first-label]").textContent = text("wordNumber", { number: asked[0] + 1 });
    find("[data-second-label]").textContent = text("wordNumber", { number: asked[1] + 1 });
    find("[data-check]").reset();
    showStep("check");
    find("#first").focus();
  });
  onPress("[data-see-again]", () => showStep("words"));
  onSubmit("[data-check]", async ({ first, second }) => {
    refuseOtherWord(first, words, asked[0]);
    refuseOtherWord(second, words, asked[1]);
    const { handle = text("entryName", place) } = about;
    await store.saveRoot({ ...place, handle }, root);
    const unsent = "renewal" in form.dataset ? {} : aboutNewcomer(about);
    await store.put(UNSENT, unsent);
    await send(store, unsent, form);
  });
}

const aboutNewcomer = ({ handle, unit = "", occupation = "" }) => ({
  handle,
  unit: Number(unit) || null,
  occupation: Number(occupation) || null,
});

function listItem(word) {
  const item = document.createElement("li");
  item.textContent = word;
  return item;
}

/** Two different places of the twelve, in order. */
function twoPlaces() {
  const first = secureRandom(1)[0] % 12;
  const second = (first + 1 + (secureRandom(1)[0] % 11)) % 12;
  return [first, second].sort((a, b) => a - b);
}

function refuseOtherWord(typed, words, place) {
  if (typed.trim().toLowerCase() !== words[place]) throw new Sentence("wordsDiffer", { number: place + 1 });
}

async function send(store, unsent, form) {
  const back = find("[data-step]:not([hidden])", form).dataset.step;
  showStep("making");
  try {
    const made = await makeKeys(await store.root(), store.current());
    await postJson(form.dataset.address, { ...unsent, ...made });
  } catch (error) {
    showStep(back);
    throw error;
  }
  await store.remove(UNSENT);
  await askToPersist();
  location.replace(form.dataset.next);
}

async function makeKeys(root, { committee, number }) {
  const progress = find("[data-making-progress]");
  progress.max = GROUP_NAMES.length;
  const credentials = {};
  const proofs = {};
  for (const [done, name] of GROUP_NAMES.entries()) {
    progress.value = done;
    await breathe();
    const group = groupNamed(name);
    credentials[name] = credentialKey(root, group);
    await breathe();
    proofs[name] = provePossession(group, committee, number, credentialScalar(root, group), secureRandom);
  }
  progress.value = GROUP_NAMES.length;
  const signInHash = toHex(sha256(fromHex(signInSecret(root), 32)));
  return { sign_in_hash: signInHash, keys: { member: memberKey(root), credentials }, proofs };
}
