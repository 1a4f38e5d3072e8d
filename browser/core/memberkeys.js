/** What a device derives from its root secret (docs/specs/keys-and-roll.md). Only the sign-in secret leaves it. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { base64url, bigEndian, toHex, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { GROUP_NAMES, groupNamed } from "./groups.js";
import { provePossession } from "./possession.js";
import { Refused } from "./refusal.js";

export { checkPossession, provePossession } from "./possession.js";

export const ROOT_BYTES = 16;

export const signInSecret = (root) => toHex(derive(root, "sign-in", 32));

/** The seed that signStatement takes. */
export const memberSeed = (root) => derive(root, "member-key", 32);

export const memberKey = (root) => toHex(ed25519.getPublicKey(memberSeed(root)));

/** The credential scalar of a group; zero is refused, and the device then draws a new root. */
export function credentialScalar(root, group) {
  const s = bigEndian(derive(root, `credential/${group.name}`, group.scalarBytes)) % group.q;
  if (s === 0n) throw new Refused("credential_zero");
  return s;
}

export const credentialKey = (root, group) => group.text(group.powerGenerator(credentialScalar(root, group)));

/** The `keys` of the member's entry: what a colleague vouches for. */
export const publicKeys = (root) => ({
  member: memberKey(root),
  credentials: forEachGroup((group) => credentialKey(root, group)),
});

/** The `proofs` of the member's entry. */
export const possessionProofs = (root, committee, number, randomBytes) =>
  forEachGroup((group) => provePossession(group, committee, number, credentialScalar(root, group), randomBytes));

/** What the candidate's code shows beside their number. */
export const keysFingerprint = (keys) => base64url(sha256(utf8(canonical(keys))));

function derive(root, label, length) {
  if (root.length !== ROOT_BYTES) throw new Refused("root_length");
  return hkdf(sha512, root, undefined, utf8(`openfloor/1/${label}`), length);
}

const forEachGroup = (deed) => Object.fromEntries(GROUP_NAMES.map((name) => [name, deed(groupNamed(name))]));
