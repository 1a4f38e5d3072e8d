/** The link for a colleague who lost their key: its secret is made here and shown once. */

import { base64url, secureRandom, sha256Hex } from "../core/bytes.js";
import { qrSvg } from "../elements/qr-code.js";
import { postJson } from "./_shared/http.js";
import { find, onPress, onSubmit, Sentence, showStep, text } from "./_shared/page.js";

showStep("make");
onSubmit("[data-make]", async ({ number: typed }, form) => {
  const number = Number(typed);
  if (!Number.isSafeInteger(number) || number < 1) throw new Sentence("typeANumber");
  const secret = base64url(secureRandom(32));
  await postJson(form.dataset.address, { number, secret_hash: sha256Hex(secret) });
  showLink(number, `${location.origin}${form.dataset.renewAddress}#${secret}`);
});

function showLink(number, link) {
  find("[data-made-heading]").textContent = text("made", { number });
  find("[data-code]").replaceChildren(qrSvg(link, text("codeLabel")));
  find("[data-link]").value = link;
  onPress("[data-copy]", async (button) => {
    await navigator.clipboard.writeText(link);
    button.textContent = text("copied");
  });
  showStep("made");
}
