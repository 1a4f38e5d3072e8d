/** What a carried count does by itself, in words: from the charter, never from what the server says beside it. */

import { text } from "../_shared/page.js";

const SENTENCES = { give_role: "effectGiveRole", end_role: "effectEndRole", give_role_to_elected: "effectElected" };
const ROLES = { organiser: "roleOrganiser", trustee: "roleTrustee", teller: "roleTeller" };

export function effectInWords({ effect }) {
  if (effect?.kind === "change_mandate") return text("effectChangeMandate");
  return effect === null ? "" : text(SENTENCES[effect.kind], { number: effect.number, role: text(ROLES[effect.role]) });
}
