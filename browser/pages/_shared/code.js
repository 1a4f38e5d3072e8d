/** The code that a candidate, or a member who asks for a new key, shows to colleagues: number and fingerprint of the keys. */

import { keysFingerprint, publicKeys } from "../../core/memberkeys.js";
import { NoKey } from "../../elements/device-store.js";
import { qrSvg } from "../../elements/qr-code.js";
import { storeWithKey } from "./keys.js";
import { breathe, find, onPress, text } from "./page.js";
import { keysInWords } from "./words.js";

const CODE = /^([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

/** Draw the code of this device's keys for entry *number*; *vouchAddress* is where a colleague's camera leads. */
export async function showCode({ number, vouchAddress }) {
  const { store, owner } = await storeWithKey();
  if (owner.number !== Number(number)) throw new NoKey();
  await breathe();
  const keys = publicKeys(await store.root());
  const link = `${location.origin}${vouchAddress}#${number}.${keysFingerprint(keys)}`;
  find("[data-code]").replaceChildren(qrSvg(link, text("codeLabel")));
  find("[data-code]").hidden = false;
  find("[data-drawing]").remove();
  find("[data-link]").value = link;
  find("[data-fingerprint-words]").textContent = keysInWords(keys);
  onPress("[data-copy]", async (button) => {
    await navigator.clipboard.writeText(link);
    button.textContent = text("copied");
  });
}

/** {number, fingerprint} of what stands after the # of a code's address, or null. */
export function readCode(hash) {
  const code = CODE.exec(hash.slice(1));
  return code && { number: Number(code[1]), fingerprint: code[2] };
}

/** The same of a pasted link; what is no code is an empty one. */
export const hashOfLink = (link) => (URL.canParse?.(link) === false ? "" : new URL(link, location.href).hash);
