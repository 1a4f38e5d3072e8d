/** Asking the server: JSON in, JSON out. A refusal carries the server's own sentence; silence is NoConnection. */

/** The server said no: `code` and `values` for the program, `message` for the person. */
export class RefusedByServer extends Error {
  constructor({ code, sentence, ...values }, status) {
    super(sentence);
    this.name = "RefusedByServer";
    this.code = code;
    this.values = values;
    this.status = status;
  }
}

/** No answer came, or one that is not ours. What was sent may or may not have arrived. */
export class NoConnection extends Error {
  constructor(cause) {
    super("no connection", { cause });
    this.name = "NoConnection";
  }
}

/** GET a JSON value. `init` as for fetch. */
export async function getJson(address, init = {}) {
  return readJson(await request(address, { headers: { Accept: "application/json" }, ...init }));
}

/** GET a text exactly as it was sent. */
export async function getText(address, init = {}) {
  const response = await request(address, { headers: { Accept: "text/plain, application/json" }, ...init });
  if (!response.ok) return readJson(response);
  return response.text();
}

/** POST a JSON value with the CSRF token of this page. */
export async function postJson(address, value) {
  return readJson(
    await request(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(value),
    }),
  );
}

async function request(address, init) {
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error", ...init });
  } catch (error) {
    throw new NoConnection(error);
  }
}

async function readJson(response) {
  let value;
  try {
    value = await response.json();
  } catch (error) {
    throw new NoConnection(error);
  }
  if (!response.ok) {
    if (typeof value?.error?.sentence !== "string") throw new NoConnection();
    throw new RefusedByServer(value.error, response.status);
  }
  return value;
}

function csrfToken() {
  return document.querySelector("meta[name=csrf]")?.content ?? "";
}
