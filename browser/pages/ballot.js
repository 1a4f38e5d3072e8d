/** A ballot's page, and decisions that two must sign: over the election that this browser read, not what the page says. */

import { checkElection } from "../core/setup.js";
import { finding } from "../core/refusal.js";
import { storeIfAny } from "../elements/device-store.js";
import { Finding } from "./_ballots/findings.js";
import { closesKey } from "./_ballots/heads.js";
import { signDecision } from "./_ballots/signing.js";
import { sayIfVoted } from "./_ballots/voted.js";
import { getJson, postJson } from "./_shared/http.js";
import { once, Sentence } from "./_shared/page.js";

sayIfVoted();

for (const form of document.querySelectorAll("form[data-decision]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form.querySelector("button"), () => signAndSend(form));
  });
}

async function signAndSend(form) {
  const { decision: kind, uuid, setup } = form.dataset;
  const said = kind === "extension" ? { closes_at: form.dataset.closesAt } : { reason: reasonOf(form), day: form.dataset.day };
  const election = await electionAt(setup, uuid);
  const signature = await signDecision(kind, { ballot: uuid, election_hash: election.fingerprint, ...said });
  const { carried } = await postJson(form.getAttribute("action"), { ...said, signature });
  if (carried && kind === "extension") await (await storeIfAny())?.put(closesKey(uuid), said.closes_at);
  location.assign(carried ? `/ballots/${uuid}/` : location.pathname);
}

function reasonOf(form) {
  const reason = (form.dataset.reason ?? new FormData(form).get("reason")).replaceAll("\r\n", "\n").trim();
  if (reason === "") throw new Sentence("reasonMissing");
  return reason;
}

async function electionAt(address, uuid) {
  const { election, findings } = checkElection(await getJson(address, { credentials: "omit" }), { isUnfinished: true });
  if (findings.length === 0 && election.uuid !== uuid) findings.push(finding("other_ballot"));
  if (findings.length > 0) throw new Finding(findings[0]);
  return election;
}
