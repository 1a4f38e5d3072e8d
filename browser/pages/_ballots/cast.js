/** Sending a ballot paper: without cookies, since the credential in it is the permission. */

import { NoConnection, RefusedByServer } from "../_shared/http.js";

/** {receipt, signature, state}. Throws RefusedByServer where it was not taken, NoConnection where nobody knows. */
export async function castPaper(address, paper) {
  const response = await send(address, paper);
  const answer = await read(response);
  if (response.ok) return answer;
  if (response.status >= 500 || typeof answer.error?.sentence !== "string") throw new NoConnection();
  throw new RefusedByServer(answer.error, response.status);
}

async function send(address, paper) {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      body: paper,
    });
  } catch (error) {
    throw new NoConnection(error);
  }
}

async function read(response) {
  try {
    return await response.json();
  } catch (error) {
    throw new NoConnection(error);
  }
}
