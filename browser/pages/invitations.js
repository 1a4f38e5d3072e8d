/** Inviting: the secret is made here and shown once; the server gets its hash and can never show it again. */

import { base64url, secureRandom, sha256Hex } from "../core/bytes.js";
import { qrSvg } from "../elements/qr-code.js";
import { postJson } from "./_shared/http.js";
import { find, onPress, onSubmit, showStep, text } from "./_shared/page.js";

showStep("make");
onSubmit("[data-make]", async ({ uses, days }, form) => {
  const secret = base64url(secureRandom(32));
  const { sentence } = await postJson(form.dataset.address, {
    secret_hash: sha256Hex(secret),
    uses: Number(uses),
    days: Number(days),
  });
  showLink(`${location.origin}${form.dataset.joinAddress}#${secret}`, sentence);
});

function showLink(link, sentence) {
  find("[data-code]").replaceChildren(qrSvg(link, text("codeLabel")));
  find("[data-link]").value = link;
  find("[data-limits]").textContent = sentence;
  showStep("made");
  find("[data-open-ones]").hidden = true; // it does not know of this one yet
  onPress("[data-print]", () => print());
  onPress("[data-copy]", async (button) => {
    await navigator.clipboard.writeText(link);
    button.textContent = text("copied");
  });
}
