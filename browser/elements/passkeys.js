/**
 * The browser's passkeys. The trap: `toJSON()` writes what the PRF computed beside the answer, and that opens the
 * member's key; it is handed to the page apart, and taken out of what is sent.
 */

/** The person said no, or waited too long: nothing happened. */
export class PasskeyCancelled extends Error {
  constructor(cause) {
    super("passkey cancelled", { cause });
    this.name = "PasskeyCancelled";
  }
}

/** The device has one of this member's passkeys already. */
export class PasskeyHereAlready extends Error {
  constructor(cause) {
    super("passkey here already", { cause });
    this.name = "PasskeyHereAlready";
  }
}

/** This browser cannot do it, or not at this address. */
export class NoPasskeys extends Error {
  constructor(cause) {
    super("no passkeys", { cause });
    this.name = "NoPasskeys";
  }
}

/** Can this browser read what the server asks? Older ones are left to the twelve words. */
export const passkeysWork = () =>
  typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function" &&
  typeof globalThis.PublicKeyCredential?.prototype?.toJSON === "function";

/** {answer, output}: what to send, and what the PRF computed of *input*, or null. `prf` tells whether it can. */
export async function createPasskey(options, input) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = await asked(() => navigator.credentials.create({ publicKey: withPrf(publicKey, input) }));
  return { ...parted(made), prf: made.getClientExtensionResults().prf?.enabled === true };
}

/** As createPasskey, from a passkey that is there: any, or the one that *options* allow. */
export async function usePasskey(options, input) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return parted(await asked(() => navigator.credentials.get({ publicKey: withPrf(publicKey, input) })));
}

/** Ask one passkey for its PRF alone; the answer is for nobody to check, so the challenge is our own. */
export async function prfOf(id, options, input, randomBytes) {
  const { output } = await usePasskey(
    {
      challenge: base64url(randomBytes(32)),
      rpId: options.rp.id,
      userVerification: "preferred",
      allowCredentials: [{ type: "public-key", id }],
    },
    input,
  );
  return output;
}

const withPrf = (publicKey, first) => ({ ...publicKey, extensions: { prf: { eval: { first } } } });

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

function parted(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  const answer = { ...credential.toJSON(), clientExtensionResults: {} };
  return { answer, output: first ? new Uint8Array(first) : null };
}

async function asked(ask) {
  try {
    const credential = await ask();
    if (credential === null) throw new PasskeyCancelled();
    return credential;
  } catch (error) {
    throw inOurWords(error);
  }
}

function inOurWords(error) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return new PasskeyCancelled(error);
  if (error.name === "InvalidStateError") return new PasskeyHereAlready(error);
  if (error instanceof DOMException || error instanceof TypeError) return new NoPasskeys(error);
  return error;
}
