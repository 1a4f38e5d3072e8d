/** Starting workers under Trusted Types: only pages whose Content-Security-Policy names this policy may. */

const POLICY = "openfloor-worker";
let policy = null;

/** The address of a script of ours, in the form that the browser asks for. */
export function scriptOfOurs(address) {
  if (!globalThis.trustedTypes) return address;
  policy ??= globalThis.trustedTypes.createPolicy(POLICY, { createScriptURL: (url) => url });
  return policy.createScriptURL(address);
}
