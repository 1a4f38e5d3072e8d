/** Roles are given by two signatures and ended by the holder's own; each is made with the key on this device. */

import { postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { once } from "./_shared/page.js";

for (const form of document.querySelectorAll("form[data-statement]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form.querySelector("button"), () => signAndSend(form));
  });
}

async function signAndSend(form) {
  const { statement, number, role, day } = form.dataset;
  const signature = await signHere(statement, { number: Number(number), role, day });
  await postJson(form.getAttribute("action"), { day, signature });
  location.reload();
}
